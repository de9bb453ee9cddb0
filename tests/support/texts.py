"""Hypothesis strategies for texts that are hard on positions and on parsers."""

from hypothesis import strategies as st

CHARACTERS = st.sampled_from(
    [*"ab \t\n\r;", "\r\n", "é", "漢", "\U0001f600", "\u0301", "\ud83d", "\ude00", "\ufeff", "\0"]
)
"""Letters, blanks, every line break, and what is one, two, three or four bytes or two code units long."""

TEXTS = st.lists(CHARACTERS, max_size=40).map("".join)
