"""What a component or core module tells about itself beside its WIT: who made it, of what, and how large that is."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dataflare_lsp.component import model
from dataflare_lsp.component.binary import DEFAULT_LIMITS, Limits, decode, kind_of
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import Component, CoreCanonical, Lift, NestedComponent, TypeDefinition
from dataflare_lsp.component.reader import Data, Reader
from dataflare_lsp.component.sections import Section, sections

_ASYNC = frozenset((0x05, 0x06, *range(0x08, 0x1C), *range(0x1F, 0x30)))
"""The canonical definitions that belong to asynchronous calls: tasks, streams, futures, waitables, threads."""


class Tool(NamedTuple):
    """A language, tool or SDK, with its version as it tells it ("" where it tells none)."""

    name: str
    version: str


class Producers(NamedTuple):
    """Who made a binary. Specification: the "producers" section of the tool conventions of WebAssembly."""

    languages: tuple[Tool, ...] = ()
    tools: tuple[Tool, ...] = ()
    sdks: tuple[Tool, ...] = ()


class About(NamedTuple):
    """What a binary tells about itself.

    `name` is its own, "" where it has none. `producers` are those of all modules and components in it as well.
    `is_async` tells whether it takes a runtime that knows the component model's asynchronous functions, streams or
    futures. `sections` are those that it consists of, nested ones left out.
    """

    kind: Literal["component", "core module"]
    name: str
    producers: Producers
    is_async: bool
    sections: tuple[Section, ...]


def about(data: Data, limits: Limits = DEFAULT_LIMITS) -> About:
    """What the binary `data` tells about itself. Raises `MalformedComponent`."""
    kind = kind_of(data)
    if kind is None:
        raise MalformedComponent("this is not WebAssembly", 0)
    own = tuple(sections(data))
    producers: dict[str, dict[Tool, None]] = {}
    for section in _deep(data, own, kind == "component", limits.depth):
        if section.name == "producers":
            _read_producers(_content(data, section), producers)
    languages, tools, sdks = (tuple(producers.get(field, ())) for field in ("language", "processed-by", "sdk"))
    is_async = kind == "component" and _is_async(decode(data, limits))
    return About(kind, _name(data, own), Producers(languages, tools, sdks), is_async, own)


def _deep(data: Data, own: tuple[Section, ...], is_component: bool, depth: int) -> Iterator[Section]:
    """Sections with all that lie in them."""
    for section in own:
        yield section
        if is_component and section.id in (1, 4) and depth > 0:
            start, end = section.offset, section.offset + section.size
            kind = kind_of(data[start : min(start + 8, end)])
            if kind is not None:
                nested = tuple(sections(data, start, end))
                yield from _deep(data, nested, kind == "component", depth - 1)


def _content(data: Data, section: Section) -> Reader:
    return Reader(bytes(data[section.offset : section.offset + section.size]), 0, section.size)


def _read_producers(reader: Reader, producers: dict[str, dict[Tool, None]]) -> None:
    """Add what a section tells, as far as it makes sense: a custom section need not."""
    try:
        for _ in range(reader.count("fields")):
            found = producers.setdefault(reader.name(), {})
            for _ in range(reader.count("values")):
                found[Tool(reader.name(), reader.name())] = None
    except MalformedComponent:
        pass


def _name(data: Data, own: tuple[Section, ...]) -> str:
    for section in own:
        if section.name in ("component-name", "name"):
            reader = _content(data, section)
            try:
                if reader.byte() == 0:
                    reader.u32()
                    return reader.name()
            except MalformedComponent:
                pass
    return ""


def _is_async(component: Component) -> bool:
    for definition in component.definitions:
        if isinstance(definition, Lift) and definition.is_async:
            return True
        if isinstance(definition, CoreCanonical) and (definition.is_async or definition.opcode in _ASYNC):
            return True
        if isinstance(definition, TypeDefinition) and _is_async_type(definition.type):
            return True
        if isinstance(definition, NestedComponent) and _is_async(definition.component):
            return True
    return False


def _is_async_type(type_: model.Type) -> bool:
    if isinstance(type_, (model.InstanceType, model.ComponentType)):
        return any(isinstance(part, TypeDefinition) and _is_async_type(part.type) for part in type_.declarations)
    return isinstance(type_, (model.StreamType, model.FutureType)) or (
        isinstance(type_, model.FuncType) and type_.is_async
    )
