"""Where a change is shown in the source."""

import pytest

from dataflare_lsp.wit.compat.change import Place
from dataflare_lsp.wit.compat.locate import locate, locate_in
from dataflare_lsp.wit.source import Source

TEXT = """\
package a:b@1.0.0;
interface api {
    use types.{id as key};
    record point {
        across: u8,
    }
    enum level { low }
    resource blob {
        constructor(data: u8);
        size: func() -> u8;
        open: static func();
        tag: get() -> u8;
    }
    find: func(of: key);
}
interface types { type id = u8; }
world app {
    import api;
    import types;
    import run: func(once: bool);
    export run: func();
    export inner: interface {
        go: func();
    }
    record own { it: u8 }
}
"""


@pytest.mark.parametrize(
    ("place", "line", "text"),
    [
        (Place("package", ""), 1, "a:b@1.0.0"),
        (Place("interface", "api"), 2, "api"),
        (Place("interface", "api", member="key"), 3, "key"),
        (Place("interface", "api", member="point"), 4, "point"),
        (Place("interface", "api", member="point", part="across"), 5, "across"),
        (Place("interface", "api", member="point", part="gone"), 4, "point"),
        (Place("interface", "api", member="level", part="low"), 7, "low"),
        (Place("interface", "api", member="blob"), 8, "blob"),
        (Place("interface", "api", member="[constructor]blob", part="data"), 9, "data"),
        (Place("interface", "api", member="[method]blob.size"), 10, "size"),
        (Place("interface", "api", member="[static]blob.open"), 11, "open"),
        (Place("interface", "api", member="[method][get]blob.tag"), 12, "tag"),
        (Place("interface", "api", member="find", part="of"), 14, "of"),
        (Place("interface", "api", member="lost"), 2, "api"),
        (Place("world", "app"), 17, "app"),
        (Place("world", "app", "import", "a:b/api"), 18, "api"),
        (Place("world", "app", "import", "a:b/types"), 19, "types"),
        (Place("world", "app", "import", "run", part="once"), 20, "once"),
        (Place("world", "app", "export", "run"), 21, "run"),
        (Place("world", "app", "export", "inner"), 22, "inner"),
        (Place("world", "app", "export", "inner", "go"), 23, "go"),
        (Place("world", "app", "import", "own", part="it"), 25, "it"),
        (Place("world", "app", "import", "included"), 17, "app"),
    ],
)
def test_an_item_is_found(place: Place, line: int, text: str):
    source = Source.parse("app.wit", TEXT)
    found = locate([source], place)
    assert found is not None
    assert source.lines.position(found.span.start).line + 1 == line
    assert TEXT[found.span.start : found.span.end] == text


@pytest.mark.parametrize("place", [Place("interface", "nowhere"), Place("world", "api"), Place("interface", "c:d/i@1")])
def test_what_is_not_in_the_package_has_no_place(place: Place):
    assert locate([Source.parse("app.wit", TEXT)], place) is None


GROUPS = (
    (
        Source.parse(
            "app.wit",
            "package a:b@1.0.0 ;\ninterface i { f: func(); }\npackage c:d@0.1.0 { interface i { g: func(); } }",
        ),
    ),
    (Source.parse("deps/d.wit", "package c:d@0.2.3;"), Source.parse("deps/more.wit", "interface i { h: func(); }")),
)


@pytest.mark.parametrize(
    ("place", "file", "text"),
    [
        (Place("interface", "i", member="f"), "app.wit", "f"),
        (Place("interface", "c:d/i@0.1", member="g"), "app.wit", "g"),
        (Place("interface", "c:d/i@0.1.0", member="g"), "app.wit", "g"),
        (Place("interface", "c:d/i@0.2", member="h"), "deps/more.wit", "h"),
        (Place("interface", "c:d/i@0.3", member="h"), None, ""),
        (Place("interface", "c:e/i", member="h"), None, ""),
    ],
)
def test_places_in_other_packages(place: Place, file: str | None, text: str):
    found = locate_in(GROUPS, place)
    if file is None or found is None:
        assert found is file
        return
    (source,) = [one for group in GROUPS for one in group if one.file == found.file]
    assert (found.file, source.text[found.span.start : found.span.end]) == (file, text)
