"""The process that runs a plugin as Python: as `process.inside` does, but for what only a component can have.

It stops at its host calls, and a debugger of Python can be attached to it. It does not go back, its calls have no
limits, and nothing keeps it from what its user may do.
"""

import os
from collections.abc import Sequence
from functools import partial

from dataflare_lsp.debug.native.plugin import NativePlugin
from dataflare_lsp.debug.process.inside import Inside


def main(arguments: Sequence[str]) -> None:
    """Be debugged by the adapter at the address `arguments[2]`.

    `arguments[4]` is the module, what follows are the folders that it and its bindings are in.
    """
    _, _, address, _, module, *folders = arguments
    os.chdir(folders[0])
    inside = _Native(address, module, tuple(folders))
    inside.load()
    inside.run()


class _Native(Inside):
    def __init__(self, address: str, module: str, folders: tuple[str, ...]) -> None:
        make = partial(NativePlugin, module=module, folders=folders)
        super().__init__(address, can_fork=False, goes_back=False, make=make)
        self._send("attach", *_listening())


def _listening() -> tuple[str, int]:
    """Where debugpy waits for a debugger of Python. Code that nobody debugs goes on meanwhile."""
    import debugpy

    debugpy.configure(subProcess=False)
    host, port = debugpy.listen(("127.0.0.1", 0))
    return str(host), int(port)
