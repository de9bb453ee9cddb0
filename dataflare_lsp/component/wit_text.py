"""Writing an encoded WIT package as WIT, so that it can be read like any other source.

Feeding the text to the reference tool gives the package that feeding it the binary gives, but for two things that the
language cannot say: a gate on a world's item that names a version later than the package's own, and documentation
with characters that WIT forbids.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from dataflare_lsp.component.allowance import TextAllowance
from dataflare_lsp.component.binary import DEFAULT_LIMITS, Limits
from dataflare_lsp.component.circles import refuse_circles
from dataflare_lsp.component.package import (
    Alias,
    Composite,
    Function,
    InlineInterface,
    Interface,
    InterfaceItem,
    InterfaceName,
    Package,
    Resource,
    TypeDeclaration,
    Use,
    World,
)
from dataflare_lsp.component.package_docs import (
    NO_INTERFACE_DOCS,
    NO_ITEM_DOCS,
    NO_PACKAGE_DOCS,
    NO_TYPE_DOCS,
    NO_WORLD_DOCS,
    InterfaceDocs,
    ItemDocs,
    PackageDocs,
    Since,
    TypeDocs,
    Unstable,
    WorldDocs,
)
from dataflare_lsp.component.reader import Data
from dataflare_lsp.component.recover import WORLD, Kind, Recovered, recover, recover_package
from dataflare_lsp.component.sections import placed
from dataflare_lsp.component.view import escaped
from dataflare_lsp.wit.docs import doc_comment
from dataflare_lsp.wit.lexer import FORBIDDEN
from dataflare_lsp.wit.order import is_released
from dataflare_lsp.wit.syntax import PackageName

_INDENT: Final = "  "
_SHORT: Final = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED: Final = re.compile(rf'[\\"\t\n\r]|{FORBIDDEN.pattern}')
"""What a string literal holds only as an escape: among others what WIT forbids everywhere."""


class PackageText(NamedTuple):
    """A package as one source file: `package name;` and its interfaces and worlds."""

    name: str
    text: str


class WitText(NamedTuple):
    """An encoded package, or the WIT of a component or core module, as source.

    `kind` is what the bytes are. `package` is the package itself; of a component or module it is one that stands for
    it, and `world` the full name of its world that describes it, such as `root:component/root`. `dependencies` are
    those that it uses, each with no more than what it uses of them: whoever has one of them should rather take that.
    `features` are all those that gates name; what is behind them was switched on when the package was encoded, and so
    must be while the text is read.
    """

    package: PackageText
    dependencies: tuple[PackageText, ...]
    features: frozenset[str]
    kind: Kind
    world: str

    @property
    def text(self) -> str:
        """One source file with everything: the package, then its dependencies nested in it."""
        nested = [_nested(dependency) for dependency in self.dependencies]
        return "\n".join([self.package.text, *nested])


def wit_of(data: Data, limits: Limits = DEFAULT_LIMITS) -> WitText:
    """The WIT that the binary `data` carries, as text: an encoded package's, a component's or a core module's.

    Only sections that tell it are read. Raises `CoreModule` for a core module that carries none, and else as
    `package_of` does.
    """
    with placed(data):
        return _written(recover(data, limits), len(data))


def package_of(data: Data, limits: Limits = DEFAULT_LIMITS) -> WitText:
    """The WIT package that the binary `data` encodes, as text.

    Raises `MalformedComponent` where it is no component binary, `NotAWitPackage` for a component or a core module,
    and `NotRepresentable` where WIT has no way to write what it says.
    """
    with placed(data):
        return _written(recover_package(data, limits), len(data))


def _written(recovered: Recovered, size: int) -> WitText:
    kind, package, dependencies, docs = recovered
    refuse_circles((package, *dependencies))
    allowance = TextAllowance(size)
    writer = _Writer(package.name, allowance)
    text = writer.package(package, docs)
    others = [
        PackageText(str(other.name), _Writer(other.name, allowance).package(other, NO_PACKAGE_DOCS))
        for other in dependencies
    ]
    world = "" if kind == "package" else f"{package.name}/{WORLD}"
    return WitText(PackageText(str(package.name), text), tuple(others), frozenset(writer.features), kind, world)


def _nested(package: PackageText) -> str:
    header, _, body = package.text.partition(";\n")
    lines = [_INDENT + line if line else line for line in body.strip("\n").split("\n")]
    return "\n".join([f"{header} {{", *lines, "}", ""])


class _Writer:
    """Writes the package `name`, line by line. `features` are those that its gates name."""

    def __init__(self, name: PackageName, allowance: TextAllowance) -> None:
        self._name = name
        self._allowance = allowance
        self._lines: list[str] = []
        self._indent = ""
        self.features: set[str] = set()

    def package(self, package: Package, docs: PackageDocs) -> str:
        """The text of `package`, described by `docs`."""
        self._item(ItemDocs(docs.docs), None)
        self._lines.append(f"package {_package_name(package.name)};")
        for name, interface in package.interfaces.items():
            self._blank()
            described = docs.interfaces.get(name, NO_INTERFACE_DOCS)
            self._item(described.item, None)
            self._interface(f"interface {escaped(name)}", interface, described)
        for name, world in package.worlds.items():
            self._blank()
            self._world(name, world, docs.worlds.get(name, NO_WORLD_DOCS))
        return "\n".join(self._lines) + "\n"

    def _interface(self, head: str, interface: Interface, docs: InterfaceDocs) -> None:
        self._open(head)
        self._types(interface.types, docs.types, interface.functions.values(), docs.functions)
        for function in interface.functions.values():
            if function.resource is None:
                self._blank()
                self._function("", function, docs.functions.get(function.name, NO_ITEM_DOCS))
        self._close()

    def _world(self, name: str, world: World, docs: WorldDocs) -> None:
        self._item(docs.item, None)
        self._open(f"world {escaped(name)}")
        for included in world.includes:
            self._line(f"include {self._path(included)};")
        labels = {item.label for item in world.imports if isinstance(item, InlineInterface)}
        functions = {item.name: item for item in world.imports if isinstance(item, Function)}
        for item in world.imports:
            if not isinstance(item, Function):
                interfaces = docs.interfaces.get(_label(item), NO_INTERFACE_DOCS)
                self._world_item("import", item, interfaces, docs.imported)
        self._types(world.types, docs.types, functions.values(), docs.functions)
        for function in functions.values():
            if function.resource is None:
                self._function("import ", function, docs.functions.get(function.name, NO_ITEM_DOCS))
        if world.exports:
            self._blank()
        for item in world.exports:
            if isinstance(item, Function):
                fallback = docs.functions.get(item.name, NO_ITEM_DOCS) if item.name not in functions else NO_ITEM_DOCS
                self._function("export ", item, docs.function_exports.get(item.name, fallback))
            else:
                name = _label(item)
                inline = docs.interfaces.get(name, NO_INTERFACE_DOCS) if name not in labels else NO_INTERFACE_DOCS
                self._world_item("export", item, docs.interface_exports.get(name, inline), docs.exported)
        self._close()

    def _world_item(
        self,
        side: str,
        item: InterfaceItem | InlineInterface,
        inline: InterfaceDocs,
        references: Mapping[str, ItemDocs],
    ) -> None:
        if isinstance(item, InlineInterface):
            self._item(inline.item, item.external_id)
            self._interface(f"{side} {escaped(item.label)}: interface", item.interface, inline)
        else:
            self._item(references.get(_label(item), NO_ITEM_DOCS), item.external_id)
            label = "" if item.label is None else f"{escaped(item.label)}: "
            self._line(f"{side} {label}{self._path(item.interface)};")

    def _types(
        self,
        types: Mapping[str, TypeDeclaration],
        docs: Mapping[str, TypeDocs],
        functions: Iterable[Function],
        function_docs: Mapping[str, ItemDocs],
    ) -> None:
        """Types in their order, with the functions of resources in these; `use`s in a row of one source as one."""
        of_resource: dict[str, list[Function]] = {}
        for function in functions:
            if function.resource is not None:
                of_resource.setdefault(function.resource, []).append(function)
        uses: list[Use] = []
        for type_ in types.values():
            described = docs.get(type_.name, NO_TYPE_DOCS)
            if isinstance(type_, Use):
                first = uses[0] if uses else type_
                same = (first.source, first.external_id, docs.get(first.name, NO_TYPE_DOCS).item)
                if same != (type_.source, type_.external_id, described.item):
                    self._uses(uses, docs)
                    uses = []
                uses.append(type_)
                continue
            self._uses(uses, docs)
            uses = []
            self._blank()
            self._item(described.item, type_.external_id)
            if isinstance(type_, Alias):
                self._line(f"type {escaped(type_.name)} = {type_.target};")
            elif isinstance(type_, Composite):
                self._composite(type_, described.members)
            else:
                self._resource(type_, of_resource.get(type_.name, []), function_docs)
        self._uses(uses, docs)

    def _uses(self, uses: list[Use], docs: Mapping[str, TypeDocs]) -> None:
        if uses:
            first = uses[0]
            self._item(docs.get(first.name, NO_TYPE_DOCS).item, first.external_id)
            names = [
                escaped(use.used) if use.used == use.name else f"{escaped(use.used)} as {escaped(use.name)}"
                for use in uses
            ]
            self._line(f"use {self._path(first.source)}.{{{', '.join(names)}}};")

    def _composite(self, type_: Composite, docs: Mapping[str, str]) -> None:
        self._open(f"{type_.keyword} {escaped(type_.name)}")
        for member in type_.members:
            self._docs(docs.get(member.name))
            name = escaped(member.name)
            if member.type is None:
                self._line(f"{name},")
            elif type_.keyword == "record":
                self._line(f"{name}: {member.type},")
            else:
                self._line(f"{name}({member.type}),")
        self._close()

    def _resource(self, type_: Resource, functions: list[Function], docs: Mapping[str, ItemDocs]) -> None:
        if not functions:
            self._line(f"resource {escaped(type_.name)};")
            return
        self._open(f"resource {escaped(type_.name)}")
        for function in functions:
            self._function("", function, docs.get(function.name, NO_ITEM_DOCS))
        self._close()

    def _function(self, prefix: str, function: Function, docs: ItemDocs) -> None:
        self._item(docs, function.external_id)
        self._allowance.spend(sum([len(type_) for _, type_ in function.params]))
        params = ", ".join([f"{escaped(name)}: {type_}" for name, type_ in function.params])
        result = "" if function.result is None else f" -> {function.result}"
        if function.role == "constructor":
            self._line(f"constructor({params}){result};")
            return
        static = "static " if function.role == "static" else ""
        keyword = function.accessor or ("async func" if function.is_async else "func")
        self._line(f"{prefix}{escaped(function.label)}: {static}{keyword}({params}){result};")

    def _item(self, docs: ItemDocs, external_id: str | None) -> None:
        """Documentation, gates and attribute of the item that comes next."""
        self._docs(docs.docs)
        gate = docs.gate
        if isinstance(gate, Unstable):
            self.features.add(gate.feature)
            self._line(f"@unstable(feature = {escaped(gate.feature)})")
        elif isinstance(gate, Since) and is_released(gate.version, self._name):
            self._line(f"@since(version = {gate.version})")
        else:
            gate = None
        if gate is not None and gate.deprecated is not None:
            self._line(f"@deprecated(version = {gate.deprecated})")
        if external_id is not None:
            self._line(f'@external-id("{_literal(external_id)}")')

    def _docs(self, docs: str | None) -> None:
        if docs is not None:
            self._lines += doc_comment(FORBIDDEN.sub("\ufffd", docs.replace("\r", " ")), self._indent)

    def _path(self, name: InterfaceName) -> str:
        if name.package == self._name:
            return escaped(name.interface)
        package = name.package
        version = f"@{package.version}" if package.version is not None else ""
        return f"{escaped(package.namespace)}:{escaped(package.name)}/{escaped(name.interface)}{version}"

    def _line(self, text: str) -> None:
        self._allowance.spend(len(text))
        self._lines.append(self._indent + text)

    def _blank(self) -> None:
        """An empty line, but not at the start of a block."""
        if not self._lines[-1].endswith("{"):
            self._lines.append("")

    def _open(self, head: str) -> None:
        self._line(f"{head} {{")
        self._indent += _INDENT

    def _close(self) -> None:
        self._indent = self._indent[: -len(_INDENT)]
        self._line("}")


def _label(item: InterfaceItem | InlineInterface) -> str:
    """The name that documentation and gates know `item` by."""
    if isinstance(item, InlineInterface) or item.label is not None:
        return item.label or ""
    return str(item.interface)


def _package_name(name: PackageName) -> str:
    version = f"@{name.version}" if name.version is not None else ""
    return f"{escaped(name.namespace)}:{escaped(name.name)}{version}"


def _literal(text: str) -> str:
    """`text` as it stands between the quotes of a string literal."""
    return _ESCAPED.sub(lambda match: _SHORT.get(match[0]) or f"\\u{{{ord(match[0]):x}}}", text)
