"""`dataflare-lsp explain`: what a diagnostic means and how to mend it."""

import re
import sys

from dataflare_lsp.cli.check import require_code
from dataflare_lsp.cli.codes import explain, severities
from dataflare_lsp.cli.options import Arguments, table
from dataflare_lsp.cli.terminal import Style, style_of, write

_CODE_SPAN = re.compile(r"`([^`\n]+)`")


def run(arguments: Arguments) -> int:
    """Print the page of a code, or the list of all codes."""
    style = style_of(sys.stdout)
    if arguments.operands:
        code = _bare(arguments.operands[0])
        require_code(code)
        write(painted(explain(code) or "", style))
    else:
        write("\n".join(table([(code, summary_of(code)) for code in severities()])) + "\n")
    return 0


def _bare(code: str) -> str:
    """The code, also where it was copied from a report together with what is around it."""
    return code.partition("[")[2].partition("]")[0] or code


def summary_of(code: str) -> str:
    """What a code stands for, in one sentence: the first paragraph of its page."""
    paragraphs = [part.strip() for part in (explain(code) or "").split("\n\n")]
    return " ".join(next(part for part in paragraphs if part and not part.startswith("#")).split())


def painted(page: str, style: Style) -> str:
    """A page of Markdown for a terminal: as it is, with headings and code set off by colour where there is any."""
    if not style.colour:
        return page
    shown = []
    in_block = False
    for line in page.splitlines():
        if line.startswith("```"):
            in_block = not in_block
        elif in_block:
            shown.append("    " + style.paint("information", line))
        elif line.startswith("#"):
            shown.append(style.paint("strong", line.lstrip("# ")))
        else:
            shown.append(_CODE_SPAN.sub(lambda found: style.paint("information", found.group(1)), line))
    return "\n".join(shown) + "\n"
