"""The last line of a check for people: what was checked, and how much was found."""

from typing import Final

from dataflare_lsp.cli.results import Results
from dataflare_lsp.cli.terminal import PLAIN, Style


def summary(results: Results, fixed: int = 0, style: Style = PLAIN, offers_fix: bool = True) -> str:
    """One line that says what was checked and found. `fixed` is how many mistakes `--fix` has mended.

    `offers_fix` says whether the command has that option.
    """
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
        fixable = _fixable(results) if offers_fix else 0
        said += f", {fixable} can be mended by `--fix`" if fixable else ""
    mended = f"mended {plural(fixed, 'mistake')}; " if fixed else ""
    kinds = [root.kind for root in results.roots]
    checked = [plural(kinds.count(kind), kind) for kind in _KINDS if kind in kinds] or [plural(0, "package")]
    return f"{mended}{said} (checked {_listed(checked)}, {plural(files, 'file')})\n"


_KINDS: Final = ("package", "manifest", "component")


def _listed(parts: list[str]) -> str:
    return " and ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])


def _fixable(results: Results) -> int:
    """For how many mistakes `--fix` has something to apply: it leaves dependencies alone."""
    own = {file for root in results.roots for file in root.files[: len(root.files) - len(root.dependencies)]}
    return sum(one.file in own and any(fix.safe for fix in one.diagnostic.fixes) for one in results.found)


def plural(count: int, noun: str) -> str:
    """`count` things, as in "1 file", "2 files"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
