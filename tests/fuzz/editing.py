"""After any edits of an open workspace, its diagnostics and syntax are those of a fresh start."""

from random import Random

from dataflare_lsp.text import Span
from dataflare_lsp.wit.source import Source
from fuzz.case import Case, Finding
from fuzz.mutation import SIGNS, STATEMENTS, TOKEN, WORDS, filled, mutated, names_in
from fuzz.robustness import in_memory
from fuzz.seeds import seed


def make(chance: Random) -> Case:
    case = seed(chance, most=6000)
    if chance.random() < 0.4:
        case = mutated(case, chance)
    return case._replace(chance=chance.randrange(1 << 32))


def judge(case: Case) -> Finding | None:
    if not case.sources:
        return None
    chance = Random(case.chance)
    workspace, _ = in_memory(case)
    names = names_in(case) or ["a"]
    texts = {f"/{path}": case.files[path] for path in case.sources}
    removed = ""
    for _ in range(12):
        path = chance.choice(list(texts))
        text = texts[path]
        start = _place(text, chance)
        end = min(start + chance.choice((0, 0, 0, 1, 1, 2, 8, 40, 200)), len(text))
        new = chance.choice(
            (
                "",
                "",
                removed,
                chance.choice(WORDS),
                chance.choice(SIGNS),
                chance.choice(names),
                filled(chance.choice(STATEMENTS), chance, names),
                text[start : end + 1] * 2,
            )
        )
        removed = text[start:end]
        texts[path] = text[:start] + new + text[end:]
        workspace.edit(path, Span(start, end), new)
        if chance.random() < 0.4:
            workspace.diagnostics("/", path)
        if chance.random() < 0.1:
            workspace.sweep()
    fresh, _ = in_memory(case._replace(files={path[1:]: text for path, text in texts.items()}))
    for path, text in texts.items():
        edited, parsed = workspace.sources[path], Source.parse(path, text)
        if edited.text != text or edited.lines.starts != parsed.lines.starts:
            return Finding("another text after edits", path)
        if [(s.text, s.node, s.problems) for s in edited.segments] != [
            (s.text, s.node, s.problems) for s in parsed.segments
        ]:
            return Finding("other syntax after edits", f"{path}:\n{text}")
        ours, expected = workspace.diagnostics("/", path), fresh.diagnostics("/", path)
        if ours != expected:
            shown = "\n".join(f"{'+' if one in ours else '-'} {one}" for one in {*ours} ^ {*expected})
            return Finding("other diagnostics after edits", f"{path}:\n{shown}\n{text}")
    return None


def _place(text: str, chance: Random) -> int:
    """Anywhere, or where a token begins."""
    at = chance.randint(0, len(text))
    if chance.random() < 0.5:
        found = TOKEN.search(text, at)
        return found.end() if found else at
    return at
