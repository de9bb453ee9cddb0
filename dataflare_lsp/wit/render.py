"""The resolved package as canonical WIT text, in the layout of the reference (`wasm-tools component wit`).

The text means the same package again when it is parsed. Three things are therefore written otherwise than the reference
does, whose text would mean something else or be refused: documentation that line comments cannot say becomes a block
comment, `import name: interface;` without documentation gets none from the interface, and `@since` is left out where
its version is none of the package's. It is another package's then, come by an `include`, and cannot be said.
"""

from collections.abc import Iterable, Sequence

from dataflare_lsp.wit.docs import doc_comment
from dataflare_lsp.wit.lexer import KEYWORDS
from dataflare_lsp.wit.order import is_released
from dataflare_lsp.wit.resolved import (
    Alias,
    Case,
    Enum,
    Field,
    FixedLengthList,
    Flags,
    Function,
    Future,
    Handle,
    Interface,
    InterfaceItem,
    Label,
    List,
    Map,
    Option,
    Owner,
    Package,
    Record,
    Resolve,
    Resource,
    Result,
    Stability,
    Stable,
    Stream,
    Tuple,
    TypeDef,
    TypeItem,
    TypeRef,
    Variant,
    World,
    WorldItem,
    WorldKey,
)

_ESCAPED = KEYWORDS | {"float32", "float64"}
"""Written with a `%`; the two are keywords of old WIT."""


def render(resolve: Resolve, dependencies: bool = True) -> str:
    """The text of the main package, and of all others as nested packages after it unless `dependencies` is false."""
    printer = _Printer(resolve)
    printer.package(resolve.main, nested=False)
    if dependencies:
        others = [number for number in range(len(resolve.packages)) if number != resolve.main]
        for place, number in enumerate(others):
            if place:
                printer.blank(2)
            printer.package(number, nested=True)
    return "".join(printer.out)


def type_text(resolve: Resolve, written: TypeRef) -> str:
    """A type as it is written where it is used: by its name if it has one."""
    return _Printer(resolve).type(written)


def definition_text(resolve: Resolve, known: int) -> str:
    """What stands behind the `=` where a type is defined by `type name = …`."""
    return _Printer(resolve).shape(resolve.types[known])


class _Printer:
    """Writes lines into `out`, at the indent of the braces that are open."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.out: list[str] = []
        self.indent = ""
        self.current = resolve.packages[resolve.main].name

    # Lines

    def line(self, text: str) -> None:
        self.out.append(f"{self.indent}{text}\n")

    def blank(self, lines: int = 1) -> None:
        self.out.append("\n" * lines)

    def open(self, text: str) -> None:
        self.line(f"{text} {{")
        self.indent += "  "

    def close(self) -> None:
        self.indent = self.indent[:-2]
        self.line("}")

    def docs(self, docs: str | None) -> None:
        if docs is not None:
            self.out += [f"{line}\n" for line in doc_comment(docs, self.indent)]

    def attributes(self, stability: Stability, external_id: str | None = None) -> None:
        if isinstance(stability, Stable) and not is_released(stability.since, self.current):
            stability = None
        if stability is not None:
            if isinstance(stability, Stable):
                self.line(f"@since(version = {stability.since})")
            else:
                self.line(f"@unstable(feature = {_name(stability.feature)})")
            if stability.deprecated is not None:
                self.line(f"@deprecated(version = {stability.deprecated})")
        if external_id is not None:
            self.line(f'@external-id("{_string(external_id)}")')

    # Packages, interfaces, worlds

    def package(self, number: int, nested: bool) -> None:
        package = self.resolve.packages[number]
        self.current = package.name
        self.docs(package.docs)
        name = package.name
        version = f"@{name.version}" if name.version is not None else ""
        header = f"package {_name(name.namespace)}:{_name(name.name)}{version}"
        if nested:
            self.open(header)
        else:
            self.line(f"{header};")
            self.blank()
        for known in package.interfaces.values():
            interface = self.resolve.interfaces[known]
            self.docs(interface.docs)
            self.attributes(interface.stability)
            self.open(f"interface {_name(interface.name or '')}")
            self.interface(known, interface)
            self.close()
            if not nested:
                self.blank()
        for known in package.worlds.values():
            world = self.resolve.worlds[known]
            self.docs(world.docs)
            self.attributes(world.stability)
            self.open(f"world {_name(world.name)}")
            self.world(known, world, package)
            self.close()
        if nested:
            self.close()

    def interface(self, number: int, interface: Interface) -> None:
        """What stands between the braces of an interface."""
        functions = interface.functions.values()
        types = interface.types.items()
        begun = self.types(Owner("interface", number), types, functions, interface.package, False)
        for function in functions:
            if function.kind.resource is None:
                if begun:
                    self.blank()
                begun = True
                self.function(function, f"{_name(_label(function))}: ")

    def world(self, number: int, world: World, package: Package) -> None:
        """What stands between the braces of a world: interfaces, types, functions, and then the exports."""
        begun = False
        for key, item in world.imports.items():
            if isinstance(item, InterfaceItem):
                self.extern("import", key, item, world.package)
                begun = True
        types = [
            (key, item.id) for key, item in world.imports.items() if isinstance(item, TypeItem) and isinstance(key, str)
        ]
        functions = [item for item in world.imports.values() if isinstance(item, Function)]
        begun = self.types(Owner("world", number), types, functions, world.package, begun)
        for key, item in world.imports.items():
            if isinstance(item, Function) and item.kind.resource is None:
                self.extern("import", key, item, world.package)
                begun = True
        if world.exports and begun:
            self.blank()
        for key, item in world.exports.items():
            self.extern("export", key, item, world.package)

    def extern(self, direction: str, key: WorldKey, item: WorldItem, package: int) -> None:
        """An import or export of an interface or a function."""
        if isinstance(item, Function):
            self.function(item, f"{direction} {_name(_label(item))}: ")
            return
        assert isinstance(item, InterfaceItem)
        interface = self.resolve.interfaces[item.id]
        inline = interface.name is None
        self.docs(interface.docs if inline and item.docs is None else item.docs)
        self.attributes(item.stability, item.external_id)
        name = f"{_name(key)}: " if isinstance(key, str) else ""
        if inline:
            self.open(f"{direction} {name}interface")
            self.interface(item.id, interface)
            self.close()
        else:
            self.line(f"{direction} {name}{self.path(item.id, package)};")

    def path(self, number: int, package: int) -> str:
        """How `package` names an interface."""
        interface = self.resolve.interfaces[number]
        own = _name(interface.name or "")
        if interface.package == package:
            return own
        name = self.resolve.packages[interface.package].name
        version = f"@{name.version}" if name.version is not None else ""
        return f"{_name(name.namespace)}:{_name(name.name)}/{own}{version}"

    # Types

    def types(
        self,
        owner: Owner,
        types: Iterable[tuple[str, int]],
        functions: Iterable[Function],
        package: int,
        begun: bool,
    ) -> bool:
        """The `use`s and the types of an interface or world. Whether anything stands there now; `begun`: something did.

        A `use` names several types where they come one after the other from one interface, under the same attributes.
        """
        uses: list[tuple[Owner, TypeDef, list[str]]] = []
        defined = []
        for name, number in types:
            definition = self.resolve.types[number]
            used = self.used(definition, owner)
            if used is None:
                defined.append(number)
                continue
            source = used.owner
            assert source is not None
            shown = _name(name) if used.name == name else f"{_name(used.name or '')} as {_name(name)}"
            if uses and uses[-1][0] == source and _attributes(uses[-1][1]) == _attributes(definition):
                uses[-1][2].append(shown)
            else:
                uses.append((source, definition, [shown]))
        for source, definition, names in uses:
            self.attributes(definition.stability, definition.external_id)
            self.line(f"use {self.path(source.id, package)}.{{{', '.join(names)}}};")
            begun = True
        methods: dict[int, list[Function]] = {}
        for function in functions:
            if function.kind.resource is not None:
                methods.setdefault(function.kind.resource, []).append(function)
        for number in defined:
            if begun:
                self.blank()
            begun = True
            self.definition(self.resolve.types[number], methods.get(number, ()))
        return begun

    def used(self, definition: TypeDef, owner: Owner) -> TypeDef | None:
        """The type of another owner that `definition` is a `use` of."""
        if isinstance(definition.kind, Alias) and isinstance(definition.kind.type, int):
            other = self.resolve.types[definition.kind.type]
            if other.owner is not None and other.owner != owner:
                return other
        return None

    def definition(self, definition: TypeDef, methods: Sequence[Function]) -> None:
        self.docs(definition.docs)
        self.attributes(definition.stability, definition.external_id)
        name = _name(definition.name or "")
        match definition.kind:
            case Record(fields):
                self.members(f"record {name}", fields)
            case Variant(cases):
                self.members(f"variant {name}", cases)
            case Enum(labels):
                self.members(f"enum {name}", labels)
            case Flags(labels):
                self.members(f"flags {name}", labels)
            case Resource():
                self.resource(name, methods)
            case Handle(False, resource):
                # Without `own` this would be another name of the resource.
                self.line(f"type {name} = own<{self.type(resource)}>;")
            case Alias(target):
                self.line(f"type {name} = {self.type(target)};")
            case _:
                self.line(f"type {name} = {self.shape(definition)};")

    def members(self, head: str, members: Sequence[Field | Case | Label]) -> None:
        self.open(head)
        for member in members:
            self.docs(member.docs)
            if isinstance(member, Field):
                self.line(f"{_name(member.name)}: {self.type(member.type)},")
            elif isinstance(member, Case) and member.type is not None:
                self.line(f"{_name(member.name)}({self.type(member.type)}),")
            else:
                self.line(f"{_name(member.name)},")
        self.close()

    def resource(self, name: str, methods: Sequence[Function]) -> None:
        if not methods:
            self.line(f"resource {name};")
            return
        self.open(f"resource {name}")
        for method in methods:
            form = method.kind.form
            if form == "constructor":
                self.function(method, "")
            else:
                static = "static " if "static" in form else ""
                self.function(method, f"{_name(_label(method))}: {static}")
        self.close()

    def function(self, function: Function, before: str) -> None:
        """A function as one line, `before` its keyword: its name and what goes with it."""
        self.docs(function.docs)
        self.attributes(function.stability, function.external_id)
        form = function.kind.form
        keyword = "async func" if form.startswith("async") else "func"
        for ending, word in (("constructor", "constructor"), ("getter", "get"), ("setter", "set")):
            if form.endswith(ending):
                keyword = word
        params = function.params[1:] if "method" in form else function.params
        shown = ", ".join(f"{_name(param.name)}: {self.type(param.type)}" for param in params)
        result = ""
        if function.result is not None and not self.makes_itself(function):
            result = f" -> {self.type(function.result)}"
        self.line(f"{before}{keyword}({shown}){result};")

    def makes_itself(self, function: Function) -> bool:
        """Whether it is a constructor whose result goes without saying."""
        if function.kind.form != "constructor" or not isinstance(function.result, int):
            return False
        kind = self.resolve.types[function.result].kind
        return isinstance(kind, Handle) and not kind.borrowed and kind.resource == function.kind.resource

    def type(self, written: TypeRef) -> str:
        """A type where it is used: by its name if it has one."""
        if isinstance(written, str):
            return written
        definition = self.resolve.types[written]
        return self.shape(definition) if definition.name is None else _name(definition.name)

    def shape(self, definition: TypeDef) -> str:
        """A type that is written in place. An owned handle is the resource's name."""
        match definition.kind:
            case Handle(borrowed, resource):
                return f"borrow<{self.type(resource)}>" if borrowed else self.type(resource)
            case Tuple(types):
                return f"tuple<{', '.join(map(self.type, types))}>"
            case Option(element):
                return f"option<{self.type(element)}>"
            case List(element):
                return f"list<{self.type(element)}>"
            case FixedLengthList(element, length):
                return f"list<{self.type(element)}, {length}>"
            case Map(key, value):
                return f"map<{self.type(key)}, {self.type(value)}>"
            case Result(None, None):
                return "result"
            case Result(None, err) if err is not None:
                return f"result<_, {self.type(err)}>"
            case Result(ok, None) if ok is not None:
                return f"result<{self.type(ok)}>"
            case Result(ok, err) if ok is not None and err is not None:
                return f"result<{self.type(ok)}, {self.type(err)}>"
            case Future(payload):
                return "future" if payload is None else f"future<{self.type(payload)}>"
            case Stream(payload):
                return "stream" if payload is None else f"stream<{self.type(payload)}>"
            case Alias(target):
                return self.type(target)
            case _:
                raise AssertionError(f"{definition.kind} is always defined under a name")


def _name(name: str) -> str:
    return f"%{name}" if name in _ESCAPED else name


def _label(function: Function) -> str:
    """The name of a function as it is written where it is defined."""
    return function.name.rpartition("]")[2].rpartition(".")[2]


def _attributes(definition: TypeDef) -> tuple[type[Stability] | type[None], Stability, str | None]:
    return type(definition.stability), definition.stability, definition.external_id


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./: ")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _string(value: str) -> str:
    """The inside of a string literal."""
    return "".join(
        character if character in _PLAIN else _ESCAPES.get(character, f"\\u{{{ord(character):x}}}")
        for character in value
    )
