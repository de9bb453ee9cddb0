"""The recovered text, given to the reference tool, means what the binary means to it."""

import json
import random
import subprocess
from pathlib import Path

import pytest
from support.encoded import FIXTURES, committed, encode, resolved, source
from support.shared import CONFORMANCE, CORPUS, needs

from dataflare_lsp.component.wat import binary_of
from dataflare_lsp.component.wit_text import WitText, wit_of

pytestmark = needs(CONFORMANCE)

WASI = CORPUS / "wasi-0.3"
WITH_EMPTY_RECORDS = {"wit-parser/types", "wit-parser/use-chain"}
GENERATOR_OPTIONS = (
    *("--async", "--futures", "--streams", "--error-context"),
    *("--fixed-length-lists", "--world-include", "--implements"),
)


def accepted_cases() -> list[str]:
    listing = CONFORMANCE / "cases.json"
    if not listing.is_file():
        return []
    return [case["id"] for case in json.loads(listing.read_text()) if case["kind"] == "ok"]


def assert_same_meaning(wasm_tools: Path, binary: bytes, scratch: Path) -> WitText:
    wit = wit_of(binary)
    assert resolved(wasm_tools, wit.text, scratch) == resolved(wasm_tools, binary, scratch)
    return wit


def test_the_committed_bytes_are_what_the_reference_tool_writes(wasm_tools, tmp_path):
    assert encode(wasm_tools, FIXTURES / "plugin.wit", tmp_path, "--all-features") == committed("plugin")


@pytest.mark.parametrize(
    "package",
    [
        pytest.param("package a:b; interface i {}", id="an empty interface"),
        pytest.param("package a:b; world w {}", id="an empty world"),
        pytest.param(
            """
            package a:b@0.1.0-alpha.1+build.5;
            interface types { resource r { constructor(); get: static func() -> r; } type s = r; }
            interface user { use types.{r as q, s}; type t = q; type l = list<s>; f: func(a: borrow<q>, b: l); }
            world w { import user; export types; export user; use types.{r}; export f: func(x: r) -> option<r>; }
            """,
            id="handles of used resources",
        ),
        pytest.param(
            """
            package a:b;
            interface i { x: func(); }
            world w {
              import i: interface { y: func(); }
              export i: interface { /// Exported.
                z: func(); }
              /// Labelled.
              import j: i;
              import k: i;
              export j: i;
              import f: func();
              /// Exported function.
              export f: func();
            }
            """,
            id="the same names on both sides of a world",
        ),
        pytest.param(
            """
            package a:b;
            interface base { flags f { a } }
            world inner {
              use base.{f as g};
              import x: func(a: g);
              export y: interface { use base.{f}; h: func() -> f; }
            }
            world outer { include inner with { x as z } }
            """,
            id="included worlds",
        ),
        pytest.param(
            """
            package a:b;
            interface i { // plain comment
              f: func();
              /* block */
              g: func();
              /**
               * starred
               *   and indented
               */
              h: func();
              ///\ttab
              k: func();
              ///
              ///   ends in blanks
              ///
              l: func();
              ///
              m: func();
              //// four
              n: func();
            }
            """,
            id="documentation in every style of comment",
        ),
        pytest.param(
            """
            package a:b;
            interface i {
              @external-id("a \\"b\\" \\\\ \\u{202e} \\u{7f} \\n é")
              f: func();
            }
            """,
            id="an external id of characters that need an escape",
        ),
    ],
)
def test_packages_written_for_it(wasm_tools, tmp_path, package):
    root = tmp_path / "root.wit"
    root.write_text(source(package))
    assert_same_meaning(wasm_tools, encode(wasm_tools, root, tmp_path, "--all-features"), tmp_path)


@pytest.mark.parametrize("case", accepted_cases())
def test_accepted_conformance_cases(wasm_tools, tmp_path, case):
    (found,) = [each for each in json.loads((CONFORMANCE / "cases.json").read_text()) if each["id"] == case]
    options = [option for feature in found["features"] for option in ("--features", feature)]
    if case in WITH_EMPTY_RECORDS:
        pytest.skip("the reference tool does not encode empty records")
    binary = encode(wasm_tools, CONFORMANCE / found["root"], tmp_path, *options)
    assert_same_meaning(wasm_tools, binary, tmp_path)


def test_encoded_dependencies_of_a_conformance_case(wasm_tools, tmp_path):
    folder = CONFORMANCE / "wit-parser" / "kinds-of-deps" / "deps"

    from_text = assert_same_meaning(wasm_tools, binary_of((folder / "d.wat").read_text()), tmp_path)
    from_binary = assert_same_meaning(wasm_tools, (folder / "e.wasm").read_bytes(), tmp_path)

    assert from_text.text == "package d:d;\n\ninterface d {\n}\n"
    assert from_binary.text == "package e:e;\n\ninterface e {\n}\n"


@needs(WASI)
@pytest.mark.parametrize("name", ["cli", "clocks", "filesystem", "http", "random", "sockets"])
def test_packages_of_wasi(wasm_tools, tmp_path, name):
    root = tmp_path / name
    (root / "deps").mkdir(parents=True)
    for folder in (WASI / "deps").iterdir():
        if folder.name == name:
            for file in folder.iterdir():
                (root / file.name).symlink_to(file)
        else:
            (root / "deps" / folder.name).symlink_to(folder)
    assert_same_meaning(wasm_tools, encode(wasm_tools, root, tmp_path, "--all-features"), tmp_path)


@needs(WASI)
def test_a_world_of_all_of_wasi(wasm_tools, tmp_path):
    assert_same_meaning(wasm_tools, encode(wasm_tools, WASI, tmp_path, "--all-features"), tmp_path)


@pytest.mark.parametrize("canonical_names", [(), ("--canonical-names",)], ids=["full names", "canonical names"])
@pytest.mark.parametrize("seed", range(20))
def test_generated_packages(wasm_tools, tmp_path, seed, canonical_names):
    generated = tmp_path / "generated.wasm"
    command = [wasm_tools, "wit-smith", "-o", generated, *GENERATOR_OPTIONS, *canonical_names]
    done = subprocess.run(command, input=random.Random(seed).randbytes(4000), capture_output=True, timeout=60)
    if done.returncode != 0:
        pytest.skip("the generator makes nothing of this seed")
    binary = generated.read_bytes()

    text, reference = (resolved(wasm_tools, form, tmp_path) for form in (wit_of(binary).text, binary))

    # A gate later than the package, taken over with an included world, is the one thing that WIT cannot say.
    assert without_stability(text) == without_stability(reference)


def without_stability(value):
    if isinstance(value, dict):
        return {key: without_stability(item) for key, item in value.items() if key != "stability"}
    return [without_stability(item) for item in value] if isinstance(value, list) else value
