"""`--format github`: workflow commands, which GitHub Actions shows on the lines of a pull request."""

from dataflare_lsp.cli.results import Found, Results, message_of
from dataflare_lsp.text import Severity

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def render(results: Results) -> str:
    """A command for each diagnostic, and the number of them for who reads the log."""
    lines = [_command(results, found) for found in results.found]
    errors, warnings = results.count("error"), results.count("warning")
    lines.append(f"dataflare-lsp: {errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    return "\n".join(lines) + "\n"


def _command(results: Results, found: Found) -> str:
    diagnostic = found.diagnostic
    start, end = results.range(found.file, diagnostic.span)
    properties = {"file": results.portable(found.file), "line": str(start.line), "endLine": str(end.line)}
    if start.line == end.line:
        # Columns are only allowed within one line. GitHub's end is the last character, not the place after it.
        properties |= {"col": str(start.column), "endColumn": str(max(start.column, end.column - 1))}
    properties["title"] = diagnostic.code
    said = [message_of(diagnostic), *diagnostic.notes]
    for related in diagnostic.related:
        place = results.range(related.file, related.span).start
        said.append(f"{results.portable(related.file)}:{place.line}: {related.message}")
    given = ",".join([f"{name}={_property(value)}" for name, value in properties.items()])
    return f"::{_COMMANDS[diagnostic.severity]} {given}::{_data(chr(10).join(said))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
