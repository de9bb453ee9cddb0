"""How the processes of a debuggee talk to the adapter: each has a connection of its own while it is the one that runs.

That a connection ends without a word means that its process has died, whatever other processes there are.
"""

import os
import secrets
import socket
import tempfile

_LOCAL = "127.0.0.1"


class Listener:
    """The adapter's end. `address` is what a process needs to connect."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if hasattr(socket, "AF_UNIX") and os.name == "posix":
            # Nobody else can enter the folder, and so nobody else can connect.
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


def connect(address: str) -> socket.socket:
    """A connection to the adapter. Raises `OSError`."""
    secret, _, place = address.partition(" ")
    if place.isdecimal():
        connection = socket.create_connection((_LOCAL, int(place)))
    else:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(place)
    connection.sendall(secret.encode())
    return connection
