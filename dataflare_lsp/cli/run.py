"""`dataflare-lsp run`: feed records to a plugin, or call a function of it, and see what it does."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, NamedTuple

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.running.compiling import Compiled, compiled
from dataflare_lsp.cli.running.console import Console
from dataflare_lsp.cli.running.shower import Shower
from dataflare_lsp.cli.terminal import complain
from dataflare_lsp.manifest.units import MOST_MEMORY, bytes_of, nanoseconds_of
from dataflare_lsp.runtime import border
from dataflare_lsp.runtime.kinds import SHAPES, Kind, kinds_of, record_of
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.program import Ended, Program
from dataflare_lsp.runtime.records import BadRecord, Input
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.text import nearest
from dataflare_lsp.values import wave
from dataflare_lsp.values.types import Value
from dataflare_lsp.workspace.launch import CannotLaunch, Launch, launch_of
from dataflare_lsp.workspace.paths import shown_path
from dataflare_lsp.workspace.recording import remembering

_FEW: Final = 10


def run(arguments: Arguments) -> int:
    """Run the plugin that the argument names."""
    if arguments.has("--debug"):
        return _debug(arguments)
    wanted = _wanted(arguments)
    launch = _launch(arguments)
    console = Console(shows_states=wanted.shows_figures)
    shower = Shower(console, arguments.value("--format", "text"))
    try:
        with compiled(launch.component, launch.limits, console) as component, _recording(launch, wanted) as path:
            _run(component, launch, wanted._replace(record=path), shower)
    except BadRecord as wrong:
        complain(str(wrong))
        return 2
    finally:
        console.close()
    has_failed = shower.has_ended or shower.words["failed"]
    return 1 if has_failed or (shower.words["error"] and "errors" in arguments.all("--deny")) else 0


_UNDEBUGGED: Final = ("--count", "--format", "--keep-going", "--deny", "--metrics")


def _debug(arguments: Arguments) -> int:
    """Wait for a debugger, and run the plugin under it."""
    from dataflare_lsp.cli.dap import port_of
    from dataflare_lsp.debug.main import debug_tcp
    from dataflare_lsp.debug.plugin import PluginDebuggee
    from dataflare_lsp.values.json import Json

    for other in _UNDEBUGGED:
        if arguments.has(other):
            raise Failure(f"`--debug` and `{other}` exclude each other: the debugger shows what comes of the run")
    port = port_of(arguments, "--debug")
    launch = _launch(arguments)
    wanted = _wanted(arguments)
    if len(wanted.calls) > 1:
        raise Failure("`--debug` takes one `--call`")
    limits: dict[str, Json] = {}
    if launch.limits.seconds is not None:
        limits["timeout"] = f"{round(launch.limits.seconds * 1e9)}ns"
    if launch.limits.memory is not None:
        limits["memory"] = f"{launch.limits.memory}B"
    if launch.limits.fuel is not None:
        limits["fuel"] = launch.limits.fuel
    given: dict[str, Json] = {
        "program": os.path.abspath(arguments.operands[0]),
        "limits": limits,
        "config": dict(launch.allowance.configuration),
        "input": None if wanted.input is None else os.path.abspath(wanted.input),
        "call": wanted.calls[0] if wanted.calls else None,
        "record": wanted.remembers or (None if wanted.record is None else os.path.abspath(wanted.record)),
    }
    return debug_tcp("127.0.0.1", port, PluginDebuggee, {name: one for name, one in given.items() if one is not None})


class _Wanted(NamedTuple):
    """What the options ask for. `input` is None where records come from where the manifest says."""

    input: str | None
    calls: tuple[str, ...]
    limit: int | None
    record: str | None
    remembers: bool
    keeps_going: bool
    shows_figures: bool


@contextmanager
def _recording(launch: Launch, wanted: _Wanted) -> Iterator[str | None]:
    """The file to record to, if any."""
    if not wanted.remembers:
        yield None if wanted.record is None else _writable(wanted.record)
        return
    with ExitStack() as stack:
        try:
            path = stack.enter_context(remembering(launch.manifest))
        except CannotLaunch as wrong:
            raise Failure(str(wrong)) from None
        yield path


def _wanted(arguments: Arguments) -> _Wanted:
    calls = arguments.all("--call")
    for other in ("--input", "--count"):
        if calls and arguments.has(other):
            raise Failure(f"`--call` and `{other}` exclude each other: a call takes no records")
    if arguments.has("--record") and arguments.has("--remember"):
        raise Failure("`--record` and `--remember` exclude each other: a run is recorded once")
    count = arguments.value("--count")
    if count and not (count.isascii() and count.isdecimal() and int(count)):
        raise Failure(f"`--count` cannot be `{count}`: expected how many records, such as `--count 100`")
    return _Wanted(
        arguments.value("--input") or None,
        calls,
        int(count) if count else None,
        arguments.value("--record") or None,
        arguments.has("--remember"),
        arguments.has("--keep-going"),
        arguments.has("--metrics"),
    )


def _launch(arguments: Arguments) -> Launch:
    """The plugin, with what options change of what its manifest says."""
    if not arguments.operands:
        raise Failure("`run` needs a PLUGIN: its folder, its `dataflare.toml`, or a component")
    try:
        launch = launch_of(arguments.operands[0], os.environ)
    except CannotLaunch as wrong:
        raise Failure(str(wrong)) from None
    for name in launch.missing:
        complain(f"the manifest grants the environment variable `{name}`, which is not set", "note")
    settings = dict(launch.allowance.configuration)
    for setting in arguments.all("--config"):
        key, assigned, value = setting.partition("=")
        if not (key and assigned):
            raise Failure(f"`--config` cannot be `{setting}`: expected KEY=VALUE")
        settings[key] = value
    return launch._replace(
        limits=_limits(arguments, launch.limits), allowance=launch.allowance._replace(configuration=settings)
    )


def _limits(arguments: Arguments, limits: CallLimits) -> CallLimits:
    timeout, memory, fuel = (arguments.value(name) for name in ("--timeout", "--memory", "--fuel"))
    if timeout:
        nanoseconds = nanoseconds_of(timeout)
        if not nanoseconds:
            raise Failure(f"`--timeout` cannot be `{timeout}`: expected a time, such as `500ms`")
        limits = limits._replace(seconds=nanoseconds / 1e9)
    if memory:
        size = bytes_of(memory)
        if not size or size > MOST_MEMORY:
            raise Failure(f"`--memory` cannot be `{memory}`: expected a size of at most 4 GiB, such as `64MiB`")
        limits = limits._replace(memory=size)
    if fuel:
        if not (fuel.isascii() and fuel.isdecimal() and 0 < int(fuel) < 1 << 63):
            raise Failure(f"`--fuel` cannot be `{fuel}`: expected a number of instructions, such as `1000000`")
        limits = limits._replace(fuel=int(fuel))
    return limits


def _run(component: Compiled, launch: Launch, wanted: _Wanted, shower: Shower) -> None:
    setup = Setup(
        component.artefact,
        component.digest,
        launch.limits,
        launch.allowance,
        record=wanted.record,
        component=os.path.abspath(launch.component),
    )
    try:
        with Program(setup, shower.console.hear) as program:
            if wanted.calls:
                _call(program, wanted, shower)
            else:
                _feed(program, launch, wanted, shower)
            shower.end(program.measure() if wanted.shows_figures else None)
    except Ended as ended:
        shower.ended(ended.failure)


def _writable(path: str) -> str:
    """The path of a file that is to be written, made now so that what is wrong with it is said now."""
    try:
        with open(path, "wb"):
            pass
    except OSError as error:
        raise Failure(f"cannot write `{path}`: {(error.strerror or str(error)).lower()}") from None
    return os.path.abspath(path)


# Records


def _feed(program: Program, launch: Launch, wanted: _Wanted, shower: Shower) -> None:
    """Give a plugin what its kind takes."""
    kind = _kind(program, launch)
    shower.kind = kind
    if kind.name == "source":
        if wanted.input is not None:
            raise Failure("a source takes no `--input`: it brings records")
        for group in program.drained(kind.each, wanted.limit, wanted.keeps_going):
            for called in group:
                if called.outcome != border.Returned(None):
                    shower.show(kind.each, program.exports[kind.each], called)
            shower.progress(0, None)
        return
    record = record_of(program.exports[kind.each])
    assert record is not None
    path = _input(launch, wanted)
    try:
        source = Input(path, record, wanted.keeps_going, wanted.limit)
    except OSError as error:
        raise Failure(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}") from None
    if kind.first is not None and not _once(program, shower, kind.first):
        return
    for group in program.results(kind.each, source.read(), wanted.keeps_going):
        for called in group:
            given = source.next(shower.skip)
            shower.show(kind.each, program.exports[kind.each], called, *(given or ()))
        shower.progress(source.done, source.size)
    if wanted.keeps_going or not shower.words["failed"]:
        source.next(shower.skip)
    if kind.last is not None and (wanted.keeps_going or not shower.words["failed"]):
        _once(program, shower, kind.last)


def _once(program: Program, shower: Shower, name: str, values: tuple[Value, ...] = ()) -> bool:
    """Call a function by itself, and show what came of it. Whether it returned."""
    called = program.call(name, values)
    shower.show(name, program.exports[name], called)
    shower.console.flush()
    return not isinstance(called.outcome, border.Failure)


def _kind(program: Program, launch: Launch) -> Kind:
    kinds = kinds_of(program.exports)
    if len(kinds) == 1:
        return kinds[0]
    for kind in kinds:
        if kind.name == launch.kind:
            return kind
    if kinds:
        names = " and a ".join(kind.name for kind in kinds)
        raise Failure(
            f"the component is a {names}; let `plugin.kind` of a manifest say which is meant, or use `--call`"
        )
    wanted = ", ".join(f"`{shape.interface}#{shape.each}`" for shape in SHAPES.values())
    raise Failure(f"the component exports nothing that takes or gives records ({wanted}); {_callable(program)}")


def _callable(program: Program) -> str:
    names = [f"`{name}`" for name in program.exports]
    if not names:
        return "nor any other function"
    listed = ", ".join([*names[:_FEW], "…"] if len(names) > _FEW else names)
    return f"call what it exports with `--call`: {listed}"


def _input(launch: Launch, wanted: _Wanted) -> str:
    if wanted.input is not None:
        return wanted.input
    if launch.input is not None:
        return shown_path(launch.input)
    if sys.stdin is None or sys.stdin.isatty():
        raise Failure("there are no records: name a file with `--input`, or let the manifest's `debug.input` name one")
    return "-"


# Calls


def _call(program: Program, wanted: _Wanted, shower: Shower) -> None:
    """Call functions one after another, all of them understood before the first is called."""
    calls = [_understood(program, text) for text in wanted.calls]
    for name, values in calls:
        if not _once(program, shower, name, values):
            return


def _understood(program: Program, text: str) -> tuple[str, tuple[Value, ...]]:
    try:
        name = _named(program, wave.callee(text))
        return name, wave.parse_call(text, program.exports[name])
    except wave.WaveError as error:
        raise Failure(f"`--call`, column {error.span.start + 1}: {error}; in `{text}`") from None


def _named(program: Program, said: str) -> str:
    """The export that somebody means: by its whole name, or by a part of it that is the name of no other."""
    if said in program.exports:
        return said
    found = [name for name in program.exports if said in _short_names(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Failure(f"`--call`: `{said}` may be {' or '.join(f'`{name}`' for name in found)}")
    shorts = {short: name for name in program.exports for short in (name, *_short_names(name))}
    near = nearest(said, list(shorts))
    hint = f"did you mean `{near}`?" if near else _callable(program)
    raise Failure(f"`--call`: the component exports no function `{said}`; {hint}")


def _short_names(name: str) -> tuple[str, ...]:
    """Shorter names of `dataflare:core/data-filter@1.0.0#keep`: without a version, without a package, alone."""
    interface, _, function = name.rpartition("#")
    plain = interface.partition("@")[0]
    return (f"{plain}#{function}", f"{plain.rpartition('/')[2]}#{function}", function)
