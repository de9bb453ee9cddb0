"""What an editor asks about files in any state: it is answered, and every place in the answer exists."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from dataflare_lsp.features.code_actions import code_actions
from dataflare_lsp.features.completion import completion, documented
from dataflare_lsp.features.definition import definition, type_definition
from dataflare_lsp.features.diagnostics import diagnostics
from dataflare_lsp.features.formatting import format_document, format_on_type, format_range
from dataflare_lsp.features.hover import hover
from dataflare_lsp.features.semantic_tokens import semantic_tokens
from dataflare_lsp.features.symbols import Symbol, document_symbols
from dataflare_lsp.text import Span, TextEdit, apply_edits
from dataflare_lsp.workspace.snapshot import Snapshot
from fuzz.case import Case, Finding
from fuzz.mutation import TOKEN, mutated
from fuzz.robustness import in_memory
from fuzz.seeds import seed


def make(chance: Random) -> Case:
    case = seed(chance, most=6000)
    for _ in range(chance.choice((0, 1, 1, 2))):
        case = mutated(case, chance)
    return case._replace(chance=chance.randrange(1 << 32))


def judge(case: Case) -> Finding | None:
    chance = Random(case.chance)
    workspace, root = in_memory(case)
    if not root.files:
        return None
    snapshot = workspace.snapshot()
    for _ in range(6):
        file = chance.choice(root.files)
        text = snapshot.source(file).text
        offset = chance.randint(0, len(text))
        if chance.random() < 0.6:
            found = TOKEN.search(text, offset)
            offset = chance.choice((found.start(), found.end())) if found else offset
        problem = next(_problems(snapshot, file, text, offset, chance), None)
        if problem is not None:
            return Finding(
                problem, f"{file} at {offset}: {text[max(0, offset - 40) : offset]!r} | {text[offset : offset + 20]!r}"
            )
    return None


def _problems(snapshot: Snapshot, file: str, text: str, offset: int, chance: Random) -> Iterator[str]:
    span = Span(offset, chance.randint(offset, len(text)))

    def out(place: Span, there: str = text) -> bool:
        return not 0 <= place.start <= place.end <= len(there)

    shown = hover(snapshot, file, offset)
    if shown is not None and (out(shown.span) or not shown.span.holds(offset) or not shown.markdown.strip()):
        yield "hover elsewhere, or of nothing"
    for find in (definition, type_definition):
        for location in find(snapshot, file, offset):
            there = snapshot.source(location.file).text
            if out(location.span, there) or out(location.full, there):
                yield f"{find.__name__} outside the text"
            if not location.full.start <= location.span.start <= location.span.end <= location.full.end:
                yield f"{find.__name__} of a name outside what it names"
    offered = completion(snapshot, file, offset)
    for item in offered.items:
        if out(item.span) or not item.span.holds(offset):
            yield "completion elsewhere"
        if not item.label or not item.insert:
            yield "completion of nothing"
        if any(
            out(edit.span) or (edit.span.start <= item.span.end and item.span.start <= edit.span.end)
            for edit in item.edits
        ):
            yield "completion with an edit that is outside the text or touches its place"
    for item in chance.sample(offered.items, min(5, len(offered.items))):
        if item.about is not None:
            documented(snapshot, file, item.about)
    yield from _symbols(document_symbols(snapshot, file), Span(0, len(text)))
    end = 0
    for token in semantic_tokens(snapshot, file):
        if token.span.start < end or token.span.end <= token.span.start or token.span.end > len(text):
            yield "semantic tokens that overlap or lie outside the text"
        end = token.span.end
    semantic_tokens(snapshot, file, span)
    for action in code_actions(snapshot, file, span):
        yield from _edits(action.edits, text, "code action")
    diagnostics(snapshot, file)
    yield from _edits(format_document(snapshot, file), text, "formatting")
    yield from _edits(format_range(snapshot, file, span), text, "formatting of a range")
    yield from _edits(format_on_type(snapshot, file, offset, chance.choice(";}\n")), text, "formatting on typing")


def _symbols(symbols: tuple[Symbol, ...], around: Span) -> Iterator[str]:
    for symbol in symbols:
        if not (around.start <= symbol.span.start <= symbol.span.end <= around.end):
            yield "a symbol outside the one that holds it"
        if not (symbol.span.start <= symbol.selection.start <= symbol.selection.end <= symbol.span.end):
            yield "a symbol whose name lies outside it"
        if not symbol.name:
            yield "a symbol without a name"
        yield from _symbols(symbol.children, symbol.span)


def _edits(edits: tuple[TextEdit, ...], text: str, what: str) -> Iterator[str]:
    ordered = sorted(edits)
    if any(not 0 <= edit.span.start <= edit.span.end <= len(text) for edit in ordered):
        yield f"{what} outside the text"
    if any(one.span.end > two.span.start for one, two in pairwise(ordered) if one != two):
        yield f"{what} with edits that overlap"
    apply_edits(text, ordered)
