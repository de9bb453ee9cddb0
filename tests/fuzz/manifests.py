"""Any manifest is judged with places that exist, as a fresh start judges it, and as its JSON Schema and `tomllib` do."""

import sys
from collections.abc import Iterator
from datetime import date, time
from itertools import pairwise
from random import Random

from jsonschema import Draft202012Validator
from support.manifests import of_the_shape

from dataflare_lsp.features import manifest as asked
from dataflare_lsp.features.symbols import Symbol
from dataflare_lsp.manifest.model import MANIFEST, Anything, EitherOf, ListOf, MapOf, Shape, TableOf, Text, Truth, Whole
from dataflare_lsp.manifest.rules import json_of
from dataflare_lsp.manifest.schema import json_schema
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.manifest.tree import Document, Plain, plain
from dataflare_lsp.text import Diagnostic, Span
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import Workspace, load
from fuzz.case import Case, Finding
from fuzz.mutation import SIGNS, TOKEN

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAME = "dataflare.toml"
_SCHEMA = Draft202012Validator(json_schema())
_WIT = """
package acme:json@1.2.0;
interface api { f: func(); }
world plugin { import dataflare:core/logging@1.0.0; export api; }
world other { @unstable(feature = active-feature) import api; }
"""
_VALUES = (
    *('""', '"a"', '"a:b"', '"a:b/c@1.0.0"', '"MIT"', '"MIT OR (Apache-2.0 AND x"', '"../x"', '"/x"', '"wit"', '"wit/"'),
    *('"1.0.0"', '"^1"', '">=1, <2"', '"64MiB"', '"5s"', '"x.wasm"', '"a.b:443"', '"[::1]:1"', '"*"', "'''a'''", '"\\u0041"'),
    *("0", "1", "-1", "1.5", "nan", "1_0", "0x1F", "9223372036854775808", "true", "false", "1979-05-27", "07:32:00"),
    *("[]", "[1]", '["a"]', '["a", "a"]', "[[]]", "[{}]", "{}", '{ path = "a" }', '{ a.b = 1 }', "{ a = 1, a = 2 }"),
)  # fmt: skip
_LINES = (
    *(
        "[plugin]",
        "[world]",
        "[capabilities]",
        "[[capabilities.filesystem]]",
        "[config.default]",
        "[dependencies]",
        "[x]",
    ),
    *('"a:b" = "1"', "plugin.name = 1", "x = 1", "[", "]", "=", "# a comment", "", "[a.b]", "[[a]]", "a.b.c = 1"),
)
_WORDS = (
    *("[", "]", "[[", "]]", "{", "}", "=", ",", ".", '"', "'", '"""', "'''", "\\", "#", "\n", "\r\n", "\r", " ", "\t"),
    *(
        "true",
        "0",
        "1e9",
        "0b1",
        "+",
        "-",
        "_",
        ":",
        "T",
        "Z",
        "a",
        "é",
        "{ version = ",
        "[[capabilities.filesystem]]\n",
    ),
)


def make(chance: Random) -> Case:
    text = _written(chance)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        text = _changed(text, chance)
    if chance.random() < 0.02:
        piece = "".join(chance.choices((*_WORDS, *_LINES), k=chance.randint(1, 4)))
        text += piece * (20_000 // max(len(piece), 1))
    files = {NAME: text, "wit/a.wit": _WIT}
    if chance.random() < 0.3:
        files["wit/deps/core.wit"] = "package dataflare:core@1.0.0;\nworld dataflare-plugin {}\n"
    return Case(files, chance=chance.randrange(1 << 32))


def judge(case: Case) -> Finding | None:
    text = case.files.get(NAME)
    if text is None:
        return None
    document = parse(text)
    problem = _misread(document)
    if problem is not None:
        return problem
    comparable = not document.problems and not _has_moments(plain(document.root))
    if comparable and of_the_shape(text) is not _SCHEMA.is_valid(json_of(document.root)):
        return Finding("schema and checks differ", "\n".join(map(str, _SCHEMA.iter_errors(json_of(document.root)))))
    with case.on_disk() as folder:
        roots = find_roots([str(folder)])
        file = f"{folder}/{NAME}"
        edited = load(roots)
        if file not in edited.sources:
            return None
        wrong = next(_wrong_places(edited, file, text), None) or next(_asked(edited, file, text, case.chance), None)
        if wrong is not None:
            return Finding(wrong, str(edited.diagnostics(file, file)))
        chance = Random(case.chance)
        for _ in range(6):
            old = edited.sources[file].text
            new = _changed(old, chance)
            span, put = _difference(old, new)
            edited.edit(file, span, put)
            if chance.random() < 0.5:
                edited.diagnostics(file, file)
        text = edited.sources[file].text
        fresh = load(roots, texts={file: text})
        for root in roots:
            for path in root.files:
                ours, expected = edited.diagnostics(root.path, path), fresh.diagnostics(root.path, path)
                if ours != expected:
                    return Finding("other diagnostics after edits", f"{path}\n{ours}\n{expected}\n{text}")
    return None


def _has_moments(value: Plain) -> bool:
    """Whether there are dates or times, which JSON has none of."""
    if isinstance(value, dict | list):
        return any(map(_has_moments, value.values() if isinstance(value, dict) else value))
    return isinstance(value, date | time)


def _misread(document: Document) -> Finding | None:
    """What `tomllib` says otherwise: whether it is TOML at all. That it is UTF-8 is for whoever reads the file."""
    if any("\ud800" <= sign <= "\udfff" for sign in document.text):
        return None
    try:
        tomllib.loads(document.text)
    except tomllib.TOMLDecodeError as error:
        return None if document.problems else Finding("only tomllib refuses", str(error))
    except (RecursionError, ValueError):  # that it nests too deep, or that a number is too long for Python
        return None
    return Finding("only we refuse", str(document.problems)) if document.problems else None


def _wrong_places(workspace: Workspace, file: str, text: str) -> Iterator[str]:
    def out(span: Span, there: str = text) -> bool:
        return not 0 <= span.start <= span.end <= len(there)

    found: tuple[Diagnostic, ...] = workspace.diagnostics(file, file)
    if any(one.span.start > two.span.start for one, two in pairwise(found)):
        yield "diagnostics out of order"
    for one in found:
        if out(one.span):
            yield "a place outside the text"
        for related in one.related:
            if related.file in workspace.sources and out(related.span, workspace.sources[related.file].text):
                yield "a related place outside its text"
        for fix in one.fixes:
            if any(out(edit.span) for edit in fix.edits):
                yield "a fix outside the text"
            if any(a.span.end > b.span.start for a, b in pairwise(sorted(fix.edits))):
                yield "a fix whose edits overlap"


def _asked(workspace: Workspace, file: str, text: str, number: int) -> Iterator[str]:
    """What an editor asks at some places."""
    chance = Random(number)
    plugin = workspace.plugin(file)
    for _ in range(4):
        offset = chance.randint(0, len(text))
        shown = asked.hover(plugin, offset)
        if shown is not None and not (0 <= shown.span.start <= offset <= shown.span.end <= len(text)):
            yield "hover elsewhere"
        for item in asked.completion(plugin, offset).items:
            if not 0 <= item.span.start <= offset <= item.span.end <= len(text):
                yield "completion elsewhere"
        asked.definition(plugin, offset)
    if any(not 0 <= link.span.start <= link.span.end <= len(text) for link in asked.links(plugin)):
        yield "a link outside the text"
    yield from _symbols(asked.document_symbols(plugin.document), Span(0, len(text)))


def _symbols(symbols: tuple[Symbol, ...], around: Span) -> Iterator[str]:
    for symbol in symbols:
        if not around.start <= symbol.span.start <= symbol.selection.start <= symbol.selection.end <= symbol.span.end:
            yield "a symbol outside the one that holds it"
        if symbol.span.end > around.end:
            yield "a symbol outside the one that holds it"
        yield from _symbols(symbol.children, symbol.span)


# Texts ------------------------------------------------------------------------------------------------------------


def _written(chance: Random) -> str:
    """A manifest as the model has it, with most of its keys left out."""
    lines = []
    tables = []
    for field in MANIFEST.fields:
        if field.required or chance.random() < 0.5:
            if isinstance(field.shape, TableOf) and chance.random() < 0.9:
                inner = [one for one in field.shape.fields if one.required or chance.random() < 0.4]
                tables += [
                    f"\n[{field.name}]",
                    *[f"{one.name} = {_value(one.shape, one.example, chance)}" for one in inner],
                ]
            elif isinstance(field.shape, MapOf):
                tables += [f"\n[{field.name}]", field.example]
            else:
                lines.append(f"{field.name} = {_value(field.shape, field.example, chance)}")
    return "\n".join([*lines, *tables, ""])


def _value(shape: Shape, example: str, chance: Random) -> str:
    """A value of a shape, or any other."""
    draw = chance.random()
    if draw < 0.1:
        return chance.choice(_VALUES)
    if example and draw < 0.6:
        return example
    match shape:
        case Text(choices=choices) if choices:
            return f'"{chance.choice(choices).word}"'
        case Whole(least=least, most=most):
            return str(chance.choice((least, most, least - 1, most + 1)))
        case Truth():
            return chance.choice(("true", "false"))
        case ListOf(item=item):
            return f"[{', '.join([_value(item, '', chance) for _ in range(chance.randint(0, 3))])}]"
        case TableOf(fields=fields):
            chosen = [one for one in fields if one.required or chance.random() < 0.4]
            return f"{{ {', '.join([f'{one.name} = {_value(one.shape, one.example, chance)}' for one in chosen])} }}"
        case EitherOf(shapes=shapes):
            return _value(chance.choice(shapes), "", chance)
        case Anything():
            return chance.choice(_VALUES)
    return example or chance.choice(_VALUES)


def _changed(text: str, chance: Random) -> str:
    """A text with one change: of a line, of a word, of a sign."""
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines)) if lines else 0
    match chance.randrange(7):
        case 0:
            del lines[at : at + 1]
        case 1:
            lines[at:at] = [chance.choice((*_LINES, *lines)) + "\n"]
        case 2 if lines and "=" in lines[at]:
            lines[at] = f"{lines[at].partition('=')[0]}= {chance.choice(_VALUES)}\n"
        case 3 if lines:
            lines[at:] = [*lines[at + 1 :], lines[at]]
        case 4 | 5:
            tokens = TOKEN.findall(text)
            place = chance.randrange(len(tokens)) if tokens else 0
            tokens[place : place + chance.choice((0, 1, 1))] = [chance.choice((*_WORDS, *_VALUES, *tokens, ""))]
            return "".join(tokens)
        case _:
            place = chance.randint(0, len(text))
            return text[:place] + chance.choice((*SIGNS, *_WORDS, "")) + text[place + chance.choice((0, 0, 1, 3)) :]
    return "".join(lines)


def _difference(old: str, new: str) -> tuple[Span, str]:
    """The one edit that makes `new` of `old`."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return Span(start, len(old) - end), new[start : len(new) - end]
