"""Formatting keeps every token and comment and the meaning, and a second run changes nothing."""

from random import Random

from support.respaced import FILLERS, respaced, words

from dataflare_lsp.text import apply_edits
from dataflare_lsp.wit.format import Unformattable, format_edits, format_text
from dataflare_lsp.wit.lower import lower
from dataflare_lsp.wit.resolved_json import dumps
from fuzz.case import Case, Finding
from fuzz.mutation import mutated
from fuzz.robustness import in_memory
from fuzz.seeds import seed


def make(chance: Random) -> Case:
    case = seed(chance)
    if chance.random() < 0.6:
        case = mutated(case, chance)
    density = chance.choice((0.0, 0.02, 0.3))
    for path in case.sources:
        try:
            text = respaced(case.files[path], lambda gaps: _fillers(gaps, density, chance), chance.random() < 0.3)
        except (ValueError, IndexError):
            continue  # it has no tokens to begin with
        case = case.with_text(path, text)
    return case


def _fillers(gaps: int, density: float, chance: Random) -> list[tuple[int, str]]:
    return [(gap, chance.choice(FILLERS)) for gap in range(gaps) if chance.random() < density]


def judge(case: Case) -> Finding | None:
    formatted = case
    for path in case.sources:
        text = case.files[path]
        try:
            once = format_text(text)
        except Unformattable:
            return None
        if format_text(once) != once:
            return Finding("a second run changes something", f"{path}:\n{once}")
        if words(once) != words(text):
            return Finding("tokens or comments are lost", f"{path}:\n{once}")
        if apply_edits(text, format_edits(text)) != once:
            return Finding("the edits give another text", path)
        formatted = formatted.with_text(path, once)
        # The kind of a line break becomes that of most, and the reference counts both its signs as indentation.
        kind = "\r\n" if "\r\n" in once else "\n"
        case = case.with_text(path, text.replace("\r\n", "\n").replace("\n", kind))
    before, after = _meaning(case), _meaning(formatted)
    if before != after:
        pairs = zip(before.splitlines(), after.splitlines(), strict=False)
        first = next((f"before: {one}\nafter:  {two}" for one, two in pairs if one != two), "one ends before the other")
        return Finding("the meaning changes", f"{first}\n{formatted}")
    return None


def _meaning(case: Case) -> str:
    """The resolved package, or the diagnostics of one that has none."""
    workspace, root = in_memory(case)
    found = [
        f"{path}: {diagnostic.code}: {diagnostic.message}"
        for path in root.files
        for diagnostic in workspace.diagnostics("/", path)
        if diagnostic.severity == "error"
    ]
    if found or not root.groups[0]:
        return "\n".join(sorted(set(found)))
    return dumps(lower([[workspace.sources[path] for path in group] for group in root.groups], case.features))
