"""URIs and paths, on each kind of system."""

import os

import pytest

from dataflare_lsp.workspace.uris import Spellings, file_of, is_on_disk, uri_of, view_of, viewed

POSIX = [
    ("file:///work/a.wit", "/work/a.wit"),
    ("file:///work/with%20blank/%C3%A9.wit", "/work/with blank/é.wit"),
    ("file:///c%3A/a.wit", "/c:/a.wit"),
    ("file:///%FF.wit", "/\udcff.wit"),
]
WINDOWS = [
    ("file:///C:/work/a.wit", "C:\\work\\a.wit"),
    ("file://server/share/a.wit", "\\\\server\\share\\a.wit"),
    ("file:///C:/with%20blank/%C3%A9.wit", "C:\\with blank\\é.wit"),
]


@pytest.mark.parametrize(("uri", "path"), POSIX)
def test_posix(uri: str, path: str) -> None:
    assert file_of(uri, windows=False) == path
    assert file_of(uri_of(path, windows=False), windows=False) == path


@pytest.mark.parametrize(("uri", "path"), WINDOWS)
def test_windows(uri: str, path: str) -> None:
    assert file_of(uri, windows=True) == path
    assert uri_of(path, windows=True) == uri


@pytest.mark.parametrize("uri", ["file:///c%3A/work/a.wit", "FILE:///C:/work/./x/../a.wit", "file:///c|/work/a.wit"])
def test_spellings_of_a_windows_path_are_one_file(uri: str) -> None:
    assert file_of(uri, windows=True) == "C:\\work\\a.wit"


@pytest.mark.parametrize("uri", ["file:///work/./a.wit", "file://localhost/work/a.wit", "file:/work/x/../a.wit"])
def test_spellings_of_a_path_are_one_file(uri: str) -> None:
    assert file_of(uri, windows=False) == "/work/a.wit"


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "git:/work/a.wit?ref", "", "nonsense", "file:relative", "file:///nul%00.wit", ":"]
)
def test_what_is_on_no_disk_names_itself(uri: str) -> None:
    file = file_of(uri, windows=False)
    assert file == uri
    assert uri_of(file, windows=False) == uri
    assert not is_on_disk(file, windows=False)


def test_a_path_with_signs_of_uris_comes_back() -> None:
    path = "/work/a b#c?d%41&é😀[1].wit"
    assert file_of(uri_of(path, windows=False), windows=False) == path
    assert "#" not in uri_of(path, windows=False)


def test_a_lone_surrogate_breaks_nothing() -> None:
    assert uri_of("/work/\ud800.wit", windows=False) == "file:///work/%ED%A0%80.wit"
    assert file_of("file:///work/\ud800.wit", windows=False) == "/work/\ud800.wit"


def test_files_are_spelled_as_the_client_spells_them() -> None:
    spellings = Spellings()
    assert spellings.learn("file:///work/My%20Folder/%61%2D1") == "/work/My Folder/a-1"
    assert spellings.learn("file:///work/%78.wit") == "/work/x.wit"
    assert spellings.uri("/work/x.wit") == "file:///work/%78.wit"
    assert spellings.uri("/work/My Folder/a-1/deps/b c.wit") == "file:///work/My%20Folder/%61%2D1/deps/b%20c.wit"
    assert spellings.uri("/other/y.wit") == "file:///other/y.wit"
    assert spellings.uri("untitled:z") == "untitled:z"


@pytest.mark.skipif(os.name != "posix", reason="paths as POSIX has them")
@pytest.mark.parametrize("file", ["/a/x.wasm", "/a b/ü%.wat", "/a/x.wit.wasm"])
def test_a_document_that_shows_a_binary_leads_back_to_it(file: str) -> None:
    assert view_of(file).startswith("dataflare-wit:///")
    assert viewed(view_of(file)) == file
    assert viewed(view_of(file).replace("///", "/", 1)) == file  # as some editors write it


def test_other_documents_show_no_binary() -> None:
    for uri in ("file:///a/x.wasm", "dataflare-wit:///a/x.wasm", "dataflare-wit:x.wasm.wit", "untitled:a.wit"):
        assert viewed(uri) is None
