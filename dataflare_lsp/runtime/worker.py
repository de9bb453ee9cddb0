"""The process that compiles one component: `main` of a fresh interpreter, told what to do by its arguments.

It prints one line of JSON: `{"digest", "milliseconds"}` where the component is valid and was written, or
`{"digest", "error"}`. Ending in any other way means that it could not say.
"""

import hashlib
import json
import sys
import time
from collections.abc import Sequence

from dataflare_lsp.runtime.engine import Settings, engine_of


def main(arguments: Sequence[str]) -> None:
    """Compile the file `arguments[0]` into the file `arguments[1]`, with `arguments[2]` bytes of memory at most."""
    path, target, memory, fuel = arguments
    _contain(int(memory))
    with open(path, "rb") as file:
        data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    from wasmtime import WasmtimeError
    from wasmtime.component import Component

    start = time.perf_counter()
    try:
        compiled = Component(engine_of(Settings(fuel == "fuel")), data).serialize()
    except WasmtimeError as error:
        print(json.dumps({"digest": digest, "error": str(error)}))
        return
    took = (time.perf_counter() - start) * 1e3
    with open(target, "wb") as file:
        file.write(compiled)
    print(json.dumps({"digest": digest, "milliseconds": took}))


def _contain(memory: int) -> None:
    """Limit this process, where the platform can."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        try:
            _, hard = resource.getrlimit(limit)
            resource.setrlimit(limit, (most if hard < 0 else min(most, hard), hard))
        except (OSError, ValueError):
            pass  # macOS does not limit address space
