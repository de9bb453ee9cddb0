"""A WIT package as a binary tells it: names resolved, types spelled as WIT, without documentation."""

from typing import Literal, NamedTuple, TypeAlias

from dataflare_lsp.wit.syntax import PackageName


class InterfaceName(NamedTuple):
    """`namespace:package/interface@version`, of an interface or a world."""

    package: PackageName
    interface: str

    def __str__(self) -> str:
        package, version = self.package, self.package.version
        full = f"{package.namespace}:{package.name}/{self.interface}"
        return full if version is None else f"{full}@{version}"


class Use(NamedTuple):
    """`use source.{used as name}`."""

    name: str
    source: InterfaceName
    used: str
    external_id: str | None


class Alias(NamedTuple):
    """`type name = target`. `target` is WIT."""

    name: str
    target: str
    external_id: str | None


class Resource(NamedTuple):
    """`resource name`. Its functions are among those of the interface or world."""

    name: str
    external_id: str | None


class Member(NamedTuple):
    """A field, case or flag. `type` is WIT, of the field or of the case's payload."""

    name: str
    type: str | None


class Composite(NamedTuple):
    """A record, variant, enum or flags, with its members."""

    name: str
    keyword: Literal["record", "variant", "enum", "flags"]
    members: tuple[Member, ...]
    external_id: str | None


TypeDeclaration: TypeAlias = Use | Alias | Resource | Composite


class Function(NamedTuple):
    """A function. `resource` and `role` tell whose it is; a method's `self` is not among its parameters.

    `name` is the whole name in the binary, such as `[method]file.read`; `label` its last part. `params` are pairs of
    a name and a type in WIT. `result` is that of WIT: none for a constructor that cannot fail.
    """

    name: str
    label: str
    role: Literal["constructor", "method", "static"] | None
    resource: str | None
    accessor: Literal["get", "set"] | None
    is_async: bool
    params: tuple[tuple[str, str], ...]
    result: str | None
    external_id: str | None


class Interface(NamedTuple):
    """The types and functions of an interface, by name in the order of the binary."""

    types: dict[str, TypeDeclaration]
    functions: dict[str, Function]


class InterfaceItem(NamedTuple):
    """A world's import or export of a named interface, under its own name or (not None) a `label`."""

    interface: InterfaceName
    label: str | None
    external_id: str | None


class InlineInterface(NamedTuple):
    """A world's import or export of an interface that is written in place."""

    label: str
    interface: Interface
    external_id: str | None


WorldItem: TypeAlias = InterfaceItem | InlineInterface | Function


class World(NamedTuple):
    """A world. Types are always imported; functions of its resources are among the imports.

    `includes` are worlds of other packages, whose items are not listed again.
    """

    types: dict[str, TypeDeclaration]
    imports: tuple[WorldItem, ...]
    exports: tuple[WorldItem, ...]
    includes: tuple[InterfaceName, ...] = ()


class Package(NamedTuple):
    """The interfaces and worlds of a package; of a dependency, as much as the binary shows of it."""

    name: PackageName
    interfaces: dict[str, Interface]
    worlds: dict[str, World]
