"""pygls, made ours: answers sent as written, and every request answered whatever goes wrong.

pygls keeps each text as a list of lines, split and joined at every edit; its handlers for texts are left out. Its way
in and out is replaced: a message is taken from the inbox, an answer may be JSON already, and a message that cannot be
understood is answered, which in pygls it is not.
"""

import asyncio
import itertools
import json
import logging
from collections.abc import Callable

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcMethodNotFound, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from dataflare_lsp import __version__
from dataflare_lsp.server.capabilities import Json
from dataflare_lsp.server.client import look
from dataflare_lsp.server.handshake import INVALID_REQUEST
from dataflare_lsp.server.outlet import Refused
from dataflare_lsp.server.view import JsonText
from dataflare_lsp.stream import framed

logger = logging.getLogger(__name__)
# What cannot be understood is said here in one line; pygls would add its traceback.
logging.getLogger("pygls.protocol.json_rpc").addFilter(lambda record: "Unable to deserialize" not in str(record.msg))

INTERNAL_ERROR = -32603


class Protocol(LanguageServerProtocol):
    """The messages of one client: those that come in are given to handlers, those that go out are sent."""

    def connect(self, send: Callable[[bytes], None], end: Callable[[int], None]) -> None:
        """What is sent goes to `send`, which may raise `OSError`; `end` is told the exit code when all is over."""
        self._send = send
        self._end = end
        self._asked: dict[str, asyncio.Future[object]] = {}
        self._numbers = itertools.count(1)

    def _register_builtin_features(self) -> None:
        """None of pygls's own: all that is handled is in `handlers`."""

    # In -------------------------------------------------------------------------------------------------------

    def handle(self, message: dict[str, object]) -> None:
        """Do what a message wants."""
        method, asked = message.get("method"), message.get("id")
        try:
            if not isinstance(method, str):
                self._take_answer(message)
            elif self._shutdown and method != types.EXIT:
                self._refuse_request(asked, INVALID_REQUEST, "the server has been shut down")
            elif method == types.INITIALIZE:
                self._refuse_request(asked, INVALID_REQUEST, "`initialize` comes once")
            elif method == types.CANCEL_REQUEST:
                self._cancel(look(message, "params", "id"))
            elif method not in self.fm.features:
                self._refuse_request(asked, JsonRpcMethodNotFound.CODE, f"no method `{method}`")
            else:
                self._take(method, message)
        except Exception as error:
            logger.exception("a message could not be handled: %s", method)
            self._refuse_request(asked, INTERNAL_ERROR, f"{type(error).__name__}: {error}")

    def _take(self, method: str, message: dict[str, object]) -> None:
        try:
            understood = self.structure_message({"jsonrpc": self.VERSION, **message})
        except JsonRpcException as error:
            why = f"the parameters of `{method}` are wrong"
            logger.error("%s: %s", why, " ".join(str(error.__cause__ or error).split()))
            self._refuse_request(message.get("id"), JsonRpcInvalidParams.CODE, why)
            return
        self.handle_message(understood)

    def _cancel(self, asked: object) -> None:
        """Give up a request that is being answered. Most have been by now, which is no fault of anybody."""
        future = self._request_futures.get(asked) if isinstance(asked, int | str) else None
        if future is not None:
            future.cancel()

    def _take_answer(self, message: dict[str, object]) -> None:
        asked = message.get("id")
        future = self._asked.pop(asked, None) if isinstance(asked, str) else None
        if future is None or future.done():
            return
        error = message.get("error")
        if error is None:
            future.set_result(message.get("result"))
        else:
            future.set_exception(Refused(str(error.get("message") if isinstance(error, dict) else error)))

    def stop(self) -> None:
        """The client says that it will ask nothing more."""
        for future in list(self._request_futures.values()):
            future.cancel()
        self._shutdown = True

    def end(self) -> None:
        """The client is gone, or has said goodbye."""
        self._end(0 if self._shutdown else 1)

    # Out ------------------------------------------------------------------------------------------------------

    def refuse(self, asked: object, code: int, why: str) -> None:
        """Answer the request of that id with an error."""
        self._send_data({"jsonrpc": self.VERSION, "id": asked, "error": {"code": code, "message": why}})

    def _refuse_request(self, asked: object, code: int, why: str) -> None:
        """The same, where it is a request that has an id to answer."""
        if asked is not None:
            self.refuse(asked, code, why)

    def tell(self, method: str, params: Json) -> None:
        """Send a notification."""
        self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    def tell_written(self, method: str, params: str) -> None:
        """Send a notification whose parameters are JSON in ASCII already."""
        self._send_text(f'{{"jsonrpc":"{self.VERSION}","method":"{method}","params":{params}}}')

    def ask(self, method: str, params: Json) -> "asyncio.Future[object]":
        """Send a request; gives the result as JSON. Raises `Refused`."""
        asked = f"dataflare-{next(self._numbers)}"
        future = self._asked[asked] = asyncio.get_running_loop().create_future()
        message: dict[str, Json] = {"jsonrpc": self.VERSION, "id": asked, "method": method}
        if params is not None:
            message["params"] = params
        self._send_data(message)
        return future

    def urge(self, method: str, params: Json = None) -> None:
        """Send a request whose result says nothing."""
        self.ask(method, params).add_done_callback(_note_refusal)

    def _send_response(
        self,
        msg_id: str | int,
        result: object = None,
        error: types.ResponseError | None = None,
    ) -> None:
        if error is not None:
            self.refuse(msg_id, error.code, error.message)
        elif isinstance(result, JsonText):
            self._send_text(f'{{"jsonrpc":"{self.VERSION}","id":{json.dumps(msg_id)},"result":{result.text}}}')
        else:
            self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "result": result})

    def _send_data(self, data: object) -> None:
        self._send_text(json.dumps(data, default=self._serialize_message))

    def _send_text(self, body: str) -> None:
        try:
            self._send(framed(body))
        except OSError:
            # The client is gone without a word.
            self.end()


class Server(LanguageServer):
    """The pygls server that handlers are registered with."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("dataflare-lsp", __version__, protocol_cls=Protocol, converter_factory=default_converter)

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """Tell the client's log of a fault of ours, without a box that has to be clicked away."""
        logger.error("%s", error)
        self.protocol.tell("window/logMessage", {"type": types.MessageType.Error.value, "message": str(error)})


def _note_refusal(future: "asyncio.Future[object]") -> None:
    if not future.cancelled() and future.exception() is not None:
        logger.info("the client refuses: %s", future.exception())
