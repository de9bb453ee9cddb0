"""The tree-sitter grammar: what it parses, and how it holds together while someone types."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracles import pinned
from support.program import Program
from support.shared import CONFORMANCE, CORPUS, REPOSITORY, needs
from support.wit_programs import programs
from tree_sitter import LANGUAGE_VERSION, MIN_COMPATIBLE_LANGUAGE_VERSION, Node, Parser, Query, QueryCursor, Tree

from dataflare_lsp.wit.grammar import language

GRAMMAR = REPOSITORY / "grammars" / "tree-sitter-wit"
QUERIES = sorted((GRAMMAR / "queries").glob("*.scm"))


def parse(source: str | bytes) -> Tree:
    return Parser(language()).parse(source.encode() if isinstance(source, str) else source)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def mistakes(tree: Tree) -> list[str]:
    """The nodes that say that something is wrong, with their lines."""
    return [
        f"{node.type} in line {node.start_point.row + 1}"
        for node in nodes(tree.root_node)
        if node.is_error
        or node.is_missing
        or node.type in {"incomplete", "unknown_item", "unknown_gate", "unterminated_comment"}
    ]


def outline(source: str) -> list[str]:
    """The items by kind and name, each behind those that it is in."""

    def items(node: Node, path: str) -> Iterator[str]:
        for child in node.children:
            inner = path
            name = child.child_by_field_name("name") or child.child_by_field_name("path")
            if child.type.endswith(("_item", "_method", "_constructor", "_package", "_declaration", "_field", "_case")):
                kind = child.type.rpartition("_")[0].replace("_", "-")
                inner = f"{path}{kind} {name.text.decode() if name is not None and name.text else '?'} / "
                yield inner.removesuffix(" / ")
            yield from items(child, inner)

    return list(items(parse(source).root_node, ""))


# What it is made of ----------------------------------------------------------------------------------------------


def test_the_binding_can_read_the_parser() -> None:
    assert MIN_COMPATIBLE_LANGUAGE_VERSION <= language().abi_version <= LANGUAGE_VERSION
    assert language().name == "wit"


def test_the_committed_parser_is_what_the_grammar_generates(tree_sitter_cli: Path, tmp_path: Path) -> None:
    for name in ("grammar.js", "package.json", "tree-sitter.json"):
        shutil.copy(GRAMMAR / name, tmp_path)
    command = [tree_sitter_cli, "generate", "--js-runtime", "native"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    generated = [file.relative_to(tmp_path) for file in (tmp_path / "src").rglob("*.*")]
    assert Path("src/parser.c") in generated
    for file in generated:
        assert (tmp_path / file).read_bytes() == (GRAMMAR / file).read_bytes(), f"{file} is not up to date"


def test_the_generator_is_pinned_to_one_version() -> None:
    package = json.loads((GRAMMAR / "package.json").read_text(encoding="utf-8"))
    assert package["devDependencies"]["tree-sitter-cli"] == pinned()["tree-sitter"].version


def test_the_grammar_passes_its_own_corpus(tree_sitter_cli: Path, tmp_path: Path) -> None:
    shutil.copytree(GRAMMAR, tmp_path / "grammar")
    done = subprocess.run(
        [tree_sitter_cli, "test"],
        cwd=tmp_path / "grammar",
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# Real input ------------------------------------------------------------------------------------------------------


def _files(kind: str) -> list[Path]:
    cases = CONFORMANCE / "cases.json"
    if not cases.is_file():
        return []
    roots = [CONFORMANCE / case["root"] for case in json.loads(cases.read_bytes()) if case["kind"] == kind]
    return sorted({file for root in roots for file in ([root] if root.is_file() else root.rglob("*.wit"))})


@needs(CONFORMANCE)
def test_it_parses_what_the_reference_accepts() -> None:
    files = _files("ok")
    assert files
    assert {file: found for file in files if (found := mistakes(parse(file.read_bytes())))} == {}


@needs(CORPUS)
def test_it_parses_wasi() -> None:
    files = sorted(CORPUS.rglob("*.wit"))
    assert files
    assert {file: found for file in files if (found := mistakes(parse(file.read_bytes())))} == {}


def test_it_parses_the_package_of_this_project() -> None:
    files = sorted((REPOSITORY / "wit").rglob("*.wit"))
    assert files
    assert {file: found for file in files if (found := mistakes(parse(file.read_bytes())))} == {}


@given(programs())
@settings(max_examples=100, deadline=None)
def test_it_parses_every_valid_program(program: Program) -> None:
    assert {path: found for path, text in program.files.items() if (found := mistakes(parse(text)))} == {}


@needs(CONFORMANCE)
def test_it_survives_what_the_reference_rejects() -> None:
    files = _files("error")
    assert files
    for file in files:
        content = file.read_bytes()
        assert parse(content).root_node.end_byte <= len(content)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbfinterface a {}",
        b"interface a {}\r\n\r// \r x\r\n",
        b"/*" * 50_000,
        b"/*\n" * 20_000,
        b"interface a { type t = " + b"list<" * 20_000,
        b"interface a {" * 20_000,
        b"a " * 50_000,
        b"interface a { " + b"a { " * 20_000,
        b"interface a { " + b"use " * 20_000,
        b"}" * 50_000,
        b'@external-id("' * 20_000,
    ],
    ids=lambda source: repr(source[:20]),
)
def test_it_takes_any_bytes(source: bytes) -> None:
    root = parse(source).root_node
    assert root.end_byte <= len(source)
    assert root.type in {"source_file", "ERROR"}


# Half-typed code -------------------------------------------------------------------------------------------------

HALF_TYPED_MEMBERS = [
    "new",
    "new:",
    "new: fu",
    "new: func",
    "new: func(",
    "new: func(x",
    "new: func(x:",
    "new: func(x: list<",
    "new: func(x: list<u8",
    "new: func(x: u8",
    "new: func(x: u8,",
    "new: func()",
    "new: func() ->",
    "new: func() -> result<_",
    "new: func() -> result<u8,",
    "new: func() -> tuple<u8, list<u8>",
    "new: async",
    "new: async func",
    "new func();",
    "new: (x: u8);",
    "new: u32;",
    ": func();",
    "type",
    "type new",
    "type new =",
    "type new = list<",
    "type new = map<string,",
    "type = u32;",
    "type new = u32",
    "record",
    "record new",
    "record new {",
    "record new { x",
    "record new { x:",
    "record new { x: u32,",
    "record { x: u32 }",
    "recor new { x: u32 }",
    "variant new { some(",
    "variant new { some(list<u8>",
    "enum new { one, two",
    "enum { one }",
    "flags new {",
    "resource new",
    "resource",
    "use",
    "use types",
    "use types.",
    "use types.{",
    "use types.{a",
    "use types.{a as",
    "use types.{a, b}",
    "use wasi:http/types@1.0.",
    "use wasi:",
    "use types {a};",
    "@",
    "@since",
    "@since(version",
    "@since(version = 1.0.0",
    "@unknown(x = 1)",
    '@external-id("unclosed',
    ")",
    "/* not closed",
]

NEXT_MEMBERS = {
    "func": "next: func();",
    "record": "record next { x: u32 }",
    "type": "type next = u32;",
    "gated func": "@since(version = 1.0.0)\n    next: func();",
    "documented func": "/// Documented.\n    next: func();",
}


def assert_keeps(found: list[str], *expected: str) -> None:
    """All of `expected` is in the outline, in this order, at exactly these places."""
    rest = iter(found)
    lost = [line for line in expected if line not in rest]
    assert not lost, "\n".join(["lost or displaced:", *lost[:1], "in:", *found])


@pytest.mark.parametrize(("half", "following"), list(product(HALF_TYPED_MEMBERS, NEXT_MEMBERS)))
def test_a_half_typed_member_leaves_its_neighbours(half: str, following: str) -> None:
    found = outline(f"""
        interface before {{ f: func(); }}
        interface api {{
            use types.{{a}};
            previous: func(x: u32) -> string;
            {half}
            {NEXT_MEMBERS[following]}
            last: func();
        }}
        @since(version = 1.0.0)
        interface after {{ f: func(); }}
    """)
    assert_keeps(
        found,
        "interface before",
        "interface before / func f",
        "interface api",
        "interface api / use types",
        "interface api / func previous",
        f"interface api / {following.rsplit(maxsplit=1)[-1]} next",
        "interface api / func last",
        "interface after",
        "interface after / func f",
    )


@pytest.mark.parametrize("half", HALF_TYPED_MEMBERS)
def test_a_half_typed_member_at_the_end_of_a_body(half: str) -> None:
    found = outline(f"interface api {{\n  previous: func();\n  {half}\n}}\ninterface after {{ f: func(); }}")
    assert_keeps(found, "interface api", "interface api / func previous")
    if not half.endswith("{") and not half.startswith(("record new", "flags new", "enum new", "use types.{")):
        assert_keeps(found, "interface after", "interface after / func f")


@pytest.mark.parametrize("half", HALF_TYPED_MEMBERS)
def test_a_half_typed_member_at_the_end_of_the_file(half: str) -> None:
    found = outline(f"interface before {{}}\ninterface api {{\n  previous: func();\n  {half}")
    assert_keeps(found, "interface before", "interface api", "interface api / func previous")


@pytest.mark.parametrize(
    "half",
    [
        "import",
        "import new",
        "import new:",
        "import new: fu",
        "import new: func",
        "import new: func(",
        "import new: func(x: u8) ->",
        "import new: interface",
        "import new: interface {",
        "import new: interface { f: func()",
        "import wasi:",
        "import wasi:http",
        "import wasi:http/",
        "import wasi:http/types@",
        "import wasi:http/types@1.0",
        "imp",
        "new: func();",
        "export",
        "export new: async",
        "include",
        "include new with",
        "include new with {",
        "include new with { a as",
        "include new { a as b }",
        "type new = option<",
        "record new {",
        "@unstable(feature =",
        "}",
    ],
)
def test_a_half_typed_member_of_a_world_leaves_its_neighbours(half: str) -> None:
    found = outline(f"""
        world before {{ import i; }}
        world app {{
            use types.{{a}};
            import previous: func();
            {half}
            import next: func(x: u32);
            export last;
        }}
        world after {{ import i; }}
    """)
    app = "" if half == "}" else "world app / "  # a brace too many ends the world
    assert_keeps(
        found,
        "world before / import i",
        "world app",
        "world app / use types",
        "world app / import previous",
        f"{app}import next",
        f"{app}export last",
        "world after",
        "world after / import i",
    )


@pytest.mark.parametrize(
    "half",
    [
        "package",
        "package a:",
        "package a:b",
        "package a:b@1.",
        "package a:b@1.0.0",
        "use",
        "use a:",
        "use a:b/",
        "use a:b/c as",
        "inter",
        "interface",
        "interface new",
        "interface new {",
        "interface new { f: func(",
        "interface new { record r { a: u32",
        "world",
        "world new",
        "world new {",
        "world new { import i: interface { f: func() ->",
        "@since(version =",
        "interface new { } }",
        "new {}",
        "package a:b {}",
        "/* not closed",
    ],
)
def test_a_half_typed_item_leaves_its_neighbours(half: str) -> None:
    found = outline(f"""
        package corp:app@1.0.0;
        use a:b/c;
        interface previous {{ f: func(); }}
        {half}
        @since(version = 1.0.0)
        interface next {{ f: func(); }}
        world last {{ export next; }}
    """)
    assert_keeps(
        found,
        "package corp:app@1.0.0",
        "toplevel-use a:b/c",
        "interface previous",
        "interface previous / func f",
        "interface next",
        "interface next / func f",
        "world last",
        "world last / export next",
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            """
            interface i {
                record r {
                    a: u32
                    b:
                    c: list<u8,
                    d: u8,
                }
                f: func();
            }
            """,
            [
                "interface i",
                "interface i / record r",
                "interface i / record r / record a",
                "interface i / record r / record b",
                "interface i / record r / record c",
                "interface i / record r / record d",
                "interface i / func f",
            ],
            id="fields without types and commas",
        ),
        pytest.param(
            """
            interface i {
                variant v {
                    a(u8
                    b
                    /// The third.
                    c(list<u8>),
                }
                enum e { x y }
            }
            """,
            [
                "interface i",
                "interface i / variant v",
                "interface i / variant v / variant a",
                "interface i / variant v / variant b",
                "interface i / variant v / variant c",
                "interface i / enum e",
                "interface i / enum e / enum x",
                "interface i / enum e / enum y",
            ],
            id="cases without payloads and commas",
        ),
        pytest.param(
            """
            interface i {
                resource r {
                    constructor(
                    get: func(
                    put: static func() ->
                    size: get() -> u32;
                    close: func()
                }
                f: func();
            }
            """,
            [
                "interface i",
                "interface i / resource r",
                "interface i / resource r / resource ?",
                "interface i / resource r / resource get",
                "interface i / resource r / resource put",
                "interface i / resource r / resource size",
                "interface i / resource r / resource close",
                "interface i / func f",
            ],
            id="methods",
        ),
        pytest.param(
            """
            interface a
                f: func();
            }
            world b
                import i;
            }
            interface c {
                record r
                    x: u32,
                }
                enum e
                    x, y
                }
            }
            """,
            [
                "interface a",
                "interface a / func f",
                "world b",
                "world b / import i",
                "interface c",
                "interface c / record r",
                "interface c / record r / record x",
                "interface c / enum e",
                "interface c / enum e / enum x",
                "interface c / enum e / enum y",
            ],
            id="opening braces",
        ),
        pytest.param(
            """
            world w {
                import a: interface {
                    record r { x: u32
                    f: func();
                import b: interface {
                    f: func();
            interface i {
                f: func();
            """,
            [
                "world w",
                "world w / import a",
                "world w / import a / record r",
                "world w / import a / record r / record x",
                "world w / import a / func f",
                "world w / import b",
                "world w / import b / func f",
                "interface i",
                "interface i / func f",
            ],
            id="closing braces",
        ),
    ],
)
def test_what_is_missing_is_taken_as_there(source: str, expected: list[str]) -> None:
    assert outline(source) == expected
    assert mistakes(parse(source))


SAMPLE = dedent("""
    package corp:app@1.0.0-rc.1;
    use corp:base/types@1.0.0 as t;
    interface before { f: func(); }
    /// Documented.
    @since(version = 1.0.0)
    interface api {
        use t.{a, b as c};
        f1: func(x: u32, y: list<string>) -> result<a, string>;
        record r { x: u32, y: list<u8, 4> }
        variant v { v1, v2(u32) }
        enum e { e1, e2 }
        resource s {
            constructor(x: u32);
            m1: static async func() -> own<s>;
            m2: get() -> u32;
        }
        f2: func();
    }
    @unstable(feature = new)
    world app {
        import api;
        import corp:base/types@1.0.0;
        import log: interface { write: func(); }
        @external-id("x")
        import f: func();
        include other with { a as b }
        export before;
    }
    interface after { f: func(); }
""")


def _tokens(node: Node) -> Iterator[Node]:
    return (leaf for leaf in nodes(node) if leaf.child_count == 0)


def test_the_sample_is_without_mistakes() -> None:
    assert mistakes(parse(SAMPLE)) == []


@pytest.mark.parametrize("between", ["", " ", "\n", " // }\n", " /* { */ ", " /*{*//*\n*/", "\r\n/// interface\r\n"])
def test_white_space_and_comments_change_nothing(between: str) -> None:
    """Nothing is taken for missing in valid code, wherever its lines end."""
    words = re.findall(r'"[^"]*"|1\.0\.0[\w.-]*|->|[\w-]+|[^\w\s]', re.sub(r"//.*", "", SAMPLE))
    respaced = "".join(
        word + (between or (" " if re.match(r"[\w-]", after) and re.match(r"[\w-]", word[-1]) else ""))
        for word, after in zip(words, [*words[1:], ""], strict=True)
    )
    assert mistakes(parse(respaced)) == []
    assert outline(respaced) == outline(SAMPLE) or between


@pytest.mark.parametrize("token", range(sum(1 for _ in _tokens(parse(SAMPLE).root_node))))
def test_no_token_is_so_important_that_other_items_need_it(token: int) -> None:
    """Whichever token goes, the items at the top level that it is not in stay."""
    gone = list(_tokens(parse(SAMPLE).root_node))[token]
    damaged = SAMPLE.encode()[: gone.start_byte] + SAMPLE.encode()[gone.end_byte :]
    items = {}
    for item in parse(SAMPLE).root_node.named_children:
        name = item.child_by_field_name("name")
        if name is not None and not item.start_byte <= gone.start_byte < item.end_byte:
            items[name.text] = item.type
    kept = {
        name.text: item.type
        for item in parse(damaged).root_node.named_children
        if (name := item.child_by_field_name("name")) is not None
    }
    assert items.items() <= kept.items()


# Incremental parsing ---------------------------------------------------------------------------------------------

FRAGMENTS = [
    *["{", "}", "(", ")", "<", ">", ";", ":", ",", "@", "%", '"', "/*", "*/", "//", "///", "\n", " ", "-> "],
    *["a", "x1: u32,", "f: func();", "func", "use ", "type x = ", "record ", "interface ", "import ", "1.0", "é"],
]


def _shape(node: Node) -> object:
    return (node.type, node.start_byte, node.end_byte, node.is_missing, [_shape(child) for child in node.children])


def _point(text: bytes, offset: int) -> tuple[int, int]:
    return text.count(b"\n", 0, offset), offset - (text.rfind(b"\n", 0, offset) + 1)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(["", *FRAGMENTS])), max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_tree_that_follows_edits_equals_a_fresh_one(edits: list[tuple[float, int, str]]) -> None:
    text = SAMPLE
    tree = parse(text)
    for place, length, inserted in edits:
        start = int(place * len(text))
        changed = text[:start] + inserted + text[start + length :]
        old, new = text.encode(), changed.encode()
        begin = len(text[:start].encode())
        old_end = len(text[: start + length].encode())
        new_end = begin + len(inserted.encode())
        tree.edit(begin, old_end, new_end, _point(old, begin), _point(old, old_end), _point(new, new_end))
        tree = Parser(language()).parse(new, tree)
        text = changed
    fresh = parse(text)
    if not fresh.root_node.has_error:  # tree-sitter's own recovery from errors may guess differently after an edit
        assert _shape(tree.root_node) == _shape(fresh.root_node)


# Queries ---------------------------------------------------------------------------------------------------------


def _query(file: Path) -> Query:
    """The patterns of the file. What is for editors only goes: py-tree-sitter 0.26 crashes over many directives."""
    return Query(language(), re.sub(r"\(#[^()]*\)", "", file.read_text(encoding="utf-8")))


def _captures(query: str, source: str) -> dict[str, list[str]]:
    captures = QueryCursor(_query(GRAMMAR / "queries" / f"{query}.scm")).captures(parse(source).root_node)
    return {
        name: [(node.text or b"").decode() for node in sorted(found, key=lambda node: node.start_byte)]
        for name, found in captures.items()
    }


def _highlights(source: str) -> dict[str, list[str]]:
    """What each colour is for. Of several captures of a node the last one counts, as in editors."""
    matches = QueryCursor(_query(GRAMMAR / "queries" / "highlights.scm")).matches(parse(source).root_node)
    colours = {
        (node.start_byte, node.end_byte): (name, (node.text or b"").decode())
        for _, captures in sorted(matches, key=lambda match: match[0])
        for name, found in captures.items()
        if name != "spell"
        for node in found
    }
    coloured: dict[str, list[str]] = {}
    for _, (name, text) in sorted(colours.items()):
        coloured.setdefault(name, []).append(text)
    return coloured


def test_there_are_queries_for_all_that_editors_ask() -> None:
    assert [file.stem for file in QUERIES] == [
        "folds",
        "highlights",
        "indents",
        "injections",
        "locals",
        "tags",
        "textobjects",
    ]


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_queries_compile_and_find_something(file: Path) -> None:
    assert QueryCursor(_query(file)).captures(parse(SAMPLE).root_node)


def test_highlights() -> None:
    found = _highlights("""
        /// Documented.
        interface api {
            @since(version = 1.0.0)
            type number = u32;
            record point { x: option<number> }
            resource blob { constructor(size: u32); read: static func(); }
            run: async func(input: borrow<blob>) -> point;
        }
    """)
    assert found["module"] == ["api"]
    assert found["type"] == ["point", "number", "blob", "blob", "point"]
    assert found["type.definition"] == ["number"]
    assert found["type.builtin"] == ["u32", "option", "u32", "borrow"]
    assert found["variable.member"] == ["x"]
    assert found["variable.parameter"] == ["size", "input"]
    assert found["function"] == ["run"]
    assert found["function.method"] == ["read"]
    assert found["constructor"] == ["constructor"]
    assert found["keyword.type"] == ["interface", "type", "record", "resource"]
    assert found["keyword.coroutine"] == ["async"]
    assert found["keyword.modifier"] == ["static"]
    assert found["attribute"] == ["@", "since"]
    assert found["comment.documentation"] == ["/// Documented.\n"]


def test_every_keyword_and_sign_is_highlighted() -> None:
    """Whatever the grammar spells out has a colour: no rule is added without one."""
    grammar = language()
    kinds = {
        grammar.node_kind_for_id(number)
        for number in range(grammar.node_kind_count)
        if grammar.node_kind_is_visible(number) and not grammar.node_kind_is_named(number)
    }
    spelled = re.findall(r'"([^"\n]+)"', (GRAMMAR / "queries" / "highlights.scm").read_text(encoding="utf-8"))
    inside_a_coloured_node = {
        *["u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "bool", "string"],
        *["error-context", '"', "///"],
    }
    assert kinds - set(spelled) == inside_a_coloured_node


def test_tags() -> None:
    found = _captures("tags", "/// The api.\ninterface api { run: func() -> number; }")
    assert found["doc"] == [" The api.\n"]
    assert found["definition.interface"] == ["interface api { run: func() -> number; }"]
    assert found["definition.function"] == ["run: func() -> number;"]
    assert found["reference.type"] == ["number"]


def test_documentation_is_injected_as_one_text_of_whole_lines() -> None:
    found = _captures("injections", "/// # Title\n///\n/// Text.\ninterface i {}\n/** Block. */ // comment")
    assert found["injection.content"] == [" # Title\n", "\n", " Text.\n", "/** Block. */", "// comment"]
