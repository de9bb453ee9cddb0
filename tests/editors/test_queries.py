"""The queries of Helix and Zed: in step with the grammar's, good for its trees, and made of captures that these editors know.

Neither editor is run: there is no package of theirs to test with.
"""

import re
from pathlib import Path

import pytest
from support.queries import EDITORS, REPOSITORY, patterns, translated
from tree_sitter import Parser, Query, QueryCursor

from dataflare_lsp.wit.grammar import language

# From the book of Helix: "Themes", "Adding textobject queries", "Adding indent queries", "Adding injection queries".
HELIX = {
    "highlights": """
        attribute type type.builtin type.parameter type.enum type.enum.variant constructor
        constant constant.builtin constant.builtin.boolean constant.character constant.character.escape
        constant.numeric constant.numeric.integer constant.numeric.float
        string string.regexp string.special string.special.path string.special.url string.special.symbol
        comment comment.line comment.line.documentation comment.block comment.block.documentation
        variable variable.builtin variable.parameter variable.other variable.other.member variable.other.member.private
        label punctuation punctuation.delimiter punctuation.bracket punctuation.special
        keyword keyword.control keyword.control.conditional keyword.control.repeat keyword.control.import
        keyword.control.return keyword.control.exception keyword.operator keyword.directive keyword.function
        keyword.storage keyword.storage.type keyword.storage.modifier operator
        function function.builtin function.method function.method.private function.macro function.special
        tag tag.builtin namespace special
    """,
    "indents": "indent outdent indent.always outdent.always align extend extend.prevent-once anchor",
    "textobjects": """
        function.inside function.around class.inside class.around test.inside test.around parameter.inside parameter.around
        comment.inside comment.around entry.inside entry.around
    """,
    "injections": "injection.content injection.language injection.filename injection.shebang",
}

# From the documentation of Zed: "Language Extensions". A theme that lacks `a.b` takes `a`.
ZED = {
    "highlights": """
        attribute boolean comment comment.doc constant constructor embedded emphasis emphasis.strong enum function hint keyword
        label link_text link_uri number operator predictive preproc primary property punctuation punctuation.bracket
        punctuation.delimiter punctuation.list_marker punctuation.special string string.escape string.regex string.special
        string.special.symbol tag text.literal title type variable variable.special variant
    """,
    "brackets": "open close",
    "outline": "name item context context.extra annotation",
    "indents": "indent end",
    "injections": "injection.content injection.language content language",
    "textobjects": "function.around function.inside class.around class.inside comment.around comment.inside",
}

KNOWN = {"helix": HELIX, "zed": ZED}
FILES = [(editor, path) for editor, one in EDITORS.items() for path in sorted((REPOSITORY / one.folder).glob("*.scm"))]
SOURCE = (
    (REPOSITORY / "dataflare_lsp" / "manifest" / "core" / "host.wit").read_text(encoding="utf-8")
    + """
interface more {
    /// A key.
    resource key {
        constructor(name: string);
        get: func() -> option<u32>;
    }
    variant v { a(list<key>), b }
    flags f { c }
    enum e { d }
    type t = tuple<u8, string>;
}
world w { import x: func(); export more; }
"""
)


@pytest.mark.parametrize(
    ("editor", "name"), [(editor, name) for editor, one in EDITORS.items() for name in one.captures]
)
def test_queries_are_those_of_the_grammar(editor: str, name: str):
    kept = (REPOSITORY / EDITORS[editor].folder / f"{name}.scm").read_text(encoding="utf-8")
    assert kept == translated(name, EDITORS[editor]), "run `python tests/support/queries.py`"


@pytest.mark.parametrize(("editor", "path"), FILES, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_queries_fit_the_grammar_and_find_something(editor: str, path: Path):
    query = Query(language(), path.read_text(encoding="utf-8"))
    tree = Parser(language()).parse(SOURCE.encode())
    assert not tree.root_node.has_error
    found = QueryCursor(query).captures(tree.root_node)
    assert found


@pytest.mark.parametrize(("editor", "path"), FILES, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_captures_are_known_to_the_editor(editor: str, path: Path):
    assert path.stem in KNOWN[editor], f"{editor} reads no query of this name"
    known = set(KNOWN[editor][path.stem].split())
    query = Query(language(), path.read_text(encoding="utf-8"))
    names = {query.capture_name(number) for number in range(query.capture_count)}
    if editor == "zed" and path.stem == "highlights":
        names = {name if name in known else name.rpartition(".")[0] or name for name in names}
    assert names - known == set()


@pytest.mark.parametrize(("editor", "path"), FILES, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_directives_are_known_to_the_editor(editor: str, path: Path):
    assert set(re.findall(r"#[\w-]+[!?]", path.read_text(encoding="utf-8"))) <= EDITORS[editor].directives


def test_a_query_is_taken_apart_into_its_patterns():
    query = '; first\n(a "(" @b ; not )\n  c: (d)* @e) @f @g\n["x" "y"] @h\n_ @i\n(((j) @k) (#set! l "m"))'
    assert list(patterns(query)) == [
        '(a "(" @b ; not )\n  c: (d)* @e) @f @g',
        '["x" "y"] @h',
        "_ @i",
        '(((j) @k) (#set! l "m"))',
    ]
