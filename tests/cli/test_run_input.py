"""What `run` is given: records, calls, plugins; and what it says of those that are wrong."""

import os
import subprocess
import sys

import pytest
from inline_snapshot import snapshot
from support.handmade import ECHO, plugin, process
from support.variants import write
from wasmtime import wat2wasm

pytestmark = pytest.mark.usefixtures("compiled_once")


@pytest.fixture
def run(cli):
    """`dataflare-lsp run` with a processor that hands records on, in WAVE."""
    (cli.folder / "p.wat").write_text(plugin("processor", ECHO))

    def running(*arguments: str, stdin: str | bytes = b""):
        return cli("run", "p.wat", "--format", "wave", *arguments, stdin=stdin)

    return running


# Records --------------------------------------------------------------------------------------------------------------


def test_what_is_missing_has_a_default(run):
    assert run(stdin='\n{"payload": "a"}\r\n\n{"payload": "", "id": "x", "timestamp": 7}').out == snapshot("""\
success({id: "2", timestamp: 0, payload: [97], metadata: []})
success({id: "x", timestamp: 7, payload: [], metadata: []})
""")


def test_bytes_in_every_form(run):
    lines = ['{"payload": "é"}', '{"payload": {"base64": "AAE="}}', '{"payload": [0, 255]}']
    assert run(stdin="\n".join(lines)).out == snapshot("""\
success({id: "1", timestamp: 0, payload: [195, 169], metadata: []})
success({id: "2", timestamp: 0, payload: [0, 1], metadata: []})
success({id: "3", timestamp: 0, payload: [0, 255], metadata: []})
""")


def test_records_in_wave(run, cli):
    (cli.folder / "r.wave").write_text('{payload: [1]}\n{id: "x", timestamp: 3, payload: [], metadata: [("k", "v")]}\n')
    assert run("--input", "r.wave").out == snapshot("""\
success({id: "1", timestamp: 0, payload: [1], metadata: []})
success({id: "x", timestamp: 3, payload: [], metadata: [("k", "v")]})
""")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"payload": "a"', snapshot("error: standard input:2:16: this is no JSON: expecting ',' delimiter\n")),
        ('{"payload": "a", "id": 5}', snapshot("error: standard input:2:1: `$.id`: expected string, found `5`\n")),
        ('{"payloat": "a"}', snapshot("error: standard input:2:1: `$`: no field `payloat`; did you mean `payload`?\n")),
        ("{}", snapshot("error: standard input:2:1: `$`: field `payload` is missing; it is of type list<u8>\n")),
        (
            "[1]",
            snapshot(
                "error: standard input:2:1: `$`: expected record { id: string, timestamp: u64, payload: list<u8>, … }, found an array\n"
            ),
        ),
        (b'{"payload": "\xff"}', snapshot("error: standard input:2:14: byte 0xff is not UTF-8\n")),
        ('{"payload": "a"} x', snapshot("error: standard input:2:18: this is no JSON: extra data\n")),
        (
            '{"payload": "a", "timestamp": -1}',
            snapshot(
                "error: standard input:2:1: `$.timestamp`: `-1` is out of range for u64, which is 0 to 18446744073709551615\n"
            ),
        ),
    ],
)
def test_a_line_that_is_no_record(run, line: str | bytes, said: str):
    good = b'{"payload": "a"}\n'
    done = run(stdin=good + (line.encode() if isinstance(line, str) else line) + b"\n" + good)
    assert done.code == 2
    assert done.out == 'success({id: "1", timestamp: 0, payload: [97], metadata: []})\n'
    assert done.err == said


def test_a_line_of_wave_that_is_no_record(run, cli):
    (cli.folder / "r.wave").write_text('{payload: [1]}\n  {payload: "a"}\n')
    assert run("--input", "r.wave").err == snapshot(
        'error: r.wave:2:13: expected a value of type list<u8>, found `"a"`\n'
    )


def test_going_on_after_a_line_that_is_no_record(cli, run):
    assert cli("run", "p.wat", "--keep-going", stdin='{"payload": "a"}\n{\n{"payload": "b"}\n]\n') == snapshot(
        (
            0,
            """\
1  {"id": "1", "timestamp": 0, "payload": "a", "metadata": {}}
3  {"id": "3", "timestamp": 0, "payload": "b", "metadata": {}}
""",
            """\
warning: standard input:2:2: this is no JSON: expecting property name enclosed in double quotes
warning: standard input:4:1: this is no JSON: expecting value
2 records: 2 handed on; 2 lines were no record
""",
        )
    )


def test_many_records_are_read_as_a_stream(run):
    count = 20_000
    done = run(stdin='{"payload": "0123456789"}\n' * count)
    assert done.code == 0
    assert done.out.count("\n") == count
    assert f'success({{id: "{count}"' in done.out.splitlines()[-1]


def test_a_long_line(run):
    done = run(stdin='{"payload": "' + "x" * 1_000_000 + '"}')
    assert done.code == 0
    assert done.out.count("120") == 1_000_000


def test_results_come_while_the_input_is_open(cli, run):
    command = [sys.executable, "-m", "dataflare_lsp", "run", "p.wat", "--format", "wave"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cli.folder) as process:
        for number in (1, 2):
            process.stdin.write('{"payload": ""}\n')
            process.stdin.flush()
            assert (
                process.stdout.readline() == f'success({{id: "{number}", timestamp: 0, payload: [], metadata: []}})\n'
            )
        process.stdin.close()
        assert process.wait() == 0


def test_an_input_that_is_not_there(run):
    assert run("--input", "nowhere.ndjson") == snapshot(
        (2, "", "error: cannot read `nowhere.ndjson`: no such file or directory\n")
    )


# Calls ----------------------------------------------------------------------------------------------------------------

RECORD = '{id: "a", timestamp: 0, payload: [104, 105], metadata: []}'


@pytest.mark.parametrize(
    "name",
    [
        "dataflare:core/data-processor@1.0.0#process",
        "dataflare:core/data-processor#process",
        "data-processor#process",
        "process",
    ],
)
def test_a_function_is_called(run, name: str):
    assert run("--call", f"{name}({RECORD})") == (0, f"success({RECORD})\n", "")


def test_a_call_for_people(run, cli):
    assert cli("run", "p.wat", "--call", f"process({RECORD})") == snapshot(
        (0, 'process  success({id: "a", timestamp: 0, payload: [104, 105], metadata: []})\n', "")
    )


def test_calls_follow_each_other(cli):
    core = """
        (global $n (mut i32) (i32.const 48))
        (func (export "reset"))
        (func (export "add") (param i32 i32 i64 i32 i32 i32 i32) (result i32)
          (global.set $n (i32.add (global.get $n) (i32.const 1)))
          (i32.store8 (i32.const 64) (i32.const 1)) (i32.store8 (i32.const 1024) (global.get $n))
          (i32.store (i32.const 68) (i32.const 1024)) (i32.store (i32.const 72) (i32.const 1)) (i32.const 64))
        (func (export "snapshot") (result i32) unreachable)
    """
    (cli.folder / "p.wat").write_text(plugin("aggregator", core))
    add = f"add({RECORD})"
    assert cli("run", "p.wat", "--call", add, "--call", "reset()", "--call", add) == snapshot(
        (
            0,
            """\
add  error: 1
reset  done
add  error: 2
""",
            "",
        )
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            "proces()",
            snapshot("error: `--call`: the component exports no function `proces`; did you mean `process`?\n"),
        ),
        (
            "nothing()",
            snapshot(
                "error: `--call`: the component exports no function `nothing`; call what it exports with `--call`: `dataflare:core/data-processor@1.0.0#process`\n"
            ),
        ),
        (
            "process",
            snapshot(
                "error: `--call`, column 8: expected `(` and the arguments after the name of the function; a call is written as `interface#function(1, true)`; in `process`\n"
            ),
        ),
        (
            "process()",
            snapshot(
                "error: `--call`, column 8: argument `input` is missing; func(input: record { id: string, timestamp: u64, payload: list<u8>, … }) -> variant { success(record { id: string, … }), error(string), skip }; in `process()`\n"
            ),
        ),
        (
            'process({id: "a", timestamp: x})',
            snapshot(
                'error: `--call`, column 30: expected a value of type u64, found `x`; in `process({id: "a", timestamp: x})`\n'
            ),
        ),
    ],
)
def test_a_call_that_cannot_be(run, call: str, said: str):
    assert run("--call", call) == (2, "", said)


# Options --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), snapshot("error: `run` needs a PLUGIN: its folder, its `dataflare.toml`, or a component\n")),
        (("nowhere",), snapshot("error: there is no `nowhere`\n")),
        (
            ("text.txt",),
            snapshot("error: `text.txt` is neither a folder, nor a dataflare.toml, nor a `.wasm` or `.wat` file\n"),
        ),
        (
            ("p.wat", "--count", "0"),
            snapshot("error: `--count` cannot be `0`: expected how many records, such as `--count 100`\n"),
        ),
        (("p.wat", "--timeout", "5"), snapshot("error: `--timeout` cannot be `5`: expected a time, such as `500ms`\n")),
        (
            ("p.wat", "--memory", "5GiB"),
            snapshot("error: `--memory` cannot be `5GiB`: expected a size of at most 4 GiB, such as `64MiB`\n"),
        ),
        (
            ("p.wat", "--fuel", "much"),
            snapshot("error: `--fuel` cannot be `much`: expected a number of instructions, such as `1000000`\n"),
        ),
        (("p.wat", "--config", "key"), snapshot("error: `--config` cannot be `key`: expected KEY=VALUE\n")),
        (
            ("p.wat", "--call", "f()", "--input", "x"),
            snapshot("error: `--call` and `--input` exclude each other: a call takes no records\n"),
        ),
        (("p.wat", "--record", "nowhere/t"), snapshot("error: cannot write `nowhere/t`: no such file or directory\n")),
        (("bad.wat",), snapshot("error: bad.wat:2:10: this is no WebAssembly text: expected a string\n")),
        (
            ("invalid.wat",),
            snapshot(
                "error: `invalid.wat` is no valid component: type mismatch: expected i32 but nothing on stack (at byte 0x22); `dataflare-lsp check` says more\n"
            ),
        ),
        (
            ("module.wat",),
            snapshot(
                "error: `module.wat` is no valid component: it is a core module, not a component (at byte 0x0); `dataflare-lsp check` says more\n"
            ),
        ),
        (
            ("nothing.wat",),
            snapshot(
                "error: the component exports nothing that takes or gives records (`data-source#read-next`, `data-processor#process`, `data-destination#write`, `data-transformer#transform`, `data-filter#keep`, `data-aggregator#add`); nor any other function\n"
            ),
        ),
        (
            ("other.wat",),
            snapshot(
                "error: the component exports nothing that takes or gives records (`data-source#read-next`, `data-processor#process`, `data-destination#write`, `data-transformer#transform`, `data-filter#keep`, `data-aggregator#add`); call what it exports with `--call`: `f`\n"
            ),
        ),
        (("source.wat", "--input", "text.txt"), snapshot("error: a source takes no `--input`: it brings records\n")),
        (
            ("empty",),
            snapshot("error: `empty` has no dataflare.toml; name a plugin's folder, its manifest, or a component\n"),
        ),
    ],
)
def test_what_cannot_be_run(run, cli, arguments: tuple[str, ...], said: str):
    source = '(func (export "read-next") (result i32) unreachable)'
    other = """
        (core module $m (func (export "f")))
        (core instance $i (instantiate $m))
        (func (export "f") (canon lift (core func $i "f")))
    """
    for name, text in {
        "text.txt": "",
        "bad.wat": "(component\n  (import))",
        "invalid.wat": "(component (core module (func (result i32))))",
        "module.wat": "(module)",
        "nothing.wat": "(component)",
        "other.wat": f"(component {other})",
        "source.wat": plugin("source", source),
    }.items():
        (cli.folder / name).write_text(text)
    (cli.folder / "empty").mkdir()
    assert cli("run", *arguments) == (2, "", said)


# Plugins --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def example(cli):
    """The plugin of the documentation, with records that its manifest names."""
    write(cli.folder / "plugin")
    manifest = cli.folder / "plugin" / "dataflare.toml"
    (cli.folder / "plugin" / "samples").mkdir()
    (cli.folder / "plugin" / "samples" / "records.ndjson").write_text('{"payload": "hello"}\n')
    manifest.write_text(manifest.read_text() + '\n[debug]\ninput = "samples/records.ndjson"\n')
    return manifest


def test_a_plugin_with_all_that_its_manifest_says(cli, example):
    assert cli("run", "plugin") == snapshot(
        (0, '1  {"id": "1", "timestamp": 0, "payload": "hello", "metadata": {}}\n', "1 record: 1 handed on\n")
    )
    assert cli("run", "plugin/dataflare.toml").out == cli("run", "plugin").out


def test_a_component_that_is_not_built(cli, example):
    (cli.folder / "plugin" / "build" / "plugin.wasm").unlink()
    assert cli("run", "plugin").err == snapshot(
        "error: there is no component at `plugin/build/plugin.wasm`; build it first: `wasm-tools parse plugin.wat -o build/plugin.wasm`\n"
    )


def test_the_limits_of_the_manifest(cli, example):
    looping = plugin("processor", process("(loop $l (br $l))"))
    (cli.folder / "plugin" / "build" / "plugin.wasm").write_bytes(wat2wasm(looping))
    assert cli("run", "plugin").out.splitlines()[0] == "1  failed (time): it took longer than the limit of 100 ms"
    assert cli("run", "plugin", "--timeout", "20ms").out.splitlines()[0].endswith("the limit of 20 ms")


def test_what_is_not_granted(cli, example):
    example.write_text(example.read_text().replace('host = ["metrics"]', "host = []"))
    assert cli("run", "plugin") == snapshot(
        (
            1,
            """\
1  failed (denied): `dataflare:core/metrics#increment-counter` is not granted; the manifest would have to say `"metrics"` in `capabilities.host`
     in main!<wasm function 1>
""",
            "1 record: 1 failed\n",
        )
    )


def test_a_manifest_with_a_mistake(cli, example):
    example.write_text(example.read_text().replace('kind = "processor"', 'kind = "procesor"'))
    assert cli("run", "plugin") == snapshot(
        (
            2,
            "",
            "error: plugin/dataflare.toml:6: `kind` is one of `source`, `processor`, `destination`, `transformer`, `filter`, `aggregator`, found `procesor`; `dataflare-lsp check` shows all mistakes\n",
        )
    )


def test_an_environment_variable_that_is_not_set(cli, example, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TOKEN", raising=False)
    text = example.read_text().replace(
        'host = ["metrics"]', 'host = ["metrics"]\nenvironment = ["TOKEN"]\nwasi = ["cli"]'
    )
    example.write_text(text)
    assert cli("run", "plugin").err == snapshot("""\
note: the manifest grants the environment variable `TOKEN`, which is not set
1 record: 1 handed on
""")


def test_nothing_of_a_plugin_is_written(cli, run):
    before = sorted(os.listdir(cli.folder))
    run(stdin='{"payload": "a"}')
    assert sorted(os.listdir(cli.folder)) == before


def test_a_failure_for_programs_that_is_no_entry(cli):
    start = "(func $s unreachable) (start $s)" + process("")
    (cli.folder / "p.wat").write_text(plugin("processor", start))
    assert cli("run", "p.wat", "--format", "ndjson", stdin="") == snapshot(
        (
            1,
            '{"entry": null, "outcome": "failed", "cause": "trap", "reason": "wasm `unreachable` instruction executed", "backtrace": ["main!short"]}\n',
            "",
        )
    )
