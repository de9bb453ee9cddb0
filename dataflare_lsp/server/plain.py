"""Markdown for clients that show none."""

import re

_FENCE = re.compile(r"^```.*\n?", re.MULTILINE)
_RULE = re.compile(r"^---$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]+\)")
_HARD_BREAK = re.compile(r"  $", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


def plain(markdown: str) -> str:
    """Markdown as features write it, as text."""
    text = _FENCE.sub("", markdown)
    for pattern, new in ((_RULE, ""), (_LINK, r"\1"), (_CODE, r"\1"), (_HARD_BREAK, "")):
        text = pattern.sub(new, text)
    return _GAPS.sub("\n\n", text).strip()
