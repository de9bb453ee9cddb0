"""What lies in a `deps` folder and is no package: the reference's verdict, in words that help."""

import os
from pathlib import Path

import pytest
from support.program import ReferenceRefusesError, seen_by

from dataflare_lsp.text import Diagnostic
from dataflare_lsp.workspace.roots import root_of_directory
from dataflare_lsp.workspace.workspace import load

posix = pytest.mark.skipif(os.name != "posix", reason="this system has no such files")


def laid_out(folder: Path, written: str) -> Path:
    """A package whose files are these, a line each: `deps/a/` is a directory, `deps/b -> a` a link, others are files.

    A `.wit` file names a package of its own.
    """
    (folder / "app.wit").write_text("package corp:app;\n")
    for number, line in enumerate(written.split("\n")):
        name, _, target = line.strip().partition(" -> ")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if target:
            path.symlink_to(target)
        elif name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        elif name:
            path.write_text(f"package corp:p{number};\n" if name.endswith(".wit") else "")
    return folder


def found_in(folder: Path, file: str = "app.wit") -> tuple[Diagnostic, ...]:
    root = root_of_directory(str(folder))
    return load([root]).diagnostics(root.path, str(folder / file))


def is_refused(reference: Path, folder: Path) -> bool:
    try:
        seen_by(reference, folder, frozenset())
    except ReferenceRefusesError:
        return True
    return False


NO_PACKAGE = [
    ("deps/a/", "the directory `deps/a` is empty", "put the `.wit` files of a package into it, or remove it"),
    ("deps/.git/", "the directory `deps/.git` is empty", "put the `.wit` files of a package into it, or remove it"),
    ("deps/a.wit/", "the directory `deps/a.wit` is empty", "put the `.wit` files of a package into it, or remove it"),
    (
        "deps/a/README.md",
        "the directory `deps/a` holds no `.wit` files",
        "each directory in `deps` is a package: put its `.wit` files there, or remove the directory",
    ),
    (
        "deps/a/b.wit/",
        "the directory `deps/a` holds no `.wit` files",
        "each directory in `deps` is a package: put its `.wit` files there, or remove the directory",
    ),
    (
        "deps/a/wit/b.wit",
        "the directory `deps/a` holds no `.wit` files itself",
        "they lie too deep, in `deps/a/wit`: move them to `deps/a`",
    ),
    (
        "deps/a/deps/b.wit",
        "the directory `deps/a` holds no `.wit` files itself",
        "they lie too deep, in `deps/a/deps`: move them to `deps/a`",
    ),
    (
        "deps/wasi/src/io/b.wit\ndeps/wasi/src/more/c.wit",
        "the directory `deps/wasi` holds no `.wit` files itself",
        "they lie too deep, in `deps/wasi/src/io`: move them to `deps/io`",
    ),
    (
        "deps/a/b.wasm",
        "the directory `deps/a` holds no `.wit` files",
        "an encoded package lies in `deps` itself: move `deps/a/b.wasm` to `deps/b.wasm`",
    ),
    (
        "deps",
        "`deps` is not a directory",
        "make it a directory that holds a directory or a `.wit` file for each dependency, or remove it",
    ),
    pytest.param(
        "deps/a -> nowhere",
        "the link `deps/a` leads nowhere",
        "let it lead to the directory or file of a package, or remove it",
        marks=posix,
    ),
    pytest.param(
        "shared/\ndeps/a -> ../shared",
        "the directory `deps/a` is empty",
        "put the `.wit` files of a package into it, or remove it",
        marks=posix,
    ),
]


@pytest.mark.parametrize(("written", "message", "advice"), NO_PACKAGE)
def test_what_is_no_package_is_said_at_the_header(tmp_path: Path, written: str, message: str, advice: str) -> None:
    (found,) = found_in(laid_out(tmp_path, written))
    assert (found.code, found.message, found.notes) == ("not-a-package", message, (advice,))
    assert "package corp:app;"[slice(*found.span)] == "corp:app"


@pytest.mark.parametrize(("written", "message", "advice"), NO_PACKAGE)
def test_the_reference_refuses_it_as_well(
    tmp_path: Path, wasm_tools: Path, written: str, message: str, advice: str
) -> None:
    assert is_refused(wasm_tools, laid_out(tmp_path, written))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "deps/",
        "deps/README.md",
        "deps/.DS_Store",
        "deps/a/.b.wit",
        "deps/a/b.wit\ndeps/a/README.md",
        "deps/a/b.wit\ndeps/a/deps/c/",
        "deps/a/b.wit\ndeps/a/deps/c/d.wit",
        pytest.param("deps -> nowhere", marks=posix),
        pytest.param("shared/b.wit\ndeps/a -> ../shared", marks=posix),
    ],
)
def test_what_the_reference_takes_is_taken(tmp_path: Path, wasm_tools: Path, written: str) -> None:
    folder = laid_out(tmp_path, written)
    assert found_in(folder) == ()
    assert not is_refused(wasm_tools, folder)


@posix
def test_the_link_that_emacs_puts_beside_an_edited_file_is_passed_by(tmp_path: Path) -> None:
    """The reference refuses the package for as long as the file has unsaved changes."""
    assert found_in(laid_out(tmp_path, "deps/base.wit\ndeps/.#base.wit -> me@here.4711:1700000000")) == ()


def test_each_of_several_is_said_by_name_and_once(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, "deps/b/\ndeps/a/\ndeps/c/c.wit")
    (folder / "and.wit").write_text("interface more {}\n")
    assert found_in(folder, "and.wit") == ()
    assert [found.message for found in found_in(folder)] == [
        "the directory `deps/a` is empty",
        "the directory `deps/b` is empty",
    ]


def test_without_a_header_it_is_said_at_the_start(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, "deps/a/")
    (folder / "app.wit").write_text("interface api {}\n")
    assert [(found.code, found.span) for found in found_in(folder)] == [
        ("not-a-package", (0, 0)),
        ("missing-package-header", (0, 1)),
    ]


def test_a_dependency_is_not_blamed_for_what_lies_beside_it(tmp_path: Path, wasm_tools: Path) -> None:
    folder = laid_out(tmp_path, "deps/a/\ndeps/b/b.wit") / "deps" / "b"
    assert found_in(folder, "b.wit") == ()
    assert not is_refused(wasm_tools, folder)


def test_a_package_that_is_not_found_says_which_folders_are_not_read(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, "deps/a/a.wit\ndeps/a/deps/b.wit")
    (folder / "app.wit").write_text("package corp:app;\nworld w { import corp:p1/x; }\n")
    (found,) = found_in(folder)
    assert found.code == "unresolved-package"
    assert found.notes[-1] == (
        "`deps/a/deps` is not read: the dependencies of dependencies, too, lie in the package's own `deps`"
    )


def test_looking_for_misplaced_files_ends(tmp_path: Path) -> None:
    """A directory in `deps` may be the start of anything."""
    for number in range(300):
        (tmp_path / "deps" / "a" / str(number)).mkdir(parents=True)
    (tmp_path / "deps" / "a" / "299" / "b.wit").write_text("package corp:b;\n")
    (found,) = found_in(laid_out(tmp_path, ""))
    assert found.message == "the directory `deps/a` holds no `.wit` files"
