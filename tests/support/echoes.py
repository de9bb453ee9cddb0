"""Components that hand on what they are given to a function of their host, and its answer to who called them.

    echo: func(a0: T0, a1: T1, …) -> tuple<T0, T1, …>

So a value goes from the host into the plugin, out to the host, and the same way back.
"""

from support.flat import MAX_FLAT_PARAMETERS, layout, row

from dataflare_lsp.values.types import (
    Enum,
    Flags,
    Function,
    Handle,
    ListOf,
    Named,
    Option,
    Primitive,
    Record,
    Result,
    Tuple,
    Type,
    Variant,
)

HOST = "test:echo/host"
"""The interface with `echo` that an echo imports."""
THING = f"{HOST}/thing"
"""The resource that an echo knows; it is its host's."""


def function(types: tuple[Type, ...]) -> Function:
    """What an echo of these types takes and gives: of one, that one; of several, a tuple of them."""
    result = None if not types else types[0] if len(types) == 1 else Tuple(types)
    return Function(tuple(Named(f"a{number}", of) for number, of in enumerate(types)), result)


def echo(types: tuple[Type, ...]) -> str:
    """The component, as text. It imports `echo` from `HOST` and exports `echo`. It knows no limit of memory."""
    shape = function(types)
    inner, outer = _Types(is_inside=True), _Types(is_inside=False)
    imported, exported = inner.signature(shape), outer.signature(shape)
    flat = row(list(types)).flat
    given = flat if len(flat) <= MAX_FLAT_PARAMETERS else ("i32",)
    parameters = "".join(f" (param {core})" for core in given)
    passed = " ".join(f"local.get {number}" for number in range(len(given)))
    result = None if shape.result is None else layout(shape.result)
    if result is None or len(result.flat) == 1:
        answer = "" if result is None else f"(result {result.flat[0]})"
        asked, body = f"{parameters} {answer}", f"{passed} call $host"
    else:
        answer = "(result i32)"
        asked = f"{parameters} (param i32)"
        body = f"""
            (local $place i32)
            (local.set $place (call $take
              (i32.const 0) (i32.const 0) (i32.const {result.alignment}) (i32.const {result.size})))
            {passed} local.get $place call $host
            local.get $place"""
    return f"""(component
      (import "{HOST}" (instance $host
        (export "thing" (type $thing (sub resource)))
        {inner.text}
        (export "echo" {imported})))
      (alias export $host "thing" (type $thing))
      {outer.text}
      (core module $memory
        (memory (export "memory") 1)
        (global $top (mut i32) (i32.const 64))
        (func (export "take") (param $old i32) (param $had i32) (param $alignment i32) (param $size i32) (result i32)
          (local $place i32)
          (local.set $place (i32.and
            (i32.add (global.get $top) (i32.sub (local.get $alignment) (i32.const 1)))
            (i32.sub (i32.const 0) (local.get $alignment))))
          (global.set $top (i32.add (local.get $place) (local.get $size)))
          (block $enough (loop $more
            (br_if $enough (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
            (if (i32.eq (memory.grow (memory.size)) (i32.const -1)) (then unreachable))
            (br $more)))
          (memory.copy (local.get $place) (local.get $old) (local.get $had))
          (local.get $place))
        (func (export "free") (global.set $top (i32.const 64))))
      (core instance $memory (instantiate $memory))
      (alias core export $memory "memory" (core memory $bytes))
      (alias core export $memory "take" (core func $take))
      (alias export $host "echo" (func $asked))
      (core func $host (canon lower (func $asked) (memory $bytes) (realloc $take) string-encoding=utf8))
      (core module $code
        (import "host" "echo" (func $host {asked}))
        (import "memory" "take" (func $take (param i32 i32 i32 i32) (result i32)))
        (import "memory" "free" (func $free))
        (func (export "echo") {parameters} {answer} {body})
        (func (export "free") {answer.replace("result", "param")} (call $free)))
      (core instance $code (instantiate $code
        (with "host" (instance (export "echo" (func $host))))
        (with "memory" (instance $memory))))
      (alias core export $code "echo" (core func $echo))
      (alias core export $code "free" (core func $free))
      (type $signature {exported})
      (func (export "echo") (type $signature) (canon lift (core func $echo)
        (memory $bytes) (realloc $take) string-encoding=utf8 (post-return $free))))"""


class _Types:
    """Definitions of types as text, either inside the instance that exports them, or as what that exports."""

    def __init__(self, is_inside: bool) -> None:
        self.text = ""
        self._is_inside = is_inside
        self._count = 0

    def signature(self, shape: Function) -> str:
        parameters = [f'(param "{name}" {self._reference(of)})' for name, of in shape.parameters]
        result = "" if shape.result is None else f" (result {self._reference(shape.result)})"
        return f"(func {' '.join(parameters)}{result})"

    def _reference(self, type: Type) -> str:
        match type:
            case Primitive(name):
                return name
            case Record(fields):
                inner = "".join(f' (field "{name}" {self._reference(of)})' for name, of in fields if of is not None)
                return self._named(f"(record{inner})")
            case Variant(cases):
                inner = "".join(f' (case "{name}"{self._optional(of)})' for name, of in cases)
                return self._named(f"(variant{inner})")
            case Enum(names):
                return self._named(f"(enum{_quoted(names)})")
            case Flags(names):
                return self._named(f"(flags{_quoted(names)})")
            case ListOf(element, None):
                return f"(list {self._reference(element)})"
            case Tuple(elements):
                return f"(tuple {' '.join(map(self._reference, elements))})"
            case Option(some):
                return f"(option {self._reference(some)})"
            case Result(ok, err):
                error = "" if err is None else f" (error {self._reference(err)})"
                return f"(result{self._optional(ok)}{error})"
            case Handle(_, owned):
                return f"({'own' if owned else 'borrow'} $thing)"
        raise ValueError(type)

    def _optional(self, type: Type | None) -> str:
        return "" if type is None else f" {self._reference(type)}"

    def _named(self, definition: str) -> str:
        """A type that has to have a name where it is imported or exported."""
        self._count += 1
        name = f"t{self._count}"
        if self._is_inside:
            self.text += f'(type $d{self._count} {definition}) (export "{name}" (type ${name} (eq $d{self._count}))) '
        else:
            self.text += f'(alias export $host "{name}" (type ${name})) '
        return f"${name}"


def _quoted(names: tuple[str, ...]) -> str:
    return "".join(f' "{name}"' for name in names)
