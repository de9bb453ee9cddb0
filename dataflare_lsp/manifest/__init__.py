"""The plugin manifest, `dataflare.toml`: text to positioned values, one model of its keys, and what is checked by it.

Invariant: takes text and gives back data. Reads no file itself: what lies around a manifest (files, WIT packages) comes
through `surroundings.Surroundings`. Knows nothing of LSP, asyncio or the terminal.
"""
