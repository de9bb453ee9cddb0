"""Definition and links in a manifest: from worlds and dependencies to their WIT, from paths to their files."""

from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.features.definition import Location
from dataflare_lsp.features.manifest.place import Written, values_in, written_at
from dataflare_lsp.manifest.finding import Context
from dataflare_lsp.manifest.model import EitherOf, ListOf, Shape, Text, shape_at
from dataflare_lsp.manifest.paths import normal
from dataflare_lsp.manifest.rules import find_world
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.plugin import Plugin

_START = Span(0, 0)


class Link(NamedTuple):
    """A text that leads to a file (by its path), or to an address of the web."""

    span: Span
    file: str
    address: str = ""


def definition(plugin: Plugin, offset: int) -> tuple[Location, ...]:
    """Where the world, path or dependency at `offset` leads to."""
    found = written_at(plugin.document, offset)
    if found is None:
        return ()
    if found.value is None:
        return _package(plugin, found)
    text = text_shape(found)
    word = found.value.value
    if text is None or not isinstance(word, str):
        return ()
    if text.holds in ("world", "target"):
        there = find_world(Context(plugin.document, plugin.around), word)
        return (Location(there[1].file, there[1].span, there[1].span),) if there is not None else ()
    file = _file(plugin, text, word)
    return (Location(file, _START, _START),) if file else ()


def links(plugin: Plugin) -> tuple[Link, ...]:
    """The paths of files that are there, and the addresses."""
    shown = []
    for found in values_in(plugin.document):
        text = text_shape(found)
        word = found.value.value if found.value is not None else None
        if text is None or not isinstance(word, str):
            continue
        inside = Span(found.span.start + 1, max(found.span.start + 1, found.span.end - 1))
        file = _file(plugin, text, word)
        if file:
            shown.append(Link(inside, file))
        elif text.expects.startswith("a web address") and word.startswith(("https://", "http://")):
            shown.append(Link(inside, "", word))
    return tuple(shown)


def paths(plugin: Plugin) -> tuple[str, ...]:
    """The files and directories in the plugin that its manifest names, by absolute path, whether they are there or not.

    Those of its WIT packages are left out: the workspace has these.
    """
    shown: dict[str, None] = {}
    for found in values_in(plugin.document):
        text = text_shape(found)
        word = found.value.value if found.value is not None else None
        is_path = text is not None and text.holds in ("file", "directory", "either")
        place = normal(word) if is_path and isinstance(word, str) else None
        if (
            place is not None
            and found.path[0] not in ("world", "dependencies")
            and plugin.around.kind(place) != "outside"
        ):
            shown[plugin.around.path(place)] = None
    return tuple(shown)


def text_shape(found: Written) -> Text | None:
    """The string that may be written where a value is, if it may be one."""
    shape: Shape | None = shape_at(found.path)[1]
    if isinstance(shape, EitherOf):
        shape = next((one for one in shape.shapes if isinstance(one, Text)), None)
    if isinstance(shape, ListOf) and found.item:
        shape = shape.item
    return shape if isinstance(shape, Text) else None


def _file(plugin: Plugin, text: Text, path: str) -> str:
    """The file that a path leads to; "" where there is none."""
    place = normal(path) if text.holds in ("file", "either") else None
    if place is None or plugin.around.kind(place) != "file":
        return ""
    return plugin.around.path(place)


def _package(plugin: Plugin, found: Written) -> tuple[Location, ...]:
    if len(found.path) != 2 or found.path[0] != "dependencies":
        return ()
    for package in plugin.around.packages() or ():
        if package.name == found.path[1] and package.origin != "own":
            return (Location(package.file, package.span, package.span),)
    return ()


def world_names(plugin: Plugin) -> Iterator[tuple[Span, Location]]:
    """Where a manifest writes the name of a world, without its package, and where that world is defined."""
    text = plugin.document.text
    for found in values_in(plugin.document):
        shape = text_shape(found)
        word = found.value.value if found.value is not None else None
        if shape is None or shape.holds not in ("world", "target") or not isinstance(word, str):
            continue
        there = find_world(Context(plugin.document, plugin.around), word)
        name = word.partition("@")[0].rpartition("/")[2]
        start = text.find(word, found.span.start, found.span.end)
        if there is not None and name and start >= 0:
            at = start + word.partition("@")[0].rindex(name)
            yield Span(at, at + len(name)), Location(there[1].file, there[1].span, there[1].span)
