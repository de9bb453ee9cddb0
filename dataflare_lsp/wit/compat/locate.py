"""Where a change is in the source."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dataflare_lsp.text import Span
from dataflare_lsp.wit import syntax
from dataflare_lsp.wit.compat.change import Place
from dataflare_lsp.wit.compat.versions import track
from dataflare_lsp.wit.package import headers
from dataflare_lsp.wit.source import Body, Source, Unit


class Located(NamedTuple):
    """A span of a file."""

    file: str
    span: Span


def locate(sources: Iterable[Source], place: Place) -> Located | None:
    """Where an item of the package in `sources` is defined, or as near as can be said; None where it is not there."""
    return _among([(source, source.units[0]) for source in sources], place)


def locate_in(groups: Sequence[Sequence[Source]], place: Place) -> Located | None:
    """The same among the packages of some groups of files, of which the first is the main one.

    The container of another package is named with that, and with its version or the start that compatible ones share.
    """
    package, named, name = place.container.rpartition("/")
    if not named:
        return locate(groups[0], place)
    name, _, version = name.partition("@")
    return _among(
        [unit for group in groups for unit in _units(group, package, version)], place._replace(container=name)
    )


def _units(group: Sequence[Source], package: str, version: str) -> Iterator[tuple[Source, Unit]]:
    """The units of a group that are of a package."""
    named = [(source, header) for source in group for header in headers(source)]
    for source, header in named:
        found = header.node.package
        if f"{found.namespace}:{found.name}" == package and version in (found.version or "", track(found.version)):
            if header.unit.scope < 0:
                yield from ((other, other.units[0]) for other in group)
            else:
                yield source, next(unit for unit in source.units if unit.scope == header.unit.scope)


def _among(units: Iterable[tuple[Source, Unit]], place: Place) -> Located | None:
    for source, unit in units:
        if place.kind == "package":
            header = unit.header
            if header >= 0:
                node = source.segments[header].node
                assert isinstance(node, syntax.PackageHeader)
                return Located(source.file, node.span.shifted(source.starts[header]))
            continue
        for first, body in unit.bodies:
            if body.kind == place.kind and body.name.text == place.container:
                found, segment = _in_body(place, first, body)
                return Located(source.file, found.span.shifted(source.starts[segment]))
    return None


def _in_body(place: Place, first: int, body: Body) -> tuple[syntax.Name, int]:
    """The name that stands for the place, and the number of the segment that it is in."""
    for number, segment in enumerate(body.members, first + 1):
        if segment.node is None:
            continue
        if place.kind == "interface":
            found = _named([segment.node], place.member, place.part)
        else:
            found = _in_world(segment.node, place)
        if found is not None:
            return found, number
    return body.name, first


def _in_world(node: object, place: Place) -> syntax.Name | None:
    if not isinstance(node, syntax.Extern):
        return _named([node], place.item, place.part)
    if node.direction != place.role:
        return None
    name = node.name if node.name is not None or not isinstance(node.item, syntax.Path) else node.item.name
    label = place.item.rpartition("/")[2].partition("@")[0]
    if name is None or name.text != label.rpartition("]")[2]:
        return None
    inside = None
    if isinstance(node.item, syntax.Inline):
        inside = _named(node.item.members, place.member, place.part)
    elif isinstance(node.item, syntax.Func):
        inside = _part(node.item, place.part)
    return inside or name


def _named(nodes: Sequence[object], member: str, part: str) -> syntax.Name | None:
    """The name of a type or a function among nodes, or of its part."""
    for node, name, full in _members(nodes):
        if full == member:
            return (_part(node, part) if part else None) or name
    return None


def _members(nodes: Sequence[object]) -> Iterator[tuple[object, syntax.Name, str]]:
    """Types and functions with their names, as written and as resolved."""
    for node in nodes:
        match node:
            case syntax.Use(_, _, renames):
                for rename in renames:
                    yield node, rename.local, rename.local.text
            case syntax.Func():
                yield node, node.name, _full_name(node, "")
            case syntax.Resource():
                yield node, node.name, node.name.text
                for method in node.functions:
                    yield method, method.name, _full_name(method, node.name.text)
            case syntax.Alias() | syntax.Record() | syntax.Variant() | syntax.Enum() | syntax.Flags():
                yield node, node.name, node.name.text


def _full_name(function: syntax.Func, resource: str) -> str:
    """As `wit.lower_types` makes it."""
    if function.form == "constructor":
        return f"[constructor]{resource}"
    accessor = f"[{function.accessor}]" if function.accessor else ""
    if not resource:
        return f"{accessor}{function.name.text}"
    return f"[{function.form}]{accessor}{resource}.{function.name.text}"


def _part(node: object, part: str) -> syntax.Name | None:
    """A field, case, flag or parameter."""
    named: Sequence[syntax.Field | syntax.Param] = ()
    if isinstance(node, syntax.Record | syntax.Variant | syntax.Enum | syntax.Flags):
        named = node.fields
    elif isinstance(node, syntax.Func):
        named = node.params
    return next((one.name for one in named if one.name.text == part), None)
