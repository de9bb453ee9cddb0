"""Verdicts, lines and meanings held against the reference, for packages that nobody wrote.

`python -m tests.fuzz --target reference` does the same for as long as one likes.
"""

from pathlib import Path
from random import Random
from textwrap import dedent

import pytest
from fuzz import reference
from fuzz.case import Case
from fuzz.reference import KNOWN, Known, compare
from fuzz.seeds import published
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.program import Program, program
from support.wit_programs import FEATURES, programs

from dataflare_lsp.wit.source import Source
from dataflare_lsp.wit.syntax import InterfaceHead, WorldHead

examples = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.reason)
def test_what_differs_on_purpose(known: Known, wasm_tools: Path):
    """Both refuse it, on different lines; once they no longer differ, the difference is to be taken off the list."""
    case = Case(program(known.example.replace("\\x7f", "\x7f")).files)
    answer, finding = compare(case, wasm_tools, [])
    assert answer is not None
    assert answer.resolved is None
    assert finding is not None
    assert finding.kind == "no error on the reference's line"
    assert compare(case, wasm_tools).finding is None


def test_what_a_use_shadows_is_judged_all_the_same(wasm_tools: Path):
    """The reference drops it with the mistakes in it."""
    case = Case(
        program("""
        package a:b;
        interface i {
            variant t {}
            use other.{t};
        }
        interface other { type t = u8; }
    """).files
    )
    answer, finding = compare(case, wasm_tools)
    assert answer is not None
    assert answer.resolved is not None
    assert finding is None


def test_a_type_that_a_use_shadows_is_not_there(wasm_tools: Path):
    case = Case(program("package a:b; interface i { type t = char; } world w { type t = char; use i.{t}; }").files)
    answer, finding = compare(case, wasm_tools)
    assert answer is not None
    assert answer.resolved is not None
    assert finding is None


def test_a_type_of_a_function_that_is_switched_off_can_lack_a_part(wasm_tools: Path):
    """The reference refuses what has the gate of its first part, and is there without the second."""
    case = Case(
        program("""
        package a:b;
        interface api {
            @unstable(feature = on)
            enum there { a }
            @unstable(feature = off)
            enum absent { a }
            @unstable(feature = off)
            f: func() -> result<there, absent>;
        }
    """).files,
        frozenset({"on"}),
    )
    answer, finding = compare(case, wasm_tools)
    assert answer is not None
    assert answer.resolved is None
    assert finding is None


def test_mutated_packages(wasm_tools: Path):
    """Conformance cases, the project's own packages and generated ones, with a few changes each."""
    published()
    for number in range(500):
        case = reference.make(Random(f"suite/{number}"))
        finding = compare(case, wasm_tools).finding
        assert finding is None, f"{finding.kind}\n{finding.details}\n{case}"


@examples
@given(valid=programs(), features=st.sampled_from((FEATURES, None)))
def test_valid_programs(valid: Program, features: frozenset[str] | None, wasm_tools: Path):
    """Accepted by both, and of the same meaning."""
    answer, finding = compare(Case(valid.files, features), wasm_tools)
    assert answer is not None
    assert answer.resolved is not None
    assert finding is None


IN_BOTH = (
    "type planted = nowhere;",
    "type planted = list<planted>;",
    "type planted = own<sown>; type sown = u8;",
    "type planted = borrow<nowhere>;",
    "type planted = map<f32, u8>;",
    "type planted = list<u8, 0>; type planted = u8;",
    "type planted u8;",
    "type planted = ;",
    "type planted = list<u8, 4294967296>;",
    "type planted_ = u8;",
    "record planted { a: u8, a: u8 }",
    "record planted { a u8 }",
    "record planted {}",
    "variant planted {}",
    "variant planted { a, A }",
    "enum planted { a; b }",
    "flags planted { " + ", ".join(f"f{n}" for n in range(33)) + " }",
    "resource planted { constructor() -> u8; }",
    "resource planted { constructor(a: u8, a: u8); }",
    "resource planted { m: func(self: u8); }",
    "resource planted { m: func(); m: static func(); }",
    "resource planted { m: set(a: u8); }",
    "use nowhere.{planted};",
    "use no:where/i.{planted};",
    "use no:where/i@1.0.{planted};",
    "@since(version = 0.0.1) @unstable(feature = fast) type planted = u8;",
    "@deprecated(version = 1.0.0) type planted = u8;",
    "@since(version = 99.0.0) type planted = u8;",
    "type planted = u8 \u202e;",
)
IN_INTERFACES = (
    *IN_BOTH,
    "planted: func(a: nowhere);",
    "planted: func(a: u8, a: u8);",
    "planted: func() -> planted;",
    "planted: func(;",
    "planted: func() -> ;",
    "planted: async get() -> u8;",
    "planted: set(a: u8);",
    "planted: get();",
    "planted: func(); planted: func();",
    "import planted: func();",
    "resource planted; sown: func() -> borrow<planted>;",
)
IN_WORLDS = (
    *IN_BOTH,
    "import nowhere;",
    "import no:where/i;",
    "export planted: nowhere;",
    "export planted: func(a: nowhere);",
    "import planted: func(); import planted: func();",
    "import planted: set(a: u8);",
    "export planted: interface { type t = nowhere; }",
    "include nowhere;",
    "include no:where/w@1.0.0;",
    "planted: func();",
)


@st.composite
def planted(draw: st.DrawFn) -> Case:
    """A valid program with one mistake in it, on a line of its own."""
    files = draw(programs()).files
    places = []
    for path, text in files.items():
        source = Source.parse(path, text)
        for number, segment in enumerate(source.segments):
            if isinstance(segment.node, InterfaceHead | WorldHead):
                places.append((path, source.starts[number + 1], isinstance(segment.node, WorldHead)))
    assume(places)
    path, at, in_world = draw(st.sampled_from(places))
    mistake = draw(st.sampled_from(IN_WORLDS if in_world else IN_INTERFACES))
    text = files[path]
    return Case({**files, path: f"{text[:at]}\n{mistake}\n{text[at:]}"}, draw(st.sampled_from((FEATURES, None))))


@examples
@given(case=planted())
def test_planted_mistakes(case: Case, wasm_tools: Path):
    """Refused by both, and by us on the reference's line."""
    answer, finding = compare(case, wasm_tools)
    assert answer is not None
    assert answer.resolved is None
    assert finding is None, f"{finding.kind}\n{finding.details}"


@pytest.mark.parametrize("mistake", IN_INTERFACES)
def test_every_mistake_in_an_interface(mistake: str, wasm_tools: Path):
    text = f"package a:b@1.0.0;\ninterface i {{\n  enum e {{ a }}\n  {mistake}\n  f: func();\n}}\n"
    answer, finding = compare(Case({"a.wit": text}), wasm_tools)
    assert answer is not None
    assert answer.resolved is None
    assert finding is None, f"{finding.kind}\n{finding.details}"


@pytest.mark.parametrize("mistake", IN_WORLDS)
def test_every_mistake_in_a_world(mistake: str, wasm_tools: Path):
    text = f"package a:b@1.0.0;\nworld w {{\n  enum e {{ a }}\n  {mistake}\n  import f: func();\n}}\n"
    answer, finding = compare(Case({"a.wit": dedent(text)}), wasm_tools)
    assert answer is not None
    assert answer.resolved is None
    assert finding is None, f"{finding.kind}\n{finding.details}"
