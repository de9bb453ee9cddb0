from support.workspaces import ROOT, full, scene

from dataflare_lsp.features.diagnostics import diagnostics
from dataflare_lsp.workspace.roots import Root


def test_a_file_of_several_roots_is_judged_in_each_and_each_mistake_is_said_once() -> None:
    place = scene("""
        //- deps/shared.wit
        package corp:shared;
        interface types {
            use other.{id};
            type name = strin;
        }
        //- app.wit
        package corp:app;
    """)
    # As a root of its own, together with a file that has what it uses.
    place.workspace.set_text(full("more.wit"), "interface other { type id = u8; }")
    place.workspace.add_root(Root("/other", ((full("deps/shared.wit"), full("more.wit")),)))
    snapshot = place.snapshot
    assert snapshot.roots_of(full("deps/shared.wit")) == ("/other", ROOT)
    found = diagnostics(snapshot, full("deps/shared.wit"))
    assert [diagnostic.code for diagnostic in found] == ["unresolved-interface", "unresolved-name"]


def test_a_file_of_no_root_is_judged_alone() -> None:
    place = scene("interface a {}")
    place.workspace.set_text("/elsewhere.wit", "package a:b;\ninterface a { type t = u9; }")
    assert [found.code for found in diagnostics(place.snapshot, "/elsewhere.wit")] == ["unresolved-name"]
