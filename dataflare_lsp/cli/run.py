"""`dataflare-lsp run`: feed records to a plugin, or call a function of it, and see what it does."""

import os
import sys
from collections import Counter
from typing import Final, NamedTuple

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.results import shown_path
from dataflare_lsp.cli.running.compiling import Compiled, compiled
from dataflare_lsp.cli.running.console import Console, figures_of, figures_text
from dataflare_lsp.cli.running.entries import Entry, Word, data_of, summary, text_of, wave_of, word_of
from dataflare_lsp.cli.terminal import complain
from dataflare_lsp.manifest.units import MOST_MEMORY, bytes_of, nanoseconds_of
from dataflare_lsp.runtime import border
from dataflare_lsp.runtime.kinds import SHAPES, Kind, kinds_of, record_of
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.program import Called, Ended, Program
from dataflare_lsp.runtime.records import BadRecord, Input
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.text import nearest
from dataflare_lsp.values import json, wave
from dataflare_lsp.values.types import Function, Value
from dataflare_lsp.workspace.launch import CannotLaunch, Launch, launch_of

_FEW: Final = 10


def run(arguments: Arguments) -> int:
    """Run the plugin that the argument names."""
    wanted = _wanted(arguments)
    launch = _launch(arguments)
    console = Console(shows_states=wanted.metrics)
    try:
        with compiled(launch.component, launch.limits, console) as component:
            return _run(component, launch, wanted, console)
    finally:
        console.close()


class _Wanted(NamedTuple):
    """What the options ask for. `input` is None where records come from where the manifest says."""

    input: str | None
    calls: tuple[str, ...]
    limit: int | None
    format: str
    metrics: bool
    record: str | None
    keeps_going: bool
    denies_errors: bool


def _wanted(arguments: Arguments) -> _Wanted:
    calls = arguments.all("--call")
    for other in ("--input", "--count"):
        if calls and arguments.has(other):
            raise Failure(f"`--call` and `{other}` exclude each other: a call takes no records")
    count = arguments.value("--count")
    if count and not (count.isascii() and count.isdecimal() and int(count)):
        raise Failure(f"`--count` cannot be `{count}`: expected how many records, such as `--count 100`")
    return _Wanted(
        arguments.value("--input") or None,
        calls,
        int(count) if count else None,
        arguments.value("--format", "text"),
        arguments.has("--metrics"),
        arguments.value("--record") or None,
        arguments.has("--keep-going"),
        "errors" in arguments.all("--deny"),
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


def _run(component: Compiled, launch: Launch, wanted: _Wanted, console: Console) -> int:
    setup = Setup(component.artefact, component.digest, launch.limits, launch.allowance)
    if wanted.record is not None:
        setup = setup._replace(record=_writable(wanted.record))
    shower = _Shower(wanted, console)
    try:
        with Program(setup, console.hear) as program:
            if wanted.calls:
                _call(program, wanted, shower)
            else:
                _feed(program, launch, wanted, shower)
            shower.end(program)
    except Ended as ended:
        shower.ended(ended.failure)
    except BadRecord as wrong:
        complain(str(wrong))
        return 2
    return shower.code()


def _writable(path: str) -> str:
    """The path of a file that is to be written, made now so that what is wrong with it is said now."""
    try:
        with open(path, "wb"):
            pass
    except OSError as error:
        raise Failure(f"cannot write `{path}`: {(error.strerror or str(error)).lower()}") from None
    return os.path.abspath(path)


# Records


def _feed(program: Program, launch: Launch, wanted: _Wanted, shower: "_Shower") -> None:
    """Give a plugin what its kind takes."""
    kind = _kind(program, launch)
    shower.kind = kind
    if kind.name == "source":
        if wanted.input is not None:
            raise Failure("a source takes no `--input`: it brings records")
        for group in program.drained(kind.each, wanted.limit, wanted.keeps_going):
            shower.source(kind.each, program.exports[kind.each], group)
        return
    record = record_of(program.exports[kind.each])
    assert record is not None
    path = _input(launch, wanted)
    try:
        source = Input(path, record, wanted.keeps_going, wanted.limit)
    except OSError as error:
        raise Failure(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}") from None
    if kind.first is not None and not shower.once(program, kind.first):
        return
    for group in program.results(kind.each, source.read(), wanted.keeps_going):
        shower.group(kind.each, program.exports[kind.each], group, source)
    shower.rest(source)
    if kind.last is not None and not shower.has_stopped:
        shower.once(program, kind.last)


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
        return shown_path(launch.input, os.getcwd())
    if sys.stdin is None or sys.stdin.isatty():
        raise Failure("there are no records: name a file with `--input`, or let the manifest's `debug.input` name one")
    return "-"


# Calls


def _call(program: Program, wanted: _Wanted, shower: "_Shower") -> None:
    """Call functions one after another, all of them understood before the first is called."""
    calls = [_understood(program, text) for text in wanted.calls]
    for name, values in calls:
        if not shower.once(program, name, values):
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


# Showing


class _Shower:
    """Shows entries in the wanted format, counts what came of them, and knows how the command is to end."""

    def __init__(self, wanted: _Wanted, console: Console) -> None:
        self.kind: Kind | None = None
        self.has_stopped = False
        """Whether a failure has ended the run."""
        self._wanted = wanted
        self._console = console
        self._words: Counter[Word] = Counter()
        self._number = 0
        self._unread = 0

    def once(self, program: Program, name: str, values: tuple[Value, ...] = ()) -> bool:
        """Call a function by itself, and show what came of it. Whether it returned."""
        entry = Entry(self._next(), name, program.exports[name], program.call(name, values))
        self._show(entry)
        self._console.flush()
        return not isinstance(entry.called.outcome, border.Failure)

    def group(self, name: str, type: Function, group: tuple[Called, ...], source: Input) -> None:
        """Show what came of records."""
        for called in group:
            given = source.next(self._skip)
            line, identity = (None, None) if given is None else given
            self._show(Entry(self._next(), name, type, called, line, identity))
        self._console.flush()
        self._console.progress(self._number, source.done, source.size)

    def rest(self, source: Input) -> None:
        """Show what was read after the last record."""
        if not self.has_stopped:
            source.next(self._skip)

    def source(self, name: str, type: Function, group: tuple[Called, ...]) -> None:
        """Show what a source has given."""
        for called in group:
            if called.outcome != border.Returned(None):
                self._show(Entry(self._next(), name, type, called))
        self._console.flush()
        self._console.progress(self._number, 0, None)

    def end(self, program: Program) -> None:
        """Show the sum."""
        self._console.end_lines()
        if self._wanted.metrics:
            measured = program.measure()
            if self._wanted.format == "ndjson":
                self._console.result(json.encode({"metrics": figures_of(measured, self._console)}) + "\n")
            else:
                self._console.say(figures_text(measured, self._console))
        if self.kind is not None and self._wanted.format == "text":
            self._console.say(summary(self._words, self._unread) + "\n")

    def ended(self, failure: border.Failure) -> None:
        """The process has ended by itself, or the plugin did not start."""
        self.has_stopped = True
        self._words["failed"] += 1
        self._console.end_lines()
        if self._wanted.format == "ndjson":
            row = {"entry": None, "outcome": "failed", **failure._asdict(), "backtrace": list(failure.backtrace)}
            self._console.result(json.encode(row) + "\n")
        else:
            complain(f"the plugin ended ({failure.cause}): {failure.reason}")
            self._console.say("".join(f"  in {frame}\n" for frame in failure.backtrace))

    def code(self) -> int:
        """The exit code."""
        denied = self._words["error"] if self._wanted.denies_errors else 0
        return 1 if self._words["failed"] or denied else 0

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _skip(self, wrong: BadRecord) -> None:
        self._unread += 1
        self._console.say("")
        complain(str(wrong), "warning")

    def _show(self, entry: Entry) -> None:
        word = word_of(entry, self.kind)
        self._words[word] += 1
        self._console.end_lines()
        match self._wanted.format:
            case "ndjson":
                self._console.result(json.encode(data_of(entry)) + "\n")
            case "wave" if word != "failed":
                shown = wave_of(entry)
                self._console.result("" if shown is None else shown + "\n")
            case "wave":
                self._console.say(text_of(entry, self.kind, self._console.style))
            case _:
                self._console.result(text_of(entry, self.kind, self._console.style))
        if word == "failed" and not self._wanted.keeps_going:
            self.has_stopped = True
