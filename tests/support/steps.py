"""A plugin that does what its input says: for tests of what records a plugin, replays it, or stops it.

    run: func(script: list<u8>) -> list<u8>

A script is a row of steps. The plugin has a state of 64 bits that everything it is told goes into, which stays from call
to call; it returns a byte of it for each step. It imports, from `HOST`,

    tell: func(state: u64);
    draw: func() -> u64;
    ask: func(question: list<u8>) -> list<u8>;
"""

from typing import NamedTuple

from hypothesis import strategies as st

HOST = "test:scripted/host"
RUN = "run"


class Step(NamedTuple):
    """One thing to do. `count` and `data` mean something for some of them.

    | name | what |
    |---|---|
    | `tell` | tell the host the state |
    | `draw` | add what the host draws to the state |
    | `ask` | ask the host with `data`, and add each byte of the answer |
    | `add` | add `count` |
    | `skip-if-odd` | go past the next `count` bytes of the script if the state is odd |
    | `grow` | make the memory larger by `count` pages of 64 KiB; trap where that is refused |
    | `return` | return at once |
    | `trap`, `loop`, `recurse` | trap, compute without end, call itself without end |
    """

    name: str
    count: int = 0
    data: bytes = b""


_CODES = {
    "tell": 0, "draw": 1, "ask": 2, "add": 3, "skip-if-odd": 4, "grow": 5, "return": 6, "trap": 7, "loop": 8,
    "recurse": 9,
}  # fmt: skip


def script(*steps: Step) -> bytes:
    """The plugin's input for these steps."""
    return b"".join(
        [bytes([_CODES[step.name], len(step.data) if step.name == "ask" else step.count]) + step.data for step in steps]
    )


HARMLESS = st.one_of(
    st.sampled_from([Step("tell"), Step("draw")]),
    st.binary(max_size=6).map(lambda data: Step("ask", data=data)),
    st.builds(Step, st.sampled_from(["add", "skip-if-odd"]), st.integers(0, 255)),
    st.builds(Step, st.just("grow"), st.integers(0, 2)),
)
ENDS = st.sampled_from([Step("return"), Step("trap"), Step("recurse"), Step("grow", 255)])
"""Steps after which nothing comes; all but the first are failures. Growing by 16 MiB is one where less is allowed."""
SCRIPTS = st.lists(
    st.lists(HARMLESS, max_size=6).flatmap(lambda some: st.just(some) | ENDS.map(lambda end: [*some, end]))
)
"""Rows of calls, each a row of steps."""

COMPONENT = f"""(component
  (import "{HOST}" (instance $host
    (export "tell" (func (param "state" u64)))
    (export "draw" (func (result u64)))
    (export "ask" (func (param "question" (list u8)) (result (list u8))))))
  (core module $memory
    (memory (export "memory") 2)
    (global $top (mut i32) (i32.const 1024))
    (func (export "take") (param i32 i32 i32) (param $size i32) (result i32)
      (global.get $top)
      (global.set $top (i32.add (global.get $top) (local.get $size)))
      (if (i32.gt_u (global.get $top) (i32.const 131072)) (then unreachable)))
    (func (export "free") (global.set $top (i32.const 1024))))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $bytes))
  (alias core export $memory "take" (core func $take))
  (alias export $host "tell" (func $tell))
  (alias export $host "draw" (func $draw))
  (alias export $host "ask" (func $ask))
  (core func $tell (canon lower (func $tell)))
  (core func $draw (canon lower (func $draw)))
  (core func $ask (canon lower (func $ask) (memory $bytes) (realloc $take)))
  (core module $code
    (import "host" "tell" (func $tell (param i64)))
    (import "host" "draw" (func $draw (result i64)))
    (import "host" "ask" (func $ask (param i32 i32 i32)))
    (import "memory" "memory" (memory 2))
    (import "memory" "take" (func $take (param i32 i32 i32 i32) (result i32)))
    (import "memory" "free" (func $free))
    (global $state (mut i64) (i64.const 1))
    (func $add (param $what i64)
      (global.set $state (i64.add (i64.mul (global.get $state) (i64.const 31)) (local.get $what))))
    (func $recurse (call $recurse) (call $recurse))
    (func (export "run") (param $at i32) (param $size i32) (result i32)
      (local $end i32) (local $out i32) (local $written i32) (local $count i32) (local $answer i32) (local $stop i32)
      (local.set $end (i32.add (local.get $at) (local.get $size)))
      (local.set $out (call $take (i32.const 0) (i32.const 0) (i32.const 1) (local.get $size)))
      (block $done (loop $next
        (br_if $done (i32.ge_u (i32.add (local.get $at) (i32.const 1)) (local.get $end)))
        (local.set $count (i32.load8_u offset=1 (local.get $at)))
        (block $step
          (block $recurse (block $loop (block $trap (block $return (block $grow (block $skip (block $add (block $ask
          (block $draw (block $tell
            (br_table $tell $draw $ask $add $skip $grow $return $trap $loop $recurse $trap
              (i32.load8_u (local.get $at))))
          (call $tell (global.get $state)) (br $step))
          (call $add (call $draw)) (br $step))
          (call $ask (i32.add (local.get $at) (i32.const 2)) (local.get $count) (i32.const 16))
          (local.set $at (i32.add (local.get $at) (local.get $count)))
          (local.set $answer (i32.load (i32.const 16)))
          (local.set $stop (i32.add (local.get $answer) (i32.load (i32.const 20))))
          (block $read (loop $more
            (br_if $read (i32.ge_u (local.get $answer) (local.get $stop)))
            (call $add (i64.load8_u (local.get $answer)))
            (local.set $answer (i32.add (local.get $answer) (i32.const 1)))
            (br $more)))
          (br $step))
          (call $add (i64.extend_i32_u (local.get $count))) (br $step))
          (if (i32.and (i32.wrap_i64 (global.get $state)) (i32.const 1))
            (then (local.set $at (i32.add (local.get $at) (local.get $count)))))
          (br $step))
          (if (i32.eq (memory.grow (local.get $count)) (i32.const -1)) (then unreachable))
          (br $step))
          (br $done))
          unreachable)
          (loop $forever (br $forever)))
          (call $recurse))
        (i32.store8 (i32.add (local.get $out) (local.get $written)) (i32.wrap_i64 (global.get $state)))
        (local.set $written (i32.add (local.get $written) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (br $next)))
      (i32.store (i32.const 24) (local.get $out))
      (i32.store (i32.const 28) (local.get $written))
      (i32.const 24))
    (func (export "free") (param i32) (call $free)))
  (core instance $code (instantiate $code
    (with "host" (instance (export "tell" (func $tell)) (export "draw" (func $draw)) (export "ask" (func $ask))))
    (with "memory" (instance $memory))))
  (alias core export $code "run" (core func $run))
  (alias core export $code "free" (core func $free))
  (func (export "{RUN}") (param "script" (list u8)) (result (list u8))
    (canon lift (core func $run) (memory $bytes) (realloc $take) (post-return $free))))"""
