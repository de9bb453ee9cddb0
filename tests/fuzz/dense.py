"""Small packages out of few names, so that everything meets everything: about half of them are valid.

Where `support.wit_programs` takes care that a program is valid, here nothing does but the odds.
"""

from random import Random

from fuzz.case import Case

_INTERFACES = ("i", "j", "k")
_WORLDS = ("v", "w")
_TYPES = ("t", "u", "r", "s")
_FUNCTIONS = ("f", "g", "t")
_PACKAGES = ("a:a", "b:b", "a:b")
_VERSIONS = ("", "", "@1.0.0", "@1.2.0", "@2.0.0-rc.1")
_FEATURES = ("on", "off")
_PRIMITIVES = ("u8", "string", "bool", "char", "f64", "error-context")


def dense(chance: Random) -> Case:
    """A package with its dependencies, its files all at once."""
    return Case(_Dense(chance).files(), chance.choice((frozenset(), frozenset({"on"}), frozenset({"on"}), None)))


class _Package:
    def __init__(self, name: str, version: str) -> None:
        self.name = name
        self.version = version
        self.interfaces: list[str] = []
        self.worlds: list[str] = []
        self.types: dict[str, list[str]] = {}


class _Dense:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.gated = chance.random() < 0.5
        self.sloppy = chance.choice((0.0, 0.02, 0.1))
        self.packages: list[_Package] = []

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def some(self, least: int, most: int) -> range:
        return range(self.chance.randint(least, most))

    def files(self) -> dict[str, str]:
        chance = self.chance
        names = chance.sample(_PACKAGES, chance.choice((1, 1, 2, 2, 3)))
        self.packages = [_Package(name, chance.choice(_VERSIONS)) for name in names]
        for package in self.packages:
            package.interfaces = chance.sample(_INTERFACES, chance.randint(1, 3))
            package.worlds = chance.sample(_WORLDS, chance.randint(0, 2))
            for interface in package.interfaces:
                package.types[interface] = []
        files: dict[str, str] = {}
        nested = []
        for package in self.packages[1:]:
            # What dependencies depend on comes after them, mostly.
            items = self.items(package)
            if self.often(0.4):
                nested.append(f"package {package.name}{package.version} {{\n{''.join(items)}}}\n")
            else:
                path = f"deps/{package.name.replace(':', '-')}"
                self.put(files, path + (".wit" if self.often(0.5) else ""), package, items, [])
        self.put(files, "", self.packages[0], self.items(self.packages[0]), nested)
        return files

    def put(self, files: dict[str, str], path: str, package: _Package, items: list[str], nested: list[str]) -> None:
        header = f"package {package.name}{package.version};\n"
        self.chance.shuffle(items)
        parts = [items]
        if not path.endswith(".wit"):
            at = self.chance.randint(0, len(items))
            parts = [items[:at], items[at:]] if self.often(0.3) else [items]
        for number, part in enumerate(parts):
            name = path if path.endswith(".wit") else "/".join(filter(None, (path, f"{'xy'[number]}.wit")))
            uses = [self.top_level_use(package) for _ in self.some(0, 2) if self.often(0.3)]
            text = "".join([*uses, *part, *(nested if number == 0 else ())])
            files[name] = (header if number == 0 or self.often(0.5) else "") + text

    # Items

    def items(self, package: _Package) -> list[str]:
        found = []
        for interface in package.interfaces:
            # Types first, so that others know what they may use.
            found.append(
                f"{self.gate(0.1)}interface {interface} {{\n{self.body(package, package.types[interface])}}}\n"
            )
        for world in package.worlds:
            found.append(f"{self.gate(0.1)}world {world} {{\n{self.world(package)}}}\n")
        return found

    def gate(self, share: float = 0.12) -> str:
        if not self.gated or not self.often(share):
            return ""
        kind = self.chance.random()
        if kind < 0.7:
            return f"@unstable(feature = {self.chance.choice(_FEATURES)}) "
        if kind < 0.9:
            return f"@since(version = {self.chance.choice(('1.0.0', '1.0.0', '0.1.0', '1.1.0'))}) "
        return "@unstable(feature = on) @deprecated(version = 1.0.0) "

    def top_level_use(self, package: _Package) -> str:
        local = self.chance.choice((*_INTERFACES, *_WORLDS, "x", "y"))
        return f"use {self.path(package, self.often(0.3))} as {local};\n"

    def path(self, package: _Package, world: bool = False) -> str:
        """The name of an interface or a world, of this package or another."""
        if self.often(self.sloppy):
            world = not world
        there = self.chance.choice(self.packages) if self.often(0.5) else package
        among = there.worlds if world else there.interfaces
        name = self.chance.choice(among) if among else self.chance.choice((*_INTERFACES, "x"))
        if there is package and not self.often(0.05):
            return "x" if self.often(0.05) else name
        version = there.version if not self.often(self.sloppy) else self.chance.choice(_VERSIONS)
        return f"{there.name}/{name}{version}"

    def use(self, package: _Package, types: list[str]) -> str:
        there = self.chance.choice(self.packages) if self.often(0.4) else package
        interface = self.chance.choice(there.interfaces)
        among = there.types[interface] or list(_TYPES)
        shown = []
        for _ in self.some(1, 2):
            name = self.chance.choice(among)
            local = self.chance.choice(_TYPES)
            if local in types and not self.often(self.sloppy):
                continue
            types.append(local)
            shown.append(f"{name} as {local}" if local != name else name)
        if not shown:
            return ""
        path = interface if there is package else f"{there.name}/{interface}{there.version}"
        return f"  {self.gate()}use {path}.{{{', '.join(shown)}}};\n"

    def body(self, package: _Package, types: list[str]) -> str:
        items = [self.use(package, types) for _ in self.some(0, 2)]
        items += [self.typedef(types) for _ in self.some(0, 3)]
        functions = list(_FUNCTIONS)
        self.chance.shuffle(functions)
        for _ in self.some(0, 2):
            name = functions.pop()
            if name not in types or self.often(self.sloppy):
                items.append(f"  {self.gate()}{name}: {self.function(types)};\n")
        if self.often(0.3):
            self.chance.shuffle(items)
        return "".join(items)

    def typedef(self, types: list[str]) -> str:
        free = [name for name in _TYPES if name not in types]
        if not free:
            return ""
        name = self.chance.choice(_TYPES if self.often(self.sloppy) else free)
        gate = self.gate()
        known = types if not self.often(0.1) else [*types, name, *free]
        match self.chance.randrange(7):
            case 0:
                text = f"type {name} = {self.type(known)};"
            case 1:
                text = f"record {name} {{ a: {self.type(known)}, b: {self.type(known)} }}"
            case 2:
                text = f"variant {name} {{ a({self.type(known)}), b }}"
            case 3:
                text = f"enum {name} {{ a, b }}"
            case 4:
                text = f"flags {name} {{ a, b }}"
            case 5:
                text = f"resource {name};"
            case _:
                text = self.resource(name, types)
        types.append(name)
        return f"  {gate}{text}\n"

    def resource(self, name: str, types: list[str]) -> str:
        known = [*types, name, name]
        parts = []
        if self.often(0.5):
            result = self.chance.choice(("", "", f" -> result<{name}>", f" -> result<{name}, {self.type(known)}>"))
            parts.append(f"{self.gate()}constructor({self.params(known)}){result};")
        if self.often(0.6):
            parts.append(f"{self.gate()}m: {self.function(known)};")
        if self.often(0.4):
            parts.append(f"{self.gate()}n: static {self.function(known)};")
        self.chance.shuffle(parts)
        return f"resource {name} {{ {' '.join(parts)} }}"

    def world(self, package: _Package) -> str:
        types: list[str] = []
        items = [self.use(package, types) for _ in self.some(0, 1)]
        items += [self.typedef(types) for _ in self.some(0, 2)]
        names = ["f", "g", "h", "x", "y"]
        self.chance.shuffle(names)
        for _ in self.some(0, 4):
            gate = self.gate()
            direction = self.chance.choice(("import", "export"))
            name = names.pop()
            if self.often(0.1):
                name = self.chance.choice(("f", "x"))
            match self.chance.randrange(5):
                case 0 | 1:
                    text = f"{direction} {self.path(package)};"
                case 2:
                    text = f"{direction} {name}: {self.path(package)};"
                case 3:
                    text = f"{direction} {name}: {self.function(types)};"
                case _:
                    inside = self.body(package, []).replace("\n", "\n  ").rstrip(" ")
                    text = f"{direction} {name}: interface {{\n  {inside}}}"
            items.append(f"  {gate}{text}\n")
        for _ in self.some(0, 2):
            if self.often(0.5):
                renames = [f"{name} as {name}2" for name in self.chance.sample("fgxytu", 2) if self.often(0.4)]
                shown = f" with {{ {', '.join(renames)} }}" if renames and self.often(0.5) else ";"
                items.append(f"  {self.gate()}include {self.path(package, True)}{shown}\n")
        if self.often(0.3):
            self.chance.shuffle(items)
        return "".join(items)

    # Types

    def function(self, types: list[str]) -> str:
        match self.chance.randrange(12):
            case 0:
                return f"get() -> {self.type(types)}"
            case 1:
                return f"set(a: {self.type(types)})"
            case 2 | 3:
                return f"async func({self.params(types)})"
        result = f" -> {self.type(types)}" if self.often(0.5) else ""
        return f"func({self.params(types)}){result}"

    def params(self, types: list[str]) -> str:
        return ", ".join(f"{name}: {self.type(types)}" for name in "ab"[: self.chance.randint(0, 2)])

    def type(self, types: list[str], depth: int = 2) -> str:
        def inner() -> str:
            return self.type(types, depth - 1)

        if depth == 0 or self.often(0.5):
            if self.often(self.sloppy):
                return self.chance.choice(_TYPES)
            return self.chance.choice(types) if types and self.often(0.75) else self.chance.choice(_PRIMITIVES)
        match self.chance.randrange(12):
            case 0:
                return f"list<{inner()}>"
            case 1:
                return f"option<{inner()}>"
            case 2:
                return f"tuple<{inner()}, {inner()}>"
            case 3:
                return f"tuple<{inner()}>"
            case 4:
                return f"result<{inner()}>"
            case 5:
                return f"result<_, {inner()}>"
            case 6:
                return f"stream<{inner()}>"
            case 7:
                return f"map<string, {inner()}>"
            case 8 | 9 if types:
                return f"{self.chance.choice(('own', 'borrow'))}<{self.chance.choice(types)}>"
            case 10:
                return f"list<{inner()}, 4>"
        return f"future<{inner()}>"
