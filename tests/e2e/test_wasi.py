"""WASI for what real tools have built: the same as with the engine's own host, and within what was granted."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.built_plugins import compiled, plugin
from support.wasi_programs import ALL, Ours, Ran, with_the_engines_host
from support.world import World
from toolchains.tools import ToolMissingError, find

from dataflare_lsp.runtime.border import Failure, Returned
from dataflare_lsp.runtime.host import core
from dataflare_lsp.runtime.host.surroundings import Grants, Preopen
from dataflare_lsp.runtime.host.wasi import Wasi
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.values.types import Case

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="makes links as on POSIX")


@pytest.fixture(scope="session")
def program() -> str:
    """The program of `tests/toolchains/wasi`, compiled."""
    artefact = compiled(plugin("wasi", "program").component).artefact
    assert artefact is not None
    return artefact


def folder_in(place: Path) -> Path:
    """A folder to grant, beside one that is not."""
    (place / "outside").mkdir(parents=True)
    (place / "outside" / "secret").write_text("secret")
    granted = place / "granted"
    granted.mkdir()
    (granted / "given").write_text("given text")
    return granted


def grants(what: str, folder: Path, is_writable: bool = True) -> Grants:
    """Everything, for one of the program's parts."""
    return Grants(
        wasi=ALL,
        filesystem=(Preopen(str(folder), "/data", is_writable),),
        environment=(("HOME", "/home"), ("A", "b=c")),
        arguments=("program", what, "ü"),
    )


class TestPrograms:
    @POSIX
    @pytest.mark.parametrize("what", ["files", "clocks", "environment", "random", "stdio", "unknown"])
    def test_they_do_what_they_do_with_the_engines_host(self, program: str, what: str, tmp_path: Path):
        ours = Ours(program, grants(what, folder_in(tmp_path / "ours"))).main()
        theirs = with_the_engines_host(program, grants(what, folder_in(tmp_path / "theirs")))
        assert ours.stdout.decode() == theirs.stdout.decode()
        assert ours[:3] == theirs[:3]
        assert ours.stdout or what == "unknown"
        assert not list((tmp_path / "ours" / "granted").glob("new*"))

    @POSIX
    def test_neither_lets_them_out(self, program: str, tmp_path: Path):
        def ran(name: str, run) -> Ran:
            folder = folder_in(tmp_path / name)
            for link, target in (
                ("out", "../outside/secret"),
                ("around", "../outside"),
                ("absolute", "/etc/passwd"),
                ("loop", "loop"),
            ):
                (folder / link).symlink_to(target)
            return run(grants("escapes", folder))

        ours = ran("ours", lambda given: Ours(program, given).main())
        assert ours == ran("theirs", lambda given: with_the_engines_host(program, given))
        said = re.findall(r": (.*)", ours.stdout.decode())
        assert set(said) == {"Operation not permitted", "Symbolic link loop", "Capabilities insufficient"}
        assert [path.name for path in (tmp_path / "ours" / "outside").iterdir()] == ["secret"]

    def test_a_folder_that_may_only_be_read(self, program: str, tmp_path: Path):
        ours = Ours(program, grants("read-only", folder_in(tmp_path), is_writable=False))
        ran = ours.main()
        assert (ran.status, ran.stdout) == (0, b"/data/given: 10 bytes, given text\n/data: given (4)\n")
        assert {grant for _, grant in ours.listener.refused} == {
            'capabilities.filesystem: { path = "/data", access = "write" }'
        }

    def test_without_grants_they_run_until_they_ask_for_what_there_is_not(self, program: str):
        def ran(what: str) -> Ran:
            # What the program is to do has to be told it; nothing else is granted.
            return Ours(program, Grants(wasi=frozenset({"cli"}), arguments=("program", what))).main()

        assert ran("stdio").status == 1
        clocks = ran("clocks")
        assert clocks.stdout.decode().splitlines() == [
            "20 ms have passed: 1, and no 20 s: 1",
            "the clock has steps of less than 2 ms: 1",
        ]
        assert clocks.reason == (
            '`wasi:clocks/wall-clock#now` is not granted; the manifest would have to say capabilities.wasi: "clocks"'
        )
        assert ran("files").stdout.decode().splitlines()[0].startswith("/data: ")
        assert Ours(program, Grants(wasi=ALL)).main().status == 1


class TestHostile:
    def test_waiting_ends_with_the_call(self, program: str):
        given = Grants(wasi=ALL, arguments=("program", "sleep"))
        ran = Ours(program, given, CallLimits(seconds=0.3)).main()
        assert ran.status is None
        assert "limit" in ran.reason


class TestPlugins:
    """Plugins of real tools start and work without any grant; what they are known to ask for then stands here."""

    @pytest.mark.parametrize(
        ("language", "name", "expected"),
        [
            (
                "python",
                "good",
                {
                    "wasi:cli/environment#get-arguments",
                    "wasi:cli/environment#get-environment",
                    "wasi:random/random#get-random-bytes",
                },
            ),
            ("javascript", "good", set()),
            ("javascript", "starlingmonkey", {"wasi:clocks/monotonic-clock#now"}),
            (
                "go",
                "good",
                {
                    "wasi:cli/environment#get-arguments",
                    "wasi:cli/environment#get-environment",
                    "wasi:clocks/monotonic-clock#now",
                    "wasi:random/random#get-random-bytes",
                },
            ),
            ("c", "good", set()),
            ("rust", "good", set()),
        ],
    )
    def test_they_need_no_grant(self, language: str, name: str, expected: set[str]):
        artefact = compiled(plugin(language, name).component).artefact
        assert artefact is not None
        ours = Ours(artefact, Grants(), imports=core.interfaces(World(Grants(host=frozenset({"logging"})))))
        record = ("7", 1 << 60, b"From A to z", (("content-type", "text/plain"),))
        for _ in range(3):
            outcome = ours.plugin.call("dataflare:core/data-processor@1.0.0#process", (record,))
            assert outcome == Returned(Case("success", (*record[:2], b"FROM A TO Z", *record[3:])))
        assert ours.listener.refused == []
        assert {name for name in ours.listener.calls if name.startswith("wasi:")} == expected


class Processor:
    """A plugin whose payloads say what it is to do with WASI."""

    def __init__(self, language: str, grants: Grants) -> None:
        artefact = compiled(plugin(language, "uses-wasi").component).artefact
        assert artefact is not None
        logging = core.interfaces(World(Grants(host=frozenset({"logging"}))))
        self._ours = Ours(artefact, grants, imports=logging)
        self.listener = self._ours.listener

    def __call__(self, payload: str) -> str | Failure:
        """What it says. After a failure, there is a new instance."""
        outcome = self._ours.plugin.call(
            "dataflare:core/data-processor@1.0.0#process", (("1", 1, payload.encode(), ()),)
        )
        if isinstance(outcome, Failure):
            self._ours.start()
            return outcome
        (case, (_, _, said, _)) = outcome.value
        assert case == "success"
        return said.decode()


class TestPython:
    """What a plugin in Python does with the standard library."""

    def test_with_everything_granted(self, tmp_path: Path):
        granted = folder_in(tmp_path)
        python = Processor("python", grants("-v", granted))
        assert python("files") == r"['given', 'moved'] 'written\n' 10"
        assert (granted / "moved").read_text() == "written\n"
        assert python("escape") == "PermissionError: [Errno 63] Operation not permitted: '/data/../outside/secret'"
        assert python("environment") == "['program', '-v', 'ü'] /home None"
        assert python("time") == "True True"
        assert python("random") == "5000 True"
        assert python("output") == "'' False"
        assert (python.listener.stdout, python.listener.stderr) == (b"to stdout\n", b"to stderr\n")
        assert python("socket") == "PermissionError: [Errno 2] Permission denied"
        assert {function for function, _ in python.listener.refused} == {
            "wasi:sockets/tcp-create-socket#create-tcp-socket"
        }
        ended = python("exit")
        assert isinstance(ended, Failure)
        assert ended.cause == "exit"

    def test_with_nothing_granted(self):
        python = Processor("python", Grants())
        assert python("files") == "FileNotFoundError: [Errno 44] No such file or directory: '/data/new'"
        assert python("escape") == "FileNotFoundError: [Errno 44] No such file or directory: '/data/../outside/secret'"
        assert python("environment") == "[] None None"
        assert python("output") == "'' False"
        for what, grant in (("random", "random"), ("time", "clocks")):
            denied = python(what)
            assert isinstance(denied, Failure)
            assert denied.cause == "denied"
            assert denied.reason.endswith(f'the manifest would have to say capabilities.wasi: "{grant}"')


class TestJavaScript:
    """What a plugin in JavaScript does with `fetch`."""

    @pytest.fixture
    def port(self) -> Iterator[int]:
        """Where a server is that says what it was sent."""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                said = f"{self.path} {self.headers['x-one']} ".encode() + body
                self.send_response(201)
                self.send_header("content-type", "text/special")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
        server.server_close()

    def test_requests_go_where_it_is_granted(self, port: int):
        javascript = Processor("javascript", Grants(wasi=frozenset({"http"}), network=(f"127.0.0.1:{port}",)))
        assert javascript(f"http://127.0.0.1:{port}/a?b") == "201 text/special /a?b 1 a body"
        failed = "TypeError: NetworkError when attempting to fetch resource"
        assert javascript(f"http://localhost:{port}/") == failed
        assert javascript(f"http://127.0.0.1:{port}/c") == "201 text/special /c 1 a body"
        assert javascript.listener.refused == [
            ("wasi:http/outgoing-handler#handle", f'capabilities.network: "localhost:{port}"')
        ]

    def test_nothing_is_sent_without_the_grant(self, port: int):
        javascript = Processor("javascript", Grants(network=(f"127.0.0.1:{port}",)))
        assert javascript(f"http://127.0.0.1:{port}/") == "TypeError: NetworkError when attempting to fetch resource"
        assert javascript.listener.refused == [("wasi:http/outgoing-handler#handle", 'capabilities.wasi: "http"')]


class TestNames:
    def test_they_are_those_of_wasi(self, tmp_path: Path):
        """Every function of WASI 0.2 that a plugin can import is there, and no other."""
        try:
            tools = find("javascript").folders[0]
        except ToolMissingError as missing:
            pytest.skip(str(missing))
        builtin = tools.parent / "@bytecodealliance/jco/lib/wit/builtin/0.2.12"
        (tmp_path / "deps").mkdir()
        packages = ("io", "clocks", "random", "cli", "filesystem", "sockets", "http")
        for package in packages:
            source = (builtin / f"wasi-{package}" / "package.wit").read_text(encoding="utf-8")
            (tmp_path / "deps" / f"{package}.wit").write_text(source, encoding="utf-8")
        includes = "".join(f"include wasi:{package}/imports@0.2.12; " for package in packages)
        (tmp_path / "world.wit").write_text(f"package a:b; world all {{ {includes} }}")
        command = [sys.executable, "-m", "dataflare_lsp", "wit", "--json", str(tmp_path)]
        resolved = json.loads(subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout)
        expected = {
            f"{resolved['packages'][interface['package']]['name'].partition('@')[0]}/{interface['name']}": set(
                interface["functions"]
            )
            for interface in resolved["interfaces"]
            if interface["name"] not in ("run", "incoming-handler")
        }
        offered = {
            name: {function for function in functions if not function.startswith("[resource-drop]")}
            for name, functions in Wasi(World()).interfaces.items()
        }
        # Not stable yet, and harmless.
        offered["wasi:sockets/network"].remove("network-error-code")
        offered["wasi:http/types"].remove("[method]response-outparam.send-informational")
        assert {name: functions for name, functions in offered.items() if functions} == {
            name: functions for name, functions in expected.items() if functions and name.startswith("wasi:")
        }
