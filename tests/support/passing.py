"""A data processor that hands on each record as it came, and calls nobody: what a call costs is not the plugin's."""

from dataflare_lsp.values.types import BYTES, STRING, ListOf, Named, Primitive, Record, Tuple

RECORD = Record(
    (
        Named("id", STRING),
        Named("timestamp", Primitive("u64")),
        Named("payload", BYTES),
        Named("metadata", ListOf(Tuple((STRING, STRING)))),
    )
)
PROCESS = "test:passing/data-processor#process"

_TYPES = """(type $fields (record (field "id" string) (field "timestamp" u64) (field "payload" (list u8))
    (field "metadata" (list (tuple string string)))))"""

COMPONENT = f"""(component
  (core module $code
    (memory (export "memory") 4)
    (global $top (mut i32) (i32.const 1024))
    (func (export "take") (param i32 i32) (param $alignment i32) (param $size i32) (result i32)
      (local $place i32)
      (local.set $place (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $alignment) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $alignment))))
      (global.set $top (i32.add (local.get $place) (local.get $size)))
      (if (i32.gt_u (global.get $top) (i32.const 262144)) (then unreachable))
      (local.get $place))
    (func (export "process") (param i32 i32 i64 i32 i32 i32 i32) (result i32)
      (i32.store (i32.const 8) (i32.const 1))
      (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1))
      (i64.store (i32.const 24) (local.get 2))
      (i32.store (i32.const 32) (local.get 3)) (i32.store (i32.const 36) (local.get 4))
      (i32.store (i32.const 40) (local.get 5)) (i32.store (i32.const 44) (local.get 6))
      (i32.const 8))
    (func (export "free") (param i32) (global.set $top (i32.const 1024))))
  (core instance $code (instantiate $code))
  (alias core export $code "memory" (core memory $bytes))
  (alias core export $code "take" (core func $take))
  (alias core export $code "process" (core func $process))
  (alias core export $code "free" (core func $free))
  {_TYPES}
  (func $lifted (param "record" $fields) (result (option $fields))
    (canon lift (core func $process) (memory $bytes) (realloc $take) (post-return $free)))
  (component $inner
    {_TYPES}
    (import "data-record" (type $record (eq $fields)))
    (import "process" (func $process (param "record" $record) (result (option $record))))
    (export $exported "data-record" (type $record))
    (export "process" (func $process) (func (param "record" $exported) (result (option $exported)))))
  (instance $processor (instantiate $inner (with "data-record" (type $fields)) (with "process" (func $lifted))))
  (export "test:passing/data-processor" (instance $processor)))"""


def record(payload: int) -> tuple[str, int, bytes, tuple[tuple[str, str], ...]]:
    """A record with so many bytes of payload."""
    return ("record-1", 1_700_000_000, b"x" * payload, (("source", "benchmark"),))
