import os
from pathlib import Path

from support.components import component_of

from dataflare_lsp.debug.texts import NoText, Texts, file_named
from dataflare_lsp.workspace.uris import uri_of, view_of


def functions(texts: Texts, file: str) -> list[str] | str:
    found = texts.read(file)
    return found.reason if isinstance(found, NoText) else [site.function for site in found.all]


def test_a_file_is_read_with_the_package_that_it_is_of(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_text("package acme:plugin;")
    file = tmp_path / "b.wit"
    file.write_text("interface i { f: func(); }")
    assert functions(Texts(), str(file)) == ["acme:plugin/i#f"]


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "b.wit"
    file.write_text("package a:b; interface i { f: func(); }")
    texts = Texts()
    first = texts.read(str(file))
    assert texts.read(str(file)) is first
    file.write_text("package a:b; interface i { longer: func(); }")
    assert functions(texts, str(file)) == ["a:b/i#longer"]


def test_what_is_no_wit_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken.wasm").write_bytes(b"\0asm\x0d\0\1\0\1")
    texts = Texts()
    names = ["lib.rs", "missing.wit"]
    found = [functions(texts, str(tmp_path / name)) for name in names]
    found.append(functions(texts, view_of(str(tmp_path / "broken.wasm"))))
    found.append(functions(texts, view_of(str(tmp_path / "missing.wasm"))))
    assert found[:2] == [
        "breakpoints stand in `.wit` files, on the functions that the plugin calls or that are called",
        "cannot read this file: it does not exist",
    ]
    assert all(isinstance(reason, str) for reason in found)
    assert texts.files() == ()


def test_a_client_names_files_by_path_or_uri(tmp_path: Path) -> None:
    file = str(tmp_path / "a.wit")
    assert file_named(file, as_uri=False) == file
    assert file_named(uri_of(file), as_uri=True) == file
    assert file_named(uri_of(file), as_uri=False) == file
    assert file_named(os.path.join(str(tmp_path), "x", "..", "a.wit"), as_uri=False) == file
    view = view_of(str(tmp_path / "plugin.wasm"))
    assert file_named(view, as_uri=False) == view


def test_a_component_is_read_as_its_wit(tmp_path: Path, wasm_tools: Path) -> None:
    wit = """
        package acme:plugin;
        interface logging { log: func(message: string); }
        world plugin { import logging; export run: func(); }
    """
    file = tmp_path / "plugin.wasm"
    file.write_bytes(component_of(wasm_tools, wit, "plugin", tmp_path))
    assert functions(Texts(), view_of(str(file))) == ["run", "acme:plugin/logging#log"]
