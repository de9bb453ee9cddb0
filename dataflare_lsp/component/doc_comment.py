"""Writing documentation as comments that read back as the same documentation."""

_BLANKS = " \t\n\f\r"


def comment(docs: str, indent: str) -> list[str]:
    """The lines of a comment, each after `indent`, that WIT reads as `docs`.

    Line comments say nearly everything, but a reader takes off the blanks that all lines begin with. Documentation
    that was a block comment with a column of stars has such blanks: it becomes a block comment again.
    """
    lines = docs.split("\n")
    if docs and all(not line or line[0] in _BLANKS for line in lines):
        close = [f"///{line}" for line in lines]
        if _read(close) == docs:
            return [indent + line for line in close]
        block = f"/**{docs}\n{indent} */"
        if docs[0] in _BLANKS and "*/" not in docs and "/*" not in docs and _read([block]) == docs:
            return (indent + block).split("\n")
    return [f"{indent}/// {line}" if line else f"{indent}///" for line in lines]


def _read(comments: list[str]) -> str:
    """The documentation that WIT reads from comments in a row. Specification: the reference parser's `docs`."""
    texts = [(text[3:-2] if text.startswith("/**") else text.lstrip("/")).rstrip() for text in comments]
    common = min((len(text) - len(text.lstrip(_BLANKS)) for text in texts if text), default=0)
    prefix = " " * common
    lines = [line for text in texts for line in text.removeprefix(prefix).split("\n")]
    return "\n".join(lines).rstrip("\n")
