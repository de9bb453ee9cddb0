"""What was last found in plugins whose parts do not agree, at every place where an editor shows it.

An edit moves it along with the text, until it has been found anew.
"""

from collections.abc import Iterable, Mapping

from dataflare_lsp.text import Diagnostic, Related, Span
from dataflare_lsp.wit.compat.locate import Located
from dataflare_lsp.workspace.agreement import Found

_Shown = Mapping[str, tuple[Diagnostic, ...]]
"""Diagnostics by file."""


class Compared:
    """What is shown of each plugin, by its manifest."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}

    def at(self, file: str) -> tuple[Diagnostic, ...]:
        """What is shown in a file."""
        return tuple([one for shown in self._shown.values() for one in shown.get(file, ())])

    def take(self, manifest: str, found: Iterable[Found]) -> list[str]:
        """Show what was found in a plugin in place of what was before; gives the files that are shown differently."""
        before, now = self._shown.pop(manifest, {}), shown(found)
        if now:
            self._shown[manifest] = now
        return [file for file in dict.fromkeys([*before, *now]) if before.get(file) != now.get(file)]

    def edited(self, file: str, span: Span, length: int) -> None:
        """The text of `span` in a file has been replaced by one of so many characters."""
        if not any(file in shown for shown in self._shown.values()):
            return
        for manifest, shown in self._shown.items():
            if file in shown:
                moved = tuple([_moved(one, span, length) for one in shown[file]])
                self._shown[manifest] = {**shown, file: moved}


def shown(found: Iterable[Found]) -> _Shown:
    """Where an editor shows what was found: what is said of the component also at the WIT that it is about."""
    files: dict[str, dict[Diagnostic, None]] = {}
    for file, diagnostic, also in found:
        files.setdefault(file, {})[diagnostic] = None
        if also is not None:
            files.setdefault(also.file, {})[_mirrored(file, diagnostic, also)] = None
    return {file: tuple(diagnostics) for file, diagnostics in files.items()}


def _mirrored(file: str, diagnostic: Diagnostic, place: Located) -> Diagnostic:
    """The same diagnostic elsewhere. Its fixes are for its own file."""
    others = [one for one in diagnostic.related if (one.file, one.span) != place]
    related = (Related(file, diagnostic.span, "this component"), *others)
    return diagnostic._replace(span=place.span, related=related, fixes=())


def _moved(diagnostic: Diagnostic, edit: Span, length: int) -> Diagnostic:
    """A diagnostic after an edit of its file. What would mend it has to be found anew."""
    return diagnostic._replace(span=moved(diagnostic.span, edit, length), fixes=())


def moved(span: Span, edit: Span, length: int) -> Span:
    """Where a span is after the text of `edit` has been replaced by one of so many characters."""
    by = length - (edit.end - edit.start)
    start = span.start if span.start < edit.start else span.start + by if span.start >= edit.end else edit.start
    end = span.end if span.end <= edit.start else span.end + by if span.end >= edit.end else edit.start + length
    return Span(start, max(start, end))
