"""Documentation and gates of an encoded package: its custom section `package-docs`.

The binary format has no place for them, so the reference tool writes a byte for the version of the section, 0 or 1,
and a JSON object: the package's documentation, and by name its worlds and interfaces, in them their functions and
types, in those their fields, cases and flags.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias, TypeVar

from dataflare_lsp.component.errors import MalformedComponent, NotRepresentable
from dataflare_lsp.component.names import is_label, is_version

T = TypeVar("T")

SECTION: Final = "package-docs"
_MAX_SIZE: Final = 1 << 22


class Since(NamedTuple):
    """`@since(version = …)`, perhaps with `@deprecated(version = …)`."""

    version: str
    deprecated: str | None


class Unstable(NamedTuple):
    """`@unstable(feature = …)`, perhaps with `@deprecated(version = …)`."""

    feature: str
    deprecated: str | None


Gate: TypeAlias = Since | Unstable


class ItemDocs(NamedTuple):
    """What is said of one item. Empty documentation is not the same as none."""

    docs: str | None = None
    gate: Gate | None = None


class TypeDocs(NamedTuple):
    """What is said of a type, and of its fields, cases or flags."""

    item: ItemDocs
    members: dict[str, str]


class InterfaceDocs(NamedTuple):
    """What is said of an interface, its functions (by their whole name) and types."""

    item: ItemDocs
    functions: dict[str, ItemDocs]
    types: dict[str, TypeDocs]


class WorldDocs(NamedTuple):
    """What is said of a world.

    `interfaces` (written in place) and `functions` speak of imports, or of an export where nothing of the name is
    imported. `imported` and `exported` speak of named interfaces, by label or by their name in a package.
    """

    item: ItemDocs
    types: dict[str, TypeDocs]
    interfaces: dict[str, InterfaceDocs]
    interface_exports: dict[str, InterfaceDocs]
    functions: dict[str, ItemDocs]
    function_exports: dict[str, ItemDocs]
    imported: dict[str, ItemDocs]
    exported: dict[str, ItemDocs]


class PackageDocs(NamedTuple):
    """What is said of a package."""

    docs: str | None
    worlds: dict[str, WorldDocs]
    interfaces: dict[str, InterfaceDocs]


NO_ITEM_DOCS: Final = ItemDocs()
NO_TYPE_DOCS: Final = TypeDocs(NO_ITEM_DOCS, {})
NO_INTERFACE_DOCS: Final = InterfaceDocs(NO_ITEM_DOCS, {}, {})
NO_WORLD_DOCS: Final = WorldDocs(NO_ITEM_DOCS, {}, {}, {}, {}, {}, {}, {})
NO_PACKAGE_DOCS: Final = PackageDocs(None, {}, {})


def package_docs(data: bytes, offset: int) -> PackageDocs:
    """The content of the section, which begins at byte `offset` of the file. Raises `MalformedComponent`."""
    import json

    if data[:1] not in (b"\0", b"\1"):
        raise MalformedComponent(f"the section `{SECTION}` is of an unknown version", offset)
    if len(data) > _MAX_SIZE:
        raise MalformedComponent(f"the section `{SECTION}` is larger than {_MAX_SIZE} bytes", offset)
    try:
        value: object = json.loads(data[1:].decode())
    except RecursionError:
        raise MalformedComponent(f"the JSON of the section `{SECTION}` is nested too deep", offset) from None
    except ValueError as error:
        raise MalformedComponent(f"the section `{SECTION}` is not JSON: {error}", offset) from None
    return _Section(offset).package(value)


class _Section:
    """Reads JSON values as what the section may hold. A key that is not known is an error, as in the reference."""

    __slots__ = ("_offset",)

    def __init__(self, offset: int) -> None:
        self._offset = offset

    def package(self, value: object) -> PackageDocs:
        fields = self._fields(value, "docs", "worlds", "interfaces")
        return PackageDocs(
            self._text(fields.get("docs")),
            self._map(fields, "worlds", self._world),
            self._map(fields, "interfaces", self._interface),
        )

    def _world(self, value: object) -> WorldDocs:
        fields = self._fields(
            value,
            "docs",
            "stability",
            "interfaces",
            "types",
            "funcs",
            "interface_exports",
            "func_exports",
            "interface_import_stability",
            "interface_export_stability",
            "interface_import_docs",
            "interface_export_docs",
        )
        return WorldDocs(
            self._item(fields),
            self._map(fields, "types", self._type),
            self._map(fields, "interfaces", self._interface),
            self._map(fields, "interface_exports", self._interface),
            self._map(fields, "funcs", self._function),
            self._map(fields, "func_exports", self._function),
            self._references(fields, "import"),
            self._references(fields, "export"),
        )

    def _references(self, fields: dict[str, object], side: str) -> dict[str, ItemDocs]:
        gates = self._map(fields, f"interface_{side}_stability", self._gate)
        docs = self._map(fields, f"interface_{side}_docs", self._text)
        return {name: ItemDocs(docs.get(name), gates.get(name)) for name in {**gates, **docs}}

    def _interface(self, value: object) -> InterfaceDocs:
        fields = self._fields(value, "docs", "stability", "funcs", "types")
        return InterfaceDocs(
            self._item(fields), self._map(fields, "funcs", self._function), self._map(fields, "types", self._type)
        )

    def _type(self, value: object) -> TypeDocs:
        fields = self._fields(value, "docs", "stability", "items")
        members = self._map(fields, "items", self._text)
        return TypeDocs(self._item(fields), {name: text for name, text in members.items() if text is not None})

    def _function(self, value: object) -> ItemDocs:
        if value is None or isinstance(value, str):
            return ItemDocs(self._text(value))
        return self._item(self._fields(value, "docs", "stability"))

    def _item(self, fields: dict[str, object]) -> ItemDocs:
        return ItemDocs(self._text(fields.get("docs")), self._gate(fields.get("stability", "unknown")))

    def _gate(self, value: object) -> Gate | None:
        if value == "unknown":
            return None
        body = self._fields(value, "stable", "unstable")
        if len(body) != 1:
            raise self._error()
        if "stable" in body:
            fields = self._gate_body(body["stable"])
            return Since(self._version(fields.get("since")), self._deprecated(fields))
        fields = self._gate_body(body["unstable"])
        feature = fields.get("feature")
        if not isinstance(feature, str):
            raise self._error()
        if not is_label(feature):
            raise NotRepresentable(f"a gate names the feature `{feature[:80]}`, which is no name in WIT")
        return Unstable(feature, self._deprecated(fields))

    def _gate_body(self, value: object) -> dict[str, object]:
        """The one place where the reference passes over keys that it does not know."""
        if not isinstance(value, dict):
            raise self._error()
        return value

    def _deprecated(self, fields: dict[str, object]) -> str | None:
        value = fields.get("deprecated")
        return None if value is None else self._version(value)

    def _version(self, value: object) -> str:
        if not isinstance(value, str) or not is_version(value):
            raise self._error()
        return value

    def _text(self, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._error()
        try:
            value.encode()
        except UnicodeEncodeError:
            raise self._error() from None
        return value

    def _map(self, fields: dict[str, object], key: str, read: Callable[[object], T]) -> dict[str, T]:
        value = fields.get(key, {})
        if not isinstance(value, dict):
            raise self._error()
        return {name: read(item) for name, item in value.items()}

    def _fields(self, value: object, *known: str) -> dict[str, object]:
        if not isinstance(value, dict) or not value.keys() <= set(known):
            raise self._error()
        return value

    def _error(self) -> MalformedComponent:
        return MalformedComponent(f"the JSON of the section `{SECTION}` is not what it should be", self._offset)
