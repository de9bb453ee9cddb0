"""The good plugin of `docs/examples/pass-through`, and ways to break it, each with what is to be said of it.

A change replaces a text that is in a file once: `Change("plugin.wat", "u64", "u32")`. The component is assembled anew
from the text after it.
"""

import shutil
from pathlib import Path
from typing import NamedTuple

from support.shared import REPOSITORY
from wasmtime import wat2wasm

EXAMPLE = REPOSITORY / "docs" / "examples" / "pass-through"
COMPONENT = "build/plugin.wasm"


class Change(NamedTuple):
    """Another text in a file; `old` is "" where the file is new, or nothing but `new`."""

    file: str
    old: str
    new: str
    everywhere: bool = False


class Variant(NamedTuple):
    """A broken plugin. `found` are lines as `file:line:column code: message`, with 1-based places."""

    name: str
    changes: tuple[Change, ...]
    found: tuple[str, ...]


def write(folder: Path, changes: tuple[Change, ...] = ()) -> None:
    """Put the plugin with some changes into a folder, with its component."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("build"), dirs_exist_ok=True)
    (folder / "build").mkdir()
    after = []
    for change in changes:
        path = folder / change.file
        if change.file == COMPONENT:
            after.append(change)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if change.old else ""
        assert change.everywhere or text.count(change.old) == 1 or not change.old, (change, text.count(change.old))
        path.write_text(text.replace(change.old, change.new) if change.old else change.new, encoding="utf-8")
    binary = bytes(wat2wasm((folder / "plugin.wat").read_text(encoding="utf-8")))
    for change in after:
        binary = binary[: int(change.new)] if change.old == "cut" else change.new.encode("latin-1")
    (folder / COMPONENT).write_bytes(binary)


def _wat(old: str, new: str, everywhere: bool = False) -> Change:
    return Change("plugin.wat", old, new, everywhere)


def _wit(old: str, new: str) -> Change:
    return Change("wit/world.wit", old, new)


def _toml(old: str, new: str) -> Change:
    return Change("dataflare.toml", old, new)


_PROCESS = "`dataflare:core/data-processor@1.0.0#process`"
_EXPORT = "    export dataflare:core/data-processor@1.0.0;\n"
_LOGGING = '(import "dataflare:core/metrics@1.0.0"'

VARIANTS = (
    Variant(
        "a field of another type",
        (_wat('(field "timestamp" u64)', '(field "timestamp" s64)', everywhere=True),),
        (
            f"dataflare.toml:16:8 function-mismatch: {_PROCESS}: parameter `input`: record `data-record`: "
            "field `timestamp` is s64, the world wants u64",
        ),
    ),
    Variant(
        "a field of another name",
        (_wat('(field "payload" $bytes)', '(field "content" $bytes)', everywhere=True),),
        (
            f"dataflare.toml:16:8 function-mismatch: {_PROCESS}: parameter `input`: record `data-record`: "
            "field `content` is not there in the world, which wants `payload`",
        ),
    ),
    Variant(
        "a case too few",
        (
            _wat('    (case "error" string)\n    (case "skip")))', '    (case "error" string)))'),
            _wat(' (case "error" string) (case "skip"))', ' (case "error" string))', everywhere=True),
        ),
        (
            f"dataflare.toml:16:8 function-mismatch: {_PROCESS}: result: variant `processing-result`: "
            "case `skip` is missing, the world wants it",
        ),
    ),
    Variant(
        "a parameter of another name",
        (_wat('(param "input"', '(param "record"', everywhere=True),),
        (
            f"dataflare.toml:16:8 function-mismatch: {_PROCESS}: parameter 1 is `record`, the world wants `input`",
        ),
    ),
    Variant(
        "an imported function with another parameter",
        (
            _wat('(param "name" string) (param "value" u64)', '(param "name" string) (param "value" s64)'),
        ),
        (
            "dataflare.toml:16:8 function-mismatch: `dataflare:core/metrics@1.0.0#increment-counter`: "
            "parameter `value` is s64, the world wants u64",
        ),
    ),
    Variant(
        "an export too few",
        (_wat('  (export "dataflare:core/data-processor@1.0.0" (instance $interface))', ""),),
        (
            "dataflare.toml:16:8 missing-export: interface `dataflare:core/data-processor@1.0.0` is wanted, "
            "and not exported",
        ),
    ),
    Variant(
        "an export of another version",
        (_wat('(export "dataflare:core/data-processor@1.0.0"', '(export "dataflare:core/data-processor@2.0.0"'),),
        (
            "dataflare.toml:16:8 missing-export: interface `dataflare:core/data-processor@1.0.0` is wanted, "
            "and exported in version 2.0.0",
        ),
    ),
    Variant(
        "a function too few",
        (
            _wat(
                '    (export "process" (func $process) (func (param "input" $named-record) (result $named-result))))',
                "  )",
            ),
        ),
        (
            "dataflare.toml:16:8 missing-export: `dataflare:core/data-processor@1.0.0`: function `process` is wanted, "
            "and not exported",
        ),
    ),
    Variant(
        "a function in the place of an interface",
        (
            _wat(
                '(export "dataflare:core/data-processor@1.0.0" (instance $interface))',
                '(core func $run (canon lower (func $metrics "increment-counter")'
                ' (memory (core memory $heap "memory"))))\n'
                '  (core module $other (func (export "run")))\n  (core instance $other (instantiate $other))\n'
                '  (func $other (canon lift (core func $other "run")))\n'
                '  (export "data-processor" (func $other))',
            ),
        ),
        (
            "dataflare.toml:16:8 item-mismatch: `data-processor` is a function, the world has an interface of that name",
        ),
    ),
    Variant(
        "an import that nobody offers",
        (_wat(_LOGGING, '(import "acme:extra/lookup" (instance (export "find" (func))))\n  ' + _LOGGING),),
        ("dataflare.toml:16:8 forbidden-import: interface `acme:extra/lookup` is imported, and not offered",),
    ),
    Variant(
        "WASI of another time",
        (_wat(_LOGGING, '(import "wasi:clocks/wall-clock@0.3.0" (instance (export "now" (func))))\n  ' + _LOGGING),),
        ("dataflare.toml:16:8 forbidden-import: interface `wasi:clocks/wall-clock@0.3.0` is imported, and not offered",),
    ),
    Variant(
        "an interface of the host that is not granted",
        (_toml('host = ["metrics"]', "host = []"),),
        (
            "dataflare.toml:16:8 ungranted-import: the component imports `metrics` of the host, and `host` does not "
            "grant it",
        ),
    ),
    Variant(
        "WASI that is not granted",
        (
            _wat(
                _LOGGING,
                '(import "wasi:clocks/monotonic-clock@0.2.0" (instance (export "now" (func (result u64)))))\n  '
                + _LOGGING,
            ),
        ),
        ("dataflare.toml:16:8 ungranted-import: the component imports `wasi:clocks`, which is not granted; "
            "every call is denied",),
    ),
    Variant(
        "a grant that is not used",
        (_toml('host = ["metrics"]', 'host = ["metrics", "logging"]'),),
        ("dataflare.toml:23:20 unused-capability: `logging` is granted, and the component does not import it",),
    ),
    Variant(
        "a component larger than its budget",
        (_toml('size = "4KiB"', 'size = "1KiB"'),),
        ("dataflare.toml:16:8 over-budget: the component has 1,637 bytes, more than the budget of 1KiB",),
    ),
    Variant(
        "an export in the WIT that was not built",
        (_wit(_EXPORT, _EXPORT + "    export describe: func() -> string;\n"),),
        (
            "dataflare.toml:16:8 stale-component: the component was not built from this WIT: function `describe` is "
            "wanted, and not exported",
        ),
    ),
    Variant(
        "an export in the component that the WIT does not have any more",
        (
            _wat("(component\n", '(component\n  (component $nothing)\n  (instance $idle (instantiate $nothing))\n'
                                '  (export "acme:pass-through/idle@1.0.0" (instance $idle))\n'),
        ),
        (
            "dataflare.toml:16:8 stale-component: the component was not built from this WIT: interface "
            "`acme:pass-through/idle@1.0.0` is exported, and the WIT has none of that name",
        ),
    ),
    Variant(
        "a world that does not fit its host",
        (
            _wit(_EXPORT, "    export dataflare:core/data-source@1.0.0;\n"),
        ),
        (
            "dataflare.toml:16:8 stale-component: the component was not built from this WIT: interface "
            "`dataflare:core/data-source@1.0.0` is wanted, and not exported",
            "wit/world.wit:4:7 missing-export: interface `dataflare:core/data-processor@1.0.0` is wanted, "
            "and not exported",
        ),
    ),
    Variant(
        "a world that imports what the host does not offer",
        (
            _wit("world plugin {\n", "world plugin {\n    import acme:extra/lookup;\n"),
            Change("wit/deps/extra.wit", "", "package acme:extra;\ninterface lookup { find: func(); }\n"),
        ),
        ("wit/world.wit:5:23 forbidden-import: interface `acme:extra/lookup` is imported, and not offered",),
    ),
    Variant(
        "an older spelling of the world",
        (
            _wit(
                "    import dataflare:core/metrics@1.0.0;\n",
                "    import metrics: interface { increment-counter: func(name: string, value: u64); }\n",
            ),
            _wat(_LOGGING, '(import "metrics"'),
        ),
        (
            "wit/world.wit:5:12 plain-spelling: `metrics` is spelled out here, as older plugins do: "
            "`dataflare:core/metrics@1.0.0` is the interface that it stands for",
        ),
    ),
    Variant(
        "a copy of the host's package that was changed",
        (
            Change(
                "wit/deps/core.wit",
                "",
                """\
package dataflare:core@1.0.0;
interface types {
    record data-record {
        id: string,
        timestamp: u64,
        payload: list<u8>,
        metadata: list<tuple<string, string>>,
    }
}
interface data-processor {
    use types.{data-record};
    variant processing-result { success(data-record), error(string), skip }
    process: func(input: data-record) -> processing-result;
}
interface metrics { increment-counter: func(name: string, value: u64); }
interface configuration {
    get: func(key: string) -> option<string>;
    all: func() -> list<tuple<string, string>>;
}
world dataflare-plugin {
    import metrics;
    export data-processor;
}
""",
            ),
        ),
        (
            "wit/deps/core.wit:1:9 duplicate-dependency: `dataflare:core@1.0.0` also comes from this tool, and is not "
            "the same there: interface `logging` is gone",
        ),
    ),
    Variant(
        "a file that is cut off",
        (Change(COMPONENT, "cut", "700"),),
        (
            "dataflare.toml:16:8 invalid-component: this is not a valid component: a section of 285 bytes does not "
            "fit into its component (at byte 0x1fa, in a section of core modules)",
        ),
    ),
    Variant(
        "something else in its place",
        (Change(COMPONENT, "", "#!/bin/sh\n"),),
        (
            "dataflare.toml:16:8 invalid-component: this is not a component: WebAssembly begins with the bytes "
            "`00 61 73 6d`",
        ),
    ),
    Variant(
        "a core module in its place",
        (Change("plugin.wat", "", '(module (import "wasi_snapshot_preview1" "fd_write" (func)) (func (export "f")))'),),
        ("dataflare.toml:16:8 core-module: this is a core module, not a component",),
    ),
    Variant(
        "a plugin from before components",
        (Change("plugin.wat", "", '(module (func (export "alloc")) (func (export "process")))'),),
        (
            "dataflare.toml:16:8 older-plugin: this is a plugin from before components (it exports `alloc` and "
            "`process`), which hosts of components cannot run",
        ),
    ),
    Variant(
        "a SmartModule",
        (Change("plugin.wat", "", '(module (import "env" "copy_records" (func)) (func (export "filter_map")))'),),
        (
            "dataflare.toml:16:8 older-plugin: this is a Fluvio SmartModule (it exports `filter_map`, and imports "
            "`env.copy_records`), which hosts of components cannot run",
        ),
    ),
    Variant(
        "a function that is async",
        (_wat(_LOGGING, '(import "wasi:clocks/later@0.2.0" (instance (export "wait" (func async))))\n  ' + _LOGGING),
         _toml('host = ["metrics"]', 'host = ["metrics"]\nwasi = ["clocks"]')),
        (
            "dataflare.toml:16:8 unsupported-async: the component needs component-model async: "
            "`wasi:clocks/later@0.2.0#wait`",
        ),
    ),
    Variant(
        "no component yet",
        (_toml('path = "build/plugin.wasm"', 'path = "build/other.wasm"'),),
        ("dataflare.toml:16:8 missing-component: there is no component `build/other.wasm` yet; build it: `wasm-tools "
            "parse plugin.wat -o build/plugin.wasm`",),
    ),
)  # fmt: skip
