"""What a debugged plugin is called with: records of a file, a call that somebody wrote, or the entries of a trace."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from dataflare_lsp.debug.launch import Configuration
from dataflare_lsp.features.functions import Pattern
from dataflare_lsp.runtime.kinds import Kind, kinds_of, record_of
from dataflare_lsp.runtime.recording.trace import EntryEvent, NotATrace, Trace
from dataflare_lsp.runtime.records import BadRecord, Input
from dataflare_lsp.text import nearest
from dataflare_lsp.values import wave
from dataflare_lsp.values.types import Function, Value
from dataflare_lsp.workspace.launch import CannotLaunch

Rows: TypeAlias = Iterator[tuple[str, tuple[Value, ...]]]


def rows_of(configuration: Configuration, exports: Mapping[str, Function], is_drained: Callable[[], bool]) -> Rows:
    """Functions to call, each with arguments. Raises CannotLaunch when it comes to something that cannot be read.

    A source is asked until `is_drained`, so its rows must not be read ahead.
    """
    if configuration.replay is not None:
        yield from _replayed(configuration.replay)
    elif configuration.call is not None:
        yield _called(configuration.call, exports)
    else:
        yield from _recorded(configuration, exports, is_drained)


def is_source(configuration: Configuration, exports: Mapping[str, Function]) -> bool:
    """Whether the plugin brings records, instead of taking them."""
    kind = _kind(configuration, exports)
    is_free = configuration.replay is None and configuration.call is None
    return is_free and kind is not None and kind.name == "source"


def _replayed(path: str) -> Rows:
    try:
        trace = Trace(path)
    except (NotATrace, OSError) as error:
        raise CannotLaunch(f"cannot replay `{path}`: {error}") from None
    for event in trace.events():
        if isinstance(event, EntryEvent):
            yield trace.header.functions[event.function], event.arguments


def _called(text: str, exports: Mapping[str, Function]) -> tuple[str, tuple[Value, ...]]:
    try:
        said = wave.callee(text)
        found = [said] if said in exports else [name for name in exports if Pattern(said).fits(name)]
        if len(found) != 1:
            near = nearest(said, list(exports))
            hint = f"did you mean `{near}`?" if near else f"it exports {', '.join(f'`{name}`' for name in exports)}"
            several = f"may be {' or '.join(f'`{name}`' for name in found)}" if found else f"is not exported; {hint}"
            raise CannotLaunch(f"`call`: `{said}` {several}")
        return found[0], wave.parse_call(text, exports[found[0]])
    except wave.WaveError as error:
        raise CannotLaunch(f"`call`, column {error.span.start + 1}: {error}") from None


def _recorded(configuration: Configuration, exports: Mapping[str, Function], is_drained: Callable[[], bool]) -> Rows:
    launch = configuration.launch
    kind = _kind(configuration, exports)
    if kind is None:
        return
    if kind.name == "source":
        while not is_drained():
            yield kind.each, ()
        return
    record = record_of(exports[kind.each])
    if launch.input is None or record is None:
        return
    if kind.first is not None:
        yield kind.first, ()
    try:
        for rows in Input(launch.input, record, goes_on=False).read():
            for row in rows:
                yield kind.each, row
    except BadRecord as error:
        raise CannotLaunch(str(error)) from None
    except OSError as error:
        raise CannotLaunch(f"cannot read `{launch.input}`: {(error.strerror or str(error)).lower()}") from None
    if kind.last is not None:
        yield kind.last, ()


def _kind(configuration: Configuration, exports: Mapping[str, Function]) -> Kind | None:
    kinds = kinds_of(exports)
    wanted = [kind for kind in kinds if kind.name == configuration.launch.kind]
    return wanted[0] if wanted else kinds[0] if kinds else None
