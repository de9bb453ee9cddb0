"""WAVE, the text of values: `{id: "a", payload: [1, 2], level: some(warn)}`.

What is read is what the crate `wasm-wave` reads, and nothing else. Lists of fixed length, which it does not read,
are as other lists. Text comes from anyone: whatever it is, it is read or refused in time that grows with its length
alone, and in bounded depth.

Source: wasm-wave, README.md and wave_ebnf.md.
"""

from dataflare_lsp.values.wave.errors import WaveError
from dataflare_lsp.values.wave.names import Expected, expected
from dataflare_lsp.values.wave.reader import callee, parse, parse_call
from dataflare_lsp.values.wave.writer import write

__all__ = ["Expected", "WaveError", "callee", "expected", "parse", "parse_call", "write"]
