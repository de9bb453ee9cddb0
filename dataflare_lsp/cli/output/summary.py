"""The last line of a check for people: what was checked, and how much was found."""

from dataflare_lsp.cli.results import Results
from dataflare_lsp.cli.terminal import PLAIN, Style
from dataflare_lsp.text import Diagnostic


def summary(results: Results, fixed: int = 0, style: Style = PLAIN) -> str:
    """One line that says what was checked and found. `fixed` is how many mistakes `--fix` has mended."""
    files = len({file for root in results.roots for file in root.files})
    errors, warnings = results.count("error"), results.count("warning")
    counted = [
        style.paint("error", plural(errors, "error")) if errors else "",
        style.paint("warning", plural(warnings, "warning")) if warnings else "",
    ]
    said = " and ".join([part for part in counted if part]) or style.paint("hint", "no mistakes")
    if errors or warnings:
        faulty = len({found.file for found in results.found})
        said += f" in {plural(faulty, 'file')}" if files > 1 else ""
        fixable = sum(is_fixable(found.diagnostic) for found in results.found)
        said += f", {fixable} can be mended by `--fix`" if fixable else ""
    mended = f"mended {plural(fixed, 'mistake')}; " if fixed else ""
    return f"{mended}{said} (checked {plural(len(results.roots), 'package')}, {plural(files, 'file')})\n"


def is_fixable(diagnostic: Diagnostic) -> bool:
    """Whether `--fix` has something to apply."""
    return any(fix.safe for fix in diagnostic.fixes)


def plural(count: int, noun: str) -> str:
    """`count` things, as in "1 file", "2 files"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
