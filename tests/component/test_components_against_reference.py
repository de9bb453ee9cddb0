"""The WIT that is recovered of components and core modules is what the reference tool recovers."""

import json
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.encoded import ReferenceFails, component_of, dummy, resolved, source
from support.shared import CONFORMANCE, CORPUS, needs
from support.wit_programs import FEATURES, random_program

from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import wit_of

pytestmark = needs(CONFORMANCE)

WASI = CORPUS / "wasi-0.3"


def assert_same(wasm_tools: Path, binary: bytes, scratch: Path) -> None:
    assert resolved(wasm_tools, wit_of(binary).text, scratch) == resolved(wasm_tools, binary, scratch)


def assert_module_and_component_same(wasm_tools: Path, root: Path, world: str, scratch: Path, *options: str) -> None:
    """Of the core module that is made for `world`, and of the component that is made of that."""
    module = dummy(wasm_tools, root, world, scratch, *options)
    assert_same(wasm_tools, module.read_bytes(), scratch)
    assert_same(wasm_tools, component_of(wasm_tools, module), scratch)


def accepted_worlds() -> list[tuple[str, str]]:
    """The worlds in the root packages of the conformance cases, each with its case."""
    listing = CONFORMANCE / "cases.json"
    cases = json.loads(listing.read_text()) if listing.is_file() else []
    worlds = []
    for case in cases:
        if case["kind"] == "ok" and case["resolved"].endswith(".json"):
            root = json.loads((CONFORMANCE / case["resolved"]).read_text())["packages"][-1]
            worlds += [(case["id"], world) for world in root["worlds"]]
    return worlds


@pytest.mark.parametrize(("case", "world"), accepted_worlds())
def test_worlds_of_the_conformance_cases(wasm_tools, tmp_path, case, world):
    (found,) = [each for each in json.loads((CONFORMANCE / "cases.json").read_text()) if each["id"] == case]
    options = [option for feature in found["features"] for option in ("--features", feature)]
    if case == "wit-parser/multi-file-multi-package":
        pytest.skip("the reference tool takes another one of its packages for the root")
    assert_module_and_component_same(wasm_tools, CONFORMANCE / found["root"], world, tmp_path, *options)


@needs(WASI)
def test_a_world_of_all_of_wasi(wasm_tools, tmp_path):
    assert_module_and_component_same(wasm_tools, WASI, "app", tmp_path, "--all-features")


@pytest.mark.parametrize("names", [(), ("--emit-canonical-names",)], ids=["full names", "canonical names"])
def test_handles_labels_and_versions(wasm_tools, tmp_path, names):
    root = tmp_path / "root.wit"
    root.write_text(
        source("""
        package a:b@1.2.3;
        interface types { resource r { constructor(); m: func() -> r; } record p { of: list<u8> } }
        interface uses { use types.{r, p as q}; g: func(a: borrow<r>, b: q) -> option<r>; }
        world w {
          import uses;
          import types;
          import labelled: types;
          export uses;
          use types.{p};
          record mine { a: p }
          import f: func(a: mine) -> result<p>;
          import c:d/e@0.2.7;
          export c:d/f@0.0.4-rc.1;
          export placed: interface { use types.{p, r}; h: func(a: p, b: r); }
          export run: async func() -> future<string>;
        }
        package c:d@0.2.7 { interface e { x: func(); } }
        package c:d@0.0.4-rc.1 { interface f { x: func(); } }
        """)
    )
    assert_module_and_component_same(wasm_tools, root, "w", tmp_path, *names)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(
            "package a:b; interface i { resource r; f: func(); } interface j { use i.{r}; } world v { import j; }",
            id="another world of the same package",
        ),
        pytest.param(
            "package a:b; interface i { resource r; f: func(); } world w { import i; import log: func(of: string); }",
            id="the same world",
        ),
        pytest.param(
            """
            package c:d;
            world v { import a:b/i; use a:b/i.{r}; import take: func(of: r); export run: func(); }
            package a:b { interface i { resource r; f: func(); } }
            """,
            id="a world of another package that has a function more",
        ),
        pytest.param(
            """
            package c:d;
            world v { import a:b/i; import log: func(of: string); export stop: func(); }
            package a:b { interface i { resource r; f: func(); } }
            """,
            id="a world that repeats a function",
        ),
    ],
)
def test_core_modules_with_several_sections(wasm_tools, tmp_path, others):
    (tmp_path / "first.wit").write_text(
        "package a:b; interface i { resource r; f: func(); } world w { import i; import log: func(of: string); }"
    )
    (tmp_path / "second.wit").write_text(source(others))
    module = dummy(wasm_tools, tmp_path / "first.wit", "w", tmp_path)
    both = tmp_path / "both.wasm"
    command = [wasm_tools, "component", "embed", tmp_path / "second.wit", module, "-o", both]
    subprocess.run(command, check=True, timeout=60)
    assert_same(wasm_tools, both.read_bytes(), tmp_path)


def test_a_component_that_is_composed_of_two(wasm_tools, tmp_path):
    root = tmp_path / "root.wit"
    root.write_text(
        source("""
        package a:b;
        interface types { resource r { get: func() -> u8; } record p { of: list<string> } }
        interface api { use types.{r, p}; make: func(p: p) -> r; take: func(r: borrow<r>) -> p; }
        interface other { use api.{r, p as q}; f: func(q: q) -> r; }
        interface log { say: func(of: string); }
        world library { import log; export types; export api; }
        world app { import api; import log; export placed: interface { use types.{p}; g: func(p: p); } export other; }
        """)
    )
    for world in ("library", "app"):
        module = dummy(wasm_tools, root, world, tmp_path)
        (tmp_path / f"{world}.wasm").write_bytes(component_of(wasm_tools, module))
    composed = tmp_path / "composed.wasm"
    command = [wasm_tools, "compose", tmp_path / "app.wasm", "-d", tmp_path / "library.wasm", "-o", composed]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert_same(wasm_tools, composed.read_bytes(), tmp_path)
    assert "resource r" in wit_of(composed.read_bytes()).text


@pytest.mark.parametrize("seed", range(40))
def test_worlds_that_the_reference_generates(wasm_tools, tmp_path, seed):
    generated = tmp_path / "generated.wasm"
    options = ("--async", "--futures", "--streams", "--error-context", "--fixed-length-lists", "--implements")
    done = subprocess.run(
        [wasm_tools, "wit-smith", "-o", generated, *options, "--world-include"],
        input=random.Random(seed).randbytes(4000),
        capture_output=True,
        timeout=60,
    )
    if done.returncode != 0:
        pytest.skip("the generator makes nothing of this seed")
    packages = subprocess.run([wasm_tools, "component", "wit", "--json", generated], capture_output=True, timeout=60)
    for world in json.loads(packages.stdout)["packages"][-1]["worlds"]:
        assert_module_and_component_same(wasm_tools, generated, world, tmp_path)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1 << 32))
def test_worlds_that_we_generate(wasm_tools, tmp_path_factory, seed):
    scratch = tmp_path_factory.mktemp("program")
    chance = random.Random(seed)
    root = scratch / "root"
    root.mkdir()
    program = random_program(chance)
    program.write(root)
    features = ",".join(sorted(FEATURES))
    shown = json.loads(program.seen_by(wasm_tools, FEATURES, "--json"))
    worlds = list(shown["packages"][-1]["worlds"])
    assume(worlds)
    try:
        module = dummy(wasm_tools, root, chance.choice(worlds), scratch, "--features", features)
        component = component_of(wasm_tools, module)
    except ReferenceFails:
        assume(False)  # It resolves some WIT that it does not encode, such as handles as values of maps.
    assert_same(wasm_tools, module.read_bytes(), scratch)
    assert_same(wasm_tools, component, scratch)


@pytest.mark.parametrize(
    "definitions",
    [
        pytest.param(
            """
            (component $inner (type $e' (enum "a" "b")) (export "e" (type $e')))
            (instance $in (instantiate $inner))
            (type $it (instance (type $t (enum "a" "b")) (export "e" (type (eq $t)))))
            (export "a:b/i" (instance $in) (instance (type $it)))
            """,
            id="an export with a type of its own",
        ),
        pytest.param(
            """
            (component $a (type $e (enum "x")) (export "e" (type $e)))
            (component $b
              (alias outer 1 $a (component $aa))
              (instance $i (instantiate $aa))
              (export "i" (instance $i)))
            (instance $bi (instantiate $b))
            (alias export $bi "i" (instance $i))
            (export "a:b/c" (instance $i))
            """,
            id="instances of components around a component",
        ),
        pytest.param(
            """
            (import "c" (component $c
              (import "f" (func))
              (export "t" (type $t (sub resource)))
              (export "g" (func (result (own $t))))))
            (import "f" (func $f))
            (instance $i (instantiate $c (with "f" (func $f))))
            (export "a:b/i" (instance $i))
            """,
            id="an instance of an imported component",
        ),
        pytest.param(
            '(import "f" (func $f (param "x" u32))) (instance $i (export "g" (func $f))) (export "a:b/i" (instance $i))',
            id="an instance of what is there",
        ),
        pytest.param('(import "m" (core module)) (import "f" (func))', id="a module is imported"),
    ],
)
def test_components_that_no_language_makes(wasm_tools, tmp_path, definitions):
    assert_same(wasm_tools, binary_of(f"(component {definitions})"), tmp_path)
