"""What is left of a damaged file, as one line, and test cases written as screens with that line below them."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.syntax import (
    Alias,
    Extern,
    Func,
    Include,
    Inline,
    InterfaceHead,
    InterfaceItem,
    Name,
    PackageHead,
    PackageHeader,
    Path,
    Resource,
    TopLevelUse,
    Use,
    WorldHead,
)

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet


def cases(text: str) -> "list[ParameterSet]":
    """Test cases written one after the other: `=== title`, a screen, and `--> outline` of what the file holds then.

    The source of such a screen does not end in a line break.
    """
    found = []
    for case in re.split(r"^ *=== ", text, flags=re.MULTILINE)[1:]:
        title, _, rest = case.partition("\n")
        screen, arrow, expected = rest.rpartition("--> ")
        assert arrow, f"the case {title.strip()!r} does not say what is left"
        found.append(pytest.param(screen.rstrip(" ").removesuffix("\n"), expected.strip(), id=title.strip()))
    return found


def outline(source: Source) -> str:
    """What a file holds, by name: what is left of it where it has mistakes.

    `interface x { f r(a b) use y }`: parts of types in parentheses, `_` for what has no name.
    """
    shown = []
    for segment in source.segments:
        node = segment.node
        match node:
            case PackageHeader():
                shown.append(f"package {node.package};")
            case PackageHead():
                shown.append(f"package {node.package} {{")
            case InterfaceHead():
                shown.append(f"interface {node.name.text or '_'} {{")
            case WorldHead():
                shown.append(f"world {node.name.text or '_'} {{")
            case TopLevelUse() | Include():
                shown.append(f"{'use' if isinstance(node, TopLevelUse) else 'include'} {_path(node.path)}")
            case None:
                shown += ["}"] if segment.kind == "close" else []
            case _:
                shown.append(_item(node))
    return " ".join(shown).replace("{ }", "{}") or "nothing"


def _item(node: InterfaceItem | Extern) -> str:
    match node:
        case Use():
            return f"use {_path(node.path)}{_parts([rename.name for rename in node.names])}"
        case Func():
            return (node.name.text or "_") + _parts([param.name for param in node.params])
        case Alias():
            return node.name.text or "_"
        case Resource():
            return (node.name.text or "_") + _parts([function.name for function in node.functions])
        case Extern(item=Path() as path, name=None):
            return f"{node.direction} {_path(path)}"
        case Extern(item=Inline() as inline):
            members = "".join(f"{_item(member)} " for member in inline.members)
            return f"{node.direction} {node.name.text if node.name else '_'} {{ {members}}}"
        case Extern():
            return f"{node.direction} {(node.name.text if node.name else '') or '_'}"
        case _:
            return (node.name.text or "_") + _parts([field.name for field in node.fields])


def _parts(names: Sequence[Name]) -> str:
    return f"({' '.join(name.text or '_' for name in names)})" if names else ""


def _path(path: Path | None) -> str:
    if path is None:
        return "_"
    return (f"{path.package.namespace}:{path.package.name}/" if path.package else "") + (path.name.text or "_")
