"""What is wrong with a text that is no WAVE of its type."""

from dataflare_lsp.text import Span


class WaveError(Exception):
    """Where the text is wrong, what is wrong there, and what would be right.

    `str` of it is one sentence without a place. `hint` is what may help, or "". `names` are those that could stand at
    the place, where names can.
    """

    def __init__(self, span: Span, message: str, hint: str = "", names: tuple[str, ...] = ()) -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.span = span
        self.message = message
        self.hint = hint
        self.names = names
