"""Completion in a manifest: keys, tables, and values."""

from collections.abc import Iterable, Iterator

from dataflare_lsp.features.completion import MOST, Completion, Completions
from dataflare_lsp.features.manifest.hover import describe
from dataflare_lsp.features.manifest.place import AtHeader, AtKey, AtValue, spot_at
from dataflare_lsp.manifest.finding import Context
from dataflare_lsp.manifest.model import (
    MANIFEST,
    Anything,
    EitherOf,
    Field,
    ListOf,
    MapOf,
    Shape,
    TableOf,
    Text,
    Truth,
    Whole,
    shape_at,
)
from dataflare_lsp.manifest.paths import normal
from dataflare_lsp.manifest.rules import host_interfaces
from dataflare_lsp.manifest.surroundings import Package
from dataflare_lsp.manifest.toml import quoted
from dataflare_lsp.manifest.tree import Array, Table, strings
from dataflare_lsp.manifest.vocabulary import HOST, spdx
from dataflare_lsp.text import Span
from dataflare_lsp.workspace.plugin import Plugin

_NOTHING = Completions(())
_USUAL = ("Apache-2.0", "MIT", "BSD-3-Clause", "MPL-2.0", "GPL-3.0-or-later", "LGPL-3.0-or-later", "Unlicense")
"""The licenses that are offered first."""


def completion(plugin: Plugin, offset: int) -> Completions:
    """What can be written at `offset`."""
    match spot_at(plugin.document, offset):
        case AtKey() as spot:
            items = list(_keys(plugin, spot))
        case AtHeader() as spot:
            items = list(_headers(plugin, spot))
        case AtValue() as spot:
            return _values(plugin, spot, offset)
        case _:
            return _NOTHING
    return Completions(tuple(items))


# Keys -------------------------------------------------------------------------------------------------------------


def _keys(plugin: Plugin, spot: AtKey) -> Iterator[Completion]:
    _, shape = shape_at(spot.path) if spot.path else (None, MANIFEST)
    typed = plugin.document.text[spot.span.start : spot.span.end]
    there = _keys_there(plugin, spot.path) - {typed.strip("\"'")}
    for table in _tables(shape):
        if isinstance(table, TableOf):
            for number, field in enumerate(table.fields):
                top = table is MANIFEST and isinstance(field.shape, TableOf | MapOf)
                if field.name not in there and not top:
                    yield _key(field, spot, number)
        elif isinstance(table, MapOf) and spot.path == ("dependencies",):
            yield from _dependencies(plugin, spot, there)
    text = plugin.document.text
    begins_line = not text[text.rfind("\n", 0, spot.span.start) + 1 : spot.span.start].strip()
    if begins_line and not spot.has_value and not typed.startswith(('"', "'")):
        yield from _new_tables(plugin, spot)


def _key(field: Field, spot: AtKey, number: int) -> Completion:
    bare = field.name if spot.has_value else f"{field.name} = "
    snippet = "" if spot.has_value else f"{field.name} = {_placeholder(field)}"
    order = f"{'0' if field.required else '1'}{number:02}"
    return Completion(
        field.name, "key", spot.span, bare, snippet, "required" if field.required else "", describe(field), order
    )  # fmt: skip


def _placeholder(field: Field) -> str:
    """The value of a new key, as a snippet."""
    match field.shape:
        case Text() | EitherOf():
            return '"$1"'
        case ListOf(item=TableOf()):
            return "[{ $1 }]"
        case ListOf(item=Text()):
            return '["$1"]'
        case ListOf():
            return "[$1]"
        case Truth():
            return "${1|true,false|}"
        case Whole(least=least, most=most) if least == most:
            return str(least)
        case TableOf() | MapOf() | Anything():
            return "{ $1 }"
    return "$1"


def _tables(shape: Shape | None) -> Iterator[Shape]:
    match shape:
        case TableOf() | MapOf():
            yield shape
        case EitherOf(shapes=shapes):
            for one in shapes:
                yield from _tables(one)
        case ListOf(item=item):
            yield from _tables(item)


def _keys_there(plugin: Plugin, path: tuple[str, ...]) -> set[str]:
    table = plugin.document.root.get(*path)
    if isinstance(table, Array):
        return set()
    return set(table.entries) if isinstance(table, Table) else set()


def _new_tables(plugin: Plugin, spot: AtKey) -> Iterator[Completion]:
    """The tables that are not there yet, as their headers."""
    there = plugin.document.root.entries
    for number, field in enumerate(MANIFEST.fields):
        if isinstance(field.shape, TableOf | MapOf) and field.name not in there:
            header = f"[{field.name}]"
            order = f"{'0' if field.required and not spot.path else '2'}{number:02}"
            yield Completion(header, "table", spot.span, header, "", "", describe(field), order, field.name)


def _headers(plugin: Plugin, spot: AtHeader) -> Iterator[Completion]:
    _, shape = shape_at(spot.path) if spot.path else (None, MANIFEST)
    for table in _tables(shape):
        if isinstance(table, TableOf):
            for number, field in enumerate(table.fields):
                shapes = field.shape.shapes if isinstance(field.shape, EitherOf) else (field.shape,)
                arrays = isinstance(field.shape, ListOf) and isinstance(field.shape.item, TableOf)
                fits = arrays if spot.array else any(isinstance(one, TableOf | MapOf | Anything) for one in shapes)
                holds_arrays = spot.array and isinstance(field.shape, TableOf) and any(
                    isinstance(one.shape, ListOf) and isinstance(one.shape.item, TableOf) for one in field.shape.fields
                )  # fmt: skip
                if fits or holds_arrays:
                    # A table that only holds arrays of tables is on the way to these.
                    written = field.name if holds_arrays else field.name + spot.closing
                    yield Completion(field.name, "table", spot.span, written, "", "", describe(field), f"{number:02}")


def _dependencies(plugin: Plugin, spot: AtKey, there: set[str]) -> Iterator[Completion]:
    """The packages that can be found and are not listed."""
    seen: set[str] = set()
    for package in plugin.around.packages() or ():
        if package.origin == "own" or package.name in there or package.name in seen:
            continue
        seen.add(package.name)
        key = f'"{package.name}"'
        line = key if spot.has_value else f'{key} = "^{package.version}"' if package.version else f"{key} = "
        yield Completion(package.name, "package", spot.span, line, "", package.version, "", f"0{package.name}", key)


# Values -----------------------------------------------------------------------------------------------------------


def _values(plugin: Plugin, spot: AtValue, offset: int) -> Completions:
    field, shape = shape_at(spot.path)
    typed = plugin.document.text[spot.span.start : offset]
    if isinstance(shape, ListOf):
        shape = shape.item
    shapes = shape.shapes if isinstance(shape, EitherOf) else (shape,)
    found: list[Completion] = []
    incomplete = False
    for one in shapes:
        match one:
            case Text(choices=choices) if choices:
                found += [_word(spot, choice.word, choice.docs) for choice in choices]
            case Text(holds="license"):
                some, incomplete = _licenses(spot, typed)
                found += some
            case Text(holds="file" | "directory" | "either" | "glob"):
                found += _paths(plugin, spot, typed)
            case Text(holds="world" | "target"):
                found += _worlds(plugin, spot, one.holds)
            case Text(holds="host"):
                words = host_interfaces(Context(plugin.document, plugin.around))
                found += [_word(spot, word, HOST.get(word, "")) for word in words]
            case Text() if spot.path[:1] == ("dependencies",):
                found += _requirements(plugin, spot)
            case Truth() if not spot.quote:
                found += [Completion(word, "value", spot.span, word) for word in ("true", "false")]
            case Whole(least=least, most=most) if least == most and not spot.quote:
                found.append(Completion(str(least), "value", spot.span, str(least)))
    if not found and field is not None and field.example and not spot.quote and not spot.item:
        found.append(Completion(field.example, "value", spot.span, field.example, "", "example"))
    if spot.item:
        array = plugin.document.root.get(*spot.path)
        written = {word for word, span in strings(array) if not span.holds(offset)}
        found = [item for item in found if item.label not in written]
    return Completions(tuple(found[:MOST]), incomplete or len(found) > MOST)


def _word(spot: AtValue, word: str, docs: str = "", detail: str = "", order: str = "") -> Completion:
    """A string, in the quotes that are there or in new ones."""
    if spot.quote:
        return Completion(word, "value", spot.span, word, "", detail, docs, order)
    return Completion(word, "value", spot.span, quoted(word), "", detail, docs, order, word)


def _licenses(spot: AtValue, typed: str) -> tuple[list[Completion], bool]:
    """Licenses that hold what is typed of the last word, the usual ones first; after `WITH`, exceptions."""
    start = max(typed.rfind(" "), typed.rfind("(")) + 1
    words = typed[:start].split()
    part = typed[start:].lower()
    known = spdx().exceptions if words[-1:] == ["WITH"] else spdx().licenses
    named = [known[one.lower()] for one in _USUAL if one.lower() in known]
    all_of_them = dict.fromkeys([*named, *known.values()])
    fitting = [one for one in all_of_them if part in one.lower()]
    items = []
    for number, one in enumerate(fitting[:MOST]):
        if spot.quote:
            items.append(Completion(one, "value", Span(spot.span.start + start, spot.span.end), one,
                                    sort_text=f"{number:03}"))  # fmt: skip
        else:
            items.append(_word(spot, one, order=f"{number:03}"))
    return items, len(fitting) > MOST


def _paths(plugin: Plugin, spot: AtValue, typed: str) -> Iterable[Completion]:
    """The files and directories beside what is typed of a path."""
    above, slash, _ = typed.rpartition("/")
    place = normal(above) if slash else "."
    if place is None:
        return
    for name, is_directory in plugin.around.listing(place):
        if name.startswith("."):
            continue
        path = f"{above}/{name}" if slash else name
        if spot.quote:
            yield Completion(path, "folder" if is_directory else "file", spot.span, path)
        else:
            yield Completion(path, "folder" if is_directory else "file", spot.span, quoted(path), filter_text=path)


def _worlds(plugin: Plugin, spot: AtValue, holds: str) -> Iterator[Completion]:
    """The worlds that there are: the plugin's own first where it is about these, those of others first otherwise."""
    seen: set[str] = set()
    for package in plugin.around.packages() or ():
        for world in package.worlds:
            version = f"@{package.version}" if package.version and package.origin != "own" else ""
            path = f"{package.name}/{world.name}{version}"
            if path not in seen:
                seen.add(path)
                first = (package.origin == "own") == (holds == "world")
                yield _word(spot, path, _from(package), package.origin, f"{'0' if first else '1'}{path}")


def _from(package: Package) -> str:
    return f"A world of `{package.title}`."


def _requirements(plugin: Plugin, spot: AtValue) -> Iterator[Completion]:
    """The versions that are there of a dependency, as what is required."""
    name = spot.path[1] if len(spot.path) > 1 else ""
    versions = [one.version for one in plugin.around.packages() or () if one.name == name and one.version]
    for version in dict.fromkeys(versions):
        yield _word(spot, f"^{version}")
