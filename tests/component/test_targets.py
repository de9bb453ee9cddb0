"""A component against a world: each way in which it does not fit, said exactly; the reference's verdict, always."""

import subprocess
from pathlib import Path
from random import Random

import pytest
from support.program import program, seen_by

from dataflare_lsp.component.targets import (
    COMPATIBLE,
    EXACT,
    Matching,
    Side,
    TypePlace,
    mismatches,
    semver_compatible,
)
from dataflare_lsp.wit.lower import lower

CORE = """
package dataflare:core@1.0.0;
interface types {
    record data-record { id: string, timestamp: u64, payload: list<u8> }
}
interface data-processor {
    use types.{data-record};
    variant processing-result { success(data-record), error(string), skip }
    process: func(input: data-record) -> processing-result;
    again: func(input: data-record) -> processing-result;
}
interface files {
    resource file { constructor(name: string); read: func(limit: u32) -> list<u8>; }
    enum level { low, high }
    flags rights { read, write }
    open: func(name: string, how: rights) -> result<file, level>;
    lend: func(what: borrow<file>) -> tuple<u8, option<level>>;
}
interface logging { log: func(level: string, message: string); }
interface metrics { count: func(name: string, value: u64); }
world plugin {
    import logging;
    import metrics;
    import files;
    import config: interface { get: func(key: string) -> option<string>; }
    import now: async func() -> u64;
    export data-processor;
    export main: func(arguments: list<string>) -> result<_, string>;
}
"""


def side(written: str, world: str = "plugin") -> Side:
    resolve = lower(program(written).groups(), frozenset())
    return Side(resolve, resolve.packages[resolve.main].worlds[world])


def found(built: str, wanted: str = CORE, matching: Matching = EXACT) -> list[str]:
    return [mismatch.message for mismatch in mismatches(side(built), side(wanted), matching)]


CHANGES = [
    pytest.param("", "", [], id="the same"),
    pytest.param(
        "timestamp: u64", "timestamp: u32",
        [
            "`dataflare:core/data-processor@1.0.0#process`: parameter `input`: record `data-record`: "
            "field `timestamp` is u32, the world wants u64",
        ],
        id="a field of another type, once",
    ),
    pytest.param(
        "id: string, timestamp: u64", "timestamp: u64, id: string",
        [
            "`dataflare:core/data-processor@1.0.0#process`: parameter `input`: record `data-record`: "
            "field 1 is `timestamp`, the world wants `id`: their order counts",
        ],
        id="fields in another order",
    ),
    pytest.param(
        "error(string), skip", "error(string)",
        [
            "`dataflare:core/data-processor@1.0.0#process`: result: variant `processing-result`: "
            "case `skip` is missing, the world wants it",
        ],
        id="a case too few",
    ),
    pytest.param(
        "success(data-record)", "success",
        [
            "`dataflare:core/data-processor@1.0.0#process`: result: variant `processing-result`: "
            "case `success` has no type, the world wants record `data-record`",
        ],
        id="a case without its payload",
    ),
    pytest.param(
        "again: func(input: data-record) -> processing-result;", "",
        ["`dataflare:core/data-processor@1.0.0`: function `again` is wanted, and not exported"],
        id="a function too few",
    ),
    pytest.param(
        "again: func(input", "again: func(what",
        ["`dataflare:core/data-processor@1.0.0#again`: parameter 1 is `what`, the world wants `input`"],
        id="a parameter of another name",
    ),
    pytest.param(
        "again: func(input: data-record)", "again: func(input: data-record, more: bool)",
        ["`dataflare:core/data-processor@1.0.0#again`: takes 2 parameters, the world wants 1"],
        id="a parameter too many",
    ),
    pytest.param(
        "again: func(input: data-record) -> processing-result", "again: func(input: data-record)",
        ["`dataflare:core/data-processor@1.0.0#again`: returns nothing, the world wants variant `processing-result`"],
        id="no result",
    ),
    pytest.param(
        "again: func", "again: async func",
        ["`dataflare:core/data-processor@1.0.0#again`: is async, the world wants one that is not"],
        id="async",
    ),
    pytest.param(
        "export data-processor;", "",
        ["interface `dataflare:core/data-processor@1.0.0` is wanted, and not exported"],
        id="an export too few",
    ),
    pytest.param("import metrics;", "", [], id="an import too few is none too many"),
    pytest.param(
        "import now", "import extra: func(); import now",
        ["function `extra` is imported, and not offered"],
        id="an import too many",
    ),
    pytest.param("export main", "export extra: func(); export main", [], id="an export too many"),
    pytest.param(
        "log: func", "more: func(); log: func",
        ["`dataflare:core/logging@1.0.0`: function `more` is imported, and the world's has none"],
        id="a function too many in an import",
    ),
    pytest.param(
        "{ low, high }", "{ low, higher }",
        [
            "`dataflare:core/files@1.0.0#open`: result: its error: enum `level`: "
            "case `higher` is not there in the world, which wants `high`",
        ],
        id="another case of an enum",
    ),
    pytest.param(
        "{ read, write }", "{ read, write, run }",
        ["`dataflare:core/files@1.0.0#open`: parameter `how`: flags `rights`: flag `run` is not there in the world"],
        id="a flag too many",
    ),
    pytest.param(
        "result<file, level>", "result<file>",
        ["`dataflare:core/files@1.0.0#open`: result: its error has no type, the world wants enum `level`"],
        id="a result without its error",
    ),
    pytest.param(
        "-> tuple<u8, option<level>>", "-> tuple<u8, option<u8>>",
        [
            "`dataflare:core/files@1.0.0#lend`: result: element 2 of the tuple: its value is u8, "
            "the world wants enum `level`",
        ],
        id="inside a tuple and an option",
    ),
    pytest.param(
        "lend: func(what: borrow<file>)", "lend: func(what: file)",
        [
            "`dataflare:core/files@1.0.0#lend`: parameter `what` is resource `file` of `dataflare:core/files@1.0.0`, "
            "the world wants a borrowed resource `file` of `dataflare:core/files@1.0.0`",
        ],
        id="owned instead of borrowed",
    ),
    pytest.param(
        "get: func(key: string)", "get: func(key: list<string>)",
        ["`config#get`: parameter `key` is list<string>, the world wants string"],
        id="in an interface with a plain name",
    ),
    pytest.param(
        "now: async func() -> u64", "now: async func() -> s64",
        ["`now`: result is s64, the world wants u64"],
        id="a function of the world",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_what_does_not_fit(old: str, new: str, expected: list[str]):
    assert old in CORE
    assert found(CORE.replace(old, new, 1)) == expected


def test_another_kind_of_the_same_name():
    built = CORE.replace("export main: func(arguments: list<string>) -> result<_, string>", "export main: interface {}")
    assert found(built) == ["`main` is an interface, the world has a function of that name"]


def test_versions_agree_exactly_or_as_a_linker_takes_them():
    older = CORE.replace("@1.0.0", "@1.2.0")
    assert found(older, CORE, COMPATIBLE) == []
    assert found(older)[:2] == [
        "interface `dataflare:core/data-processor@1.0.0` is wanted, and exported in version 1.2.0",
        "interface `dataflare:core/logging@1.2.0` is imported, and offered in version 1.0.0",
    ]


def test_an_import_may_be_open():
    built = CORE.replace("import metrics;", "import metrics; import wasi:io/poll@0.2.3;")
    built += "package wasi:io@0.2.3 { interface poll { poll: func(); } }"
    assert found(built) == ["interface `wasi:io/poll@0.2.3` is imported, and not offered"]
    assert found(built, CORE, Matching(is_open=lambda name: name.startswith("wasi:"))) == []


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("plain", "plain"),
        ("a:b/c", "a:b/c"),
        ("a:b/c@1.2.3", "a:b/c@1"),
        ("a:b/c@0.2.3", "a:b/c@0.2"),
        ("a:b/c@0.0.3", "a:b/c@0.0.3"),
        ("a:b/c@1.2.3+build", "a:b/c@1"),
        ("a:b/c@1.2.3-rc.1", "a:b/c@1.2.3-rc.1"),
    ],
)
def test_what_of_a_version_has_to_agree(name: str, canonical: str):
    assert semver_compatible(name) == canonical


def test_types_that_are_nested_without_end_are_not_compared():
    chain = "\n".join(f"type t{n} = list<t{n - 1}>;" for n in range(1, 2_000))
    wit = f"package a:b; interface i {{ type t0 = u8; {chain} f: func(x: t1999); }} world plugin {{ export i; }}"
    message = found(wit.replace("t0 = u8", "t0 = u16"), wit)[0]
    assert message.endswith("is nested more than 200 types deep, which is not compared")


# The reference ---------------------------------------------------------------------------------------------------


def run(wasm_tools: Path, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([wasm_tools, "component", *map(str, arguments)], capture_output=True, timeout=60)


def assert_same_verdict(built: str, wanted: str, wasm_tools: Path, folder: Path) -> bool:
    """Both say that a component made for `built` fits `wanted`, or both say that it does not; whether it fits."""
    folder.mkdir()
    (folder / "built.wit").write_text(built)
    (folder / "wanted.wit").write_text(wanted)
    module, component = folder / "module.wasm", folder / "component.wasm"
    for step in (
        ("embed", "--dummy", folder / "built.wit", "--world", "plugin", "-o", module),
        ("new", module, "-o", component),
    ):
        done = run(wasm_tools, *step)
        assert done.returncode == 0, done.stderr.decode()
    mine = side(seen_by(wasm_tools, component, None), "root")
    fits = True
    for matching, option in ((EXACT, ()), (COMPATIBLE, ("--semver-compatible",))):
        theirs = run(wasm_tools, "targets", folder / "wanted.wit", component, "--world", "plugin", *option)
        ours = mismatches(mine, side(wanted), matching)
        assert (ours == ()) == (theirs.returncode == 0), f"{ours}\n{theirs.stderr.decode()}\n{built}\n{wanted}"
        fits = ours == ()
    return fits


CHOICES = [
    ("u64", "u32"),
    ("string", "list<char>"),
    ("id: string, timestamp", "timestamp"),
    ("error(string), skip", "skip, error(string)"),
    ("success(data-record)", "success(list<data-record>)"),
    ("skip", "skipped"),
    ("again: func", "again-2: func"),
    ("input:", "what:"),
    ("-> processing-result;", "-> option<processing-result>;"),
    ("import metrics;", ""),
    ("import files;", "import files; import f2: func();"),
    ("export data-processor;", ""),
    ("export data-processor;", "export data-processor; export logging;"),
    ("export main", "export other"),
    ("read: func(limit", "size: func(limit"),
    ("constructor(name: string); ", ""),
    ("borrow<file>", "file"),
    ("result<file, level>", "result<file>"),
    ("low, high", "high, low"),
    ("read, write", "read, write, all"),
    ("tuple<u8, option<level>>", "tuple<u8>"),
    ("@1.0.0", "@1.2.0"),
    ("@1.0.0", "@0.2.0"),
    ("use types.{data-record};", "use types.{data-record as data-record-2}; type data-record = data-record-2;"),
    ("record data-record { id", "type id = string; record data-record { id"),
    ("config: interface", "settings: interface"),
    ("resource file {", "resource other; resource file {"),
    ("open: func(name", "opened: func(name"),
    ("u8", "s8"),
]


def changed(chance: Random, text: str, times: int) -> str:
    for old, new in chance.sample(CHOICES, times):
        text = text.replace(old, new, chance.choice((1, -1)))
    return text


def test_the_verdict_is_the_references(wasm_tools: Path, tmp_path: Path):
    chance = Random(5)
    plain = CORE.replace("    import now: async func() -> u64;\n", "")  # no tool makes up an async function
    verdicts = []
    for number in range(60):
        both = changed(chance, plain, chance.choice((0, 2)))
        built, wanted = (changed(chance, both, chance.choice((0, 1))) for _ in range(2))
        verdicts.append(assert_same_verdict(built, wanted, wasm_tools, tmp_path / str(number)))
    assert 10 < sum(verdicts) < 50


def test_the_type_that_differs_is_known_by_where_it_is():
    places = {mismatch.place for mismatch in mismatches(side(CORE.replace("u64", "u32")), side(CORE))}
    assert places == {TypePlace("dataflare:core/types@1.0.0", "data-record", "timestamp"), None}
