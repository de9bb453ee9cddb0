"""After any edits, the diagnostics are those of a fresh start, whatever was kept from before."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.screens import ROOT, workspace

from dataflare_lsp.text import Span

FILES = {
    "types.wit": """package corp:app@1.0.0;
/// What everything uses.
interface types {
  @since(version = 1.0.0)
  record item { id: u64, tags: list<string> }
  resource store { constructor(); get: func(id: u64) -> option<item>; }
  variant outcome { ok(item), failed(string) }
  type handle = borrow<store>;
}
""",
    "api.wit": """use types as t;
use corp:base/log@1.0.0;
interface api {
  use t.{item, outcome as result-of, store};
  use log.{level};
  run: func(on: borrow<store>, what: item) -> result-of;
  loud: func(how: level) -> list<item>;
}
interface more { use api.{item}; first: func() -> item; }
""",
    "worlds.wit": """world base { import types; import log: func(line: string); }
world app {
  include base with { log as base-log }
  use types.{item};
  import inner: interface { use types.{item}; f: func(x: item); }
  export api;
  export main: func() -> item;
}
""",
    "deps/base.wit": """package corp:base@1.0.0;
interface log { enum level { low, high } @unstable(feature = loud) shout: func(how: level); }
package corp:extra { interface x { use corp:base/log@1.0.0.{level}; } }
""",
}

PIECES = [
    "{", "}", ";", ",", "<", ">", "(", ")", ":", "->", "@", "/*", "*/", "//", '"', "\n", "\r\n", "%", "é", "\u202e",
    "package corp:app;\n", "interface types {", "interface api { ", "world app {", "use types.{item};", "record item",
    "type item = u8;", "resource store;", "borrow<store>", "item", "store", "level", "outcome", "u64", "func()", "log",
    "@unstable(feature = loud) ", "@since(version = 2.0.0) ", "include base;", "import api;", "export types;", "base",
]  # fmt: skip

edits = st.lists(
    st.tuples(
        st.sampled_from(sorted(FILES)),
        st.floats(0, 1),
        st.sampled_from([0, 0, 0, 1, 2, 5, 12, 60]),
        st.sampled_from(["", *PIECES]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits)
def test_edited_means_the_same_as_fresh(edits: list[tuple[str, float, int, str]]) -> None:
    files = dict(FILES)
    space = workspace(files)
    for path in files:
        space.diagnostics(ROOT, f"{ROOT}/{path}")
    for number, (path, where, length, new) in enumerate(edits):
        text = files[path]
        start = int(where * len(text))
        end = min(start + length, len(text))
        files[path] = text[:start] + new + text[end:]
        space.edit(f"{ROOT}/{path}", Span(start, end), new)
        if number % 3 == 0:  # not after each edit, so that several are pending at times
            space.diagnostics(ROOT, f"{ROOT}/{path}")
    fresh = workspace(files)
    for path, text in files.items():
        file = f"{ROOT}/{path}"
        assert space.sources[file].text == text
        assert space.diagnostics(ROOT, file) == fresh.diagnostics(ROOT, file)


def test_a_circle_of_types_outlives_an_edit_beside_it() -> None:
    text = "package corp:app;\ninterface api {\n    record node { next: node }\n}\n"
    space = workspace({"app.wit": text})
    file = f"{ROOT}/app.wit"
    before = space.diagnostics(ROOT, file)
    space.edit(file, Span(text.index("    record"), text.index("    record")), "// A comment.\n")
    (after,) = space.diagnostics(ROOT, file)
    assert [one.code for one in before] == [after.code] == ["cyclic-type"]


def test_dependencies_are_judged_where_the_root_has_no_file_left() -> None:
    file = f"{ROOT}/deps/base.wit"
    space = workspace({"deps/base.wit": "package corp:base;\ninterface api { f: func(x: nothing); }\n"})
    assert [one.code for one in space.diagnostics(ROOT, file)] == ["unresolved-name"]
