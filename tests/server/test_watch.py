"""Changes on disk, noticed by looking."""

import os
from pathlib import Path

from dataflare_lsp.server.watch import Watch

OLD = 1_000_000_000


class Looks:
    """Looks at a folder, long after everything in it was made."""

    def __init__(self, *paths: Path) -> None:
        self.paths = [str(path) for path in paths]
        self.watch = Watch()
        self.now = OLD + 3600.0

    def look(self) -> list[object]:
        """The names of the files that changed, and whether any came or went; nothing where all is as it was."""
        told: list[object] = []

        def changed(files: list[str], moved: bool) -> None:
            told.extend([[os.path.basename(file) for file in files], moved])

        for _ in self.watch.look(self.paths, lambda: self.now, changed):
            pass
        return told


def write(path: Path, text: str, at: int = OLD) -> None:
    path.write_text(text)
    os.utime(path, (at, at))


def test_what_stays_is_not_told(tmp_path: Path) -> None:
    write(tmp_path / "a.wit", "x")
    os.utime(tmp_path, (OLD, OLD))
    looks = Looks(tmp_path, tmp_path / "a.wit", tmp_path / "none.wit")
    assert [looks.look(), looks.look()] == [[], []]


def test_a_file_that_is_written_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.wit", "x")
    looks = Looks(tmp_path / "a.wit")
    looks.look()
    write(tmp_path / "a.wit", "y", OLD + 1)
    assert looks.look() == [["a.wit"], False]
    assert looks.look() == []


def test_a_file_of_the_same_age_and_another_size_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.wit", "x")
    looks = Looks(tmp_path / "a.wit")
    looks.look()
    write(tmp_path / "a.wit", "longer")
    assert looks.look() == [["a.wit"], False]


def test_files_that_come_and_go_move_things(tmp_path: Path) -> None:
    looks = Looks(tmp_path / "a.wit")
    looks.look()
    write(tmp_path / "a.wit", "x")
    assert looks.look() == [["a.wit"], True]
    (tmp_path / "a.wit").unlink()
    assert looks.look() == [["a.wit"], True]


def test_a_directory_whose_entries_change_moves_things(tmp_path: Path) -> None:
    os.utime(tmp_path, (OLD, OLD))
    looks = Looks(tmp_path)
    looks.look()
    os.utime(tmp_path, (OLD + 1, OLD + 1))
    assert looks.look() == [[], True]
    tmp_path.rename(tmp_path.with_name("elsewhere"))
    assert looks.look() == [[], True]


def test_what_was_written_just_before_the_first_look_may_have_been_missed(tmp_path: Path) -> None:
    write(tmp_path / "a.wit", "x", OLD + 3599)
    looks = Looks(tmp_path / "a.wit")
    assert looks.look() == [["a.wit"], False]
    assert looks.look() == []


def test_names_that_no_file_can_have_are_no_files() -> None:
    looks = Looks(Path("/nowhere/\0.wit"), Path("/nowhere/\ud800.wit"))
    assert [looks.look(), looks.look()] == [[], []]
