"""`dataflare-lsp fmt`: WIT files in the one layout."""

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.cli.check import roots_of
from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.files import replace_text
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.output.summary import plural
from dataflare_lsp.cli.output.text import render
from dataflare_lsp.cli.results import Found, Results, RootResult
from dataflare_lsp.cli.terminal import Style, complain, harmless, style_of, width_of, write, write_bytes
from dataflare_lsp.text import Diagnostic
from dataflare_lsp.wit.codes import SEVERITIES
from dataflare_lsp.wit.format import Unformattable, format_text
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, read_text, text_of
from dataflare_lsp.workspace.paths import shown_path
from dataflare_lsp.workspace.roots import is_encoded

_STANDARD_INPUT = "-"


class _Outcome(NamedTuple):
    """A file that could be formatted."""

    file: str
    old: str
    new: str


def run(arguments: Arguments) -> int:
    """Format what the arguments name."""
    if _STANDARD_INPUT in arguments.operands:
        if len(arguments.operands) > 1:
            raise Failure("`-` is standard input, and cannot be formatted together with files")
        return _format_standard_input(arguments)
    failed = 0
    formatted = []
    for file in _files(arguments.operands or (".",)):
        outcome = _format(file) if isinstance(file, str) else file
        if outcome is None or isinstance(outcome, Unreadable):
            failed += 1
        else:
            formatted.append(outcome)
    different = [outcome for outcome in formatted if outcome.new != outcome.old]
    unwritten = 0
    writes = not (arguments.has("--check") or arguments.has("--diff"))
    for outcome in different:
        if arguments.has("--diff"):
            _print_diff(_shown(outcome.file), outcome)
        elif arguments.has("--check"):
            write(f"would format {harmless(_shown(outcome.file))}\n")
        else:
            unwritten += not _write(outcome)
    same = len(formatted) - len(different)
    _print_summary(len(different) - unwritten, same, failed + unwritten, writes)
    if failed or unwritten:
        return 2
    return int(bool(different) and not writes)


def _files(paths: tuple[str, ...]) -> Iterator[str | Unreadable]:
    """The files that paths stand for, each once; what cannot be read or formatted is told of."""
    seen = set()
    for path in paths:
        absolute = os.path.abspath(path)
        if absolute.endswith(".wit") and os.path.isfile(absolute):
            files: tuple[str, ...] = (absolute,)
        else:
            try:
                roots, _ = roots_of((path,), {}, "format")
            except Failure as failure:
                complain(failure.message)
                yield Unreadable(failure.message)
                continue
            for root in roots:
                for directory, reason in root.unreadable:
                    complain(f"cannot read `{_shown(directory)}`: {reason}")
                    yield Unreadable(reason)
            files = tuple(file for root in roots for file in root.groups[0])
        for file in files:
            if is_encoded(file):
                reason = "it is a package in WebAssembly's own form"
                complain(f"cannot format `{_shown(file)}`: {reason}")
                yield Unreadable(reason)
            elif file not in seen:
                seen.add(file)
                yield file


def _shown(file: str) -> str:
    return shown_path(file)


def _format(file: str) -> _Outcome | None:
    """The file as it is and as it should be; None where it cannot be read or does not parse, which is told."""
    text = read_text(file)
    if not isinstance(text, str):
        _complain_of(_shown(file), text)
        return None
    new = _formatted(file, text)
    return None if new is None else _Outcome(file, text, new)


def _complain_of(shown: str, what: Unreadable | ForeignEncoding) -> None:
    reason = f"it is {what.name}; WIT is UTF-8" if isinstance(what, ForeignEncoding) else what.reason
    complain(f"cannot format `{shown}`: {reason}")


def _formatted(file: str, text: str) -> str | None:
    source = Source.parse(file, text)
    try:
        return format_text(source)
    except Unformattable:
        complain(f"cannot format `{_shown(file)}`, because it does not parse")
        results = _syntax_errors(source)
        write(render(results, style_of(sys.stderr), width_of(sys.stderr)), sys.stderr)
        return None


def _syntax_errors(source: Source) -> Results:
    found = []
    for number, segment in enumerate(source.segments):
        for problem in segment.problems:
            span = source.absolute(number, problem.span)
            severity = SEVERITIES[problem.code]
            found.append(Found(source.file, Diagnostic(problem.code, severity, problem.message, span, problem.hint)))
    root = RootResult(source.file, (source.file,), tuple(found))
    return Results((root,), {source.file: source.lines}, os.getcwd())


def _format_standard_input(arguments: Arguments) -> int:
    text = text_of(sys.stdin.buffer.read())
    if isinstance(text, ForeignEncoding):
        _complain_of("<stdin>", text)
        return 2
    new = _formatted(os.path.abspath("<stdin>"), text)
    if new is None:
        return 2
    if arguments.has("--diff"):
        _print_diff("<stdin>", _Outcome("<stdin>", text, new))
    elif not arguments.has("--check"):
        write_bytes(new.encode("utf-8", "surrogateescape"))
        return 0
    return int(new != text)


def _write(outcome: _Outcome) -> bool:
    try:
        replace_text(outcome.file, outcome.old, outcome.new)
    except Failure as failure:
        complain(failure.message)
        return False
    return True


def _print_summary(different: int, same: int, failed: int, writes: bool) -> None:
    done = "formatted" if writes else "would format"
    said = [
        f"{done} {plural(different, 'file')}" if different else "",
        f"{plural(same, 'file')} {'is' if same == 1 else 'are'} formatted already" if same else "",
        f"{failed} cannot be formatted" if failed else "",
    ]
    sys.stdout.flush()
    write("; ".join([part for part in said if part]) + "\n", sys.stderr)


def _print_diff(name: str, outcome: _Outcome) -> None:
    """A unified diff that `git apply` and `patch -p1` take."""
    from difflib import unified_diff

    shown = name.replace(os.sep, "/")
    rows = unified_diff(_lines(outcome.old), _lines(outcome.new), f"a/{shown}", f"b/{shown}")
    rows = (row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
    if sys.stdout.isatty():
        style = style_of(sys.stdout)
        write("".join([_painted(style, harmless(row.rstrip("\r\n"))) + "\n" for row in rows]))
    else:
        write_bytes("".join(rows).encode("utf-8", "surrogateescape"))


def _painted(style: Style, row: str) -> str:
    if row.startswith(("---", "+++")):
        return style.paint("strong", row)
    if row.startswith("@@"):
        return style.paint("frame", row)
    if row.startswith("+"):
        return style.paint("added", row)
    return style.paint("removed", row) if row.startswith("-") else row


def _lines(text: str) -> list[str]:
    """Lines as `patch` has them, with their ends."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
