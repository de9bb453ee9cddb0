"""Launch configurations: what may be in one, what is wrong with one, and what it comes to.

`LAUNCH` is the one model: the checks here, the JSON Schema and the reference page are made from it. What else a
configuration has (`type`, `name`, `presentation`, …) is the editor's.
"""

import os
import re
from collections.abc import Iterator, Mapping
from json import dumps
from typing import Final, NamedTuple

from dataflare_lsp.debug.codec import Table, shown
from dataflare_lsp.manifest.model import (
    LIMITS,
    Anything,
    Choice,
    EitherOf,
    Field,
    ListOf,
    MapOf,
    Shape,
    TableOf,
    Text,
    Truth,
    Whole,
    kind_of,
)
from dataflare_lsp.manifest.units import bytes_of, nanoseconds_of
from dataflare_lsp.text import nearest
from dataflare_lsp.values.json import Json
from dataflare_lsp.workspace.launch import CannotLaunch, Launch, build_of, launch_of
from dataflare_lsp.workspace.recording import recording_in
from dataflare_lsp.workspace.roots import manifest_above

_ANY = Text(r"[^\0]*\S[^\0]*", "a text that is not empty")
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"

LAUNCH: Final = TableOf(
    (
        Field(
            "program",
            _ANY,
            "The plugin: its folder, its manifest, or a `.wasm` component. A component by itself gets the host's "
            "interfaces, default limits and no capabilities. By default the folder that the editor has open, or the "
            "nearest one above it with a manifest.",
            example='"plugins/enrich"',
        ),
        Field(
            "input",
            _ANY,
            "A file with the records for the plugin, one to a line; by default `debug.input` of the manifest.",
            example='"samples/records.ndjson"',
        ),
        Field(
            "call",
            _ANY,
            "Call this function once, instead of going through records: a call in WAVE.",
            example="""'data-filter#keep({id: "1", payload: [], metadata: []})'""",
        ),
        Field("stopOnEntry", Truth(), "Whether to stop where the plugin is first entered.", "false", "true"),
        Field(
            "stopOnExit",
            Truth(),
            "Whether to stop when all records are through, to go back or to call functions. Otherwise the session ends "
            "there. Where no function was called at all, it stops in any case.",
            "false",
            "true",
        ),
        Field(
            "config",
            Anything(),
            "Settings of the plugin. They go before `config.default` of the manifest.",
            example='{ threshold = 10 }',
        ),
        Field(
            "env",
            MapOf(_VARIABLE, "the name of an environment variable", Text(), 'API_TOKEN = "secret"'),
            "Environment variables. They go before the editor's own. The plugin sees those that its manifest grants; a "
            "component by itself sees these and no others.",
            example='{ API_TOKEN = "secret" }',
        ),
        Field(
            "limits",
            LIMITS,
            "What the plugin may use. It goes before `limits` of the manifest. Time spent stopped does not count.",
            example='{ timeout = "5s" }',
        ),
        Field(
            "record",
            EitherOf((Truth(), _ANY)),
            "Record the run for `replay`: to a file, or with `true` as the plugin's last recording, which the editor "
            "shows beside its functions.",
            "false",
            "true",
        ),
        Field(
            "replay",
            EitherOf((Truth(), _ANY)),
            "Debug a recorded run: the host's answers come from a file that `record` or `run --record` wrote, or with "
            "`true` from the plugin's last recording.",
            "false",
            "true",
        ),
        Field(
            "build",
            EitherOf((Truth(), _ANY)),
            "Build the plugin first: `true` runs `build.command` of the manifest, a text is a command of your own. It "
            "runs in the plugin's folder, with all that you may do.",
            "false",
            "true",
        ),
        Field(
            "mode",
            Text(
                choices=(
                    Choice("component", "Run the component, contained, with time travel."),
                    Choice(
                        "source",
                        "Run the module of a plugin in Python as Python, so that it can be debugged line by line. It "
                        "does not run backwards, has no limits, and may do all that you may do.",
                    ),
                )
            ),
            "What is run.",
            '"component"',
            '"source"',
        ),
        Field(
            "module",
            _ANY,
            "The module to run with `mode` `source`; by default the one that `build.command` of the manifest gives to "
            "componentize-py.",
            example='"app"',
        ),
    )
)  # fmt: skip
"""A launch configuration. Relative paths are the plugin's, but for `program`, which is the editor's."""


class Settings(NamedTuple):
    """A launch configuration that has the right shape. Paths are absolute.

    `build` is the command to run before, in `directory`; None where nothing is to be built.
    """

    program: str
    directory: str
    config: Table
    environment: Mapping[str, str]
    input: str | None = None
    call: str | None = None
    stop_on_entry: bool = False
    stop_on_exit: bool = False
    memory: int | None = None
    seconds: float | None = None
    fuel: int | None = None
    record: str | None = None
    remembers: bool = False
    replay: str | None = None
    replays_last: bool = False
    build: str | None = None
    debugs: bool = True
    is_source: bool = False
    module: str | None = None


class Configuration(NamedTuple):
    """What is to be debugged: a plugin with what it may take and is given, and what to do with it.

    `call` is WAVE; without it and `replay` the plugin is given the records of `launch.input`, if there is one.
    """

    launch: Launch
    call: str | None = None
    stop_on_entry: bool = False
    stop_on_exit: bool = False
    record: str | None = None
    remembers: bool = False
    replay: str | None = None
    debugs: bool = True
    is_source: bool = False
    module: str | None = None


# Shape -------------------------------------------------------------------------------------------------------------


def settings(given: Table, directory: str) -> Settings:
    """The settings of a launch configuration, for an editor in a directory. Raises `CannotLaunch`."""
    wrong = list(_wrong_table(given, LAUNCH, ""))
    if wrong:
        raise CannotLaunch("; ".join(wrong))
    _check_choices(given)
    program = _path(given.get("program"), directory) or manifest_above(directory) or directory
    home = program if os.path.isdir(program) else os.path.dirname(program)
    limits = _table(given.get("limits"))
    timeout = nanoseconds_of(str(limits.get("timeout", "")))
    fuel = limits.get("fuel")
    build = given.get("build")
    replays_last = given.get("replay") is True
    return Settings(
        program,
        home,
        _table(given.get("config")),
        {name: str(value) for name, value in _table(given.get("env")).items()},
        _path(given.get("input"), home),
        _text(given.get("call")),
        given.get("stopOnEntry") is True,
        given.get("stopOnExit") is True,
        bytes_of(str(limits.get("memory", ""))),
        None if timeout is None else timeout / 1e9,
        fuel if isinstance(fuel, int) else None,
        _path(given.get("record"), home),
        given.get("record") is True,
        recording_in(home) if replays_last else _path(given.get("replay"), home),
        replays_last,
        _text(build) or (build_of(program) if build is True else None),
        given.get("noDebug") is not True,
        given.get("mode") == "source",
        _text(given.get("module")),
    )


def _check_choices(given: Table) -> None:
    is_replay, is_record = (given.get(name) not in (None, False) for name in ("replay", "record"))
    chosen = [name for name in ("input", "call") if given.get(name) is not None] + ["replay"] * is_replay
    if len(chosen) > 1:
        raise CannotLaunch(f"`{chosen[0]}` and `{chosen[1]}` exclude each other: they say what the plugin is given")
    if given.get("mode") == "source" and is_replay:
        raise CannotLaunch("`replay` wants the component: what a plugin does as Python is not recorded exactly")
    if is_replay and is_record:
        raise CannotLaunch("`replay` and `record` exclude each other: what is replayed is recorded already")


def unknown(given: Table) -> Iterator[str]:
    """What in a configuration looks like a misspelt key. Nobody knows all that editors put there."""
    names = [field.name for field in LAUNCH.fields]
    for name in given:
        near = nearest(name, names) if name not in names else None
        if near is not None and near not in given and name not in _OTHERS:
            yield f"the launch configuration has `{name}`, which means nothing; did you mean `{near}`?"


_OTHERS = frozenset(("type", "name", "request", "presentation", "cwd", "noDebug", "debugServer"))


def _wrong_table(given: Table, shape: TableOf, where: str) -> Iterator[str]:
    for field in shape.fields:
        value = given.get(field.name)
        if value is not None:
            yield from _wrong(value, field.shape, f"{where}{field.name}")
    if where:
        names = [field.name for field in shape.fields]
        for name in given.keys() - set(names):
            near = nearest(name, names)
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join([f'`{one}`' for one in names])}"
            yield f"there is no `{where}{name}`; {hint}"


def _wrong(value: Json, shape: Shape, where: str) -> Iterator[str]:
    """What is wrong with a value."""
    match shape:
        case EitherOf(shapes=shapes):
            if not any(_is_of(value, one) for one in shapes):
                yield f"`{where}`: expected {kind_of(shape)}, found {shown(value)}"
            return
        case _ if not _is_of(value, shape):
            yield f"`{where}`: expected {kind_of(shape)}, found {shown(value)}"
            return
    match shape, value:
        case Text(pattern=pattern, expects=expects), str() if pattern and not re.fullmatch(pattern, value):
            yield f"`{where}`: expected {expects}, found {shown(value)}"
        case Whole(least=least, most=most), int() if not least <= value <= most:
            yield f"`{where}`: expected a whole number from {least} to {most}, found {shown(value)}"
        case TableOf(), Mapping():
            yield from _wrong_table(value, shape, f"{where}.")
        case MapOf(pattern=pattern, expects=expects, value=inner), Mapping():
            for name, one in value.items():
                if not re.fullmatch(pattern, name):
                    yield f"`{where}`: expected {expects}, found `{name}`"
                yield from _wrong(one, inner, f"{where}.{name}")


def _is_of(value: Json, shape: Shape) -> bool:
    match shape:
        case Text():
            return isinstance(value, str)
        case Whole():
            return isinstance(value, int) and not isinstance(value, bool)
        case Truth():
            return isinstance(value, bool)
        case ListOf():
            return isinstance(value, list)
        case TableOf() | MapOf() | Anything():
            return isinstance(value, Mapping)
        case EitherOf(shapes=shapes):
            return any([_is_of(value, one) for one in shapes])


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _table(value: Json) -> Table:
    return value if isinstance(value, Mapping) else {}


def _path(value: Json, directory: str) -> str | None:
    return os.path.normpath(os.path.join(directory, value)) if isinstance(value, str) else None


# What it comes to --------------------------------------------------------------------------------------------------


def _check_files(settings: Settings, launch: Launch) -> None:
    if settings.replays_last and (settings.replay is None or not os.path.isfile(settings.replay)):
        raise CannotLaunch("the plugin has no last recording: `run --remember`, or `record` with `true`, makes one")
    what, path = ("replay", settings.replay) if settings.replay else ("input", settings.input or launch.input)
    if path is not None and not settings.call and not os.path.isfile(path):
        raise CannotLaunch(f"there is no file `{path}`, which `{what}` names")


def configuration(settings: Settings, environment: Mapping[str, str]) -> Configuration:
    """What settings come to, with the plugin as it lies on disk. Raises `CannotLaunch`."""
    launch = launch_of(settings.program, {**environment, **settings.environment})
    _check_files(settings, launch)
    grants = launch.allowance.grants
    if launch.manifest is None and settings.environment:
        grants = grants._replace(environment=tuple(settings.environment.items()), wasi=grants.wasi | {"cli"})
    given = {
        name: value if isinstance(value, str) else dumps(value, ensure_ascii=False)
        for name, value in settings.config.items()
    }
    limits = launch.limits
    limits = limits._replace(
        memory=limits.memory if settings.memory is None else settings.memory,
        seconds=limits.seconds if settings.seconds is None else settings.seconds,
        fuel=limits.fuel if settings.fuel is None else settings.fuel,
    )
    launch = launch._replace(
        limits=limits,
        allowance=launch.allowance._replace(grants=grants, configuration={**launch.allowance.configuration, **given}),
        input=None if settings.call or settings.replay else settings.input or launch.input,
    )
    return Configuration(
        launch,
        settings.call,
        settings.stop_on_entry,
        settings.stop_on_exit,
        settings.record,
        settings.remembers,
        settings.replay,
        settings.debugs,
        settings.is_source,
        settings.module,
    )
