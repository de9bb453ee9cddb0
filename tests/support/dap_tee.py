"""The debug adapter, with every byte that goes in and out kept in two files: for clients that are given one program.

`DAP_SENT` and `DAP_RECEIVED` in the environment name the files.
"""

import os
import subprocess
import sys
import threading
from typing import IO


def main() -> int:
    command = [sys.executable, "-m", "dataflare_lsp", "dap", "--stdio"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    sending = threading.Thread(target=copy, args=(0, process.stdin.fileno(), os.environ["DAP_SENT"], process.stdin))
    sending.daemon = True
    sending.start()
    copy(process.stdout.fileno(), 1, os.environ["DAP_RECEIVED"], None)
    return process.wait()


def copy(source: int, target: int, kept: str, stream: "IO[bytes] | None") -> None:
    """Copy until the end, into a file as well."""
    with open(kept, "ab") as file:
        while data := os.read(source, 1 << 16):
            file.write(data)
            file.flush()
            rest = memoryview(data)
            while rest:
                try:
                    rest = rest[os.write(target, rest) :]
                except BrokenPipeError:
                    return
    if stream is not None:
        stream.close()


if __name__ == "__main__":
    sys.exit(main())
