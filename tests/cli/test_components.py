"""`check` with components: by themselves, against a world, started."""

from pathlib import Path

import pytest
from support.components import component_of
from support.variants import COMPONENT, EXAMPLE, write
from wasmtime import wat2wasm

from dataflare_lsp.workspace.roots import CORE

TARGET = "dataflare:core/dataflare-plugin@1.0.0"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("dataflare_lsp.runtime.cache.default_folder", lambda: str(tmp_path / "cache"))


def wasm(cli, wat: str, name: str = "x.wasm") -> None:
    (cli.folder / name).write_bytes(wat2wasm(wat))


def test_a_component_by_itself(cli):
    wasm(cli, "(component)")
    assert cli("check", "x.wasm") == (0, "no mistakes (checked 1 component, 1 file)\n", "")


def test_text_is_read_too(cli):
    (cli.folder / "x.wat").write_text((EXAMPLE / "plugin.wat").read_text())
    assert cli("check", "x.wat").code == 0
    (cli.folder / "x.wat").write_text("(component (import))")
    code, out, _ = cli("check", "x.wat")
    assert code == 1
    assert out.startswith("error[invalid-component]: this is not a component: ")


def test_what_the_engine_refuses(cli):
    wasm(cli, "(component (core module (func (result i32))))")
    code, out, _ = cli("check", "x.wasm")
    assert code == 1
    assert out.startswith(
        "error[invalid-component]: this is not a valid component: type mismatch: expected i32 but nothing on stack "
        "(at byte 0x"
    )
    assert cli("check", "x.wasm").out == out  # what was kept says the same


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "this is not WebAssembly: the file is empty"),
        (b"\0asm", "this is not a component: the file ends within its first eight bytes"),
        (b"\0asm\x0d\0\2\0", "this is WebAssembly of an unknown kind, not a component"),
        (
            b"\0asm\x0d\0\1\0\x07\x80",
            "this is not a valid component: unexpected end of the file (at byte 0xa, in a section of types)",
        ),
    ],
)
def test_what_is_none(cli, data: bytes, said: str):
    (cli.folder / "x.wasm").write_bytes(data)
    code, out, _ = cli("check", "x.wasm")
    assert code == 1
    assert said in out
    assert out.count("error[") == 1


def test_a_package_that_is_encoded_is_no_component(cli, wasm_tools: Path):
    import subprocess

    cli.files("//- p/p.wit\npackage a:b; interface i { f: func(); }")
    out = cli.folder / "p.wasm"
    subprocess.run([wasm_tools, "component", "wit", cli.folder / "p", "--wasm", "-o", out], check=True)
    assert cli("check", "p.wasm") == (0, "no mistakes (checked 1 package, 1 file)\n", "")


def test_a_world_is_compared_strictly(cli, wasm_tools: Path):
    wit = """
        package acme:json@1.0.0;
        world plugin { include dataflare:core/dataflare-plugin@1.0.0; import wasi:io/poll@0.2.0; }
        package wasi:io@0.2.0 { interface poll { poll: func(); } }
    """
    (cli.folder / "x.wasm").write_bytes(component_of(wasm_tools, wit, "plugin", cli.folder / "making"))
    code, out, _ = cli("check", "x.wasm", "--world", TARGET, "--wit", CORE)
    assert code == 1
    assert out.count("error[") == 1
    assert "error[forbidden-import]: interface `wasi:io/poll@0.2.0` is imported, and not offered" in out
    assert cli("check", "x.wasm", "--world", "acme:json/plugin", "--wit", "making/wit").code == 0
    assert cli("check", "x.wasm", "--world", "plugin", "--wit", "making/wit").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--world", "a:b/c"), "`--world` needs `--wit`: a component is compared with a world of a package"),
        (("--wit", "."), "`--wit` needs `--world`: a component is compared with a world of a package"),
        (
            ("--world", "dataflare:core/dataflare-plugi", "--wit", CORE),
            f"`--wit {CORE}`: there is no world `dataflare:core/dataflare-plugi`; did you mean `{TARGET}`?",
        ),
        (("--world", "a:b/c", "--wit", "nowhere"), "cannot read `nowhere`: it does not exist"),
        (("--world", "a:b/c", "--wit", "bad.wit"), "`--wit bad.wit`: the WIT has mistakes; see `dataflare-lsp check`"),
    ],
)
def test_a_world_that_cannot_be_compared_with(cli, arguments: tuple[str, ...], said: str):
    wasm(cli, "(component)")
    cli.files("//- bad.wit\npackage a:b; interface i { f: func() -> x; }")
    assert cli("check", "x.wasm", *arguments) == (2, "", f"error: {said}\n")


def test_a_host_that_is_named_may_know_async(cli):
    wasm(cli, '(component (import "later" (func async)))')
    cli.files("//- wit/w.wit\npackage a:b; world w { import later: async func(); }")
    assert "error[unsupported-async]: the component needs component-model async: `later`" in cli("check", "x.wasm").out
    assert cli("check", "x.wasm", "--world", "a:b/w", "--wit", "wit").code == 0


def test_a_component_is_started(cli):
    wasm(cli, "(component (core module $m (func $go unreachable) (start $go)) (core instance (instantiate $m)))")
    assert cli("check", "x.wasm").code == 0
    code, out, _ = cli("check", "--instantiate", "x.wasm")
    assert code == 1
    assert (
        "error[start-failure]: the component does not start: wasm trap: wasm `unreachable` instruction executed" in out
    )
    assert "= note: in `m!go`" in out


def test_a_plugin_is_started_under_its_limits(cli):
    write(cli.folder / "plugin")
    assert cli("check", "--instantiate", "plugin").code == 0
    manifest = cli.folder / "plugin" / "dataflare.toml"
    wat = (EXAMPLE / "plugin.wat").read_text().replace('(memory (export "memory") 1)', '(memory (export "memory") 20)')
    (cli.folder / "plugin" / COMPONENT).write_bytes(wat2wasm(wat))
    code, out, _ = cli("check", "--instantiate", "plugin")
    assert code == 1
    assert "it wants more memory than the limit of 1,048,576 bytes" in out
    manifest.write_text(manifest.read_text().replace('memory = "1MiB"', 'memory = "2MiB"'))
    assert cli("check", "--instantiate", "plugin").code == 0


def test_a_budget_of_time_counts_what_compiling_took(cli):
    write(cli.folder / "plugin")
    manifest = cli.folder / "plugin" / "dataflare.toml"
    manifest.write_text(manifest.read_text().replace('size = "4KiB"', 'compile = "1ns"\nstart = "1ns"'))
    first = cli("check", "plugin").out
    assert "warning[over-budget]: compiling takes " in first
    assert cli("check", "plugin").out == first
    assert "warning[over-budget]: starting takes " in cli("check", "--instantiate", "plugin").out
