"""Small changes to a case: to its words, its statements, its files. Most are such as people make."""

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random

from fuzz.case import Case

TOKEN = re.compile(r"%?[A-Za-z][\w-]*|\d+|->|\s+|//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|.", re.DOTALL)
_WORD = re.compile(r"%?[A-Za-z]")

STATEMENTS = (
    "type A = u32;",
    "type A = B;",
    "type A = option<B>;",
    "type A = result<B, C>;",
    "type A = list<borrow<B>>;",
    "type A = tuple<B, own<C>>;",
    "type A = future<B>;",
    "type A = map<string, B>;",
    "type A = list<B, 3>;",
    "record A { B: C, D: list<A> }",
    "record A { B: C, D: option<E>, }",
    "record A {}",
    "variant A { B, C(D) }",
    "variant A {}",
    "enum A { B, C }",
    "flags A { B, C }",
    "resource A;",
    "resource A { constructor(B: C); }",
    "resource A { constructor() -> result<A, B>; C: func(); }",
    "resource A { B: static func() -> A; C: func(D: borrow<E>) -> own<A>; }",
    "resource A { B: get() -> C; B: set(D: C); }",
    "use A.{B};",
    "use A.{B as C, D};",
    "use NS:A/B.{C};",
    "use NS:A/B@1.0.0.{C as D};",
    "A: func();",
    "A: func(B: C) -> D;",
    "A: async func(B: borrow<C>);",
    "A: func() -> borrow<B>;",
    "A: func() -> result<B>;",
    "A: get() -> u32;",
    "A: get() -> B; A: set(C: B);",
    "A: set(B: u32);",
    "import A;",
    "export A;",
    "import A: B;",
    "export A: B;",
    "import NS:A/B;",
    "export NS:A/B@1.0.0;",
    "import A: func();",
    "export A: func(B: C) -> D;",
    "import A: get() -> B; import A: set(C: B);",
    "import A: interface { use B.{C}; D: func(x: C); }",
    "export A: interface { type B = C; resource D; }",
    "include A;",
    "include A with { B as C };",
    "include NS:A/B;",
    "interface A {}",
    "interface A { type B = u32; }",
    "interface A { use B.{C}; D: func() -> C; }",
    "world A { import B; export C: func(); }",
    "world A { include B; type C = u8; }",
    "use A as B;",
    "use NS:A/B;",
    "use NS:A/B@1.0.0 as C;",
    "package NS:A { interface B { type C = u8; } }",
    "package NS:A@1.0.0 { interface B { type C = u8; } world D { import B; } }",
    "package NS:A@1.0.0;",
    "package NS:A;",
)
"""Statements of all kinds; single capitals stand for names, `NS` for a namespace."""

GATES = (
    "@unstable(feature = active)",
    "@unstable(feature = inactive)",
    "@since(version = 1.0.0)",
    "@since(version = 0.1.0)",
    "@deprecated(version = 1.0.0)",
    "@since(version = 1.0.0) @deprecated(version = 1.0.0)",
    "@unstable(feature = active) @deprecated(version = 1.0.0)",
    '@external-id("x")',
)

WORDS = (
    *("a", "b", "c", "foo", "bar", "t", "r", "A", "aB", "a-b", "A-B", "%type", "%list", "a-1", "a1", "x--y", "-", "%"),
    *("u8", "string", "bool", "error-context", "list<u8>", "option<t>", "result", "tuple<t>", "tuple<>", "borrow<r>"),
    *("own<r>", "future", "stream<t>", "map<u8, t>", "list<t, 0>", "list<t, 4294967296>", "_", "func", "async", "get"),
    *("interface", "world", "package", "use", "as", "with", "include", "import", "export", "type", "static", "1.0.0"),
    *("{", "}", "(", ")", "<", ">", ";", ",", ":", ".", "/", "@", "=", "->", "*", "//", "/*", "*/", "///", "\n"),
)

SIGNS = (
    *("\0", "\ufeff", "\r", "\r\n", "\n", "\t", "\x0b", "\x0c", "\x7f", "\x1b", "\x85", "\xa0", "\u2028", "\u202e"),
    *("\u200b", "é", "ﬀ", "\U0001f600", "\udc80", "\udcff", "\udcc3", "\u149c", "'", '"', "\\", "#", "!", "&", "`"),
)


def mutated(case: Case, chance: Random) -> Case:
    """The case with one change, or a few."""
    for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3, 5))):
        if chance.random() < 0.08:
            case = chance.choice(FILE_CHANGES)(case, chance)
        elif case.sources:
            path = chance.choice(case.sources)
            case = case.with_text(path, changed(case.files[path], chance, names_in(case)))
    return case


def names_in(case: Case) -> list[str]:
    """The names and words of a case, as often as they occur."""
    return [word for path in case.sources for word in TOKEN.findall(case.files[path]) if _WORD.match(word)]


def changed(text: str, chance: Random, names: list[str]) -> str:
    """A text with one change."""
    return chance.choice(_WEIGHTED)(text, chance, names or ["a"])


def filled(statement: str, chance: Random, names: list[str]) -> str:
    """A statement with names where its capitals are."""
    chosen = {letter: chance.choice((*names, "a")) for letter in "ABCDE"}
    package = chance.choice(("a:b", "foo:foo", "x:y", f"{chance.choice(names)}:{chance.choice(names)}"))
    statement = re.sub(r"NS:A", package, statement)
    return re.sub(r"\b[A-E]\b", lambda letter: chosen[letter[0]], statement)


# Changes of a text ------------------------------------------------------------------------------------------------


def _swap_names(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    places = [n for n, token in enumerate(tokens) if _WORD.match(token)]
    if places:
        tokens[chance.choice(places)] = chance.choice(names)
    return "".join(tokens)


def _add_statement(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    places = [n for n, token in enumerate(tokens) if token in ("{", "}", ";")]
    statement = filled(chance.choice(STATEMENTS), chance, names)
    if chance.random() < 0.15:
        statement = f"{chance.choice(GATES)} {statement}"
    tokens.insert(chance.choice(places) + 1 if places else 0, f"\n  {statement}\n")
    return "".join(tokens)


def _add_gate(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    places = [n for n, token in enumerate(tokens) if token in ("{", "}", ";")]
    tokens.insert(chance.choice(places) + 1 if places else 0, f"\n  {chance.choice(GATES)}\n")
    return "".join(tokens)


def _statements(tokens: list[str]) -> list[tuple[int, int]]:
    """The extents between the ends of statements."""
    ends = [n for n, token in enumerate(tokens) if token in (";", "}", "{")]
    return [(one + 1, two + 1) for one, two in pairwise(ends)]


def _remove_statement(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    extents = _statements(tokens)
    if extents:
        start, end = chance.choice(extents)
        del tokens[start:end]
    return "".join(tokens)


def _copy_statement(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    extents = _statements(tokens)
    if extents:
        start, end = chance.choice(extents)
        copied = tokens[start:end]
        at = chance.choice(extents)[0]
        if chance.random() < 0.5:
            del tokens[start:end]
            at = min(at, len(tokens))
        tokens[at:at] = copied
    return "".join(tokens)


def _change_token(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    places = [n for n, token in enumerate(tokens) if not token.isspace()]
    if not places:
        return chance.choice(WORDS)
    at = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[at])
        case 2:
            tokens.insert(at, f" {chance.choice(WORDS)} ")
        case _:
            tokens[at] = chance.choice(WORDS)
    return "".join(tokens)


def _replace_word(text: str, chance: Random, names: list[str]) -> str:
    tokens = TOKEN.findall(text)
    places = [n for n, token in enumerate(tokens) if _WORD.match(token)]
    if places:
        tokens[chance.choice(places)] = chance.choice(WORDS)
    return "".join(tokens)


def _add_sign(text: str, chance: Random, names: list[str]) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(SIGNS) + text[at:]


def _cut(text: str, chance: Random, names: list[str]) -> str:
    at = chance.randint(0, len(text))
    return text[:at] if chance.random() < 0.5 else text[:at] + text[at + chance.randint(1, 12) :]


_WEIGHTED: tuple[Callable[[str, Random, list[str]], str], ...] = (
    *(_swap_names,) * 6,
    *(_add_statement,) * 5,
    *(_add_gate,) * 2,
    *(_remove_statement,) * 3,
    *(_copy_statement,) * 3,
    *(_change_token,) * 4,
    *(_replace_word,) * 2,
    _add_sign,
    _cut,
)


# Changes of files -------------------------------------------------------------------------------------------------


def _remove_file(case: Case, chance: Random) -> Case:
    return case.without(chance.choice(list(case.files))) if len(case.files) > 1 else case


def _move_file(case: Case, chance: Random) -> Case:
    if not case.sources:
        return case
    path = chance.choice(case.sources)
    return case.without(path).with_text(_new_path(chance), case.files[path])


def _add_file(case: Case, chance: Random) -> Case:
    names = names_in(case) or ["a"]
    text = "\n".join(filled(chance.choice(STATEMENTS), chance, names) for _ in range(chance.randint(1, 3)))
    header = chance.choice(("", "package foo:foo;\n", "package a:b@1.0.0;\n", "package a:b;\n"))
    return case.with_text(_new_path(chance), header + text + "\n")


def _split_file(case: Case, chance: Random) -> Case:
    if not case.sources:
        return case
    path = chance.choice(case.sources)
    text = case.files[path]
    places = [found.end() for found in re.finditer(r"^\}\n", text, re.MULTILINE)]
    if not places:
        return case
    at = chance.choice(places)
    return case.with_text(path, text[:at]).with_text(_new_path(chance), text[at:])


def _new_path(chance: Random) -> str:
    name = f"{chance.choice('abcxyz')}.wit"
    return chance.choice(("", "", "deps/", "deps/a/", "deps/b/")) + name


FILE_CHANGES: tuple[Callable[[Case, Random], Case], ...] = (_remove_file, _move_file, _add_file, _split_file)
