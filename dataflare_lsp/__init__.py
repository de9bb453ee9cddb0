"""Tools for WIT, the WebAssembly Interface Type language: checks, formatting, a language server.

Layers, from the outside in: `cli`, `server`, `features`, `workspace`, `wit`, `text`. A module imports only
from its own layer or from a lower one. This file imports nothing, because every command pays for it.
"""

__version__ = "0.1.0"
