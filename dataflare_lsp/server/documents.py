"""The texts that the editor has open, kept in step with it edit by edit.

Specification: Language Server Protocol 3.17, "Text Document Synchronization".
"""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dataflare_lsp.text import Encoding, Lines, Span
from dataflare_lsp.workspace.uris import Spellings, file_of
from dataflare_lsp.workspace.workspace import Workspace

logger = logging.getLogger(__name__)


class Change(NamedTuple):
    """A change of a text. `start` and `end` are lines and columns in the client's encoding; None: all of it."""

    new: str
    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None


class Documents:
    """The open documents, by file."""

    def __init__(self, workspace: Workspace, encoding: Encoding) -> None:
        self._workspace = workspace
        self._encoding = encoding
        self._versions: dict[str, int] = {}
        self._spellings = Spellings()

    def __contains__(self, file: str) -> bool:
        return file in self._versions

    def files(self) -> tuple[str, ...]:
        """The files that are open, in the order that they were opened."""
        return tuple(self._versions)

    def version(self, file: str) -> int | None:
        """The client's number of the state of a file that is open."""
        return self._versions.get(file)

    def folder(self, uri: str) -> str:
        """The path of a folder that the client names."""
        return self._spellings.learn(uri)

    def uri(self, file: str) -> str:
        """The URI that the client knows a file by."""
        return self._spellings.uri(file)

    def open(self, uri: str, version: int, text: str) -> str:
        """A text is opened; gives its file."""
        file = self._spellings.learn(uri)
        self._versions[file] = version
        self._workspace.open_text(file, text)
        return file

    def close(self, uri: str) -> str:
        """A text is closed; gives its file."""
        file = file_of(uri)
        if self._versions.pop(file, None) is not None:
            self._workspace.close(file)
        return file

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> str | None:
        """A text is edited; gives its file, or None where it is not open."""
        file = file_of(uri)
        if file not in self._versions:
            logger.warning("a change of %s, which is not open", uri)
            return None
        self._versions[file] = version
        edit = combined(self._workspace.sources[file].lines, changes, self._encoding)
        if edit is not None:
            try:
                self._workspace.edit(file, *edit)
            except Exception:
                # Whatever went wrong, the text has to be the editor's.
                logger.exception("an edit of %s failed; its text is read anew", uri)
                self._workspace.set_text(file, _applied(self._workspace.sources[file].text, *edit))
        return file


def combined(lines: Lines, changes: Sequence[Change], encoding: Encoding) -> tuple[Span, str] | None:
    """One edit of the text of `lines` that does what `changes`, each upon the last one's result, do together."""
    old_start = old_end = start = end = 0  # what the edit replaces, in the text as it was and as it is now
    now = lines
    started = False
    for change in changes:
        first, last = _replaced(now, change, encoding)
        if not started:
            start = old_start = first
            end = old_end = last
            started = True
        start = old_start = min(start, first)
        if last > end:
            old_end += last - end
            end = last
        end += len(change.new) - (last - first)
        if len(changes) == 1 and change.start is not None:
            return Span(old_start, old_end), change.new
        now = now.edited(first, last, change.new)
    return trimmed(lines.text, Span(old_start, old_end), now.text[start:end]) if started else None


def trimmed(text: str, span: Span, new: str) -> tuple[Span, str]:
    """The edit of `text` that replaces `span` by `new`, without what is the same at its start and at its end."""
    old = text[span.start : span.end]
    most = min(len(old), len(new))
    head = _longest(most, lambda done, more: old[done:more] == new[done:more])
    a, b = len(old), len(new)
    tail = _longest(most - head, lambda done, more: old[a - more : a - done] == new[b - more : b - done])
    return Span(span.start + head, span.end - tail), new[head : b - tail]


def _longest(most: int, same: Callable[[int, int], bool]) -> int:
    """The largest number up to `most` such that all below it is the same, found by halving."""
    done = 0
    while done < most:
        more = (done + most + 1) // 2
        if same(done, more):
            done = more
        else:
            most = more - 1
    return done


def _replaced(lines: Lines, change: Change, encoding: Encoding) -> tuple[int, int]:
    if change.start is None or change.end is None:
        return 0, len(lines.text)
    first = lines.offset(lines.from_units(*change.start, encoding))
    last = lines.offset(lines.from_units(*change.end, encoding))
    return min(first, last), max(first, last)


def _applied(text: str, span: Span, new: str) -> str:
    return text[: span.start] + new + text[span.end :]
