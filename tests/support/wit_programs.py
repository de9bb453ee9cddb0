"""A Hypothesis strategy of whole valid WIT packages, with their dependencies, for tests that compare or transform them.

A program is valid with the features it names and with all features. Items that are gated by a feature which it does not
name refer freely to each other; nothing else refers to them. Comments stand wherever they may.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st
from support.program import Program

from dataflare_lsp.wit.lexer import KEYWORDS

T = TypeVar("T")

FEATURES = frozenset({"fast", "list"})
"""The features that every program is meant to be read with."""


def programs(max_packages: int = 3) -> st.SearchStrategy[Program]:
    """Programs of up to `max_packages` packages, the last of which is the root."""
    return st.composite(lambda draw: _Generator(draw).program(max_packages))()


def random_program(chance: Random, max_packages: int = 3) -> Program:
    """Such a program without Hypothesis: as `chance` has it, and quickly."""
    return _Generator(lambda numbers: chance.randint(0, _MOST[id(numbers)])).program(max_packages)


# What has been generated, as far as validity needs to know it -----------------------------------------------------


@dataclass
class _Type:
    name: str
    resource: bool = False
    borrows: bool = False
    off: bool = False
    """Gated by a feature that the program does not name."""


@dataclass(eq=False)
class _Interface:
    package: "_Package"
    name: str
    off: bool
    types: dict[str, _Type] = field(default_factory=dict)
    uses: list[tuple["_Interface", bool]] = field(default_factory=list)
    """The interfaces that it uses types from, and whether that `use` is off."""


class _Export(NamedTuple):
    key: str | _Interface
    interface: _Interface
    off: bool


@dataclass(eq=False)
class _World:
    package: "_Package"
    name: str
    off: bool
    imports: dict[str, bool] = field(default_factory=dict)
    """The plain names, and whether they are off."""
    exports: dict[str, bool] = field(default_factory=dict)
    interfaces: list[_Export] = field(default_factory=list)
    """Those that it exports."""
    gated: bool = False
    """Whether a gate stands before an interface or a `use`: then its inclusion could contradict other gates."""


@dataclass
class _File:
    items: list[list[str]] = field(default_factory=list)
    aliases: dict[int, str] = field(default_factory=dict)


@dataclass(eq=False)
class _Package:
    namespace: str
    name: str
    version: str
    names: set[str] = field(default_factory=set)
    interfaces: list[_Interface] = field(default_factory=list)
    worlds: list[_World] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)

    @property
    def header(self) -> str:
        return f"package {_word(self.namespace)} : {_word(self.name)} {'@' + self.version if self.version else ''}"


_PRIMITIVES = (
    "bool",
    "u8",
    "u16",
    "u32",
    "u64",
    "s8",
    "s16",
    "s32",
    "s64",
    "f32",
    "f64",
    "char",
    "string",
    "error-context",
)
_KEYS = (
    "u32",
    "string",
    "bool",
    "u8",
    "u16",
    "u64",
    "s8",
    "s16",
    "s32",
    "s64",
    "char",
)
_WORDS = (
    "a",
    "b",
    "thing",
    "user-id",
    "list",
    "x",
    "URL",
    "HTTP-get",
    "type",
    "get",
    "set",
    "async",
    "from",
    "constructor",
    "v1-0",
    "float32",
    "result",
)
_RENAMES = ("renamed", "OTHER", "stream", "new-name")
"""None of them among the others: a resource must not have the name of one of its functions."""
_COMMENTS = (
    "/// A thing.",
    "/// Two\n/// lines.",
    "// Not for people.",
    "/** In a block. */",
    "/* Not for people. */",
    "/**\n * With a column\n *   of stars.\n */",
    "///",
    "///    far\n///      farther   ",
    "////// many",
    "/* a /* nested */ one */",
    "/// `*/` and /* in a line é",
    "/** one */ /** two */",
    "///\ttab",
)
_OFF = ("slow", "later")


def _word(name: str) -> str:
    return f"%{name}" if name in KEYWORDS else name


class _Generator:
    """Items are lists of strings: comments as they are, and code with one space between any two tokens."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self.draw = draw
        self.packages: list[_Package] = []
        self.remarks = _COMMENTS if self.chance(50) else _COMMENTS[:3]

    # Choices. Each shrinks towards its first possibility, or towards no.

    def chance(self, percent: int) -> bool:
        return self.draw(_PERCENT) >= 100 - percent

    def below(self, limit: int) -> int:
        return self.draw(_NUMBERS[limit - 1])

    def pick(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def fresh(self, taken: set[str], words: Sequence[str] = _WORDS) -> str:
        """A name that `taken` does not have in any case; it is taken then."""
        word = self.pick(words)
        name, number = word, 1
        while name.lower() in taken:
            number += 1
            name = f"{word}{number}"
        taken.add(name.lower())
        return name

    # Files

    def program(self, most: int) -> Program:
        for number in range(1 + self.below(most)):
            self.package(number)
        root = self.packages[-1]
        files: dict[str, str] = {}
        nested: list[_Package] = []
        for number, package in enumerate(self.packages[:-1]):
            if self.chance(50):
                nested.append(package)
            else:
                self.put(files, f"deps/d{number}/" if self.chance(70) else f"deps/d{number}.wit", package, [])
        self.put(files, "", root, nested)
        return Program(files)

    def put(self, files: dict[str, str], path: str, package: _Package, nested: list[_Package]) -> None:
        alone = path.endswith(".wit")
        if alone:
            package.files = [_File([item for file in package.files for item in file.items])]
        for number, file in enumerate(package.files):
            items = list(file.items)
            for other in nested if number == 0 else ():
                inner = [part for part in other.files for part in part.items]
                items.append([*self.comments(), f"{other.header} {{", *(text for item in inner for text in item), "}"])
            headed = number == 0 or self.chance(50)
            first = [*(self.comments() if number == 0 else ()), f"{package.header} ;"] if headed else []
            # The reference takes documentation of a package from one file only.
            files[path if alone else f"{path}f{number}.wit"] = self.layout(first, items, quiet=headed and number > 0)

    def layout(self, header: list[str], items: list[list[str]], quiet: bool) -> str:
        style = self.below(4)
        out = []
        texts = [*header, *(text for item in items for text in item)]
        for text in texts:
            if text.startswith("/"):
                out.append(f"{text}\n")
                continue
            for token in text.split():
                if style == 3 and not quiet and self.chance(8):
                    out.append(f" {self.pick(self.remarks)}\n")
                out.append(f"{token}\n" if token in ("{", "}", ";") else f"{token} ")
                quiet = False
        text = "".join(out)
        return text.replace("\n", "\r\n") if style == 2 else text

    def comments(self) -> list[str]:
        return [self.pick(self.remarks) for _ in range(1 + self.below(2))] if self.chance(25) else []

    # Packages

    def package(self, number: int) -> None:
        version = self.pick(("", "1.0.0", "0.2.0-rc.1", "1.2.3+build.7", "10.0.0"))
        package = _Package(self.pick(("ns", "wasi", "list")), "p", version)
        known = {(other.namespace, other.name, other.version) for other in self.packages}
        if (package.namespace, package.name, package.version) in known:
            package.name = f"p{number}"
        package.files = [_File() for _ in range(1 + self.chance(30))]
        self.packages.append(package)
        for _ in range(self.below(4)):
            self.interface_item(package)
        for _ in range(self.below(4)):
            self.world_item(package)

    def interface_item(self, package: _Package) -> None:
        file = self.pick(package.files)
        gate, off = self.gate(package, percent=15)
        interface = _Interface(package, self.fresh(package.names), off)
        body = self.interface_body(interface, file)
        comments = self.comments()
        self.insert(file, [*comments, *gate, f"interface {_word(interface.name)} {{", *body, "}"])
        package.interfaces.append(interface)

    def insert(self, file: _File, item: list[str]) -> None:
        """Order means nothing: what is needed may come after what needs it."""
        file.items.insert(0 if self.chance(30) else len(file.items), item)

    def gate(
        self, package: _Package, must_be_off: bool = False, percent: int = 20, may_be_off: bool = True
    ) -> tuple[list[str], bool]:
        """Attributes, and whether what follows them is off."""
        if not must_be_off and not self.chance(percent):
            return [], False
        if must_be_off:
            feature = self.pick(_OFF)
        else:
            off = _OFF if may_be_off else ()
            feature = self.pick((*sorted(FEATURES), *off, *(("",) * 4 if package.version else ())))
        if feature:
            attributes = [f"@ unstable ( feature = {_word(feature)} )"]
        else:
            attributes = [f"@ since ( version = {self.pick((package.version, '0.0.1'))} )"]
        if self.chance(20):
            attributes.append(f"@ deprecated ( version = {package.version or '1.0.0'} )")
        return attributes, feature in _OFF

    def external_id(self) -> list[str]:
        value = self.pick((r"id", r"a:b/c@1.0.0", r"\"q\"\\\n\u{e9}", r"\u{1F600}\t%")) if self.chance(8) else None
        return [] if value is None else [f'@ external-id ( "{value}" )']

    # Paths

    def path(self, target: _Interface | _World, package: _Package, file: _File) -> str:
        """How a file names an interface or a world, perhaps by a `use` at its top."""
        known = file.aliases.get(id(target))
        if known is not None:
            return known
        own = target.package is package
        version = f" @{target.package.version}" if target.package.version else ""
        name = _word(target.name)
        if not own:
            name = f"{_word(target.package.namespace)} : {_word(target.package.name)} / {name}{version}"
        if not target.off and (own or isinstance(target, _Interface)) and self.chance(15):
            alias = self.fresh(package.names)
            file.aliases[id(target)] = _word(alias)
            self.insert(file, [*self.comments(), f"use {name} as {_word(alias)} ;"])
            return _word(alias)
        return name

    def visible(self) -> list[_Interface]:
        return [interface for package in self.packages for interface in package.interfaces]

    # Interfaces

    def interface_body(self, interface: _Interface, file: _File) -> list[str]:
        names: set[str] = set()
        items = [self.use(interface, interface.types, names, file) for _ in range(self.below(3)) if self.usable(True)]
        for _ in range(self.below(4)):
            items.append(self.typedef(interface, interface.types, names))
        for _ in range(self.below(4)):
            items.append(self.function(interface.package, interface.types, names, ""))
        return self.mixed(items)

    def mixed(self, items: list[list[str]]) -> list[str]:
        ordered = items[::-1] if self.chance(30) else items
        return [text for item in ordered for text in item]

    def usable(self, also_off: bool) -> list[_Interface]:
        """The interfaces that define types."""
        return [
            interface
            for interface in self.visible()
            if any(also_off or not (known.off or interface.off) for known in interface.types.values())
        ]

    def use(self, user: "_Interface | _World", types: dict[str, _Type], names: set[str], file: _File) -> list[str]:
        # A world has no types that are off, unless all of it is: the reference refuses them.
        may_be_off = isinstance(user, _Interface) or user.off
        source = self.pick(self.usable(may_be_off))
        among = [used for used in source.types.values() if may_be_off or not used.off]
        if source.package is not user.package:
            # For the reference, the first `use` of another package's type decides whether it is there for all others.
            hidden = [used for used in among if used.off or source.off]
            shown_to_all = [] if user.off else [used for used in among if used not in hidden]
            among = shown_to_all if shown_to_all and not (hidden and self.chance(30)) else hidden
            may_be_off = may_be_off and among is hidden
        if not among:
            return []
        chosen = [self.pick(among) for _ in range(1 + self.below(2))]
        must_be_off = user.off or source.off or any(used.off for used in chosen)
        gate, off = self.gate(user.package, must_be_off, 12, may_be_off)
        shown = []
        for used in chosen:
            local = used.name
            if local.lower() in names or self.chance(20):
                local = self.fresh(names)
            names.add(local.lower())
            types[local] = _Type(local, used.resource, used.borrows, off)
            shown.append(_word(used.name) + (f" as {_word(local)}" if local != used.name or self.chance(5) else ""))
        if isinstance(user, _Interface):
            user.uses.append((source, off))
        else:
            user.gated |= bool(gate)
            user.imports.update((local, off) for local in list(types)[-len(chosen) :])
        path = self.path(source, user.package, file)
        comma = " ," if self.chance(10) else ""
        return [*self.comments(), *gate, *self.external_id(), f"use {path} . {{ {' , '.join(shown)}{comma} }} ;"]

    # Types

    def typedef(self, owner: "_Interface | _World", types: dict[str, _Type], names: set[str]) -> list[str]:
        gate, off = self.gate(owner.package, owner.off, may_be_off=isinstance(owner, _Interface))
        name = self.fresh(names)
        defined = _Type(name, off=off)
        kind = self.pick(("type", "record", "variant", "enum", "flags", "resource"))
        lead = [*self.comments(), *gate, *self.external_id()]
        head = f"{kind} {_word(name)}"
        # In what is off, types that are written in place would be off wherever else they are written.
        depth = 0 if off else 2
        borrowing = self.chance(5)
        if kind == "resource":
            types[name] = defined
            defined.resource = True
            return [*lead, *self.resource(owner.package, types, defined, head)]
        body: list[str]
        if kind == "type":
            written = self.type(types, off, depth + 1, borrowing)
            defined.resource = written in {_word(other.name) for other in types.values() if other.resource}
            body = [f"{head} = {written} ;"]
        elif kind in ("record", "variant"):
            written = ""
            body = [f"{head} {{"]
            taken: set[str] = set()
            last = self.below(3)
            for number in range(last + 1):
                comma = "," if number < last or self.chance(80) else ""
                label = _word(self.fresh(taken))
                payload = self.type(types, off, depth, borrowing)
                written += f" {payload}"
                if kind == "record":
                    part = f"{label} : {payload} {comma}"
                else:
                    part = f"{label} ( {payload} ) {comma}" if self.chance(60) else f"{label} {comma}"
                body += [*self.comments(), part]
            body.append("}")
        else:
            written = ""
            taken = set()
            body = [f"{head} {{"]
            for _ in range(1 + self.below(3)):
                body += [*self.comments(), f"{_word(self.fresh(taken))} ,"]
            body.append("}")
        tokens = set(written.split())
        defined.borrows = "borrow" in tokens or any(
            other.borrows and _word(other.name) in tokens for other in types.values()
        )
        types[name] = defined
        return [*lead, *body]

    def resource(self, package: _Package, types: dict[str, _Type], resource: _Type, head: str) -> list[str]:
        if self.chance(30):
            return [f"{head} ;"]
        body = [f"{head} {{"]
        names = {resource.name.lower()}
        if self.chance(40):
            gate, off = self.gate(package, resource.off)
            own = _word(resource.name)
            error = self.type(types, off, 1, False, borrowed=False)
            result = self.pick(("", f"-> result < {own} >", f"-> result < {own} , {error} >"))
            params = self.params(types, off, set())
            body += [*self.comments(), *gate, f"constructor ( {params} ) {result} ;"]
        for _ in range(self.below(3)):
            body += self.function(package, types, names, "static" if self.chance(40) else "method", resource.off)
        return [*body, "}"]

    def type(self, types: dict[str, _Type], off: bool, depth: int, borrowing: bool, borrowed: bool = True) -> str:
        """A type of up to `depth` nested constructors. `borrowing`: with handles to borrow; `borrowed`: or types that
        have them inside."""
        known = [t for t in types.values() if (off or not t.off) and (borrowed or not t.borrows)]
        if depth == 0 or self.chance(40):
            return _word(self.pick(known).name) if known and self.chance(60) else self.pick(_PRIMITIVES)
        resources = [_word(t.name) for t in known if t.resource]
        kinds = ["list", "option", "tuple", "result", "fixed", "map", "future", "stream"]
        kinds += ["own"] if resources else []
        kinds += ["borrow"] if resources and borrowing else []

        def inner() -> str:
            return self.type(types, off, depth - 1, borrowing, borrowed)

        match self.pick(kinds):
            case "fixed":
                return f"list < {inner()} , {self.pick((1, 4, 4294967295))} >"
            case "map":
                return f"map < {self.pick(_KEYS)} , {inner()} >"
            case "tuple":
                return f"tuple < {' , '.join(inner() for _ in range(1 + self.below(3)))} >"
            case "result":
                form = self.pick(("", "< {} >", "< {} , {} >", "< _ , {} >"))
                return f"result {form.format(*(inner() for _ in range(form.count('{}'))))}"
            case "future" | "stream" as kind:
                return f"{kind} < {inner()} >" if self.chance(70) else kind
            case "own" | "borrow" as kind:
                return f"{kind} < {self.pick(resources)} >"
            case kind:
                return f"{kind} < {inner()} >"

    # Functions

    def params(self, types: dict[str, _Type], off: bool, taken: set[str]) -> str:
        params = [
            f"{_word(self.fresh(taken))} : {self.type(types, off, 2, self.chance(30))}" for _ in range(self.below(3))
        ]
        return " , ".join(params) + (" ," if params and self.chance(10) else "")

    def function(
        self, package: _Package, types: dict[str, _Type], names: set[str], form: str, must_be_off: bool = False
    ) -> list[str]:
        """A function, or a getter perhaps with its setter, in an interface or (by `form`) a resource."""
        gate, off = self.gate(package, must_be_off)
        name = self.fresh(names)
        static = "static " if form == "static" else ""
        declarations = self.signatures(types, off, {"self"} if form == "method" else set())
        items = []
        for declaration in declarations:
            lead = [*self.comments(), *gate, *self.external_id()]
            items.append([*lead, f"{_word(name)} : {static}{declaration} ;"])
        return [text for item in items for text in item]

    def signatures(self, types: dict[str, _Type], off: bool, taken: set[str]) -> list[str]:
        """What stands after the name and its colon: one function, or a getter and a setter in any order."""
        if self.chance(80):
            keyword = "async func" if self.chance(20) else "func"
            result = f" -> {self.type(types, off, 3, False, borrowed=False)}" if self.chance(60) else ""
            return [f"{keyword} ( {self.params(types, off, taken)} ){result}"]
        value = self.type(types, off, 1, False, borrowed=False)
        found = [f"get ( ) -> {value}"]
        if self.chance(50):
            result = self.pick(("", " -> result", " -> result < _ , string >"))
            found.append(f"set ( value : {value} ){result}")
        return found[::-1] if self.chance(50) else found

    # Worlds

    def world_item(self, package: _Package) -> None:
        file = self.pick(package.files)
        gate, off = self.gate(package, percent=10)
        world = _World(package, self.fresh(package.names), off)
        names: set[str] = set()
        types: dict[str, _Type] = {}
        items = [self.use(world, types, names, file) for _ in range(self.below(2)) if self.usable(off)]
        for _ in range(self.below(3)):
            items.append(self.typedef(world, types, names))
            world.imports.update((known.name, known.off) for known in types.values())
        exported: set[str] = set()
        # The order of these counts, which is why they are not mixed.
        externs = [self.extern(world, types, names, exported, file) for _ in range(self.below(4))]
        externs += [self.include(world, names, exported, file) for _ in range(self.below(3))]
        if not _consistent(world.interfaces):
            # What some exports need, others would replace: do without them all.
            externs.clear()
            world.interfaces.clear()
            world.exports.clear()
            world.imports = {known.name: known.off for known in types.values()}
        defined, rest = self.mixed(items), [text for item in externs for text in item]
        body = [*rest, *defined] if self.chance(30) else [*defined, *rest]
        self.insert(file, [*self.comments(), *gate, f"world {_word(world.name)} {{", *body, "}"])
        package.worlds.append(world)

    def extern(
        self, world: _World, types: dict[str, _Type], names: set[str], exported: set[str], file: _File
    ) -> list[str]:
        package = world.package
        direction = self.pick(("import", "export"))
        taken, labels = (names, world.imports) if direction == "import" else (exported, world.exports)
        kind = self.pick(("path", "func", "inline", "named"))
        if kind in ("path", "named") and not self.visible():
            kind = "func"
        if kind == "func":
            gate, off = self.gate(package)
            name = self.fresh(taken)
            labels[name] = off
            found = []
            for declaration in self.signatures(types, off, set()):
                lead = [*self.comments(), *gate, *self.external_id()]
                found += [*lead, f"{direction} {_word(name)} : {declaration} ;"]
            return found
        if kind == "inline":
            gate, off = self.gate(package, percent=12)
            world.gated |= bool(gate)
            name = self.fresh(taken)
            inline = _Interface(package, name, off)
            body = self.interface_body(inline, file)
            labels[name] = off
            if direction == "export":
                world.interfaces.append(_Export(name, inline, off))
            lead = [*self.comments(), *gate, *self.external_id()]
            return [*lead, f"{direction} {_word(name)} : interface {{", *body, "}"]
        interface = self.pick(self.visible())
        path = self.path(interface, package, file)
        key = f"{direction} {id(interface)}"
        if kind == "path" and key in taken:
            return []
        gate, off = self.gate(package, interface.off, percent=12)
        world.gated |= bool(gate)
        lead = [*self.comments(), *gate, *self.external_id()]
        label = ""
        if kind == "path":
            taken.add(key)
        else:
            name = self.fresh(taken)
            labels[name] = off
            label = f"{_word(name)} : "
        if direction == "export":
            world.interfaces.append(_Export(name if label else interface, interface, off))
        return [*lead, f"{direction} {label}{path} ;"]

    def include(self, world: _World, names: set[str], exported: set[str], file: _File) -> list[str]:
        among = [other for package in self.packages for other in package.worlds if not other.gated]
        if not among:
            return []
        other = self.pick(among)
        gate, off = self.gate(world.package, other.off, percent=12)
        # A new name is for the label on both sides, so it must be free on both, and among the labels that stay.
        labels = {**other.imports, **other.exports}
        renames: dict[str, str] = {}
        taken = names | exported | {label.lower() for label in labels}
        for label, is_off in labels.items():
            clash = (label in other.imports and label.lower() in names) or (
                label in other.exports and label.lower() in exported
            )
            if not clash and not self.chance(25):
                continue
            if is_off and clash:
                return []
            if not is_off:
                renames[label] = self.fresh(taken, _RENAMES)
        for label, is_off in other.imports.items():
            here = renames.get(label, label)
            names.add(here.lower())
            world.imports[here] = is_off or off
        for label, is_off in other.exports.items():
            here = renames.get(label, label)
            exported.add(here.lower())
            world.exports[here] = is_off or off
        for key, interface, is_off in other.interfaces:
            here_key = renames.get(key, key) if isinstance(key, str) else key
            world.interfaces.append(_Export(here_key, interface, is_off or off))
            if isinstance(key, _Interface):
                exported.add(f"export {id(interface)}")
        world.gated |= bool(gate)
        path = self.path(other, world.package, file)
        shown = " , ".join(f"{_word(label)} as {_word(here)}" for label, here in renames.items())
        return [*gate, f"include {path} with {{ {shown} }}" if shown else f"include {path} ;"]


def _consistent(exports: Iterable[_Export]) -> bool:
    """Whether no interface would have to be imported and exported at once, with the program's features and with all."""
    return all(_consistent_when([e for e in exports if every or not e.off], every) for every in (False, True))


def _consistent_when(exports: list[_Export], every: bool) -> bool:
    by_path = {export.interface for export in exports if isinstance(export.key, _Interface)}
    done: set[str | _Interface] = set()
    imported: set[_Interface] = set()

    def add(key: str | _Interface, interface: _Interface, exported: bool) -> bool:
        if key in done:
            return exported
        if not exported and interface in imported:
            return True
        used = [other for other, off in interface.uses if every or not off]
        if not all(add(other, other, exported and other in by_path) for other in used):
            return False
        if not exported:
            imported.add(interface)
        elif interface in imported:
            return False
        else:
            done.add(key)
        return True

    return all(add(export.key, export.interface, True) for export in exports)


_PERCENT = st.integers(0, 99)
_NUMBERS = [st.integers(0, most) for most in range(64)]
_MOST = {id(_PERCENT): 99, **{id(numbers): most for most, numbers in enumerate(_NUMBERS)}}
