"""Text as every layer sees it: spans, lines, position encodings, edits, and diagnostics as data.

Invariant: the bottom layer. Knows nothing of WIT, files, LSP or the terminal. Every offset is a 0-based index of
Unicode code points into a `str`; UTF-8 and UTF-16 columns exist only at the edge, in `Lines.units`.
"""

from dataflare_lsp.text.diagnostic import (
    Diagnostic,
    Fix,
    Related,
    Severity,
    TextEdit,
    apply_edits,
    compatible,
    safe_edits,
    safe_fixes,
    with_newlines_of,
)
from dataflare_lsp.text.lines import Encoding, Lines, Position
from dataflare_lsp.text.span import Span
from dataflare_lsp.text.suggest import all_nearest, nearest

__all__ = [
    "Diagnostic",
    "Encoding",
    "Fix",
    "Lines",
    "Position",
    "Related",
    "Severity",
    "Span",
    "TextEdit",
    "all_nearest",
    "apply_edits",
    "compatible",
    "nearest",
    "safe_edits",
    "safe_fixes",
    "with_newlines_of",
]
