"""Completion: what can be written at the cursor."""

from typing import Literal, NamedTuple

from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit.source import BodyId
from dataflare_lsp.workspace.snapshot import Snapshot

CompletionKind = Literal[
    "keyword", "builtin", "alias", "record", "variant", "enum", "flags", "resource", "function",
    "interface", "world", "package", "version", "feature", "attribute", "snippet",
]  # fmt: skip


class About(NamedTuple):
    """What an item stands for, to be documented when it is shown: a body, or with a name a type or function in it."""

    body: BodyId
    name: str = ""


class Completion(NamedTuple):
    """Something to write: `insert` in place of `span`, or `snippet` where the editor fills in placeholders.

    `edits` are made elsewhere in the file at the same time. `documentation` is Markdown; where it is empty and `about`
    is not None, `documented` finds it.
    """

    label: str
    kind: CompletionKind
    span: Span
    insert: str
    snippet: str = ""
    detail: str = ""
    documentation: str = ""
    sort_text: str = ""
    filter_text: str = ""
    edits: tuple[TextEdit, ...] = ()
    deprecated: bool = False
    about: About | None = None


class Completions(NamedTuple):
    """What to offer. `is_incomplete`: there is more, to be asked for once more letters are typed."""

    items: tuple[Completion, ...]
    is_incomplete: bool = False


def completion(snapshot: Snapshot, file: str, offset: int) -> Completions:
    """What can be written at `offset`, in order of likelihood by `sort_text`."""
    return Completions(())


def documented(snapshot: Snapshot, file: str, about: About) -> str:
    """The documentation, as Markdown, of what an item offered in `file` stands for."""
    return ""
