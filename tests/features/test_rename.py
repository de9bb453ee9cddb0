"""Rename: the cursor in a text, and the lines that another name changes."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from support.wit_programs import FEATURES, random_program
from support.workspaces import scene

from dataflare_lsp.features.occurrences import occurrences
from dataflare_lsp.features.rename import NotRenamed, renamable, rename
from dataflare_lsp.text import apply_edits
from dataflare_lsp.workspace.workspace import Workspace


def renamed(written: str, name: str) -> list[str]:
    """The lines that differ after a rename, in order of their files."""
    place = scene(written)
    lines = []
    for file, edits in sorted(rename(place.snapshot, place.file, place.offset, name).items()):
        before = place.snapshot.source(file).text
        after = apply_edits(before, edits)
        pairs = zip(before.split("\n"), after.split("\n"), strict=True)
        lines += [new.strip() for old, new in pairs if old != new]
    return lines


def refused(written: str, name: str = "other") -> str:
    with pytest.raises(NotRenamed) as found:
        renamed(written, name)
    return str(found.value)


TWO = """
    //- api.wit
    interface api {
        use types.{id, key as name};
        get: func(id: id) -> option<name>;
        put: func(name: name);
    }
    //- types.wit
    package corp:app;
    interface types {
        type id = u64;
        type key = list<id>;
        record pair { left: id, right: id }
    }
    world host {
        import types;
        export api;
    }
"""


def test_a_type_everywhere_that_it_is_called_so() -> None:
    assert renamed(TWO.replace("type id", "type i<CURSOR>d"), "number") == [
        "use types.{number, key as name};",
        "get: func(id: number) -> option<name>;",
        "type number = u64;",
        "type key = list<number>;",
        "record pair { left: number, right: number }",
    ]


def test_what_it_is_called_elsewhere_stays() -> None:
    assert renamed(TWO.replace("type key", "type <CURSOR>key"), "word") == [
        "use types.{id, word as name};",
        "type word = list<id>;",
    ]


def test_the_other_name_only_where_it_is_called_so() -> None:
    for cursor in ("as <CURSOR>name}", "as name<CURSOR>}"):
        assert renamed(TWO.replace("as name}", cursor), "title") == [
            "use types.{id, key as title};",
            "get: func(id: id) -> option<title>;",
            "put: func(name: title);",
        ]


def test_an_interface_a_field_a_parameter() -> None:
    assert renamed(TWO.replace("import types", "import type<CURSOR>s"), "kinds") == [
        "use kinds.{id, key as name};",
        "interface kinds {",
        "import kinds;",
    ]
    assert renamed(TWO.replace("left:", "le<CURSOR>ft:"), "first") == ["record pair { first: id, right: id }"]
    assert renamed(TWO.replace("(name:", "(<CURSOR>name:"), "key") == ["put: func(key: name);"]


def test_a_name_that_is_a_keyword_is_escaped() -> None:
    assert renamed(TWO.replace("type id", "type i<CURSOR>d"), "list")[0] == "use types.{%list, key as name};"
    escaped = "interface i { type %list = u8; get: func() -> %li<CURSOR>st; }"
    assert renamed(escaped, "rows") == ["interface i { type rows = u8; get: func() -> rows; }"]
    assert renamed(escaped, "%enum") == ["interface i { type %enum = u8; get: func() -> %enum; }"]


def test_what_an_include_renames() -> None:
    chain = """
        package corp:app;
        world small { import run: func(); }
        world middle { include small with { run as start } }
        world large { include middle with { start as begin } }
    """
    assert renamed(chain.replace("import run", "import <CURSOR>run"), "go") == [
        "world small { import go: func(); }",
        "world middle { include small with { go as start } }",
    ]
    assert renamed(chain.replace("{ start as", "{ star<CURSOR>t as"), "go") == [
        "world middle { include small with { run as go } }",
        "world large { include middle with { go as begin } }",
    ]


def test_what_cannot_be_renamed_says_why() -> None:
    assert [
        refused(TWO.replace("corp:app", "corp:<CURSOR>app")),
        refused("@unstable(feature = fa<CURSOR>st)\ninterface api {}"),
        refused("interface api { get: func() -> nowh<CURSOR>ere; }"),
        refused("interface api {<CURSOR>\n}"),
        refused(TWO.replace("type id", "type i<CURSOR>d"), "Id"),
        refused(TWO.replace("type id", "type i<CURSOR>d"), "a_b"),
        refused(TWO.replace("type id", "type i<CURSOR>d"), ""),
        refused(
            "//- deps/base/b.wit\npackage corp:base;\ninterface b { type id = u8; }\n//- app.wit\npackage corp:app;\ninterface api { use corp:base/b.{i<CURSOR>d}; }"
        ),
    ] == snapshot(
        [
            "a package is known to others by its name and version: it is not renamed here",
            "there is nothing here that could be renamed",
            "nobody knows what `nowhere` is",
            "there is no name here",
            "`Id` is no name: expected words of letters and digits, joined by `-`, such as `data-record`",
            "`a_b` is no name: expected words of letters and digits, joined by `-`, such as `data-record`",
            "`` is no name: expected words of letters and digits, joined by `-`, such as `data-record`",
            "`id` cannot be renamed: it is defined in a dependency, in `b.wit`",
        ]
    )


def test_a_name_that_is_there_already_is_not_taken() -> None:
    assert [
        refused(TWO.replace("type id", "type i<CURSOR>d"), "key"),
        refused(TWO.replace("type id", "type i<CURSOR>d"), "name"),
        refused(TWO.replace("left:", "le<CURSOR>ft:"), "right"),
        refused(TWO.replace("interface api", "interface ap<CURSOR>i"), "host"),
        refused(TWO.replace("as name", "as na<CURSOR>me"), "id"),
    ] == snapshot(
        [
            "`key` is there already: types.wit:4",
            "`name` is there already: api.wit:2",
            "`right` is there already: types.wit:5",
            "`host` is there already: types.wit:7",
            "`id` is there already: api.wit:2",
        ]
    )


def test_the_name_that_is_to_be_changed_is_shown() -> None:
    place = scene("interface i { type %li<CURSOR>st = u8; }")
    found = renamable(place.snapshot, place.file, place.offset)
    assert found is not None
    assert (place.text[slice(*found.span)], found.name) == ("%list", "list")
    place = scene("interface i {<CURSOR> }")
    assert renamable(place.snapshot, place.file, place.offset) is None


# Any name of any package ---------------------------------------------------------------------------------------------


def errors(workspace: Workspace) -> int:
    roots = workspace.roots.values()
    return sum(len(workspace.diagnostics(root.path, file)) for root in roots for file in root.files)


@given(st.integers(0, 1 << 32))
@settings(max_examples=100, deadline=None)
def test_a_renamed_program_is_as_good_and_renaming_back_gives_it_back(seed: int) -> None:
    chance = Random(seed)
    program = random_program(chance)
    place = scene("\n".join(f"//- {file}\n{text}" for file, text in program.files.items()), FEATURES)
    workspace = place.workspace
    before = {file: source.text for file, source in workspace.sources.items()}
    file, offset, name = chance.choice(list(named(workspace)))
    count = errors(workspace)
    try:
        edits = rename(workspace.snapshot(), file, offset, "unheard-of")
    except NotRenamed:
        return
    offset = change(workspace, edits, file, offset)
    assert errors(workspace) == count
    change(workspace, rename(workspace.snapshot(), file, offset, name), file, offset)
    after = {file: source.text for file, source in workspace.sources.items()}
    assert plain(after) == plain(before)


def named(workspace: Workspace) -> Iterator[tuple[str, int, str]]:
    """All names: their files, where they stand, and what they are."""
    for file, source in workspace.sources.items():
        for number, segment in enumerate(source.segments):
            for found in occurrences(segment.node) if segment.node is not None else ():
                yield file, source.starts[number] + found.span.start, found.text


def plain(texts: dict[str, str]) -> dict[str, str]:
    """Without `%`, which may be written where it need not be."""
    return {file: text.replace("%", "") for file, text in texts.items()}


def change(workspace: Workspace, edits, file: str, offset: int) -> int:
    """Make some edits; gives where an offset is then."""
    for there, some in edits.items():
        if there == file:
            moved = sum(len(edit.new) - (edit.span.end - edit.span.start) for edit in some if edit.span.start < offset)
        workspace.set_text(there, apply_edits(workspace.sources[there].text, some))
    return offset + moved
