"""What a resolved package means, whatever its ids: for tests that two of them mean the same."""

from textwrap import dedent
from typing import Any

from dataflare_lsp.wit.resolved import Function, InterfaceItem, Resolve, TypeItem, TypeRef, parts, with_parts


def meaning(resolve: Resolve, margins: bool = False) -> dict[str, Any]:
    """All named things by name, and in them each id replaced by what it stands for.

    Every order counts but those of packages and of an interface's functions. What all lines of a documentation are
    indented by counts only with `margins`: where it comes from line and block comments in a row, no other text can
    say it.
    """
    resolve = resolve if margins else _undented(resolve)
    names = [str(package.name) for package in resolve.packages]
    worlds = [f"{names[world.package]}/{world.name}" for world in resolve.worlds]
    interfaces: dict[int, str] = {
        number: f"{names[interface.package]}/{interface.name}"
        for number, interface in enumerate(resolve.interfaces)
        if interface.name is not None
    }
    for label, world in zip(worlds, resolve.worlds, strict=True):
        for side, items in (("import", world.imports), ("export", world.exports)):
            for key, item in items.items():
                if isinstance(item, InterfaceItem):
                    interfaces.setdefault(item.id, f"{label} {side} {key}")

    def type_(ref: TypeRef | None) -> Any:
        if not isinstance(ref, int):
            return ref
        definition = resolve.types[ref]
        if definition.name is not None and definition.owner is not None:
            owner = interfaces if definition.owner.kind == "interface" else worlds
            return f"{owner[definition.owner.id]}#{definition.name}"
        return kind(ref)

    def kind(number: int) -> Any:
        shape = resolve.types[number].kind
        shown = [type_(part) for part in parts(shape)]
        blank = shape if not shown else with_parts(shape, lambda _: 0)
        return type(shape).__name__, blank, shown

    def function(f: Function) -> Any:
        return (
            f.name,
            f.kind.form,
            type_(f.kind.resource),
            [(param.name, type_(param.type)) for param in f.params],
            type_(f.result),
            f[4:],
            type(f.stability),
        )

    def item(it: Any) -> Any:
        if isinstance(it, Function):
            return function(it)
        if isinstance(it, TypeItem):
            return definition(it.id)
        return interfaces[it.id], it[1:], type(it.stability)

    def definition(number: int) -> Any:
        found = resolve.types[number]
        return found.name, kind(number), found[3:], type(found.stability)

    def key(k: str | int) -> str:
        return k if isinstance(k, str) else f"interface {interfaces[k]}"

    return {
        "packages": {
            name: (package.docs, list(package.interfaces), list(package.worlds))
            for name, package in zip(names, resolve.packages, strict=True)
        },
        "interfaces": {
            interfaces[number]: (
                [definition(known) for known in interface.types.values()],
                {name: function(f) for name, f in interface.functions.items()},
                interface.docs,
                interface.stability,
                type(interface.stability),
                names[interface.package],
            )
            for number, interface in enumerate(resolve.interfaces)
            if number in interfaces
        },
        "worlds": {
            label: (
                [(key(k), item(it)) for k, it in world.imports.items()],
                [(key(k), item(it)) for k, it in world.exports.items()],
                world.docs,
                world.stability,
                type(world.stability),
            )
            for label, world in zip(worlds, resolve.worlds, strict=True)
        },
    }


def _undented(value: Any) -> Any:
    """A value with the documentation of all its parts moved to the left margin."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = {name: _undented(part) for name, part in zip(value._fields, value, strict=True)}
        if isinstance(fields.get("docs"), str):
            fields["docs"] = dedent(fields["docs"])
        return type(value)(**fields)
    if isinstance(value, tuple):
        return tuple(map(_undented, value))
    if isinstance(value, dict):
        return {key: _undented(part) for key, part in value.items()}
    return value
