"""What the last recording of a plugin comes to, and where in its WIT it is shown what failed.

It counts for as long as the component is the one that was recorded: until the next build.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from dataflare_lsp.component.codes import SEVERITIES
from dataflare_lsp.manifest.tree import text_of
from dataflare_lsp.runtime.border import Cause, Failure
from dataflare_lsp.runtime.process import Limits, Undecided, said_by
from dataflare_lsp.runtime.recording.tally import Calls, Failed, Tally
from dataflare_lsp.text import Diagnostic, Span
from dataflare_lsp.wit.names import package_of
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.source import Body, Source
from dataflare_lsp.wit.syntax import Extern, Func, Path
from dataflare_lsp.workspace.agreement import Found
from dataflare_lsp.workspace.parts import component_path, root_of_plugin, stamp_of
from dataflare_lsp.workspace.plugin import Plugin
from dataflare_lsp.workspace.recording import recording_in

if TYPE_CHECKING:
    from dataflare_lsp.workspace.workspace import Workspace

_LIMITS: Final = Limits(seconds=30.0, memory=1 << 30)
_FRAMES: Final = 8
"""How many frames of a backtrace are shown."""


# What it comes to

Stamps = tuple[tuple[int, ...] | None, tuple[int, ...] | None]
"""What tells one state of a recording and a component from another."""


class Sought(NamedTuple):
    """The files of a recording and of a component, as they are now."""

    trace: str
    component: str
    stamps: Stamps


class Recordings:
    """What is known of the last recordings of plugins, by their manifests."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Sought, Tally | None]] = {}

    def at(self, manifest: str) -> Tally | None:
        """What the recording of the component as it lies there comes to, if that is known."""
        sought, tally = self._known.get(manifest, (None, None))
        return tally if sought is not None and _stamps(sought.trace, sought.component) == sought.stamps else None

    def is_known(self, manifest: str, sought: Sought) -> bool:
        """Whether it is known what these files come to."""
        return manifest in self._known and self._known[manifest][0] == sought

    def keep(self, manifest: str, sought: Sought, tally: Tally | None) -> bool:
        """It is known now; tells whether that makes a difference."""
        _, before = self._known.get(manifest, (None, None))
        self._known[manifest] = (sought, tally)
        return tally != before


def sought_of(plugin: Plugin) -> Sought | None:
    """The files of a plugin's last recording; None where a recording means nothing."""
    trace, component = recording_in(plugin.directory), component_path(plugin)
    if trace is None or component is None:
        return None
    return Sought(trace, component, _stamps(trace, component))


def _stamps(trace: str, component: str) -> Stamps:
    return stamp_of(trace), stamp_of(component)


def tallied(sought: Sought, is_wanted: Callable[[], bool] = lambda: True) -> Tally | None:
    """What a recording comes to, found out in a process of its own; None where it is not of the component. Blocks."""
    if None in sought.stamps:
        return None
    said = said_by("tally", (sought.trace, sought.component), _LIMITS, is_wanted)
    return None if isinstance(said, Undecided) else _tally(said.get("tally"))


def _tally(said: object) -> Tally | None:
    match said:
        case [dict(exports), dict(imports), list(failures)]:
            return Tally(_calls(exports), _calls(imports), tuple([_failed(one) for one in failures]))
    return None


def _calls(said: dict[str, list[int]]) -> dict[str, Calls]:
    return {name: Calls(*calls) for name, calls in said.items()}


def _failed(said: list[object]) -> Failed:
    entry, function, failure = said
    cause, reason, frames = cast("tuple[Cause, str, list[str]]", failure)
    return Failed(cast(int, entry), cast(str, function), Failure(cause, reason, tuple(frames)))


# What failed


def failed(workspace: "Workspace", plugin: Plugin) -> Iterator[Found]:
    """The calls that failed in the last recorded run, each function once, where the plugin's world exports it."""
    known = workspace.plugins.recordings.at(plugin.file)
    by_function: dict[str, list[Failed]] = {}
    for one in known.failures if known is not None else ():
        by_function.setdefault(one.function, []).append(one)
    for function, failures in by_function.items():
        first, *more = failures
        name = function.rpartition("#")[2]
        what = f"`{name}` failed" if name else "the plugin did not start"
        message = f"{what} in the last recorded run: {first.failure.reason}"
        notes = [f"in `{frame}`" for frame in first.failure.backtrace[:_FRAMES]]
        if name:
            others = f", and at {len(more)} more" if more else ""
            notes.append(f"at call {first.entry + 1:,}{others}")
        place = _exported(workspace, plugin, function) or _named(plugin)
        if place is not None:
            file, span = place
            yield Found(file, Diagnostic("failed-call", SEVERITIES["failed-call"], message, span, notes=tuple(notes)))


def _exported(workspace: "Workspace", plugin: Plugin, function: str) -> tuple[str, Span] | None:
    """Where a world of the plugin's package exports a function, or the interface that it is of; else the world."""
    root = root_of_plugin(workspace, plugin)
    if root is None:
        return None
    wanted = function.rpartition("#")[0].partition("@")[0] or function
    named = text_of(plugin.document.root.get("world", "name")) or ""
    name = named.partition("@")[0].rpartition("/")[2]
    worlds = []
    for file in root.groups[0]:
        source = workspace.sources[file]
        for unit in source.units:
            package = package_of(workspace.db, root.path, UnitId(file, unit.scope)).name
            prefix = f"{package.namespace}:{package.name}/" if package is not None else ""
            for head, body in unit.bodies:
                if body.kind == "world" and name in ("", body.name.text):
                    worlds.append((file, source.absolute(head, body.name.span)))
                    for label, span in _exports(source, head, body, prefix):
                        if label == wanted:
                            return file, span
    return worlds[0] if worlds else None


def _exports(source: Source, head: int, body: Body, prefix: str) -> Iterator[tuple[str, Span]]:
    """What a world exports itself, by the names that components have for it, without versions.

    `prefix` is the name of its package with its `/`.
    """
    for number, segment in enumerate(body.members, head + 1):
        node = segment.node
        if isinstance(node, Extern) and node.direction == "export":
            if node.name is not None:
                yield node.name.text, source.absolute(number, node.name.span)
            elif isinstance(node.item, Func):
                yield node.item.name.text, source.absolute(number, node.item.name.span)
            elif isinstance(node.item, Path):
                of = node.item.package
                there = f"{of.namespace}:{of.name}/" if of is not None else prefix
                yield there + node.item.name.text, source.absolute(number, node.item.span)


def _named(plugin: Plugin) -> tuple[str, Span] | None:
    """The heading of the plugin in its manifest."""
    table = plugin.document.root.entries.get("plugin")
    return (plugin.file, table.key.span) if table is not None else None
