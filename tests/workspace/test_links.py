"""A file that several roots reach by different paths: what is open under one of them counts for all."""

import os
from pathlib import Path

import pytest

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.links import Links
from dataflare_lsp.workspace.roots import root_of_directory
from dataflare_lsp.workspace.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links need rights here")

BASE = "package corp:base;\ninterface types { type id = u64; }\n"
APP = "package corp:app;\ninterface i { use corp:base/types.{id}; f: func() -> id; }\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`one` has the file in its `deps`, `two` a link to it, and `three` a link to the folder."""
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "app.wit").write_text(APP)
    for name in ("one", "two"):
        (tmp_path / name / "deps").mkdir()
    (tmp_path / "one" / "deps" / "base.wit").write_text(BASE)
    (tmp_path / "two" / "deps" / "linked.wit").symlink_to(tmp_path / "one" / "deps" / "base.wit")
    (tmp_path / "three" / "deps").symlink_to(tmp_path / "one" / "deps")
    return tmp_path


def paths(folder: Path) -> list[str]:
    return [str(folder / path) for path in ("one/deps/base.wit", "two/deps/linked.wit", "three/deps/base.wit")]


def codes(space: Workspace, folder: Path) -> list[list[str]]:
    """What is wrong in the `app.wit` of each of the three roots."""
    roots = [str(folder / name) for name in ("one", "two", "three")]
    return [[one.code for one in space.diagnostics(root, f"{root}/app.wit")] for root in roots]


SOUND: list[list[str]] = [[], [], []]
WRONG = [["unresolved-name"]] * 3


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("opened", ["before", "after"])
def test_an_open_text_counts_for_every_path(folder: Path, number: int, opened: str) -> None:
    space = Workspace()
    file = paths(folder)[number]
    if opened == "before":
        space.open_text(file, BASE.replace("type id", "type key"))
    for name in ("one", "two", "three"):
        space.add_root(root_of_directory(str(folder / name)))
    if opened == "after":
        assert codes(space, folder) == SOUND
        space.open_text(file, BASE.replace("type id", "type key"))
    assert codes(space, folder) == WRONG
    at = space.sources[file].text.index("key")
    space.edit(file, Span(at, at + 3), "id")
    assert codes(space, folder) == SOUND
    space.set_text(file, BASE.replace("type id", "type key"))
    assert codes(space, folder) == WRONG
    for path in paths(folder):
        space.read(path)
    assert codes(space, folder) == WRONG
    space.close(file)
    assert codes(space, folder) == SOUND


def test_texts_that_are_open_under_several_paths_are_as_they_are_open(folder: Path) -> None:
    """Under any other path the file is as it was last opened or edited."""
    space = Workspace()
    for name in ("one", "two", "three"):
        space.add_root(root_of_directory(str(folder / name)))
    first, second, _ = paths(folder)
    space.open_text(first, BASE.replace("type id", "type key"))
    space.open_text(second, BASE)
    assert codes(space, folder) == [["unresolved-name"], [], []]
    space.close(first)
    assert codes(space, folder) == SOUND


def test_what_is_opened_while_another_path_is_read_counts(folder: Path) -> None:
    space = Workspace()
    first, second, _ = paths(folder)
    space.open_text(str(folder / "one" / "app.wit"), APP)
    Path(first).write_text(BASE + "".join([f"interface i{number} {{}}\n" for number in range(5000)]))
    steps = space.reading(second)
    next(steps)
    space.open_text(first, BASE)
    for _ in steps:
        pass
    assert space.sources[second].text == BASE


def test_paths_are_forgotten_with_their_files(folder: Path) -> None:
    space = Workspace()
    for name in ("one", "two"):
        space.add_root(root_of_directory(str(folder / name)))
    file = paths(folder)[0]
    space.open_text(file, BASE)
    assert space.twins(file) == (paths(folder)[1],)
    space.remove_root(str(folder / "two"))
    space.sweep()
    assert space.twins(file) == ()


def test_a_link_may_be_led_elsewhere(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("")
    link = tmp_path / "link"
    link.symlink_to("a")
    links = Links(str(tmp_path / name) for name in ("a", "b", "link"))
    assert links.others(str(link)) == (str(tmp_path / "a"),)
    link.unlink()
    link.symlink_to("b")
    links.add(str(link))
    assert links.others(str(tmp_path / "a")) == ()
    assert links.others(str(link)) == (str(tmp_path / "b"),)
    links.discard(str(link))
    links.discard("never there")
    assert links.others(str(tmp_path / "b")) == ()


def test_names_that_no_file_can_have_lead_to_themselves() -> None:
    assert Links(["a\0b", "untitled:Untitled-1"]).others("a\0b") == ()
