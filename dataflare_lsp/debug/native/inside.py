"""The process that runs a plugin as Python: as `process.inside` does, but for what only a component can have.

It stops at its host calls, and a debugger of Python can be attached to it. It does not go back, its calls have no
limits, and nothing keeps it from what its user may do.
"""

import os
from collections.abc import Mapping, Sequence

from dataflare_lsp.debug.native.plugin import NativePlugin
from dataflare_lsp.debug.process.inside import Inside
from dataflare_lsp.runtime.border import Border
from dataflare_lsp.runtime.host.surroundings import Interface
from dataflare_lsp.runtime.instance import Loaded, Plugin


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
        super().__init__(address, can_fork=False, goes_back=False)
        self._module = module
        self._folders = folders
        self._send("attach", *_listening())

    def _made(self, loaded: Loaded, hosts: Mapping[str, Interface], border: Border) -> Plugin:
        limits = self._setup.limits
        return NativePlugin(loaded, hosts, limits, border, self._clock, self._module, self._folders)

    def _look(self) -> None:
        """Python has no place where it could be asked to wait; its own debugger pauses it."""


def _listening() -> tuple[str, int]:
    """Where debugpy waits for a debugger of Python. Code that nobody debugs goes on meanwhile."""
    import debugpy

    debugpy.configure(subProcess=False)
    host, port = debugpy.listen(("127.0.0.1", 0))
    return str(host), int(port)
