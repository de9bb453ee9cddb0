"""WIT and Markdown for people: items as they are written, on one line where that is short, and sections of a hover."""

from collections.abc import Iterable, Sequence
from typing import Literal

from dataflare_lsp.wit.lexer import KEYWORDS
from dataflare_lsp.wit.syntax import (
    Alias,
    Enum,
    Extern,
    Field,
    Flags,
    Func,
    FutureOf,
    Handle,
    Include,
    Inline,
    ListOf,
    MapOf,
    Named,
    OptionOf,
    Path,
    Primitive,
    Record,
    Rename,
    Resource,
    ResultOf,
    StreamOf,
    TupleOf,
    Type,
    TypeDef,
    Use,
    Variant,
    WorldItem,
)

TypeKeyword = Literal["type", "record", "variant", "enum", "flags", "resource"]

INDENT = "    "
MOST_PARTS = 24
"""Of a type, an interface or a world, how many parts a hover shows."""

_KEYWORDS: dict[type[TypeDef], TypeKeyword] = {
    Alias: "type",
    Record: "record",
    Variant: "variant",
    Enum: "enum",
    Flags: "flags",
    Resource: "resource",
}
_WIDE = 80


def keyword_of(node: TypeDef) -> TypeKeyword:
    """The keyword that a type definition begins with."""
    return _KEYWORDS[type(node)]


def identifier(name: str) -> str:
    """A name as it is written: a keyword has a `%` before it."""
    return f"%{name}" if name in KEYWORDS else name or "…"


def type_text(written: Type) -> str:
    """A type as WIT; what is missing in it is `…`."""
    match written:
        case Primitive(name=name):
            return name
        case Named(name):
            return identifier(name.text)
        case Handle(borrowed, resource):
            return f"{'borrow' if borrowed else 'own'}<{identifier(resource.text)}>"
        case ListOf(element, length):
            return f"list<{type_text(element)}{'' if length is None else f', {length}'}>"
        case MapOf(key, value):
            return f"map<{type_text(key)}, {type_text(value)}>"
        case OptionOf(element):
            return f"option<{type_text(element)}>"
        case TupleOf(elements):
            return f"tuple<{', '.join(map(type_text, elements))}>"
        case ResultOf(None, None):
            return "result"
        case ResultOf(ok, None):
            return f"result<{type_text(ok) if ok is not None else '_'}>"
        case ResultOf(ok, err):
            return f"result<{'_' if ok is None else type_text(ok)}, {type_text(err) if err is not None else '_'}>"
        case FutureOf(None):
            return "future"
        case FutureOf(element):
            return f"future<{type_text(element) if element is not None else '…'}>"
        case StreamOf(None):
            return "stream"
        case StreamOf(element):
            return f"stream<{type_text(element) if element is not None else '…'}>"
    return "…"


def signature(function: Func) -> str:
    """A function without its name, as `static async func(a: u32) -> string`."""
    if function.form == "constructor":
        head = "constructor"
    else:
        words = ("static" * (function.form == "static"), "async" * function.is_async, function.accessor or "func")
        head = " ".join(filter(None, words))
    params = [f"{identifier(param.name.text)}: {type_text(param.type)}" for param in function.params]
    result = "" if function.result is None else f" -> {type_text(function.result)}"
    line = f"{head}({', '.join(params)}){result}"
    if len(line) <= _WIDE or len(params) < 2:
        return line
    listed = "".join(f"{INDENT}{param},\n" for param in params)
    return f"{head}(\n{listed}){result}"


def function_text(function: Func) -> str:
    """A function as `name: func(…) -> …`; a constructor has no name."""
    if function.form == "constructor":
        return signature(function)
    return f"{identifier(function.name.text)}: {signature(function)}"


def path_text(path: Path) -> str:
    """A path as it is written."""
    if path.package is None:
        return identifier(path.name.text)
    package = path.package
    version = f"@{package.version}" if package.version else ""
    return f"{identifier(package.namespace)}:{identifier(package.name)}/{identifier(path.name.text)}{version}"


def item_text(node: WorldItem, brief: bool = False) -> str:
    """An item as WIT, without its documentation; `brief` leaves out what is in its braces."""
    match node:
        case Func():
            return function_text(node)
        case Alias(name=name, type=type):
            return f"type {identifier(name.text)} = {type_text(type)}"
        case Record() | Variant() | Enum() | Flags():
            head = f"{keyword_of(node)} {identifier(node.name.text)}"
            return head if brief else block(head, [part_text(node, field) for field in node.fields], ",")
        case Resource(name=name, functions=functions):
            head = f"resource {identifier(name.text)}"
            if brief or not functions:
                return head
            return block(head, [function_text(function) for function in functions], ";")
        case Use(path=path, names=names):
            target = path_text(path) if path is not None else "…"
            return f"use {target}.{{{', '.join(map(rename_text, names))}}}"
        case Include(path=path, renames=renames):
            with_ = f" with {{ {', '.join(map(rename_text, renames))} }}" if renames else ""
            return f"include {path_text(path) if path is not None else '…'}{with_}"
        case Extern(direction=direction, name=name, item=item):
            label = f"{direction} " if name is None else f"{direction} {identifier(name.text)}: "
            if isinstance(item, Func):
                return label + signature(item)
            if isinstance(item, Inline):
                members = [item_text(member, brief=True) for member in item.members]
                return label + ("interface" if brief else block("interface", members, ";"))
            return label + path_text(item)


def part_text(owner: TypeDef, part: Field) -> str:
    """A field, case or flag as it is written in its type: `name: type`, `name(type)` or `name`."""
    name = identifier(part.name.text)
    if part.type is None:
        return name
    return f"{name}({type_text(part.type)})" if isinstance(owner, Variant) else f"{name}: {type_text(part.type)}"


def rename_text(name: Rename) -> str:
    """A name of a `use` or an `include`, with its new one."""
    return identifier(name.name.text) + (f" as {identifier(name.alias.text)}" if name.alias is not None else "")


def block(head: str, parts: Sequence[str], sign: str) -> str:
    """`head { part; … }`, a part per line, no more than `MOST_PARTS` of them."""
    if not parts:
        return f"{head} {{}}"
    shown = [f"{INDENT}{part.replace(chr(10), chr(10) + INDENT)}{sign}" for part in parts[:MOST_PARTS]]
    if len(parts) > MOST_PARTS:
        shown.append(f"{INDENT}// and {len(parts) - MOST_PARTS} more")
    return "\n".join([f"{head} {{", *shown, "}"])


def code(wit: str) -> str:
    """A block of WIT in Markdown."""
    return f"```wit\n{wit}\n```"


def sections(parts: Iterable[str]) -> str:
    """Parts of a hover, those that say something, with a rule between them."""
    return "\n\n---\n\n".join(part for part in parts if part)
