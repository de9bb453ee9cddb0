"""From files to packages: which files and nested packages make up which package.

A *group* is what the reference parses together: the `.wit` files of one directory, or one file by itself. The files of
a group share the package that one of them names; each nested package of a file is a package of its own.
Specification: WIT.md, "Package Names" and "Filesystem structure".
"""

from collections.abc import Sequence
from typing import NamedTuple

from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.syntax import Lead, PackageHead, PackageHeader, PackageName


class UnitId(NamedTuple):
    """A unit of a file: the file outside its nested packages (`scope` -1), or its nested package number `scope`."""

    file: str
    scope: int


class PackageId(NamedTuple):
    """A package of a root: the group it comes from, and the nested package's unit (None for the group's own)."""

    group: tuple[str, ...]
    nested: UnitId | None


class Package(NamedTuple):
    """A package as its files declare it. `name` is None where no file of the group has a header."""

    id: PackageId
    name: PackageName | None
    units: tuple[UnitId, ...]


class HeaderName(NamedTuple):
    """A package as a header or the head of a nested package names it, and whether comments stand before that."""

    unit: UnitId
    package: PackageName
    documented: bool


class Header(NamedTuple):
    """A package header or the head of a nested package, and the number of its segment."""

    unit: UnitId
    segment: int
    node: PackageHeader | PackageHead


def headers(source: Source) -> tuple[Header, ...]:
    """The package header of a file, if it has one, and the heads of its nested packages."""
    found = []
    for unit in source.units:
        node = source.segments[unit.header].node if unit.header >= 0 else None
        if isinstance(node, PackageHeader | PackageHead):
            found.append(Header(UnitId(source.file, unit.scope), unit.header, node))
    return tuple(found)


def header_names(source: Source) -> tuple[HeaderName, ...]:
    """The packages that a file names."""
    return tuple([HeaderName(h.unit, h.node.package, is_documented(h.node.lead)) for h in headers(source)])


def group_packages(files: Sequence[tuple[str, tuple[HeaderName, ...]]]) -> tuple[Package, ...]:
    """The packages of one group, nested ones first, as the reference collects them. `files` are sorted by path."""
    group = tuple(file for file, _ in files)
    nested = []
    name: PackageName | None = None
    for _, found in files:
        for header in found:
            if header.unit.scope >= 0:
                package = Package(PackageId(group, header.unit), header.package, (header.unit,))
                nested.append(package)
            elif name is None:
                name = header.package
    own = Package(PackageId(group, None), name, tuple(UnitId(file, -1) for file in group))
    return (*nested, own)


def is_documented(lead: Lead) -> bool:
    """Whether the reference sees documentation in front of the item: any comment is, for it."""
    return bool(lead.comments)
