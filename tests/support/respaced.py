"""Other spellings of a WIT text, for tests of the formatter: the same tokens with other blanks and comments."""

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from dataflare_lsp.wit.layout import comments
from dataflare_lsp.wit.lexer import END, ID, INTEGER, Tokens

FILLERS = (
    " ",
    "\n",
    "",
    "\n\n\n",
    "\t",
    "\r\n",
    " // a\n",
    "/* b */",
    "\n/// c  \n",
    " /* d\n      d */ ",
    "// e\n\n\n",
    "\n/* f *//* f */\n",
    "\n\n/** g */\n\n",
    "/* h */ // h\n",
)


def words(text: str) -> list[str]:
    """What the formatter must keep: tokens and comments in their order, but for commas before a closing sign."""
    tokens = _tokens(text)
    found: list[str] = []
    at = 0
    for kind, start, end in [*tokens, (END, len(text), len(text))]:
        found += [text[c.start : c.end].replace("\r\n", "\n") for c in comments(text, at, start)]
        if kind in ("}", ")", ">"):
            last = next((n for n in range(len(found) - 1, -1, -1) if not found[n].startswith(("//", "/*"))), -1)
            if last >= 0 and found[last] == ",":
                del found[last]
        found.append(text[start:end])
        at = end
    return found


def respaced(text: str, fillers: Callable[[int], Sequence[tuple[int, str]]], squeezed: bool = False) -> str:
    """`text` with blanks and comments put into its gaps: `fillers`, given the number of gaps, says which into which.

    Squeezed, it first loses all blanks that are not needed.
    """
    tokens = [*_tokens(text), (END, len(text), len(text))]
    gaps = []
    at = 0
    for number, (_, start, end) in enumerate(tokens):
        gap = text[at:start]
        if squeezed and "/" not in gap and gap:
            joins = number > 0 and re.match(r"[\w%-]", text[start : start + 1]) and re.match(r"[\w-]", text[at - 1])
            gap = " " if joins else ""
        gaps.append(gap)
        at = end
    for number, filler in fillers(len(gaps)):
        before = tokens[number - 1] if number else (END, 0, 0)
        if not _in_version(tokens, number) or (gaps[number] and filler.strip() == ""):
            # `/` and a comment would be another comment.
            gaps[number] += " " + filler if before[0] == "/" else filler
    return "".join(gap + text[start:end] for gap, (_, start, end) in zip(gaps, tokens, strict=True))


def spellings(text: str) -> st.SearchStrategy[str]:
    """Other spellings of `text`."""

    @st.composite
    def spelling(draw: st.DrawFn) -> str:
        squeezed = draw(st.booleans())
        ends = draw(st.sampled_from(("", "\n", "\r\n")))

        def fillers(gaps: int) -> list[tuple[int, str]]:
            return draw(st.lists(st.tuples(st.integers(0, gaps - 1), st.sampled_from(FILLERS)), max_size=20))

        other = respaced(text, fillers, squeezed)
        return re.sub(r"\r?\n", ends, other) if ends else other

    return spelling()


def _tokens(text: str) -> list[tuple[str, int, int]]:
    tokens = Tokens(text, 0)
    while tokens.kind != END:
        tokens.advance()
    count = tokens.index
    return list(zip(tokens.kinds[:count], tokens.starts[:count], tokens.ends[:count], strict=True))


def _in_version(tokens: list[tuple[str, int, int]], number: int) -> bool:
    """Whether nothing may come before the token: a version is in one piece."""
    if number == 0 or number + 1 >= len(tokens):
        return False
    before, kind, after = tokens[number - 1][0], tokens[number][0], tokens[number + 1][0]
    if tokens[number - 1][2] != tokens[number][1]:
        return False
    numeric = (INTEGER, "-", "+")
    return (
        (kind in numeric and before != "=")
        or (before in numeric and kind in (*numeric, ".", ID))
        or (before == "." and kind != "{")
        or (kind == "." and after != "{")
    )
