"""A workspace whose roots and open files change while it lives."""

from pathlib import Path

from dataflare_lsp.text import Span
from dataflare_lsp.workspace.roots import Root, root_of_directory
from dataflare_lsp.workspace.workspace import Workspace


def codes(space: Workspace, root: Path, file: Path) -> list[str]:
    return [diagnostic.code for diagnostic in space.diagnostics(str(root), str(file))]


def test_an_open_text_wins_over_disk_until_it_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "a.wit"
    file.write_text("package a:b;\ninterface i { f: func() -> nothing; }\n")
    space = Workspace()
    space.add_root(root_of_directory(str(tmp_path)))
    assert codes(space, tmp_path, file) == ["unresolved-name"]
    space.open_text(str(file), "package a:b;\n")
    assert codes(space, tmp_path, file) == []
    space.close(str(file))
    assert codes(space, tmp_path, file) == ["unresolved-name"]


def test_a_file_that_cannot_be_read_is_sound_once_an_editor_has_its_text(tmp_path: Path) -> None:
    file = tmp_path / "a.wit"
    space = Workspace()
    space.add_root(Root(str(tmp_path), ((str(file),),)))
    assert codes(space, tmp_path, file) == ["unreadable-file"]
    space.open_text(str(file), "package a:b;\n")
    assert codes(space, tmp_path, file) == []


def test_a_sweep_lets_go_of_what_is_of_no_root_and_keeps_the_rest(tmp_path: Path) -> None:
    space = Workspace()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.wit").write_text(f"package a:{name};\ninterface i {{ f: func(); }}\n")
        space.add_root(root_of_directory(str(tmp_path / name)))
        assert codes(space, tmp_path / name, tmp_path / name / "a.wit") == []
    space.remove_root(str(tmp_path / "one"))
    space.sweep()
    assert list(space.sources) == [str(tmp_path / "two" / "a.wit")]
    space.edit(str(tmp_path / "two" / "a.wit"), Span(0, 0), "interface j { g: func() -> nothing; }\n")
    assert codes(space, tmp_path / "two", tmp_path / "two" / "a.wit") != []


def test_names_typed_letter_by_letter_leave_nothing_behind_after_a_sweep() -> None:
    file = "/work/a.wit"
    space = Workspace()
    space.set_text(file, "package a:b;\ninterface i { f: func(); }\n")
    space.add_root(Root("/work", ((file,),)))
    space.diagnostics("/work", file)
    space.sweep()
    before = len(space.db)
    at = space.sources[file].text.index("i {") + 1
    for letter in "nterface-of-mine":
        space.edit(file, Span(at, at), letter)
        at += 1
        space.diagnostics("/work", file)
    assert len(space.db) > before
    space.sweep()
    assert len(space.db) == before


def test_other_features_are_seen_by_every_root() -> None:
    file = "/work/a.wit"
    space = Workspace()
    text = "package a:b;\ninterface i { @unstable(feature = x) type t = u8; f: func() -> t; }\n"
    space.set_text(file, text)
    space.add_root(Root("/work", ((file,),)))
    assert [one.code for one in space.diagnostics("/work", file)] != []
    space.switch_features(frozenset({"x"}))
    assert [one.code for one in space.diagnostics("/work", file)] == []
