from support.workspaces import full, scene

from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.snapshot import owners_of


def test_a_file_belongs_first_to_the_root_that_it_is_no_dependency_of() -> None:
    outer = Root("/a", (("/a/app.wit",), ("/a/deps/b/b.wit",)))
    inner = Root("/a/deps/b", (("/a/deps/b/b.wit",), ("/a/deps/c.wit",)))
    assert owners_of({"/a": outer, "/a/deps/b": inner}) == {
        "/a/app.wit": ("/a",),
        "/a/deps/b/b.wit": ("/a/deps/b", "/a"),
        "/a/deps/c.wit": ("/a/deps/b",),
    }


def test_a_file_of_no_root_is_its_own() -> None:
    snapshot = scene("interface a {}").snapshot
    assert snapshot.roots_of("/gone.wit") == ("/gone.wit",)
    assert snapshot.source("/gone.wit").text == ""


def test_the_roots_of_a_snapshot_are_those_of_the_workspace() -> None:
    workspace = scene("interface a {}").workspace
    before = workspace.snapshot()
    assert workspace.snapshot() is before
    workspace.add_root(Root("/other", ((full("app.wit"),),)))
    assert workspace.snapshot().roots_of(full("app.wit")) == ("/other", "/work")
    workspace.remove_root("/other")
    assert workspace.snapshot().roots_of(full("app.wit")) == ("/work",)


def test_units_and_bodies_by_place() -> None:
    place = scene("""
        interface first {}
        package a:b { interface inner {} }
        package a:c {
            world other {
                import x: func();
            }
        }
        interface last {}
    """)
    snapshot, file, text = place.snapshot, place.file, place.text

    def at(word: str) -> tuple[int, str]:
        offset = text.index(word)
        found = snapshot.body_at(file, offset)
        unit = snapshot.unit_at(file, offset)
        assert unit == UnitId(file, unit.scope)
        return unit.scope, found[1].name.text if found is not None else ""

    assert at("first") == (-1, "first")
    assert at("inner") == (0, "inner")
    assert at("a:c") == (-1, "")
    assert at("import") == (1, "other")
    assert at("last") == (-1, "last")
