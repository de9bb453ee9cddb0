"""Core modules where a component is wanted: what they import and export by name, and which older ABI that is.

Specification: the core specification, "Binary Format", "Modules".
"""

from typing import Final, NamedTuple

from dataflare_lsp.component.core_type import skip_external_type
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.reader import Data, Reader

_CUSTOM, _IMPORTS, _EXPORTS = 0, 2, 7
_FUNCTION: Final = 0x00
_MOST_NAMES: Final = 100_000


class CoreNames(NamedTuple):
    """The imports of a core module, each with the module that it is from, and the functions that it exports.

    `sections` are the names of its custom sections.
    """

    imports: tuple[tuple[str, str], ...]
    functions: tuple[str, ...]
    sections: tuple[str, ...] = ()


def core_names(data: Data) -> CoreNames:
    """What the core module `data` imports, exports and has besides. Raises `MalformedComponent`. Code is not read."""
    reader = Reader(data, 8, _MOST_NAMES)
    imports: list[tuple[str, str]] = []
    functions: list[str] = []
    sections: list[str] = []
    while reader.position < len(data):
        offset = reader.position
        section = reader.byte()
        size = reader.u32()
        end = reader.position + size
        if end > len(data):
            raise MalformedComponent(f"a section of {size} bytes does not fit into the rest of the file", offset)
        if section == _CUSTOM:
            sections.append(reader.name())
        elif section == _IMPORTS:
            for _ in range(reader.count("imports")):
                imports.append((reader.name(), reader.name()))
                skip_external_type(reader)
        elif section == _EXPORTS:
            for _ in range(reader.count("exports")):
                name = reader.name()
                if reader.byte() == _FUNCTION:
                    functions.append(name)
                reader.u32()
        reader.position = end
    return CoreNames(tuple(imports), tuple(functions), tuple(sections))


# What plugins were before components ------------------------------------------------------------------------------

_FLUVIO: Final = frozenset({"filter", "map", "filter_map", "array_map", "aggregate", "join"})
_ALLOCATORS: Final = frozenset({"alloc", "allocate", "malloc", "__alloc"})
_ENTRIES: Final = frozenset({"process", "process_record", "process_batch", "transform", "handle"})
WASI_PREVIEW_1: Final = "wasi_snapshot_preview1"
_OF_GO: Final = "go:buildid"


def older_abi(names: CoreNames) -> str | None:
    """What a plugin of a known older kind is called, or None: a noun with its article.

    Fluvio's SmartModules export a function named for what they do, and fetch records by `env.copy_records`. Plugins
    from before components are handed records in memory that they allocate themselves.
    """
    functions = frozenset(names.functions)
    transforms = sorted(functions & _FLUVIO)
    if transforms and ("env", "copy_records") in names.imports:
        return f"a Fluvio SmartModule (it exports `{transforms[0]}`, and imports `env.copy_records`)"
    entries, allocators = sorted(functions & _ENTRIES), sorted(functions & _ALLOCATORS)
    if entries and allocators:
        return f"a plugin from before components (it exports `{allocators[0]}` and `{entries[0]}`)"
    return None


def wrapping_command(names: CoreNames, file: str) -> str:
    """The command that makes a component of a core module that carries its WIT."""
    out = f"{file.removesuffix('.wasm')}.component.wasm"
    return f"wasm-tools component new {file}{_adapter(names)} -o {out}"


def _adapter(names: CoreNames) -> str:
    if not any(module == WASI_PREVIEW_1 for module, _ in names.imports):
        return ""
    # The adapter asks the module for memory before it has started, which traps in a module of Go's own compiler.
    grow = " --realloc-via-memory-grow" if _OF_GO in names.sections else ""
    return f" --adapt {WASI_PREVIEW_1}.reactor.wasm{grow}"
