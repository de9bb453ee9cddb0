"""Diagnostics as they are published to clients that cannot ask for them."""

from pathlib import Path

from support.editor import capabilities, editor, write

WRONG = "package a:b;\ninterface i { f: func() -> nothing; }\n"
RIGHT = "package a:b;\ninterface i { f: func(); }\n"


async def test_a_mistake_is_shown_where_it_is_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": RIGHT})
    async with editor(tmp_path) as it:
        it.open("a.wit", WRONG)
        assert await it.shown("a.wit", bool) == ["2:28-2:35 unresolved-name"]
        it.type("a.wit", "nothing", "u8")
        assert await it.shown("a.wit", lambda found: not found) == []


async def test_a_sound_file_is_published_once_when_it_is_opened(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": RIGHT, "b.wit": "interface j {}\n"})
    async with editor(tmp_path) as it:
        it.open("a.wit")
        assert await it.shown("a.wit") == []
        it.type("a.wit", "f:", "ff:")
        it.type("a.wit", "ff:", "f:")
        it.open("b.wit")
        await it.shown("b.wit")
        assert [one.uri for one in it.published] == [it.uri("a.wit"), it.uri("b.wit")]


async def test_a_list_carries_the_version_of_the_text_that_it_is_about(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        it.open("a.wit", WRONG)
        await it.shown("a.wit", bool)
        it.type("a.wit", "interface", "\ninterface")
        await it.shown("a.wit", lambda found: found == ["3:28-3:35 unresolved-name"])
        assert [(one.version, len(one.diagnostics)) for one in it.published] == [(1, 1), (2, 1)]


async def test_files_of_the_folder_that_nobody_opened_are_shown_too(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.wit": WRONG, "two/b.wit": RIGHT, "three/c.wit": "package c:d;\nworld w { import x; }\n"})
    async with editor(tmp_path) as it:
        assert await it.shown("one/a.wit") == ["2:28-2:35 unresolved-name"]
        assert await it.shown("three/c.wit") == ["2:18-2:19 unresolved-interface"]
        assert {one.uri for one in it.published} == {it.uri("one/a.wit"), it.uri("three/c.wit")}


async def test_dependents_follow_the_edit_of_what_they_use(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.wit": "package a:b;\ninterface types { type id = u64; }\n",
            "b.wit": "interface users { use types.{id}; f: func() -> id; }\n",
        },
    )
    async with editor(tmp_path) as it:
        it.open("a.wit")
        assert await it.shown("a.wit") == []
        it.type("a.wit", "type id", "type key")
        assert await it.shown("b.wit") == ["1:30-1:32 unresolved-name"]
        it.type("a.wit", "type key", "type id")
        assert await it.shown("b.wit", lambda found: not found) == []


async def test_a_related_place_is_linked(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        it.open("a.wit", "package a:b;\ninterface i { record r { x: u8, x: u8 } }\n")
        await it.shown("a.wit", bool)
        (related,) = it.published[-1].diagnostics[0].related_information or []
        assert (related.location.uri, related.location.range.start.character) == (it.uri("a.wit"), 25)


async def test_on_close_the_file_on_disk_counts_again(tmp_path: Path) -> None:
    write(tmp_path, {"a.wit": WRONG})
    async with editor(tmp_path) as it:
        it.open("a.wit", RIGHT)
        assert await it.shown("a.wit", lambda found: not found) == []
        it.close("a.wit")
        assert await it.shown("a.wit", bool) == ["2:28-2:35 unresolved-name"]


async def test_a_file_of_no_folder_is_forgotten_when_it_is_closed(tmp_path: Path) -> None:
    async with editor(None, place=tmp_path) as it:
        it.open("a.wit", WRONG)
        assert await it.shown("a.wit", bool) == ["2:28-2:35 unresolved-name"]
        it.close("a.wit")
        assert await it.shown("a.wit", lambda found: not found) == []


async def test_a_text_that_is_not_on_any_disk_is_judged_by_itself() -> None:
    async with editor(None) as it:
        it.open("untitled:Untitled-1", WRONG)
        assert await it.shown("untitled:Untitled-1") == ["2:28-2:35 unresolved-name"]


async def test_columns_count_as_the_client_counts(tmp_path: Path) -> None:
    text = "package a:b;\n/* 😀é */ interface i { f: func() -> nothing; }\n"
    places = []
    for encodings in (("utf-8",), ("utf-16",), ("utf-32",), ()):
        async with editor(tmp_path, capabilities(encodings=encodings)) as it:
            it.open("a.wit", text)
            places += await it.shown("a.wit")
    assert places == [
        "2:41-2:48 unresolved-name",
        "2:38-2:45 unresolved-name",
        "2:37-2:44 unresolved-name",
        "2:38-2:45 unresolved-name",
    ]
