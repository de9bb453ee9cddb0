"""Compiling foreign WebAssembly, and what was compiled.

Invariant: the process that asks never compiles or runs foreign code. That happens in processes of their own, with
limits of time and memory, so that nothing in a component can stop or spoil a server. Importing this package imports no
engine.
"""
