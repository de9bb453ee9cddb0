"""The words of WIT itself: what each keyword, built-in type and attribute means, in a line or two.

Sources: WIT.md, from "Keywords" on; the ranges of numbers are those of the component model.
"""

import re

PRIMITIVES: dict[str, str] = {
    "bool": "A truth value, `true` or `false`.",
    "char": "A Unicode scalar value: any code point that is no surrogate.",
    "error-context": "What went wrong in an asynchronous call: an opaque value, perhaps with a message for debugging.",
    "f32": "A 32-bit floating-point number (IEEE 754 binary32).",
    "f64": "A 64-bit floating-point number (IEEE 754 binary64).",
    "s8": "A signed integer of 8 bits: -128 to 127.",
    "s16": "A signed integer of 16 bits: -32,768 to 32,767.",
    "s32": "A signed integer of 32 bits: -2³¹ to 2³¹ - 1.",
    "s64": "A signed integer of 64 bits: -2⁶³ to 2⁶³ - 1.",
    "string": "Text: a sequence of Unicode scalar values.",
    "u8": "An unsigned integer of 8 bits: 0 to 255. `list<u8>` is how bytes are passed.",
    "u16": "An unsigned integer of 16 bits: 0 to 65,535.",
    "u32": "An unsigned integer of 32 bits: 0 to 2³² - 1.",
    "u64": "An unsigned integer of 64 bits: 0 to 2⁶⁴ - 1.",
}
"""Built-in types without arguments."""

GENERICS: dict[str, tuple[str, str]] = {
    "list": ("list<${1:type}>", "Any number of values of one type; `list<type, N>` holds exactly N."),
    "option": ("option<${1:type}>", "A value that may be absent: `none`, or `some` of the type."),
    "result": (
        "result<${1:ok}, ${2:error}>",
        "The outcome of what can fail: `ok` or `err`, each with a value of its type. `result<ok>`, `result<_, error>` "
        "and plain `result` leave values out.",
    ),
    "tuple": ("tuple<${1:type}, ${2:type}>", "A fixed number of values, each of its own type, told apart by place."),
    "map": ("map<${1:key}, ${2:type}>", "Values by key. Of a key that comes twice, the last value counts."),
    "future": (
        "future<${1:type}>",
        "A value that arrives later, once: the read end of a channel. Plain `future` only says when.",
    ),
    "stream": (
        "stream<${1:type}>",
        "Values that arrive one after another, over time: the read end of a channel.",
    ),
    "borrow": (
        "borrow<${1:resource}>",
        "A resource lent for the length of the call: the caller keeps it, and it cannot be returned or held on to.",
    ),
    "own": (
        "own<${1:resource}>",
        "A resource handed over for good: whoever has it last destroys it. A resource's bare name means the same.",
    ),
}
"""Built-in types with arguments: a snippet, and what they mean."""

KEYWORDS: dict[str, str] = {
    "as": "Gives what is named before it another name here.",
    "async": "The function may wait: bindings make it asynchronous in languages that know such functions.",
    "constructor": "Makes a new resource. It returns that, or says `-> result<…>` of it where it can fail.",
    "enum": "A type whose value is one of some names, without data.",
    "export": "What a component of this world offers: a function, or an interface that it implements.",
    "flags": "A set of names of which each is on or off.",
    "from": "Reserved; it means nothing today.",
    "func": "A function: named parameters in parentheses, and the type of its result after `->`, if it has one.",
    "import": "What a component of this world needs from its host or from another component.",
    "include": "Takes all imports and exports of another world into this one; `with` renames those with plain names.",
    "interface": "A named group of types and functions, the unit that worlds import and export.",
    "package": "Names the package that a file belongs to, or begins a package nested in the file.",
    "record": "A type made of named fields, all of them always there.",
    "resource": "A type whose values live on one side and are passed as handles, with functions of their own.",
    "static": "A function of the resource itself: it gets no handle to one.",
    "type": "Gives a type a name.",
    "use": "Brings types of another interface here; at the top of a file, it gives an interface a short name.",
    "variant": "A type whose value is one of some cases, each with data of its own or without.",
    "with": "Renames imports and exports of the included world, where plain names would clash.",
    "world": "All that a component of one kind imports and exports.",
}
"""The other keywords."""

ITEMS: dict[str, str] = {
    "package": "package ${1:namespace}:${2:name}@${3:0.1.0};",
    "interface": "interface ${1:name} {\n    $0\n}",
    "world": "world ${1:name} {\n    $0\n}",
    "type": "type ${1:name} = ${2:type};",
    "record": "record ${1:name} {\n    ${2:field}: ${3:type},\n}",
    "variant": "variant ${1:name} {\n    ${2:case},\n}",
    "enum": "enum ${1:name} {\n    ${2:case},\n}",
    "flags": "flags ${1:name} {\n    ${2:flag},\n}",
    "resource": "resource ${1:name} {\n    $0\n}",
    "use": "use ${1:interface}.{${2:type}};",
    "import": "import ${1:interface};",
    "export": "export ${1:interface};",
    "include": "include ${1:world};",
    "constructor": "constructor($1);",
    "func": "${1:name}: func($2)$0;",
    "static": "${1:name}: static func($2)$0;",
}
"""Items as snippets, by the word that stands for them."""

ITEMS_IN: dict[str, tuple[str, ...]] = {
    "start": ("package", "use", "interface", "world"),
    "file": ("use", "interface", "world", "package"),
    "package": ("use", "interface", "world"),
    "interface": ("use", "type", "record", "variant", "enum", "flags", "resource", "func"),
    "world": ("import", "export", "include", "use", "type", "record", "variant", "enum", "flags", "resource"),
    "resource": ("constructor", "func", "static"),
}
"""What can begin in each scope, in the order in which it is offered."""

ACCESSORS: dict[str, str] = {
    "get": "A getter: a function without parameters that bindings can show as reading a property.",
    "set": "A setter: a function of one parameter that bindings can show as writing a property, beside its getter.",
}
"""Words that are keywords only in front of a function's parameters."""

ATTRIBUTES: dict[str, tuple[str, str]] = {
    "since": (
        "since(version = ${1:version})",
        "The version of the package that first has the item. From then on it does not change incompatibly.",
    ),
    "unstable": (
        "unstable(feature = ${1:feature})",
        "The item exists only where the feature is switched on, and may change or go at any time.",
    ),
    "deprecated": (
        "deprecated(version = ${1:version})",
        "The version from which on the item should no longer be used. It stands beside a `@since` or `@unstable`.",
    ),
    "external-id": (
        'external-id("${1:name}")',
        "A name from the world outside, any text at all, by which hosts and tools know the item.",
    ),
}
"""The attributes, without their `@`: a snippet, and what they mean."""


def plain(snippet: str) -> str:
    """A snippet without its placeholders' marks, for people to read."""
    return re.sub(r"\$\{\d+:([^}]*)\}", r"\1", snippet)


def explanation(word: str) -> str | None:
    """What a keyword or a built-in type means, or None for other words."""
    if word in GENERICS:
        return GENERICS[word][1]
    return PRIMITIVES.get(word) or KEYWORDS.get(word)
