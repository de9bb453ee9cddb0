"""Small plugins of every kind in WebAssembly text, with core functions written by the test.

    plugin("processor", '''
        (func (export "process") (param i32 i32 i64 i32 i32 i32 i32) (result i32) …)
    ''')

A record is passed as seven values: `id` (place, size), `timestamp`, `payload` (place, size), `metadata` (place, number).
In memory it takes 32 bytes, with `timestamp` at 8, `payload` at 16 and `metadata` at 24. A result is returned by its
place: the case in the first byte; what follows lies at 8 in a `processing-result` or an `option`, at 4 in a `result`.

The functions can use `$log` (level and message, each place and size), `$record` (stores seven values at a place),
the memory from 0 to 4096, and what `$alloc` gives. Memory that a call took is given back at its end.
"""

from typing import Literal, NamedTuple

Kind = Literal["source", "processor", "destination", "transformer", "filter", "aggregator"]

_PARAMS = "(param i32 i32 i64 i32 i32 i32 i32)"
_RECORD = """\
(type $pair (tuple string string))
    (type $r (record (field "id" string) (field "timestamp" u64) (field "payload" (list u8))
      (field "metadata" (list $pair))))"""


class _Function(NamedTuple):
    name: str
    parameter: str | None
    result: str | None
    """`R` stands for the record, `P` for the result of a processor."""


_FUNCTIONS: dict[Kind, tuple[str, tuple[_Function, ...]]] = {
    "source": ("data-source", (_Function("read-next", None, "(option R)"),)),
    "processor": ("data-processor", (_Function("process", "input", "P"),)),
    "destination": (
        "data-destination",
        (_Function("write", "record", "(result (error string))"), _Function("flush", None, "(result (error string))")),
    ),
    "transformer": ("data-transformer", (_Function("transform", "input", "(result (list R) (error string))"),)),
    "filter": ("data-filter", (_Function("keep", "input", "(result bool (error string))"),)),
    "aggregator": (
        "data-aggregator",
        (
            _Function("add", "input", "(result (error string))"),
            _Function("snapshot", None, "(result (list R) (error string))"),
            _Function("reset", None, None),
        ),
    ),
}


class Extra(NamedTuple):
    """More that a component imports: in itself, in its core module, and how the one is passed to the other."""

    component: str = ""
    core: str = ""
    passed: str = ""


NOTHING = Extra()


def plugin(
    kind: Kind, core: str, *, plain: bool = False, pages: int = 1, data: str = "", extra: Extra = NOTHING
) -> str:
    """The component as text. `plain`: in the spelling of the plan, without packages.

    `pages` is what the memory starts with, `data` are data segments.
    """
    interface, functions = _FUNCTIONS[kind]
    logging = "logging" if plain else "dataflare:core/logging@1.0.0"
    exported = interface if plain else f"dataflare:core/{interface}@1.0.0"
    lifted = "\n".join(_lifted(function) for function in functions)
    imported = "\n    ".join(f'(import "{f.name}" (func ${f.name} {_type(f, "$given")}))' for f in functions)
    named = "\n    ".join(f'(export "{f.name}" (func ${f.name}) (func {_type(f, "$named")}))' for f in functions)
    passed = "\n    ".join(f'(with "{f.name}" (func ${f.name}))' for f in functions)
    return f"""\
(component
  (import "{logging}" (instance $logging
    (export "log" (func (param "level" string) (param "message" string)))))
  (core module $heap
    (memory (export "memory") {pages})
    (global $next (mut i32) (i32.const 4096))
    {data}
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $new)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))) (then
        (if (i32.eq (memory.grow (i32.add (i32.div_u (local.get $new) (i32.const 65536)) (i32.const 1))) (i32.const -1))
          (then unreachable))))
      (local.get $at))
    (func (export "free-all") (param i32) (global.set $next (i32.const 4096))))
  (core instance $heap (instantiate $heap))
  (alias export $logging "log" (func $log))
  (core func $log (canon lower (func $log) (memory (core memory $heap "memory"))))
  {extra.component}
  (core module $main
    (import "heap" "memory" (memory 1))
    (import "heap" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (import "logging" "log" (func $log (param i32 i32 i32 i32)))
    {extra.core}
    (func $alloc (param i32) (result i32)
      (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (local.get 0)))
    (func $record (param $at i32) {_PARAMS}
      (i32.store (local.get $at) (local.get 1)) (i32.store offset=4 (local.get $at) (local.get 2))
      (i64.store offset=8 (local.get $at) (local.get 3))
      (i32.store offset=16 (local.get $at) (local.get 4)) (i32.store offset=20 (local.get $at) (local.get 5))
      (i32.store offset=24 (local.get $at) (local.get 6)) (i32.store offset=28 (local.get $at) (local.get 7)))
    {core})
  (core instance $main (instantiate $main
    (with "heap" (instance $heap))
    (with "logging" (instance (export "log" (func $log)))) {extra.passed}))
  {_RECORD}
  (type $p (variant (case "success" $r) (case "error" string) (case "skip")))
{lifted}
  (component $interface
    {_RECORD}
    (import "data-record" (type $given (eq $r)))
    {_processing("given") if kind == "processor" else ""}
    {imported}
    (export $named "data-record" (type $r))
    {_exported() if kind == "processor" else ""}
    {named})
  (instance $interface (instantiate $interface
    (with "data-record" (type $r))
    {'(with "processing-result" (type $p))' if kind == "processor" else ""}
    {passed}))
  (export "{exported}" (instance $interface)))
"""


def _processing(record: str) -> str:
    return (
        f'(type $pr (variant (case "success" ${record}) (case "error" string) (case "skip")))\n'
        '    (import "processing-result" (type $given-p (eq $pr)))'
    )


def _exported() -> str:
    return (
        '(type $pn (variant (case "success" $named) (case "error" string) (case "skip")))\n'
        '    (export $named-p "processing-result" (type $pn))'
    )


def _type(function: _Function, record: str) -> str:
    parameter = f'(param "{function.parameter}" {record})' if function.parameter else ""
    if function.result is None:
        return parameter
    return f"{parameter} (result {function.result.replace('R', record).replace('P', f'{record}-p')})"


def _lifted(function: _Function) -> str:
    lifted = _type(function, "$r").replace("$r-p", "$p")
    heap = '(memory (core memory $heap "memory")) (realloc (core func $heap "realloc"))'
    after = ' (post-return (core func $heap "free-all"))' if function.result else ""
    options = f"{heap}{after}" if function.parameter or function.result else ""
    return f'  (func ${function.name} {lifted}\n    (canon lift (core func $main "{function.name}") {options}))'


PASSED = "(local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6)"
"""The seven values of a record that a function was given."""

ECHO = f"""
    (func (export "process") {_PARAMS} (result i32)
      (i32.store8 (i32.const 64) (i32.const 0))
      (call $record (i32.const 72) {PASSED})
      (i32.const 64))
"""
"""A processor that hands every record on."""


def process(body: str) -> str:
    """A processor's function that does this, and then skips the record."""
    return f"""
    (func (export "process") {_PARAMS} (result i32)
      {body}
      (i32.store8 (i32.const 64) (i32.const 2))
      (i32.const 64))
"""


# More to import. Settings and metrics are in the spelling of the plan.

WASI = Extra(
    """
  (import "wasi:io/error@0.2.0" (instance $errors (export "error" (type (sub resource)))))
  (alias export $errors "error" (type $io-error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $out (sub resource)))
    (alias outer 1 $io-error (type $outer-error))
    (export "error" (type $e (eq $outer-error)))
    (type $stream-error (variant (case "last-operation-failed" (own $e)) (case "closed")))
    (export "stream-error" (type $se (eq $stream-error)))
    (export "[method]output-stream.write" (func (param "self" (borrow $out)) (param "contents" (list u8))
      (result (result (error $se)))))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output (type $outer-output))
    (export "output-stream" (type $o (eq $outer-output)))
    (export "get-stdout" (func (result (own $o))))))
  (alias export $stdout "get-stdout" (func $get))
  (alias export $streams "[method]output-stream.write" (func $write))
  (core func $get (canon lower (func $get)))
  (core func $write (canon lower (func $write) (memory (core memory $heap "memory"))))
""",
    """
    (import "wasi" "get" (func $get (result i32)))
    (import "wasi" "write" (func $write (param i32 i32 i32 i32)))
""",
    '(with "wasi" (instance (export "get" (func $get)) (export "write" (func $write))))',
)
METRICS = Extra(
    """
  (import "metrics" (instance $metrics
    (export "increment-counter" (func (param "name" string) (param "value" u64)))))
  (alias export $metrics "increment-counter" (func $count))
  (core func $count (canon lower (func $count) (memory (core memory $heap "memory"))))
""",
    '(import "metrics" "count" (func $count (param i32 i32 i64)))',
    '(with "metrics" (instance (export "count" (func $count))))',
)
SETTINGS = Extra(
    """
  (import "configuration" (instance $configuration (export "get" (func (param "key" string) (result (option string))))))
  (alias export $configuration "get" (func $get))
  (core func $get (canon lower (func $get) (memory (core memory $heap "memory")) (realloc (core func $heap "realloc"))))
""",
    '(import "configuration" "get" (func $get (param i32 i32 i32)))',
    '(with "configuration" (instance (export "get" (func $get))))',
)


def naming() -> str:
    """A processor that gives every record back under the id that is its setting `name`, if it has one."""
    core = f"""
    (func (export "process") {_PARAMS} (result i32)
      (call $log (i32.const 1024) (i32.const 4) (i32.const 1028) (i32.const 6))
      (call $get (i32.const 1034) (i32.const 4) (i32.const 128))
      (if (i32.load8_u (i32.const 128)) (then
        (local.set 0 (i32.load (i32.const 132))) (local.set 1 (i32.load (i32.const 136)))))
      (i32.store8 (i32.const 64) (i32.const 0))
      (call $record (i32.const 72) {PASSED})
      (i32.const 64))
"""
    named = SETTINGS.component.replace('"configuration"', '"dataflare:core/configuration@1.0.0"')
    data = '(data (i32.const 1024) "infonamingname")'
    return plugin("processor", core, data=data, extra=SETTINGS._replace(component=named))
