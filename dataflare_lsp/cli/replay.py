"""`dataflare-lsp replay`: run a plugin along a trace, and see where it does something else."""

import os

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.running.compiling import compiled
from dataflare_lsp.cli.running.console import Console
from dataflare_lsp.cli.running.shower import Shower
from dataflare_lsp.cli.running.traced import Entered, NotStarted, event_data, event_text, events_of, told_by
from dataflare_lsp.cli.terminal import complain
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.kinds import kinds_of
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.program import Ended, Program
from dataflare_lsp.runtime.recording.replayed import Replayed
from dataflare_lsp.runtime.recording.trace import NotATrace, Trace
from dataflare_lsp.runtime.setup import Setup
from dataflare_lsp.runtime.world import Allowance
from dataflare_lsp.values import json
from dataflare_lsp.workspace.launch import CannotLaunch, launch_of
from dataflare_lsp.workspace.paths import shown_path
from dataflare_lsp.workspace.recording import recording_in
from dataflare_lsp.workspace.roots import is_manifest


def run(arguments: Arguments) -> int:
    """Replay the trace that the argument names, or print it."""
    if not arguments.operands:
        raise Failure("`replay` needs a TRACE, as `dataflare-lsp run --record` writes it")
    path, *given = arguments.operands
    if os.path.isdir(path) or is_manifest(path):
        path, given = _last(path), given or [path]
    trace = _trace(path)
    form = arguments.value("--format", "text")
    console = Console()
    try:
        if arguments.has("--print"):
            _print(trace, form, console)
            return 0
        component = _component(trace, given)
        replayed = _replayed(path, trace, component, console)
        _show(trace, replayed, form, console)
    finally:
        console.close()
    return _report(path, replayed)


def _last(plugin: str) -> str:
    """The last recording of a plugin."""
    path = recording_in(plugin if os.path.isdir(plugin) else os.path.dirname(plugin) or ".")
    if path is None or not os.path.isfile(path):
        raise Failure(f"`{plugin}` has no last recording: `dataflare-lsp run --remember {plugin}` makes one")
    return path


def _trace(path: str) -> Trace:
    try:
        return Trace(path)
    except NotATrace as wrong:
        raise Failure(f"cannot replay `{path}`: {wrong}") from None
    except OSError as error:
        raise Failure(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}") from None


def _print(trace: Trace, form: str, console: Console) -> None:
    """Show every event, and run nothing."""
    if form == "wave":
        raise Failure("`--print` shows events as `--format text` or `--format ndjson`")
    shown = event_text if form == "text" else lambda *event: json.encode(event_data(*event)) + "\n"
    for line in events_of(trace, shown):
        console.result(line)
    if trace.ended:
        complain(f"the trace ends early: {trace.ended}", "note")


def _component(trace: Trace, given: list[str]) -> str:
    """The path of the component that was recorded, as far as its name tells."""
    if given:
        try:
            return launch_of(given[0], os.environ).component
        except CannotLaunch as wrong:
            raise Failure(str(wrong)) from None
    path = trace.header.path
    if not os.path.isfile(path):
        shown = shown_path(path)
        raise Failure(f"the component that was recorded is not at `{shown}` any more: name it after the trace")
    return path


def _replayed(path: str, trace: Trace, component: str, console: Console) -> Replayed:
    header = trace.header
    # Time is not measured again: where it ended a call, the trace says so.
    limits = CallLimits(None, header.memory, header.fuel)
    with compiled(component, limits, console) as found:
        if found.digest != header.component:
            shown = shown_path(component)
            raise Failure(
                f"`{shown}` is not the component that was recorded: the SHA-256 of what it holds is {found.digest}, "
                f"and that in the trace is {header.component}"
            )
        setup = Setup(found.artefact, found.digest, limits, Allowance(Grants(), {}), replay=os.path.abspath(path))
        try:
            with Program(setup, console.hear) as program:
                return program.replay()
        except Ended as ended:
            raise Failure(f"the replay has ended ({ended.failure.cause}): {ended.failure.reason}") from None


def _show(trace: Trace, replayed: Replayed, form: str, console: Console) -> None:
    """Show what happened: what the trace tells, as far as the replay did the same."""
    header = trace.header
    shower = Shower(console, form)
    shower.kind = next(iter(kinds_of(dict(zip(header.functions, header.types, strict=True)))), None)
    for told in told_by(trace, replayed.divergence.event if replayed.divergence else None):
        match told:
            case Entered(name, type, called, identity):
                shower.show(name, type, called, identity=identity)
            case NotStarted(failure):
                shower.ended(failure)
            case happening:
                console.hear(happening)
    shower.end(None)


def _report(path: str, replayed: Replayed) -> int:
    counted = f"{_count(replayed.entries, 'call')} of the plugin, {_count(replayed.calls, 'call')} of its host"
    if replayed.divergence is not None:
        number, recorded, happened = replayed.divergence
        complain(f"the replay differs from the trace at event {number:,}: recorded was {recorded}; now {happened}")
        complain(f"`dataflare-lsp replay {path} --print` shows the trace", "note")
        return 1
    if replayed.ended:
        complain(f"the trace ends early: {replayed.ended}", "note")
    complain(f"the replay did what the trace says: {counted}", "note")
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
