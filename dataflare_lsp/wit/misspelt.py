"""Words that people write where WIT has another one: the keywords of other languages, and slips of the pen."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from dataflare_lsp.text import all_nearest, nearest
from dataflare_lsp.wit.lexer import is_kebab_case

_MEANT = {
    "func": ("fn", "fun", "function", "def", "fct", "method", "proc", "sub", "rpc", "operation"),
    "interface": ("iface", "trait", "protocol", "module", "mod", "namespace", "service", "ns"),
    "world": ("component", "program"),
    "record": ("struct", "object", "message", "data", "class"),
    "variant": ("union", "oneof", "sum", "choice"),
    "enum": ("enumeration",),
    "flags": ("bitflags", "bitset", "bitmask", "bits", "flagset"),
    "resource": ("class", "handle", "opaque"),
    "type": ("typedef", "alias", "typealias", "using", "newtype"),
    "use": ("using", "from", "require", "open"),
    "include": ("extends", "extend", "includes", "mixin"),
    "import": ("imports", "needs", "requires"),
    "export": ("exports", "provides", "pub", "public"),
    "list": ("vec", "vector", "array", "slice", "seq", "sequence", "set"),
    "option": ("optional", "maybe", "nullable"),
    "result": ("either", "expected"),
    "map": ("hashmap", "dict", "dictionary", "hash"),
    "future": ("promise", "task", "deferred"),
    "stream": ("channel", "iterator", "observable"),
    "tuple": ("pair",),
    "own": ("owned", "box"),
    "borrow": ("ref", "borrowed", "reference"),
}  # fmt: skip

_TYPES = {
    "s32": ("int", "i32", "int32", "integer"),
    "s8": ("i8", "int8", "sbyte"),
    "s16": ("i16", "int16", "short"),
    "s64": ("i64", "int64", "long"),
    "u8": ("byte", "uint8", "uchar"),
    "u16": ("uint16", "ushort"),
    "u32": ("uint", "uint32"),
    "u64": ("uint64", "ulong", "usize"),
    "f32": ("float", "float32"),
    "f64": ("double", "float64", "number"),
    "string": ("str",),
    "list<u8>": ("bytes",),
    "bool": ("boolean",),
    "char": ("rune", "character"),
}  # fmt: skip
_PRIMITIVES = {other: word for word, others in _TYPES.items() for other in others}
_NOTHING = frozenset(("void", "unit", "null", "nil", "none", "undefined", "never"))
_ANYTHING = frozenset(("any", "object", "dynamic", "unknown", "json", "value"))

_WORD_BREAK = re.compile(r"[_\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 100
"""Of names that are worth a guess."""


def meant(word: str, among: Iterable[str]) -> str | None:
    """The keyword of `among` that `word` stands for, or None where that cannot be told."""
    candidates = tuple(among)
    folded = word.lower()
    for candidate in candidates:
        if folded in _MEANT.get(candidate, ()):
            return candidate
    return nearest(word, candidates)


class Near(NamedTuple):
    """The name that another was meant to be. `certain`: none is as near."""

    name: str
    certain: bool

    @property
    def hint(self) -> str:
        return f"did you mean `{self.name}`?"


def near_name(name: str, among: Iterable[str]) -> Near | None:
    """The name of `among` that `name` was meant to be, or None where that cannot be told or is no proper name."""
    near = all_nearest(name, among)
    return Near(near[0], len(near) == 1) if near and all(map(is_kebab_case, near[0].split(":"))) else None


def primitive(word: str) -> str | None:
    """The built-in type that other languages call `word`."""
    return _PRIMITIVES.get(word.lower())


def absent_type(word: str) -> str:
    """What to say of a type that other languages have and WIT has not; "" where there is nothing to say."""
    if word.lower() in _NOTHING:
        return "WIT has no type without a value: a function that returns nothing has no `->`"
    if word.lower() in _ANYTHING:
        return "WIT has no type for any value: a `variant` names those that there may be"
    return ""


def kebab_case(name: str) -> str:
    """A name as words joined by `-`; "" where that does not make it kebab-case."""
    if len(name) > _LONGEST:
        return ""
    words = [word for word in _WORD_BREAK.split(name.replace("-", " ")) if word]
    better = "-".join(words) if name.isupper() else "-".join(words).lower()
    return better if is_kebab_case(better) else ""


def when_mended(names: Iterable[str]) -> frozenset[str]:
    """What those of some names will be that are no kebab-case, which is reported: none of these is missing."""
    return frozenset([kebab_case(name) for name in names if not is_kebab_case(name)])
