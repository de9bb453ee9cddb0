"""What reaches the terminal: colour where it is wanted, and nothing that a file could smuggle in."""

import os
import sys
from typing import Literal, NamedTuple, TextIO

Paint = Literal["error", "warning", "information", "hint", "frame", "strong", "added", "removed", "faint"]

_CODES: dict[Paint, str] = {
    "error": "1;31",
    "warning": "1;33",
    "information": "1;36",
    "hint": "1;32",
    "frame": "1;34",
    "strong": "1",
    "added": "32",
    "removed": "31",
    "faint": "2",
}


class Style(NamedTuple):
    """Whether to colour."""

    colour: bool

    def paint(self, paint: Paint, text: str) -> str:
        """`text` in a colour, where there are colours."""
        return f"\x1b[{_CODES[paint]}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style(False)
COLOURED = Style(True)


def style_of(stream: TextIO) -> Style:
    """The style for a stream: colours on a terminal, unless the environment says otherwise.

    `NO_COLOR` (any value) switches them off, `CLICOLOR_FORCE` (any but `0`) on, wherever the output goes.
    """
    environment = os.environ
    if environment.get("NO_COLOR"):
        return PLAIN
    if environment.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return COLOURED
    if environment.get("TERM") == "dumb" or environment.get("CLICOLOR") == "0" or not stream.isatty():
        return PLAIN
    return COLOURED if sys.platform != "win32" or _windows_understands_colours() else PLAIN


def _windows_understands_colours() -> bool:
    """Whether the console knows escape sequences: that of Windows 10 does when asked, and others say so."""
    return any(os.environ.get(name) for name in ("WT_SESSION", "ANSICON", "ConEmuANSI", "TERM", "TERM_PROGRAM"))


def width_of(stream: TextIO, otherwise: int = 160) -> int:
    """The columns of a terminal; `otherwise` of anything else."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or otherwise
    except (OSError, ValueError):
        return otherwise


def write(text: str, stream: TextIO | None = None) -> None:
    """Write for a person: characters that the stream cannot say are escaped."""
    stream = stream or sys.stdout
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def write_bytes(data: bytes) -> None:
    """Write for a program: these bytes to standard output."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def complain(message: str, kind: Literal["error", "warning", "note"] = "error") -> None:
    """A sentence about the job itself, to standard error."""
    style = style_of(sys.stderr)
    label = style.paint("hint" if kind == "note" else kind, kind)
    write(f"{label}: {harmless(message)}\n", sys.stderr)


def harmless(text: str) -> str:
    """`text` in one line, without what a terminal would obey, nor what makes it read otherwise than it is."""
    if text.isprintable():
        return text
    return "".join([character if character.isprintable() else visible(character) for character in text])


def visible(character: str) -> str:
    """A sign for a character that is not to reach the terminal itself."""
    code = ord(character)
    if code < 0x20:
        return " " if character in "\t\n\r" else chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if character in ALLOWED:
        return character
    if 0xDC80 <= code <= 0xDCFF or 0x80 <= code < 0xA0:
        return "\ufffd"
    if 0xE000 <= code <= 0xF8FF or _is_unassigned_or_blank(character):
        return character
    return f"\\u{{{code:x}}}"


ALLOWED = "\u00a0\u200d"
"""Characters that are not printable, and harmless: a blank, and what joins emoji."""


def _is_unassigned_or_blank(character: str) -> bool:
    import unicodedata

    return unicodedata.category(character) in ("Cn", "Co", "Zs")


def columns(shown: str) -> int:
    """How many columns a terminal gives to a character."""
    if shown.isascii():
        return len(shown)
    import unicodedata

    width = 0
    for character in shown:
        joins = character == "\u200d" or "\u1160" <= character <= "\u11ff"
        if not joins and unicodedata.category(character) not in ("Mn", "Me"):
            width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width
