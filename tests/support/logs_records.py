"""A plugin that logs the id of each record, and hands it on, to be debugged through the adapter's own command.

A record without payload makes it trap, `loop` run for ever, `grow` take memory for ever, and `storm` log for ever.
"""

from pathlib import Path

from support.handmade import PASSED, plugin

from dataflare_lsp.workspace.roots import CORE as _INTERFACES

CORE = f"""
    (func (export "process") (param i32 i32 i64 i32 i32 i32 i32) (result i32)
      (call $log (i32.const 16) (i32.const 4) (local.get 0) (local.get 1))
      (if (i32.eqz (local.get 4)) (then unreachable))
      (if (i32.eq (i32.load8_u (local.get 3)) (i32.const 0x6c)) (then (loop (br 0))))
      (if (i32.eq (i32.load8_u (local.get 3)) (i32.const 0x67))
        (then (loop (drop (call $alloc (i32.const 65536))) (br 0))))
      (if (i32.eq (i32.load8_u (local.get 3)) (i32.const 0x73))
        (then (loop (call $log (i32.const 16) (i32.const 4) (i32.const 1024) (i32.const 60000)) (br 0))))
      (i32.store8 (i32.const 64) (i32.const 0))
      (call $record (i32.const 72) {PASSED})
      (i32.const 64))
"""
DATA = '(data (i32.const 16) "info")'
LOGGING = next(path for path in Path(_INTERFACES).iterdir() if "log: func" in path.read_text(encoding="utf-8"))
LINE = next(number for number, text in enumerate(LOGGING.read_text().splitlines(), 1) if "log: func" in text)

RUN = {"program": "plugin.wat", "input": "records.ndjson"}


def written(folder: Path, *payloads: str, plain: bool = False, core: str = CORE) -> None:
    """Write the plugin, and a record for each payload."""
    (folder / "plugin.wat").write_text(plugin("processor", core, data=DATA, plain=plain))
    records = [
        f'{{"id": "r{number}", "timestamp": {number}, "payload": "{payload}", "metadata": {{}}}}\n'
        for number, payload in enumerate(payloads)
    ]
    (folder / "records.ndjson").write_text("".join(records))
