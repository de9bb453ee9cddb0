"""WebAssembly component binaries: what they declare, and the WIT that they carry.

Invariant: bytes in, frozen values out. Nothing here opens files, starts processes, runs or compiles foreign code, or
knows the protocol. Input is untrusted: whatever the bytes are, a function returns within time and memory proportional
to their number, or raises a `ComponentError`. This file imports nothing, because only packages that depend on a
binary pay for reading one.
"""
