"""What a build produced: a component with the world that it was built for, or why it is none."""

from collections.abc import Mapping
from typing import NamedTuple

from dataflare_lsp.component.binary import kind_of
from dataflare_lsp.component.core_names import CoreNames, core_names, older_abi, wrapping_command
from dataflare_lsp.component.errors import ComponentError, CoreModule, MalformedComponent, NotRepresentable
from dataflare_lsp.component.reader import Data
from dataflare_lsp.component.targets import Side, items
from dataflare_lsp.component.wit_text import wit_of
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved import InterfaceItem
from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.unresolvable import Unresolvable


class Built(NamedTuple):
    """A component: the world that its types describe, and its size in bytes."""

    side: Side
    size: int

    @property
    def imports(self) -> tuple[str, ...]:
        """The names of what it imports and can call: interfaces with nothing but types are left out."""
        interfaces = self.side.resolve.interfaces
        found = items(self.side, "import").items()
        return tuple([n for n, i in found if not isinstance(i, InterfaceItem) or interfaces[i.id].functions])


class NotBuilt(NamedTuple):
    """A file that is no component that can be looked at: the code of what is wrong, and what to say of it."""

    code: str
    message: str
    hint: str = ""
    notes: tuple[str, ...] = ()
    is_package: bool = False


def built(data: Data, name: str) -> Built | NotBuilt:
    """The component that the bytes of the file `name` are."""
    kind = kind_of(data)
    if kind is None:
        return _no_webassembly(data)
    try:
        wit = wit_of(data)
        if wit.kind == "component":
            resolve = lower([[Source.parse("", wit.text)]], None)
            return Built(Side(resolve, _world(resolve.packages[resolve.main].worlds, wit.world)), len(data))
        if wit.kind == "package":
            note = "`dataflare-lsp wit` prints what it holds; the build's component is another file"
            message = "this is a WIT package, not a component"
            return NotBuilt("invalid-component", message, notes=(note,), is_package=True)
        return _core(data, name, has_wit=True)
    except CoreModule:
        return _core(data, name, has_wit=False)
    except MalformedComponent as error:
        return NotBuilt("invalid-component", f"this is not a valid component: {error}")
    except (NotRepresentable, Unresolvable) as error:
        return NotBuilt("invalid-component", f"this component cannot be compared with any WIT: {error}")
    except ComponentError as error:
        return NotBuilt("invalid-component", str(error))


def _world(worlds: Mapping[str, int], full: str) -> int:
    return worlds[full.rpartition("/")[2].partition("@")[0]]


def _no_webassembly(data: Data) -> NotBuilt:
    if not data:
        return NotBuilt("invalid-component", "this is not a component: the file is empty")
    if data[:4] == b"\0asm":
        return NotBuilt("invalid-component", "this is not a component: the file ends within its first eight bytes"
                        if len(data) < 8 else "this is WebAssembly of an unknown kind, not a component")  # fmt: skip
    return NotBuilt("invalid-component", "this is not a component: WebAssembly begins with the bytes `00 61 73 6d`")


def _core(data: Data, name: str, has_wit: bool) -> NotBuilt:
    try:
        names = core_names(data)
    except MalformedComponent as error:
        return NotBuilt("invalid-component", f"this is a core module, and not a valid one: {error}")
    abi = older_abi(names)
    if abi is not None and not has_wit:
        note = "write it against `dataflare:core` with the bindings of its language, and build a component"
        return NotBuilt("older-plugin", f"this is {abi}, which hosts of components cannot run", notes=(note,))
    return NotBuilt("core-module", "this is a core module, not a component", notes=_advice(names, name, has_wit))


def _advice(names: CoreNames, name: str, has_wit: bool) -> tuple[str, ...]:
    command = f"make a component of it: `{wrapping_command(names, name)}`"
    if has_wit:
        return (command,)
    return ("it carries no WIT: give it that first, `wasm-tools component embed WIT-DIRECTORY --world WORLD`", command)
