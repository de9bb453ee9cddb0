"""What a plugin may call: the interfaces of `dataflare:core`, WASI, and what both need of the world.

Invariant: a host function takes and gives plain values (`values.types`), has no idea of WebAssembly, of recordings or
of debuggers, and touches the world only through its `Surroundings` and what was granted. Everything between it and the
plugin (calls, recording, replay, stopping) is in `runtime.linking` and above.
"""
