"""Workspace symbols: what is found for a query, the best first."""

from support.workspaces import scene

from dataflare_lsp.features.workspace_symbols import workspace_symbols

TEXT = """
    //- deps/base/base.wit
    package corp:base;
    interface streams {
        resource input-stream {
            read: func() -> u8;
        }
        stream-all: func();
    }
    //- app.wit
    package corp:app;
    world stream {
        import i: interface { starts-remain: func(); }
    }
"""


def found(query: str) -> list[str]:
    snapshot = scene(TEXT).snapshot
    return [
        f"{one.symbol.kind} {one.symbol.name} in {one.container or '-'}"
        for one in workspace_symbols(snapshot, query)
        if one is not None
    ]


def test_the_best_first() -> None:
    assert found("stream") == [
        "world stream in corp:app",
        "interface streams in corp:base",
        "function stream-all in streams",
        "resource input-stream in streams",
    ]
    assert found("Re") == ["method read in input-stream", *found("stream"), "function starts-remain in i"]


def test_letters_in_order_are_enough() -> None:
    assert found("srm")[-1] == "function starts-remain in i"
    assert found("inst") == ["resource input-stream in streams"]
    assert found("nothing") == []


def test_all_where_nothing_is_asked_for() -> None:
    assert len(found("")) == 6
