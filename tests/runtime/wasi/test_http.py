"""`wasi:http`: requests to hosts that were granted, sent to a server that stands still for nothing."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from support.world import Plugin

from dataflare_lsp.runtime.host.surroundings import Grants, Trap
from dataflare_lsp.runtime.host.wasi.exchange import MAX_BUFFERED
from dataflare_lsp.runtime.host.wasi.http import MAX_EXCHANGES
from dataflare_lsp.runtime.limits import LimitHit
from dataflare_lsp.values.types import Case

TYPES = "http/types#[method]"
READ = "io/streams#[method]input-stream.blocking-read"
WRITE = "io/streams#[method]output-stream.blocking-write-and-flush"
DONE, NOT_DONE = Case("ok"), Case("err")
GET = Case("get")


class Handler(BaseHTTPRequestHandler):
    """Answers with what it was asked, but for some paths: fewer bytes than it says, far too many, or no answer."""

    protocol_version = "HTTP/1.1"

    def respond(self) -> None:
        if self.path == "/never":
            self.server.never.wait()  # type: ignore[attr-defined]
            return
        if "chunked" in self.headers.get("transfer-encoding", ""):
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
        sent = "; ".join(f"{name}={value}" for name, value in self.headers.items() if name != "Host")
        content = f"{self.command} {self.path} [{sent}] ".encode() + body
        if self.path == "/large":
            content = bytes(3_000_000)
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Content-Length", str(len(content) + (self.path == "/short")))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Location", "http://elsewhere.example/")
        for number in range(9 if self.path == "/headers" else 0):
            self.send_header(f"x-{number}", "x" * 60_000)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""


for method in ("GET", "POST", "PUT", "PURGE", "DELETE"):
    setattr(Handler, f"do_{method}", Handler.respond)


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.never = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.never.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


class Client(Plugin):
    """A plugin that may reach a server by the name `localhost`."""

    def __init__(self, port: int, *network: str, granted: tuple[str, ...] = ("http",)) -> None:
        super().__init__(Grants(wasi=frozenset(granted), network=(f"LocalHost:{port}", *network)))
        self.port = port

    def request(self, path: str | None = "/", *, headers: tuple[tuple[str, bytes], ...] = (), method: Case = GET,
                authority: str | None = None, scheme: str = "HTTP") -> int:  # fmt: skip
        fields = self("http/types#[static]fields.from-list", headers).value
        request = self("http/types#[constructor]outgoing-request", fields)
        assert self(f"{TYPES}outgoing-request.set-method", request, method) == DONE
        assert self(f"{TYPES}outgoing-request.set-scheme", request, Case("some", Case(scheme))) == DONE
        place = Case("some", authority if authority is not None else f"localhost:{self.port}")
        assert self(f"{TYPES}outgoing-request.set-authority", request, place) == DONE
        if path is not None:
            assert self(f"{TYPES}outgoing-request.set-path-with-query", request, Case("some", path)) == DONE
        return request

    def handle(self, request: int, options: int | None = None) -> object:
        """The future of a response, or the error code."""
        given = None if options is None else Case("some", options)
        return self("http/outgoing-handler#handle", request, given).value

    def response(self, future: int) -> object:
        """A response that was waited for, or the error code."""
        self("io/poll#[method]pollable.block", self(f"{TYPES}future-incoming-response.subscribe", future))
        (_, (outer, answer)) = self(f"{TYPES}future-incoming-response.get", future)
        assert outer == "ok"
        assert self(f"{TYPES}future-incoming-response.get", future) == Case("some", NOT_DONE)
        self("http/types#[resource-drop]future-incoming-response", future)
        return answer.value

    def body(self, response: int) -> tuple[bytes, Case]:
        """What is in the body, and what its stream ends with."""
        body = self(f"{TYPES}incoming-response.consume", response).value
        assert self(f"{TYPES}incoming-response.consume", response) == NOT_DONE
        stream = self(f"{TYPES}incoming-body.stream", body).value
        assert self(f"{TYPES}incoming-body.stream", body) == NOT_DONE
        data = b""
        while (answer := self(READ, stream, 1 << 40)).name == "ok":
            data += answer.value
        self("io/streams#[resource-drop]input-stream", stream)
        trailers = self("http/types#[static]incoming-body.finish", body)
        assert self("io/poll#[method]pollable.ready", self(f"{TYPES}future-trailers.subscribe", trailers))
        assert self(f"{TYPES}future-trailers.get", trailers) == Case("some", Case("ok", Case("ok", None)))
        assert self(f"{TYPES}future-trailers.get", trailers) == Case("some", NOT_DONE)
        return data, answer.value

    def get(self, *arguments: object, **named: object) -> str:
        response = self.response(self.handle(self.request(*arguments, **named)))
        return self.body(response)[0].decode()


@pytest.fixture
def client(server: ThreadingHTTPServer) -> Client:
    return Client(server.server_address[1])


class TestRequests:
    def test_a_request_and_its_response(self, client: Client):
        future = client.handle(client.request("/a?b=c", headers=(("X-One", b"1"), ("X-One", "ä".encode("latin-1")))))
        response = client.response(future)
        assert client(f"{TYPES}incoming-response.status", response) == 200
        headers = client(f"{TYPES}incoming-response.headers", response)
        assert client(f"{TYPES}fields.get", headers, "set-cookie") == (b"a=1", b"b=2")
        assert client(f"{TYPES}fields.append", headers, "x", b"y") == Case("err", Case("immutable"))
        assert client.body(response) == ("GET /a?b=c [X-One=1; X-One=ä] ".encode(), Case("closed"))

    def test_methods_and_paths(self, client: Client):
        assert client.get(None).startswith("GET / ")
        assert client.get("?q", method=Case("delete")).startswith("DELETE /?q ")
        assert client.get("/%20//x/../y", method=Case("other", "PURGE")).startswith("PURGE /%20//x/../y ")

    def test_redirects_are_the_plugins_matter(self, client: Client):
        response = client.response(client.handle(client.request("/elsewhere")))
        assert client(f"{TYPES}incoming-response.status", response) == 302

    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_body_that_is_complete_has_a_length(self, client: Client, is_first: bool):
        request = client.request(method=Case("post"))
        future = None if is_first else client(f"{TYPES}outgoing-request.body", request)
        body = (future or client(f"{TYPES}outgoing-request.body", request)).value
        assert client(f"{TYPES}outgoing-request.body", request) == NOT_DONE
        stream = client(f"{TYPES}outgoing-body.write", body).value
        assert client(f"{TYPES}outgoing-body.write", body) == NOT_DONE
        sent = client.handle(request) if is_first else None
        assert client(WRITE, stream, b"some") == client(WRITE, stream, b"thing") == DONE
        client("io/streams#[resource-drop]output-stream", stream)
        assert client("http/types#[static]outgoing-body.finish", body, None) == DONE
        response = client.response(sent or client.handle(request))
        assert client.body(response)[0] == b"POST / [Content-Length=9] something"

    def test_a_large_body_goes_in_chunks_while_it_is_written(self, client: Client):
        request = client.request(method=Case("put"))
        body = client(f"{TYPES}outgoing-request.body", request).value
        stream = client(f"{TYPES}outgoing-body.write", body).value
        sent = client.handle(request)
        total = MAX_BUFFERED * 4 // 4096
        for _ in range(total):
            assert client(WRITE, stream, b"x" * 4096) == DONE
        assert client("http/types#[static]outgoing-body.finish", body, None) == DONE
        data, _ = client.body(client.response(sent))
        assert data == b"PUT / [Transfer-Encoding=chunked] " + b"x" * 4096 * total

    def test_a_length_that_is_said_is_held_to(self, client: Client):
        for written, answer in ((b"abc", DONE), (b"ab", Case("err", Case("HTTP-request-body-size", Case("some", 2))))):
            request = client.request(method=Case("post"), headers=(("content-length", b"3"),))
            body = client(f"{TYPES}outgoing-request.body", request).value
            stream = client(f"{TYPES}outgoing-body.write", body).value
            assert client(WRITE, stream, written) == DONE
            assert client("http/types#[static]outgoing-body.finish", body, None) == answer
            response = client.response(client.handle(request))
            if answer == DONE:
                assert client.body(response)[0] == b"POST / [content-length=3] abc"
            else:
                assert response == answer.value
        request = client.request(method=Case("post"), headers=(("content-length", b"3"),))
        stream = client(f"{TYPES}outgoing-body.write", client(f"{TYPES}outgoing-request.body", request).value).value
        _, (case, error) = client(WRITE, stream, b"abcd")
        assert case == "last-operation-failed"
        assert client("http/types#http-error-code", error).value == Case("HTTP-request-body-size", Case("some", 4))
        assert client.handle(client.request(headers=(("content-length", b"3"),))).name == "HTTP-request-body-size"
        with pytest.raises(Trap, match="content-length"):
            client(f"{TYPES}outgoing-request.body", client.request(headers=(("content-length", b"3, 4"),)))

    def test_a_body_that_is_given_up_ends_the_request(self, client: Client):
        request = client.request(method=Case("post"))
        body = client(f"{TYPES}outgoing-request.body", request).value
        future = client.handle(request)
        client("http/types#[resource-drop]outgoing-body", body)
        assert client.response(future) == Case("HTTP-protocol-error")

    def test_trailers_are_not_sent(self, client: Client):
        request = client.request(method=Case("post"))
        body = client(f"{TYPES}outgoing-request.body", request).value
        trailers = client("http/types#[static]fields.from-list", (("x", b"y"),)).value
        answer = client("http/types#[static]outgoing-body.finish", body, Case("some", trailers))
        assert answer.value == Case("internal-error", Case("some", "this host sends no trailers"))

    def test_a_large_response_is_taken_piece_by_piece(self, client: Client):
        data, end = client.body(client.response(client.handle(client.request("/large"))))
        assert (len(data), end) == (3_000_000, Case("closed"))

    def test_a_response_that_breaks_off_says_so(self, client: Client):
        data, (case, error) = client.body(client.response(client.handle(client.request("/short"))))
        assert data.startswith(b"GET /short")
        assert case == "last-operation-failed"
        assert client("http/types#http-error-code", error) == Case("some", Case("HTTP-response-incomplete"))
        assert client("filesystem/types#filesystem-error-code", error) is None


class TestGrants:
    def test_http_has_to_be_granted(self, server: ThreadingHTTPServer):
        client = Client(server.server_address[1], granted=())
        assert client.response(client.handle(client.request())) == Case("HTTP-request-denied")
        assert client.world.refused == [("wasi:http/outgoing-handler#handle", 'capabilities.wasi: "http"')]

    @pytest.mark.parametrize(
        ("authority", "missing"),
        [
            ("127.0.0.1:{port}", "127.0.0.1:{port}"),
            ("localhost", "localhost:80"),
            ("localhost:{other}", "localhost:{other}"),
            ("[::1]:{port}", "[::1]:{port}"),
            ("localhost.example:{port}", "localhost.example:{port}"),
            ("LOCALHOST.:{port}", "localhost.:{port}"),
        ],
    )
    def test_the_host_and_the_port_have_to_be_granted(self, client: Client, authority: str, missing: str):
        numbers = {"port": client.port, "other": client.port % 65535 + 1}
        future = client.handle(client.request(authority=authority.format(**numbers)))
        assert client.response(future) == Case("HTTP-request-denied")
        assert client.world.refused == [
            ("wasi:http/outgoing-handler#handle", f'capabilities.network: "{missing.format(**numbers)}"')
        ]

    def test_proxies_of_the_environment_are_not_used(self, client: Client, monkeypatch: pytest.MonkeyPatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:1/")
        assert client.get("/x").startswith("GET /x ")

    @pytest.mark.parametrize(
        "authority",
        ["", "user@localhost", "localhost/x", "local host", "localhost:x", "localhost:70000", "a\r\nb", "?", "ä"],
    )
    def test_what_is_no_authority(self, client: Client, authority: str):
        request = client.request()
        answer = client(f"{TYPES}outgoing-request.set-authority", request, Case("some", authority))
        assert answer == NOT_DONE
        assert client(f"{TYPES}outgoing-request.authority", request) == Case("some", f"localhost:{client.port}")

    def test_what_is_no_request(self, client: Client):
        assert client.handle(client.request(method=Case("connect"))) == Case("HTTP-request-method-invalid")
        assert client.handle(client.request("/" + "x" * 8000)) == Case("HTTP-request-URI-too-long")
        request = client.request()
        refused = [
            ("set-method", Case("other", "GET / HTTP/1.1\r\nX:")),
            ("set-path-with-query", Case("some", "/ HTTP/1.1\r\nX: y")),
            ("set-scheme", Case("some", Case("other", "a b"))),
        ]
        for function, value in refused:
            assert client(f"{TYPES}outgoing-request.{function}", request, value) == NOT_DONE
        assert client(f"{TYPES}outgoing-request.set-scheme", request, Case("some", Case("other", "ftp"))) == DONE
        assert client.handle(request) == Case("HTTP-protocol-error")
        assert client(f"{TYPES}outgoing-request.set-authority", client.request(), None) == DONE


class TestFailures:
    def test_nobody_there(self, client: Client):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and nobody listens
            port = taken.getsockname()[1]
            client = Client(port, f"127.0.0.1:{port}")
            future = client.handle(client.request(authority=f"127.0.0.1:{port}"))
            assert client.response(future) == Case("connection-refused")

    def test_a_server_that_says_nothing(self, client: Client):
        options = client("http/types#[constructor]request-options")
        assert client(f"{TYPES}request-options.first-byte-timeout", options) is None
        assert client(f"{TYPES}request-options.set-first-byte-timeout", options, Case("some", 50_000_000)) == DONE
        assert client(f"{TYPES}request-options.first-byte-timeout", options) == Case("some", 50_000_000)
        assert client(f"{TYPES}request-options.set-connect-timeout", options, Case("some", 10**9)) == DONE
        assert client(f"{TYPES}request-options.set-between-bytes-timeout", options, Case("some", 1)) == NOT_DONE
        future = client.handle(client.request("/never"), options)
        assert client(f"{TYPES}future-incoming-response.get", future) is None
        assert client.response(future) == Case("connection-read-timeout")

    def test_a_server_that_does_not_speak_tls(self, client: Client):
        future = client.handle(client.request(scheme="HTTPS"))
        assert client.response(future).name in ("TLS-protocol-error", "connection-terminated")

    def test_too_many_at_a_time(self, client: Client):
        for _ in range(MAX_EXCHANGES):
            client.handle(client.request("/never"))
        assert client.handle(client.request("/never")) == Case("connection-limit-reached")

    @pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
    def test_a_copied_process_is_told_that_the_connection_is_gone(self, client: Client):
        future = client.handle(client.request("/never"))
        large = client.response(client.handle(client.request("/large")))
        body = client(f"{TYPES}incoming-response.consume", large).value
        stream = client(f"{TYPES}incoming-body.stream", body).value
        child = os.fork()
        if child == 0:  # nothing of pytest may run here
            status = 1
            try:
                _, (case, error) = client(READ, stream, 10)
                gone = client("http/types#http-error-code", error).value
                is_told = (
                    client.response(future) == gone == Case("connection-terminated") and case == "last-operation-failed"
                )
                client("io/streams#[resource-drop]input-stream", stream)
                status = 0 if is_told else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert client(READ, stream, 10) == Case("ok", bytes(10))


class TestMemory:
    """What can be large is few."""

    def test_bodies_that_are_never_sent(self, client: Client):
        for _ in range(64):
            client(f"{TYPES}outgoing-request.body", client.request())
        with pytest.raises(LimitHit, match="it holds 64 handles of WASI's `OutgoingRequest` and asks"):
            client.request()

    def test_bodies_that_are_given_up_keep_nothing(self, client: Client):
        request = client.request()
        body = client(f"{TYPES}outgoing-request.body", request).value
        stream = client(f"{TYPES}outgoing-body.write", body).value
        assert client(WRITE, stream, b"x" * 4096) == DONE
        client("http/types#[resource-drop]outgoing-body", body)
        assert client(WRITE, stream, b"x") == Case("err", Case("closed"))

    def test_responses_that_are_not_read(self, client: Client):
        for _ in range(MAX_EXCHANGES):
            assert isinstance(client.response(client.handle(client.request())), int)
        assert client.handle(client.request()) == Case("connection-limit-reached")

    def test_headers_without_an_end(self, client: Client):
        answer = client.response(client.handle(client.request("/headers")))
        assert answer.name == "HTTP-response-header-section-size"

    def test_fields(self):
        plugin = Plugin()
        for _ in range(1000):
            plugin("http/types#[constructor]fields")
        with pytest.raises(LimitHit, match="it holds 1,000 handles of WASI's `Fields`"):
            plugin("http/types#[constructor]fields")


class TestFields:
    def test_names_keep_their_case_and_are_found_without(self):
        plugin = Plugin()
        fields = plugin("http/types#[constructor]fields")
        method = f"{TYPES}fields"
        assert (
            plugin(f"{method}.append", fields, "X-A", b"1") == plugin(f"{method}.append", fields, "x-a", b"2") == DONE
        )
        assert plugin(f"{method}.set", fields, "B", (b"3", b"")) == DONE
        assert plugin(f"{method}.get", fields, "x-A") == (b"1", b"2")
        assert plugin(f"{method}.entries", fields) == (("X-A", b"1"), ("x-a", b"2"), ("B", b"3"), ("B", b""))
        copy = plugin(f"{method}.clone", fields)
        assert plugin(f"{method}.delete", copy, "X-A") == plugin(f"{method}.set", copy, "b", ()) == DONE
        assert plugin(f"{method}.entries", copy) == ()
        assert plugin(f"{method}.has", fields, "b") is True
        assert plugin(f"{method}.has", copy, "b") is plugin(f"{method}.has", copy, "no name") is False

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("a b", b"", "invalid-syntax"),
            ("", b"", "invalid-syntax"),
            ("a", b"x\r\ny: z", "invalid-syntax"),
            ("a", b"\0", "invalid-syntax"),
            ("Host", b"elsewhere", "forbidden"),
            ("transfer-encoding", b"chunked", "forbidden"),
            ("Connection", b"close", "forbidden"),
        ],
    )
    def test_what_may_not_be_set(self, name: str, value: bytes, error: str):
        plugin = Plugin()
        fields = plugin("http/types#[constructor]fields")
        refused = Case("err", Case(error))
        assert plugin(f"{TYPES}fields.append", fields, name, value) == refused
        assert plugin(f"{TYPES}fields.set", fields, name, (value,)) == refused
        assert plugin("http/types#[static]fields.from-list", ((name, value),)) == refused
        if value == b"":
            assert (
                plugin(f"{TYPES}fields.set", fields, name, ())
                == plugin(f"{TYPES}fields.delete", fields, name)
                == refused
            )
        assert plugin(f"{TYPES}fields.entries", fields) == ()

    def test_their_size_is_limited(self):
        plugin = Plugin()
        fields = plugin("http/types#[constructor]fields")
        assert plugin(f"{TYPES}fields.append", fields, "a", bytes([65]) * 65_535) == DONE
        with pytest.raises(Trap, match="more than 65,536 bytes"):
            plugin(f"{TYPES}fields.append", fields, "a", b"x")

    def test_nothing_is_served(self):
        plugin = Plugin()
        with pytest.raises(Trap, match="no requests to respond to"):
            plugin("http/types#[constructor]outgoing-response", plugin("http/types#[constructor]fields"))
