"""`wasi:http`: requests to the hosts that were granted. Plugins serve none, so nothing comes in but responses."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from dataflare_lsp.runtime.host.surroundings import Interface, Trap
from dataflare_lsp.runtime.host.wasi.clocks import SECOND
from dataflare_lsp.runtime.host.wasi.exchange import (
    DEFAULT_CONNECT_TIMEOUT,
    DEFAULT_READ_TIMEOUT,
    Exchange,
    HttpFailed,
    Pipe,
    Receiving,
    Refused,
    Request,
    Response,
    Sending,
    failure,
)
from dataflare_lsp.runtime.host.wasi.fields import Fields, fields_from_list, is_token
from dataflare_lsp.runtime.host.wasi.host import Host, Refusal, Resource, fallible, grant_of, some
from dataflare_lsp.runtime.host.wasi.io import Error, Failed, InputStream, OutputStream, Pollable
from dataflare_lsp.values.types import Case, Value

MAX_EXCHANGES: Final = 16
"""Requests that a plugin may have under way at a time."""

MAX_TARGET: Final = 8000
"""Characters of a path with its query."""

_HANDLE: Final = "wasi:http/outgoing-handler#handle"
_METHODS: Final = frozenset({"get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"})
_TARGET: Final = re.compile(r"[!-~]*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_DONE: Final = Case("ok")
_NOT_DONE: Final = Case("err")


class OutgoingBody(Resource):
    """`outgoing-body`."""

    most = 64

    def __init__(self, host: Host, pipe: Pipe, length: int | None) -> None:
        self._host = host
        self.sink: Final = Sending(pipe, length)
        self._is_taken = False

    def write(self) -> Value:
        if self._is_taken:
            return _NOT_DONE
        self._is_taken = True
        return Case("ok", self._host.add(OutputStream(self._host, self.sink)))

    def dropped(self) -> None:
        self.sink.give_up(failure("HTTP-protocol-error", None, "the body was given up before it was complete"))


class OutgoingRequest(Resource):
    """`outgoing-request`."""

    most = 64

    def __init__(self, host: Host, headers: Fields) -> None:
        self._host = host
        self._headers: Final = Fields(host, headers.items, is_immutable=True)
        self._method: tuple[str, Value] = Case("get")
        self._target: str | None = None
        self._scheme: tuple[str, Value] | None = None
        self._authority: str | None = None
        self.pipe: Pipe | None = None

    def body(self) -> Value:
        if self.pipe is not None:
            return _NOT_DONE
        self.pipe = Pipe()
        return Case("ok", self._host.add(OutgoingBody(self._host, self.pipe, self._length())))

    def method(self) -> Value:
        return self._method

    def set_method(self, method: tuple[str, Value]) -> Value:
        if method[0] == "other" and not is_token(str(method[1])):
            return _NOT_DONE
        self._method = method
        return _DONE

    def path_with_query(self) -> Value:
        return None if self._target is None else some(self._target)

    def set_path_with_query(self, target: tuple[str, str] | None) -> Value:
        if target is not None and _TARGET.fullmatch(target[1]) is None:
            return _NOT_DONE
        self._target = None if target is None else target[1]
        return _DONE

    def scheme(self) -> Value:
        return None if self._scheme is None else some(self._scheme)

    def set_scheme(self, scheme: tuple[str, tuple[str, Value]] | None) -> Value:
        if scheme is not None and scheme[1][0] == "other" and _SCHEME.fullmatch(str(scheme[1][1])) is None:
            return _NOT_DONE
        self._scheme = None if scheme is None else scheme[1]
        return _DONE

    def authority(self) -> Value:
        return None if self._authority is None else some(self._authority)

    def set_authority(self, authority: tuple[str, str] | None) -> Value:
        if authority is not None and _host_and_port(authority[1], 0) is None:
            return _NOT_DONE
        self._authority = None if authority is None else authority[1]
        return _DONE

    def headers(self) -> int:
        return self._host.add(Fields(self._host, self._headers.items, is_immutable=True))

    def _length(self) -> int | None:
        """What the headers say of the body. Raises `Trap` for what is no number: it could mean anything."""
        values = self._headers.get("content-length")
        if not values:
            return None
        if len(values) > 1 or not values[0].isdigit():
            raise Trap("the header `content-length` of a request has to be one number")
        return int(values[0])

    def _request(self, options: "RequestOptions") -> Request:
        """What is to be sent. Raises `Refusal` where that is no request over HTTP."""
        scheme = "HTTPS" if self._scheme is None else self._scheme[0]
        if scheme not in ("HTTP", "HTTPS"):
            raise Refusal(Case("HTTP-protocol-error"))
        place = _host_and_port(self._authority or "", 443 if scheme == "HTTPS" else 80)
        if place is None:
            raise Refusal(Case("HTTP-request-URI-invalid"))
        method = self._method[0].upper() if self._method[0] in _METHODS else str(self._method[1])
        if method.upper() == "CONNECT":
            raise Refusal(Case("HTTP-request-method-invalid"))
        target = self._target or "/"
        if self.pipe is None and self._length():
            raise Refusal(Case("HTTP-request-body-size", some(0)))
        if len(target) > MAX_TARGET:
            raise Refusal(Case("HTTP-request-URI-too-long"))
        return Request(
            method,
            scheme == "HTTPS",
            *place,
            target if target.startswith("/") else f"/{target}",
            tuple(self._headers.items),
            *options.timeouts,
        )


class RequestOptions(Resource):
    """`request-options`. Time between bytes cannot be limited by itself, as WASI allows."""

    def __init__(self) -> None:
        self._connect: int | None = None
        self._first_byte: int | None = None

    @property
    def timeouts(self) -> tuple[float, float]:
        """Seconds for connecting, and for waiting for bytes."""
        return (
            DEFAULT_CONNECT_TIMEOUT if self._connect is None else self._connect / SECOND,
            DEFAULT_READ_TIMEOUT if self._first_byte is None else self._first_byte / SECOND,
        )

    def connect_timeout(self) -> Value:
        return None if self._connect is None else some(self._connect)

    def set_connect_timeout(self, duration: tuple[str, int] | None) -> Value:
        self._connect = None if duration is None else _duration(duration[1])
        return _DONE

    def first_byte_timeout(self) -> Value:
        return None if self._first_byte is None else some(self._first_byte)

    def set_first_byte_timeout(self, duration: tuple[str, int] | None) -> Value:
        self._first_byte = None if duration is None else _duration(duration[1])
        return _DONE

    def between_bytes_timeout(self) -> Value:
        return None

    def set_between_bytes_timeout(self, duration: tuple[str, int] | None) -> Value:
        return _DONE if duration is None else _NOT_DONE


class FutureIncomingResponse(Resource):
    """`future-incoming-response`."""

    def __init__(self, host: Host, exchange: Exchange | Refused) -> None:
        self._host = host
        self._exchange: Final = exchange
        self._is_taken = False

    def subscribe(self) -> int:
        return self._host.add(Pollable(self._host, self._exchange.wait))

    def get(self) -> Value:
        answer = self._exchange.answer()
        if answer is None:
            return None
        if self._is_taken:
            return some(_NOT_DONE)
        self._is_taken = True
        if isinstance(answer, HttpFailed):
            return some(Case("ok", Case("err", answer.code)))
        return some(Case("ok", Case("ok", self._host.add(IncomingResponse(self._host, answer)))))

    def dropped(self) -> None:
        if not self._is_taken:
            self._exchange.close()


class IncomingResponse(Resource):
    """`incoming-response`."""

    most = 64

    def __init__(self, host: Host, response: Response) -> None:
        self._host = host
        self._response: Final = response
        self._is_consumed = False

    def status(self) -> int:
        return self._response.status

    def headers(self) -> int:
        return self._host.add(Fields(self._host, self._response.headers, is_immutable=True))

    def consume(self) -> Value:
        if self._is_consumed:
            return _NOT_DONE
        self._is_consumed = True
        return Case("ok", self._host.add(IncomingBody(self._host, self._response.body)))

    def dropped(self) -> None:
        if not self._is_consumed:
            Receiving(self._response.body).close()


class IncomingBody(Resource):
    """`incoming-body`."""

    def __init__(self, host: Host, pipe: Pipe) -> None:
        self._host = host
        self._source: Final = Receiving(pipe)
        self._is_taken = False

    def stream(self) -> Value:
        if self._is_taken:
            return _NOT_DONE
        self._is_taken = True
        return Case("ok", self._host.add(InputStream(self._host, self._source)))

    def dropped(self) -> None:
        if not self._is_taken:
            self._source.close()


class FutureTrailers(Resource):
    """`future-trailers`: none, which is known at once."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._is_taken = False

    def subscribe(self) -> int:
        return self._host.add(Pollable(self._host, lambda _: True))

    def get(self) -> Value:
        if self._is_taken:
            return some(_NOT_DONE)
        self._is_taken = True
        return some(Case("ok", Case("ok", None)))


def _duration(nanoseconds: int) -> int:
    """A timeout that waits at all, and no longer than a day."""
    return min(max(nanoseconds, 1_000_000), 86_400 * SECOND)


def _host_and_port(authority: str, default: int) -> tuple[str, int] | None:
    """What an authority names, or None where it is not one that is connected to."""
    try:
        parts = urlsplit(f"//{authority}")
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.netloc != authority or "@" in authority or not authority.isascii():
        return None
    if re.fullmatch(r"[!-~]+", authority) is None or authority.endswith(":"):
        return None
    return parts.hostname, default if port is None else port


def _granted(network: tuple[str, ...]) -> frozenset[tuple[str, int] | None]:
    return frozenset(_host_and_port(place, 0) for place in network)


def interfaces(host: Host) -> Mapping[str, Interface]:
    """`wasi:http`, without what serves requests."""
    is_granted = host.is_granted("http")
    network = _granted(host.surroundings.grants.network)
    exchanges: list[Exchange] = []

    def denied(grant: str) -> int:
        """WASI lets a host refuse at once, or by the response. StarlingMonkey is not in order after the former."""
        host.denied(_HANDLE, grant)
        return host.add(FutureIncomingResponse(host, Refused(failure("HTTP-request-denied"))))

    @fallible
    def from_list(entries: tuple[tuple[str, bytes], ...]) -> int:
        return fields_from_list(host, entries)

    @fallible
    def handle(request: int, options: tuple[str, int] | None) -> Value:
        outgoing = host.take(request, OutgoingRequest)
        chosen = RequestOptions() if options is None else host.take(options[1], RequestOptions)
        sent = outgoing._request(chosen)
        if not is_granted:
            return denied(grant_of("http"))
        if (sent.host, sent.port) not in network:
            name = f"[{sent.host}]" if ":" in sent.host else sent.host
            return denied(f'capabilities.network: "{name}:{sent.port}"')
        exchanges[:] = [exchange for exchange in exchanges if not exchange.is_over]
        if len(exchanges) >= MAX_EXCHANGES:
            raise Refusal(Case("connection-limit-reached"))
        exchanges.append(Exchange(sent, outgoing.pipe))
        return host.add(FutureIncomingResponse(host, exchanges[-1]))

    @fallible
    def finish_outgoing(body: int, trailers: tuple[str, int] | None) -> None:
        sink = host.take(body, OutgoingBody).sink
        if trailers is not None and host.take(trailers[1], Fields).items:
            problem = failure("internal-error", some("this host sends no trailers"))
            sink.give_up(problem)
            raise Refusal(problem.code)
        try:
            sink.finish()
        except Failed as failed:
            raise Refusal(failed.code) from None

    def finish_incoming(body: int) -> int:
        host.take(body, IncomingBody).dropped()
        return host.add(FutureTrailers(host))

    def http_error_code(error: int) -> Value:
        failed = host.get(error, Error).failed
        return some(failed.code) if isinstance(failed, HttpFailed) else None

    return {
        "wasi:http/outgoing-handler": {"handle": handle},
        "wasi:http/types": {
            "http-error-code": http_error_code,
            **host.resource("fields", Fields),
            "[constructor]fields": lambda: host.add(Fields(host)),
            "[static]fields.from-list": from_list,
            **host.resource("outgoing-request", OutgoingRequest),
            "[constructor]outgoing-request": lambda headers: host.add(
                OutgoingRequest(host, host.take(headers, Fields))
            ),
            **host.resource("request-options", RequestOptions),
            "[constructor]request-options": lambda: host.add(RequestOptions()),
            **host.resource("outgoing-body", OutgoingBody),
            "[static]outgoing-body.finish": finish_outgoing,
            **host.resource("future-incoming-response", FutureIncomingResponse),
            **host.resource("incoming-response", IncomingResponse),
            **host.resource("incoming-body", IncomingBody),
            "[static]incoming-body.finish": finish_incoming,
            **host.resource("future-trailers", FutureTrailers),
            **host.absent("incoming-request", "method path-with-query scheme authority headers consume"),
            **host.absent("outgoing-response", "status-code set-status-code headers body"),
            "[constructor]outgoing-response": _serves_nothing,
            **host.absent("response-outparam", "send-informational"),
            "[static]response-outparam.set": _serves_nothing,
        },
    }


def _serves_nothing(*_: Value) -> Value:
    raise Trap("it makes a response, and there are no requests to respond to here")
