"""Documentation in comments: what the reference reads, what people mean, and how to write it back.

For the reference every comment before an item is documentation. For people only `///` and `/** … */` are. Both read
the raw text that the parser keeps (`Lead.comments`, `Field.comments`): comments with the blank text between them.
"""

import re

from dataflare_lsp.wit.lexer import end_of_comment

_START = re.compile("//|/\\*")
_BLANKS = " \t\n\f\r"
_GUTTER = re.compile(r"[ \t]*\*[ \t]?")


def comments(raw: str) -> list[str]:
    """The comments in `raw`, each with its marks: `//…` up to its line's end, `/*…*/` with those nested in it."""
    found = []
    start = _START.search(raw)
    while start is not None:
        at = start.start()
        if raw[at + 1] == "/":
            end = raw.find("\n", at)
            if end < 0:
                end = len(raw)
        else:
            end, _ = end_of_comment(raw, at)
        found.append(raw[at:end])
        start = _START.search(raw, end)
    return found


def reference_docs(raw: str) -> str | None:
    """The documentation that the reference reads from the comments before an item; None where there is none.

    It takes comments of every kind; of blocks that are not `/**` it keeps the stars, and of indented ones the indent.
    """
    if not raw:
        return None
    texts = []
    for comment in comments(raw):
        if comment.startswith("/**"):
            # `/**/` opens and closes at once; the reference gives up on it, and there is nothing in it to read.
            text = comment[3:-2] if len(comment) > 4 else ""
        else:
            text = comment.lstrip("/")
        texts.append(text.rstrip())
    if not texts:
        return None
    common = " " * min((len(text) - len(text.lstrip(_BLANKS)) for text in texts if text), default=0)
    lines = [line.removesuffix("\r") for text in texts for line in text.removeprefix(common).split("\n")]
    return "\n".join(lines).rstrip("\n")


def documentation(raw: str) -> str:
    """The documentation as its author meant it, as Markdown: from `///` and `/** … */` only, without their frames."""
    parts: list[list[str]] = []
    for comment in comments(raw):
        if comment.startswith("///") and not comment.startswith("////"):
            line = comment[3:].rstrip()
            if parts and parts[-1] and parts[-1][0] == "///":
                parts[-1].append(line)
            else:
                parts.append(["///", line])
        elif comment.startswith("/**") and not comment.startswith(("/***", "/**/")):
            parts.append(["/**", *_block_lines(comment[3:-2])])
    return "\n".join("\n".join(_dedented(lines)) for _, *lines in parts).strip("\n")


def doc_comment(docs: str, indent: str = "") -> list[str]:
    """The lines of a comment, at an indent, that the reference reads as `docs`.

    These are `///` lines wherever that is possible. It is not where every line begins with blanks, which a reader
    would take off. So begins what was a block comment with a column of stars: it becomes a block again, whose lines
    after the first have the indent that they had. What no single comment can say comes out as `///` lines.
    """
    lines = docs.split("\n")
    plain = [f"/// {line}" if line else "///" for line in lines]
    if docs and docs[0] not in _BLANKS and not any(line[-1:].isspace() for line in lines):
        return [indent + line for line in plain]
    last = lines[-1]
    block = f"/**{docs}\n{last[: len(last) - len(last.lstrip(_BLANKS))]}*/"
    # Blanks that are not spaces are never taken off, but count as indent.
    mixed = [f"///{line}" if line.startswith("\t") else marked for line, marked in zip(lines, plain, strict=True)]
    candidates = [plain, mixed, [f"///{line}" for line in lines]]
    if end_of_comment(block, 0) == (len(block), True):
        candidates.append(block.split("\n"))
    chosen = next((lines for lines in candidates if reference_docs("\n".join(lines)) == docs), plain)
    if chosen[0].startswith("/**"):
        # What blanks a line of a block begins with is part of the documentation.
        return [indent + chosen[0], *chosen[1:]]
    return [indent + line for line in chosen]


def _block_lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    rest = [line for line in lines[1:] if line]
    if rest and all(_GUTTER.match(line) for line in rest):
        lines[1:] = [_GUTTER.sub("", line, count=1) for line in lines[1:]]
    # What stands beside the opening mark is not indented as the lines below it are.
    lines[0] = lines[0].strip()
    indent = min((len(line) - len(line.lstrip()) for line in lines[1:] if line), default=0)
    lines[1:] = [line[indent:] for line in lines[1:]]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return lines


def _dedented(lines: list[str]) -> list[str]:
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line), default=0)
    return [line[indent:] for line in lines]
