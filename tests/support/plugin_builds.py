"""The plugin of the documentation in a folder, and builds of it."""

from pathlib import Path

from support import variants

WIT, MANIFEST, COMPONENT = "wit/world.wit", "dataflare.toml", variants.COMPONENT


def plugin(folder: Path, *changes: variants.Change) -> None:
    """The good plugin, with changes."""
    variants.write(folder, changes)


def component(folder: Path, *changes: variants.Change) -> bytes:
    """The component of the good plugin with changes, which is in `folder`."""
    plugin(folder, *changes)
    return (folder / COMPONENT).read_bytes()


def build(folder: Path, binary: bytes) -> None:
    """Put a component in the place of what is there, as builds do."""
    new = folder / "build" / "new"
    new.write_bytes(binary)
    new.replace(folder / COMPONENT)


def unsound(binary: bytes) -> bytes:
    """A component with the same types whose code is not valid: it adds where nothing is to be added."""
    nop = b"\x41\x07\x6a"  # i32.const 7, i32.add
    assert nop in binary
    return binary.replace(nop, b"\x01\x01\x6a", 1)
