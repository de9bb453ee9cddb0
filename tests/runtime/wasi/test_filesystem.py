"""`wasi:filesystem`: what is granted can be used, and nothing leads out of it."""

import os
import socket
import sys
import threading
from pathlib import Path

import pytest
from support.world import Plugin

from dataflare_lsp.runtime.host.surroundings import Grants, Preopen, Trap
from dataflare_lsp.runtime.host.wasi import contained
from dataflare_lsp.runtime.host.wasi.contained import is_special_on_windows
from dataflare_lsp.runtime.host.wasi.filesystem import MAX_OPEN
from dataflare_lsp.values.types import Case

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs links, pipes and permissions as on POSIX")
FOLLOW = ("symlink-follow",)


class Files(Plugin):
    """A plugin that has been granted one folder."""

    def __init__(self, folder: Path, is_writable: bool = True) -> None:
        super().__init__(
            Grants(wasi=frozenset({"filesystem"}), filesystem=(Preopen(str(folder), "/data", is_writable),))
        )
        ((self.root, name),) = self("filesystem/preopens#get-directories")
        assert name == "/data"

    def at(self, function: str, *arguments: object, root: int | None = None) -> object:
        """Call a method of a descriptor; gives the `ok` value, or the error code with an exclamation mark."""
        handle = self.root if root is None else root
        answer = self(f"filesystem/types#[method]descriptor.{function}", handle, *arguments)
        if isinstance(answer, Case):
            return answer.value if answer.name == "ok" else f"{answer.value}!"
        return answer

    def open(
        self,
        path: str,
        *flags: str,
        how: tuple[str, ...] = (),
        follow: tuple[str, ...] = FOLLOW,
        root: int | None = None,
    ) -> object:
        return self.at("open-at", follow, path, how, flags or ("read",), root=root)

    def read(self, path: str, follow: tuple[str, ...] = FOLLOW) -> object:
        """What is in a file, or the error of opening it."""
        handle = self.open(path, follow=follow)
        if not isinstance(handle, int):
            return handle
        data, is_end = self.at("read", 1000, 0, root=handle)
        assert is_end
        self.drop(handle)
        return data

    def drop(self, handle: int) -> None:
        self("filesystem/types#[resource-drop]descriptor", handle)

    def names(self, root: int | None = None) -> list[object]:
        stream = self.at("read-directory", root=root)
        found = []
        while (
            entry := self("filesystem/types#[method]directory-entry-stream.read-directory-entry", stream).value
        ) is not None:
            found.append(entry.value)
        self("filesystem/types#[resource-drop]directory-entry-stream", stream)
        return found


@pytest.fixture(params=["by descriptor", "by path"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is granted, beside one that is not, on systems of both kinds."""
    if request.param == "by path":
        monkeypatch.setattr(contained, "HAS_DIR_FD", False)
    elif sys.platform == "win32":
        pytest.skip("Windows holds no directories")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    granted = tmp_path / "granted"
    (granted / "sub" / "deep").mkdir(parents=True)
    (granted / "a").write_text("content of a")
    (granted / "sub" / "b").write_text("content of b")
    return granted


class TestFiles:
    def test_reading_at_offsets(self, folder: Path):
        files = Files(folder)
        handle = files.open("a")
        assert files.at("read", 7, 0, root=handle) == (b"content", False)
        assert files.at("read", 100, 8, root=handle) == (b"of a", True)
        assert files.at("read", 100, 50, root=handle) == (b"", True)
        assert files.at("read", 100, 1 << 63, root=handle) == "invalid!"
        assert files.at("get-type", root=handle) == "regular-file"
        assert files.at("get-flags", root=handle) == ("read",)
        assert files.at("write", b"x", 0, root=handle) == "bad-descriptor!"
        assert files.at("set-size", 0, root=handle) == "bad-descriptor!"
        assert (
            files.at("write-via-stream", 0, root=handle)
            == files.at("append-via-stream", root=handle)
            == "bad-descriptor!"
        )
        assert files.at("advise", 0, 0, "sequential", root=handle) is None
        assert files.at("sync", root=handle) is files.at("sync-data", root=handle) is None
        assert files.at("stat-at", (), "a", root=handle) == files.at("read-directory", root=handle) == "not-directory!"

    def test_one_call_reads_so_much_and_no_more(self, folder: Path):
        (folder / "large").write_bytes(bytes(70_000))
        files = Files(folder)
        data, is_end = files.at("read", (1 << 64) - 1, 0, root=files.open("large"))
        assert (len(data), is_end) == (65_536, False)

    def test_streams_go_their_own_ways_and_outlive_the_descriptor(self, folder: Path):
        files = Files(folder)
        handle = files.open("a")
        first, second = files.at("read-via-stream", 0, root=handle), files.at("read-via-stream", 8, root=handle)
        files.drop(handle)
        read = "io/streams#[method]input-stream.blocking-read"
        assert files(read, first, 7) == Case("ok", b"content")
        assert files(read, second, 100) == Case("ok", b"of a")
        assert files(read, first, 5) == Case("ok", b" of a")
        assert files(read, first, 0) == Case("ok", b"")
        assert files(read, first, 1) == Case("err", Case("closed"))

    @POSIX
    def test_a_copied_process_reads_and_writes_on_where_it_was(self, folder: Path):
        files = Files(folder)
        handle = files.open("a", "read", "write")
        reading, writing = files.at("read-via-stream", 0, root=handle), files.at("write-via-stream", 0, root=handle)
        read, write = "io/streams#[method]input-stream.read", "io/streams#[method]output-stream.write"
        assert files(read, reading, 8) == Case("ok", b"content ")
        assert files(write, writing, b"CO") == Case("ok")
        child = os.fork()
        if child == 0:  # nothing of pytest may run here
            status = 1
            try:
                is_there = files(read, reading, 2) == Case("ok", b"of") and files(write, writing, b"NT") == Case("ok")
                status = 0 if is_there and files.names()[0] == ("regular-file", "a") else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert files(read, reading, 2) == Case("ok", b"of")
        assert files(write, writing, b"..") == Case("ok")
        assert files.read("a") == b"CO..ent of a"
        assert files.names()[0] == ("regular-file", "a")

    def test_writing(self, folder: Path):
        files = Files(folder)
        handle = files.open("new", "read", "write", how=("create", "exclusive"))
        assert files.at("get-flags", root=handle) == ("read", "write")
        assert files.at("write", b"0123456789", 0, root=handle) == 10
        assert files.at("write", b"xy", 12, root=handle) == 2
        stream, end = files.at("write-via-stream", 3, root=handle), files.at("append-via-stream", root=handle)
        write = "io/streams#[method]output-stream.blocking-write-and-flush"
        assert files(write, stream, b"ab") == files(write, stream, b"c") == files(write, end, b"!") == Case("ok")
        assert files.at("read", 100, 0, root=handle) == (b"012abc6789\0\0xy!", True)
        assert files.at("set-size", 4, root=handle) is None
        files.drop(handle)
        assert (folder / "new").read_bytes() == b"012a"
        assert files.open("new", "write", how=("create", "exclusive")) == "exist!"
        assert files.at("stat", root=files.open("new", "write", how=("truncate",)))[2] == 0

    @POSIX
    def test_a_stream_tells_why_it_failed(self, folder: Path):
        files = Files(folder)
        stream = files.at("write-via-stream", (1 << 63) - 1, root=files.open("a", "write"))
        name, (case, error) = files("io/streams#[method]output-stream.write", stream, b"xx")
        assert (name, case) == ("err", "last-operation-failed")
        assert files("filesystem/types#filesystem-error-code", error) in (
            Case("some", "invalid"),
            Case("some", "file-too-large"),
        )
        assert files("io/error#[method]error.to-debug-string", error)

    def test_status(self, folder: Path):
        files = Files(folder)
        status = os.stat(folder / "a")
        kind, links, size, _, modified, _ = files.at("stat-at", (), "a")
        assert (kind, links, size) == ("regular-file", 1, 12)
        assert modified == Case("some", divmod(status.st_mtime_ns, 10**9))
        assert files.at("stat", root=files.open("a"))[2] == 12
        assert files.at("stat")[0] == files.at("stat-at", (), ".")[0] == files.at("get-type") == "directory"
        assert files.at("get-flags") == ("read", "mutate-directory")
        assert Files(folder, is_writable=False).at("get-flags") == ("read",)

    def test_times(self, folder: Path):
        files = Files(folder)
        set_to = ("timestamp", (1_000, 5)), ("no-change", None)
        before = os.stat(folder / "a")
        assert files.at("set-times-at", (), "a", *set_to) is None
        assert os.stat(folder / "a").st_atime_ns == 1_000 * 10**9 + 5
        assert os.stat(folder / "a").st_mtime_ns == before.st_mtime_ns
        assert files.at("set-times", ("no-change", None), ("now", None), root=files.open("a", "write")) is None
        assert os.stat(folder / "a").st_mtime_ns == files.world.now()
        assert files.at("set-times", *set_to) is None
        assert os.stat(folder).st_atime_ns == 1_000 * 10**9 + 5
        assert files.at("set-times-at", (), "a", ("timestamp", (1, 10**9)), ("now", None)) == "invalid!"
        assert files.at("set-times-at", (), "a", ("timestamp", (1 << 63, 0)), ("now", None)) == "invalid!"

    def test_objects(self, folder: Path):
        files = Files(folder)
        first, second, other = files.open("a"), files.open("./sub/../a"), files.open("sub/b")
        assert files.at("is-same-object", second, root=first) is True
        assert files.at("is-same-object", other, root=first) is False
        assert files.at("metadata-hash", root=first) == files.at("metadata-hash-at", (), "a")
        assert files.at("metadata-hash", root=first) != files.at("metadata-hash", root=other)


class TestDirectories:
    def test_listing(self, folder: Path):
        files = Files(folder)
        assert files.names() == [("regular-file", "a"), ("directory", "sub")]
        assert files.names(files.open("sub", how=("directory",))) == [("regular-file", "b"), ("directory", "deep")]

    def test_making_and_removing(self, folder: Path):
        files = Files(folder)
        assert files.at("create-directory-at", "new") is files.at("create-directory-at", "new/inner/") is None
        assert files.at("create-directory-at", "new") == "exist!"
        assert files.at("remove-directory-at", "new") == "not-empty!"
        assert files.at("unlink-file-at", "new") == "is-directory!"
        assert files.at("remove-directory-at", "new/inner") is files.at("remove-directory-at", "new") is None
        assert files.at("remove-directory-at", "a") == "not-directory!"
        assert files.at("unlink-file-at", "a/") == "not-directory!"
        assert files.at("unlink-file-at", "a") is None
        assert files.at("unlink-file-at", "a") == "no-entry!"
        assert os.listdir(folder) == ["sub"]

    def test_moving(self, folder: Path):
        files = Files(folder)
        sub = files.open("sub", how=("directory",))
        assert files.at("rename-at", "a", sub, "c") is None
        assert (folder / "sub" / "c").read_text() == "content of a"
        assert files.at("rename-at", "sub/c", files.root, "d/") == "not-directory!"
        assert files.at("rename-at", "../outside/secret", files.root, "e") == "not-permitted!"
        assert files.at("rename-at", "sub/c", files.root, "../outside/secret") == "not-permitted!"

    @POSIX
    def test_links(self, folder: Path):
        files = Files(folder)
        assert files.at("symlink-at", "sub/b", "link") is None
        assert files.at("readlink-at", "link") == "sub/b"
        assert files.at("readlink-at", "a") == "invalid!"
        assert files.at("stat-at", (), "link")[0] == "symbolic-link"
        assert files.at("stat-at", FOLLOW, "link")[0] == "regular-file"
        assert files.read("link") == b"content of b"
        assert files.read("link", follow=()) == "loop!"
        assert files.at("link-at", (), "a", files.root, "sub/hard") is None
        assert files.read("sub/hard") == b"content of a"
        assert files.at("link-at", (), "sub", files.root, "hard") == "not-permitted!"
        assert files.at("link-at", FOLLOW, "a", files.root, "hard") == "invalid!"
        assert files.at("unlink-file-at", "link") is None
        assert (folder / "sub" / "b").exists()

    def test_paths_of_all_shapes(self, folder: Path):
        files = Files(folder)
        for path in ("a", "./a", ".//a", "sub/../a", "sub/deep/../../a", "sub/./deep/.././../a"):
            assert files.read(path) == b"content of a"
        assert files.open("") == "no-entry!"
        assert files.open("missing") == files.open("missing/a") == "no-entry!"
        assert files.open("a/") == files.open("a/.") == files.open("a/x") == files.open("a/..") == "not-directory!"
        assert files.open("a", how=("directory",)) == "not-directory!"
        assert files.open("sub", "read", "write") == files.open("sub", how=("create",)) == "is-directory!"
        assert files.open("x", how=("create", "directory")) == "invalid!"
        assert files.open("x" * 300) == files.open("x/" * 3000) == "name-too-long!"
        assert files.open("a\0b") == "invalid!"


class TestContainment:
    @pytest.mark.parametrize(
        "path", ["..", "../outside/secret", "sub/../../outside/secret", "sub/deep/../../../outside/secret", "./.."]
    )
    def test_nothing_is_above(self, folder: Path, path: str):
        assert Files(folder).read(path) == "not-permitted!"

    def test_absolute_paths_are_refused(self, folder: Path):
        files = Files(folder)
        secret = (folder.parent / "outside" / "secret").as_posix()
        assert files.read(secret) in ("not-permitted!", "invalid!")
        assert files.read("/a") == "not-permitted!"

    def test_a_directory_is_a_border_for_what_was_opened_from_it(self, folder: Path):
        files = Files(folder)
        sub = files.open("sub", how=("directory",))
        assert files.open("../a", root=sub) == "not-permitted!"

    @POSIX
    @pytest.mark.parametrize(
        ("target", "link"),
        [
            ("../outside/secret", "link"),
            ("../outside", "link/secret"),
            ("../../outside/secret", "sub/link"),
            ("deep/../../../outside", "sub/link/secret"),
            ("/etc/passwd", "link"),
            ("/", "link/etc/passwd"),
        ],
    )
    def test_links_do_not_lead_out(self, folder: Path, target: str, link: str):
        files = Files(folder)
        (folder / link.split("link", maxsplit=1)[0] / "link").symlink_to(target)
        assert files.read(link) == "not-permitted!"
        assert files.at("stat-at", FOLLOW, link) == "not-permitted!"
        assert files.at("metadata-hash-at", FOLLOW, link) == "not-permitted!"
        assert files.at("set-times-at", FOLLOW, link, ("now", None), ("now", None)) == "not-permitted!"
        assert (
            files.open(link, "write", how=("create",))
            == files.open(link, "write", how=("truncate",))
            == "not-permitted!"
        )
        if "/" in link.removeprefix("sub/"):
            for function in ("create-directory-at", "remove-directory-at", "unlink-file-at", "readlink-at"):
                assert files.at(function, link) == "not-permitted!"
            assert (
                files.at("symlink-at", "x", link) == files.at("link-at", (), "a", files.root, link) == "not-permitted!"
            )
            assert (
                files.at("rename-at", "a", files.root, link)
                == files.at("rename-at", link, files.root, "x")
                == "not-permitted!"
            )
        assert (folder.parent / "outside" / "secret").read_text() == "secret"

    @POSIX
    def test_what_a_link_says_is_not_told_where_it_is_absolute(self, folder: Path):
        (folder / "link").symlink_to("/etc/passwd")
        files = Files(folder)
        assert files.at("readlink-at", "link") == "not-permitted!"
        assert files.at("symlink-at", "/etc/passwd", "other") == "not-permitted!"

    @POSIX
    def test_creating_through_a_link_that_leads_nowhere_stays_inside(self, folder: Path):
        files = Files(folder)
        (folder / "inside").symlink_to("sub/new")
        (folder / "outside").symlink_to("../outside/new")
        assert isinstance(files.open("inside", "write", how=("create",)), int)
        assert files.open("outside", "write", how=("create",)) == "not-permitted!"
        assert files.open("inside", "write", how=("create", "exclusive")) == "exist!"
        assert (folder / "sub" / "new").exists()
        assert os.listdir(folder.parent / "outside") == ["secret"]

    @POSIX
    def test_circles_of_links_end(self, folder: Path):
        (folder / "x").symlink_to("y")
        (folder / "y").symlink_to("x/y")
        (folder / "wide").symlink_to("/".join(["sub/.."] * 500 + ["wide"]))
        files = Files(folder)
        assert files.read("x") == files.read("y/a") == files.read("wide") == "loop!"

    @POSIX
    def test_a_folder_that_turns_into_a_link_meanwhile_leads_nowhere(self, tmp_path: Path):
        """Somebody swaps a folder for a link to the outside all the time; the plugin never gets there."""
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "file").write_text("secret")
        granted = tmp_path / "granted"
        (granted / "real").mkdir(parents=True)
        (granted / "real" / "file").write_text("public")
        (granted / "link").symlink_to("../outside")
        files, is_over, swaps = Files(granted), threading.Event(), [0]

        def swap() -> None:
            while not is_over.is_set():
                for name in ("real", "link"):
                    os.rename(granted / name, granted / "seen")
                    swaps[0] += 1
                    os.rename(granted / "seen", granted / name)

        thread = threading.Thread(target=swap)
        thread.start()
        found = set()
        try:
            for _ in range(1_000_000):
                found.add(files.read("seen/file"))
                handle = files.open("seen/new", "write", how=("create",))
                if isinstance(handle, int):
                    files.drop(handle)
                if swaps[0] > 5000 and {b"public", "not-permitted!"} <= found:
                    break
        finally:
            is_over.set()
            thread.join()
        assert (
            {b"public", "not-permitted!"}
            <= found
            <= {b"public", "not-permitted!", "no-entry!", "not-directory!", "loop!"}
        )
        assert os.listdir(tmp_path / "outside") == ["file"]

    @pytest.mark.parametrize(
        "name",
        ["a\\b", "..\\outside", "C:", "a:stream", "CON", "nul.txt", "com1", "LPT9.log", "a.", "a ", "a?", "con .x"],
    )
    def test_names_that_are_special_on_windows(self, name: str):
        assert is_special_on_windows(name.encode())

    @pytest.mark.parametrize("name", ["a", "a.b", "console", "com", "com10", ".", "..", ".git", "ä"])
    def test_names_that_are_not(self, name: str):
        assert not is_special_on_windows(name.encode())


class TestReadOnly:
    def test_nothing_changes(self, folder: Path):
        files = Files(folder, is_writable=False)
        before = sorted(str(path) for path in folder.rglob("*"))
        assert files.read("a") == b"content of a"
        now = ("now", None), ("now", None)
        for function, *arguments in (
            ("create-directory-at", "new"),
            ("remove-directory-at", "sub/deep"),
            ("unlink-file-at", "a"),
            ("symlink-at", "a", "link"),
            ("link-at", (), "a", files.root, "hard"),
            ("rename-at", "a", files.root, "c"),
            ("set-times-at", (), "a", *now),
            ("set-times", *now),
            ("open-at", (), "a", (), ("write",)),
            ("open-at", (), "a", ("truncate",), ("read",)),
            ("open-at", (), "new", ("create",), ("read",)),
            ("open-at", (), "sub", ("directory",), ("read", "mutate-directory")),
        ):
            files.world.refused.clear()
            assert files.at(function, *arguments) == "read-only!"
            assert files.world.refused == [
                (
                    f"wasi:filesystem/types#[method]descriptor.{function}",
                    'capabilities.filesystem: { path = "/data", access = "write" }',
                )
            ]
        handle = files.open("a")
        assert files.at("set-times", *now, root=handle) == "read-only!"
        assert files.at("set-size", 0, root=handle) == files.at("write", b"x", 0, root=handle) == "bad-descriptor!"
        sub = files.open("sub", how=("directory",))
        assert files.at("unlink-file-at", "b", root=sub) == "read-only!"
        assert sorted(str(path) for path in folder.rglob("*")) == before
        assert (folder / "a").read_text() == "content of a"

    def test_nothing_gets_writable_by_another_folder(self, folder: Path, tmp_path: Path):
        (tmp_path / "writable").mkdir()
        preopens = (Preopen(str(folder), "/r", False), Preopen(str(tmp_path / "writable"), "/w", True))
        plugin = Plugin(Grants(wasi=frozenset({"filesystem"}), filesystem=preopens))
        (read_only, _), (writable, _) = plugin("filesystem/preopens#get-directories")
        method = "filesystem/types#[method]descriptor"
        refused = Case("err", "read-only")
        assert plugin(f"{method}.link-at", read_only, (), "a", writable, "a") == refused
        assert plugin(f"{method}.rename-at", read_only, "a", writable, "a") == refused
        assert plugin(f"{method}.rename-at", writable, "x", read_only, "x") == refused


class TestSpecialFiles:
    @POSIX
    @pytest.mark.parametrize("flags", [("read",), ("write",), ("read", "write")])
    def test_pipes_and_sockets_are_not_waited_for(
        self, folder: Path, flags: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ):
        os.mkfifo(folder / "pipe")
        monkeypatch.chdir(folder)  # paths of sockets are short
        server = socket.socket(socket.AF_UNIX)
        server.bind("socket")
        server.close()
        files = Files(folder)
        assert files.open("pipe", *flags) == files.open("socket", *flags) == "unsupported!"
        assert (
            files.open("pipe", "write", how=("create",))
            == files.open("pipe", "write", how=("truncate",))
            == "unsupported!"
        )
        assert ("fifo", "pipe") in files.names()
        assert files.at("stat-at", (), "pipe")[0] == "fifo"

    @POSIX
    def test_a_pipe_that_takes_a_files_place_meanwhile_is_not_waited_for(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ):
        files = Files(folder)
        real = os.open

        def late(path: object, *arguments: object, **named: object) -> int:
            if path == b"a" or str(path).endswith("/a'"):
                os.unlink(folder / "a")
                os.mkfifo(folder / "a")
            return real(path, *arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "open", late)
        assert files.open("a") == "unsupported!"


class TestGrants:
    def test_without_the_grant_there_are_no_folders(self, folder: Path):
        plugin = Plugin(Grants(filesystem=(Preopen(str(folder), "/data", True),)))
        assert plugin("filesystem/preopens#get-directories") == ()
        assert plugin.world.refused == [("wasi:filesystem/preopens#get-directories", 'capabilities.wasi: "filesystem"')]
        plugin = Plugin()
        assert plugin("filesystem/preopens#get-directories") == ()
        assert plugin.world.refused == []

    def test_a_folder_that_is_not_there(self, folder: Path):
        with pytest.raises(Trap, match="`/data`, which was granted, cannot be opened: No such file"):
            Files(folder / "missing")

    @POSIX
    def test_a_folder_that_has_become_a_link(self, folder: Path, tmp_path: Path):
        """A plugin that may write beside a folder could make it lead anywhere, and ask for it again."""
        preopens = (Preopen(str(folder), ".", True), Preopen(str(folder / "sub"), "sub", True))
        plugin = Plugin(Grants(wasi=frozenset({"filesystem"}), filesystem=preopens))
        (root, _), _ = plugin("filesystem/preopens#get-directories")
        method = "filesystem/types#[method]descriptor"
        assert plugin(f"{method}.rename-at", root, "sub", root, "before") == Case("ok")
        assert plugin(f"{method}.symlink-at", root, "../outside", "sub") == Case("ok")
        with pytest.raises(Trap, match="`sub`, which was granted, cannot be opened: Too many levels of symbolic links"):
            plugin("filesystem/preopens#get-directories")

    @pytest.mark.parametrize("is_writable", [True, False])
    def test_a_file_that_is_granted_is_alone_in_its_folder(self, folder: Path, is_writable: bool):
        (folder / "c").write_text("content of c")
        file = Preopen(str(folder / "a"), "some/a", is_writable)
        files = Files.__new__(Files)
        Plugin.__init__(files, Grants(wasi=frozenset({"filesystem"}), filesystem=(file,)))
        ((files.root, name),) = files("filesystem/preopens#get-directories")
        assert name == "some"
        assert files.read("a") == b"content of a"
        assert files.names() == [("regular-file", "a")]
        for path in ("c", "sub", "sub/b", "./c", ".", "sub/../c", "a/../c"):
            assert files.read(path) in ("access!", "not-directory!")
            assert files.at("stat-at", (), path) in ("access!", "not-directory!")
        assert files.read("..") == "not-permitted!"
        assert isinstance(files.open("a", "write"), int) == is_writable
        if is_writable:
            assert files.open("new", "write", how=("create",)) == "access!"
            assert files.at("rename-at", "a", files.root, "d") == files.at("unlink-file-at", "c") == "access!"
            assert files.at("create-directory-at", "d") == files.at("symlink-at", "c", "d") == "access!"
            assert files.at("set-times", ("now", None), ("now", None)) == "access!"
            assert files.at("set-times-at", (), ".", ("now", None), ("now", None)) == "access!"
        assert sorted(os.listdir(folder)) == ["a", "c", "sub"]

    def test_open_files_are_limited(self, folder: Path):
        files = Files(folder)
        handles = [files.open("a") for _ in range(MAX_OPEN - 1)]
        assert files.open("a") == "insufficient-memory!"
        stream = files.at("read-via-stream", 0, root=handles[0])
        files.drop(handles[0])
        assert files.open("a") == "insufficient-memory!"  # the stream has it still
        files("io/streams#[resource-drop]input-stream", stream)
        assert isinstance(files.open("a"), int)

    @POSIX
    def test_nothing_stays_open(self, folder: Path):
        before = len(os.listdir("/dev/fd"))
        files = Files(folder)
        (folder / "link").symlink_to("sub/deep/../b")
        for path in ("a", "link", "sub/deep/..", "missing", "sub/missing/x", "..", "a/b"):
            handle = files.open(path)
            if isinstance(handle, int):
                files.at("stat", root=handle)
                files.drop(handle)
        files.names()
        files.at("read-via-stream", 0, root=files.open("a"))
        files.wasi.begin()
        assert len(os.listdir("/dev/fd")) == before
