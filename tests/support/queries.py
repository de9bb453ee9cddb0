"""The grammar's queries in the words of other editors: one source, `grammars/tree-sitter-wit/queries`, and a table for each.

Run as a program, it writes the queries into the folders of these editors.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
GRAMMAR = REPOSITORY / "grammars" / "tree-sitter-wit" / "queries"

_TOKEN = re.compile(r';[^\n]*|"(?:\\.|[^"\\])*"|[()\[\]]|\s+|@[\w.-]+|[^\s()\[\]";@]+')
_HEAD = "; Made from the grammar's queries by tests/support/queries.py. What stands further down wins.\n\n"


class Editor(NamedTuple):
    """An editor: the folder of its queries, and for each of them what its captures are called, of those it knows.

    A capture that is not in the table keeps its name; one that stands for None is left out, and so is a pattern without
    captures, or with one of the directives that the editor does not know.
    """

    folder: str
    captures: Mapping[str, Mapping[str, str | None]]
    directives: frozenset[str]


HELIX = Editor(
    "editors/helix/queries/wit",
    {
        "highlights": {
            "module": "namespace",
            "type.definition": "type",
            "variable.member": "variable.other.member",
            "constant": "type.enum.variant",
            "property": "attribute",
            "keyword.import": "keyword.control.import",
            "keyword.type": "keyword.storage.type",
            "keyword.coroutine": "keyword.storage.modifier",
            "keyword.modifier": "keyword.storage.modifier",
            "number": "constant.numeric.integer",
            "string.escape": "constant.character.escape",
            "character.special": "variable.builtin",
            "comment.documentation": "comment.block.documentation",
            "spell": None,
        },
        "indents": {
            "indent.begin": "indent",
            "indent.branch": "outdent",
            "indent.end": None,
            "indent.auto": None,
            "indent.ignore": None,
        },
        "textobjects": {
            "function.outer": "function.around",
            "function.inner": "function.inside",
            "class.outer": "class.around",
            "class.inner": "class.inside",
            "parameter.outer": "parameter.around",
            "parameter.inner": "parameter.inside",
            "comment.outer": "comment.around",
            "comment.inner": "comment.inside",
            "attribute.outer": None,
            "assignment.outer": None,
            "assignment.inner": None,
            "assignment.lhs": None,
            "assignment.rhs": None,
        },
        "injections": {},
    },
    frozenset({"#set!"}),
)

ZED = Editor(
    "editors/zed/languages/wit",
    {
        "highlights": {
            "module": "type",
            "variable.member": "property",
            "constant": "variant",
            "character.special": "variable.special",
            "comment.documentation": "comment.doc",
            "spell": None,
        },
        "textobjects": {**{name: new for name, new in HELIX.captures["textobjects"].items() if "parameter" not in name}}
        | {"parameter.outer": None, "parameter.inner": None},
    },
    frozenset({"#set!"}),
)

EDITORS = {"helix": HELIX, "zed": ZED}


def translated(name: str, editor: Editor) -> str:
    """A query of the grammar as an editor takes it."""
    table = editor.captures[name]
    kept = []
    for pattern in patterns((GRAMMAR / f"{name}.scm").read_text(encoding="utf-8")):
        if set(re.findall(r"#[\w-]+!", pattern)) - editor.directives:
            continue
        text = re.sub(r" *@([\w.-]+)", lambda found: _renamed(found, table), pattern)
        if "@" in re.sub(r'"[^"]*"', "", text):
            kept.append(text)
    return _HEAD + "\n\n".join(kept) + "\n"


def _renamed(found: re.Match[str], table: Mapping[str, str | None]) -> str:
    name = table.get(found[1], found[1])
    space = found[0].partition("@")[0]
    return f"{space}@{name}" if name else ""


def patterns(query: str) -> Iterator[str]:
    """The patterns of a query, each with its captures, without the comments between them."""
    depth, start, end = 0, -1, 0
    for token in _TOKEN.finditer(query):
        text = token[0]
        if text.isspace() or text.startswith(";"):
            continue
        # A capture or a quantifier at the outermost level belongs to what stands before it.
        if depth == 0 and not text.startswith(("@", "+", "*", "?")):
            if start >= 0:
                yield query[start:end]
            start = token.start()
        depth += text in "([" if len(text) == 1 else 0
        depth -= text in ")]" if len(text) == 1 else 0
        end = token.end()
    if start >= 0:
        yield query[start:end]


if __name__ == "__main__":
    for one in EDITORS.values():
        for name in one.captures:
            (REPOSITORY / one.folder / f"{name}.scm").write_text(translated(name, one), encoding="utf-8", newline="")
