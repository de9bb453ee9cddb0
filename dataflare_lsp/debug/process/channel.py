"""How the processes of a debuggee talk to the adapter: each has a connection of its own while it is the one that runs.

That a connection ends without a word means that its process has died, whatever other processes there are.
"""

import os
import secrets
import select
import socket
import struct
import sys
import tempfile

_LOCAL = "127.0.0.1"
_UNPLACED = "\0dataflare-lsp-"


class Listener:
    """The adapter's end. `address` is what a process needs to connect.

    Whoever connects says the secret. On Linux the socket has no place in the file system, so that an adapter that is
    killed leaves nothing behind; elsewhere it is in a folder that nobody else can enter, or a port.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if sys.platform == "linux":
            name = secrets.token_hex(8)
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.bind(_UNPLACED + name)
            self.address = f"{self._secret} @{name}"
        elif hasattr(socket, "AF_UNIX") and os.name == "posix":
            self._folder = tempfile.TemporaryDirectory(prefix="dataflare-lsp-")
            path = os.path.join(self._folder.name, "s")
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.bind(path)
            self.address = f"{self._secret} {path}"
        else:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._socket.bind((_LOCAL, 0))
            self.address = f"{self._secret} {self._socket.getsockname()[1]}"
        self._socket.listen(4)

    def accept(self) -> socket.socket:
        """The next process that connects. Blocks. Raises `OSError` when the listener is closed."""
        while True:
            connection, _ = self._socket.accept()
            if _is_of_another(connection):
                connection.close()
                continue
            connection.settimeout(5.0)
            try:
                said = connection.recv(len(self._secret), socket.MSG_WAITALL if hasattr(socket, "MSG_WAITALL") else 0)
            except OSError:
                said = b""
            if secrets.compare_digest(said, self._secret.encode()):
                connection.settimeout(None)
                return connection
            connection.close()

    def close(self) -> None:
        """Listen no more."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _is_of_another(connection: socket.socket) -> bool:
    """Whether another user of the machine has connected, who need not be waited for."""
    if sys.platform != "linux":
        return False
    _, user, _ = struct.unpack(
        "3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    )
    return bool(user != os.getuid())


def is_spoken_to(connection: socket.socket) -> bool:
    """Whether there is something to read. A plugin may have more files open than `select` can tell apart."""
    if sys.platform == "win32":
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def connect(address: str) -> socket.socket:
    """A connection to the adapter. Raises `OSError`."""
    secret, _, place = address.partition(" ")
    if place.isdecimal():
        connection = socket.create_connection((_LOCAL, int(place)))
    else:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(_UNPLACED + place[1:] if place.startswith("@") else place)
    connection.sendall(secret.encode())
    return connection
