"""What the plugins of this folder are built as: as they stand, and with each mistake that their authors can make.

A mistake is an edit of the plugin's files, among which is the `dataflare:core` that it is built against.
"""

from collections.abc import Mapping
from typing import NamedTuple

LANGUAGES = ("python", "javascript", "c", "rust", "go")


class Edit(NamedTuple):
    """In the files that match a pattern, each `old` becomes `new`. In one of them at least it has to stand."""

    files: str
    old: str
    new: str


class Variant(NamedTuple):
    """A way to build the plugins: what is edited in all of them, and what in those of a language.

    It is built in the languages that `languages` names. `core` is the folder of the package that the plugin is built
    against, from the repository.
    """

    name: str
    edits: tuple[Edit, ...] = ()
    languages: Mapping[str, tuple[Edit, ...]] = dict.fromkeys(LANGUAGES, ())
    core: str = "wit"


def _other_version(name: str, version: str) -> Variant:
    """Built against another version of `dataflare:core`, in which nothing else is different."""
    old = "dataflare:core/{}@1.0.0"
    new = f"dataflare:core/{{}}@{version}"
    return Variant(
        name,
        (
            Edit("wit/deps/core/*.wit", "package dataflare:core@1.0.0", f"package dataflare:core@{version}"),
            Edit("wit/world.wit", old.format("dataflare-plugin"), new.format("dataflare-plugin")),
        ),
        {
            "python": (),
            "javascript": (Edit("processor.js", old.format("logging"), new.format("logging")),),
            "c": (),
            "rust": (),
            "go": (
                Edit("processor.go", old.format("logging"), new.format("logging")),
                Edit("processor.go", old.format("data-processor"), new.format("data-processor")),
            ),
        },
    )


_USES_WASI: Mapping[str, tuple[Edit, ...]] = {
    "python": (
        Edit(
            "processor.py",
            "from wit_world.exports import",
            "import os\nimport socket\nimport sys\nimport time\n\nfrom wit_world.exports import",
        ),
        Edit(
            "processor.py",
            "input.payload = input.payload.upper()",
            """what = input.payload.decode()
        try:
            if what == "files":
                with open("/data/new", "w") as file:
                    print("written", file=file)
                os.rename("/data/new", "/data/moved")
                said = f"{sorted(os.listdir('/data'))} {open('/data/moved').read()!r} {os.stat('/data/given').st_size}"
            elif what == "escape":
                said = open("/data/../outside/secret").read()
            elif what == "environment":
                said = f"{sys.argv} {os.environ.get('HOME')} {os.environ.get('PATH')}"
            elif what == "time":
                start = time.monotonic()
                time.sleep(0.02)
                said = f"{time.monotonic() - start >= 0.02} {time.time() > 1577836800}"
            elif what == "random":
                said = f"{len(os.urandom(5000))} {os.urandom(16) != os.urandom(16)}"
            elif what == "output":
                print("to stdout")
                print("to stderr", file=sys.stderr, flush=True)
                said = f"{sys.stdin.read()!r} {sys.stdout.isatty()}"
            elif what == "socket":
                socket.socket(socket.AF_INET)
            elif what == "exit":
                os._exit(7)
        except OSError as error:
            said = f"{type(error).__name__}: {error}"
        input.payload = said.encode()""",
        ),
    ),
    # StarlingMonkey has `fetch`.
    "javascript": (
        Edit("dataflare.toml", "jco componentize", "componentize-js"),
        Edit("dataflare.toml", "--backend quickjs ", ""),
        Edit("processor.js", "  process(input) {", "  async process(input) {"),
        Edit(
            "processor.js",
            "const payload = input.payload.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));",
            """let said;
    try {
      const url = new TextDecoder().decode(input.payload);
      const response = await fetch(url, { method: "POST", body: "a body", headers: { "x-one": "1" } });
      said = `${response.status} ${response.headers.get("content-type")} ${await response.text()}`;
    } catch (error) {
      said = String(error);
    }
    const payload = new TextEncoder().encode(said);""",
        ),
    ),
}

_PLAIN_NAMES: Mapping[str, tuple[Edit, ...]] = {
    # Not Python: componentize-py loses interfaces that are imported under plain names.
    "javascript": (Edit("processor.js", "dataflare:core/logging@1.0.0", "logging"),),
    "c": (Edit("processor.c", "dataflare_core_logging_log", "logging_log"),),
    "rust": (Edit("processor.rs", "use dataflare::core::logging;\n", ""),),
    "go": (Edit("processor.go", "dataflare:core/logging@1.0.0 log", "logging log"),),
}

VARIANTS = (
    Variant("good"),
    Variant(
        "starlingmonkey",
        languages={
            "javascript": (
                Edit("dataflare.toml", "jco componentize", "componentize-js"),
                Edit("dataflare.toml", "--backend quickjs ", ""),
            ),
        },
    ),
    Variant(
        "debugged",
        languages={
            "python": (Edit("dataflare.toml", "componentize processor", "componentize debugged"),),
            "c": (
                # With lines of source, and what is written to stderr.
                Edit("build.sh", "processor.c", "debugged.c"),
                Edit("build.sh", "-Os -Wl,--strip-all", "-O1 -g"),
                Edit(
                    "build.sh",
                    "component new core.wasm",
                    'component new core.wasm --adapt "wasi_snapshot_preview1=$WASI_PREVIEW1_ADAPTER"',
                ),
            ),
        },
    ),
    Variant(
        "narrow-timestamp",
        (Edit("wit/deps/core/types.wit", "timestamp: u64", "timestamp: u32"),),
        {
            "python": (),
            "javascript": (),
            "c": (),
            "rust": (),
            "go": (Edit("processor.go", "uint64", "uint32"),),
        },
    ),
    Variant(
        "renamed-function",
        (Edit("wit/deps/core/data-processor.wit", "process: func(", "handle: func("),),
        {
            "python": (Edit("processor.py", "def process(", "def handle("),),
            "javascript": (Edit("processor.js", "process(input)", "handle(input)"),),
            "c": (Edit("processor.c", "data_processor_process(", "data_processor_handle("),),
            "rust": (Edit("processor.rs", "fn process(", "fn handle("),),
            "go": (Edit("processor.go", "#process", "#handle"),),
        },
    ),
    Variant(
        "filter",
        (Edit("wit/world.wit", "core/dataflare-plugin", "core/filter-plugin"),),
        {
            "python": (Edit("dataflare.toml", "componentize processor", "componentize filter"),),
            "javascript": (Edit("dataflare.toml", "processor.js", "filter.js"),),
            "c": (Edit("build.sh", "processor.c", "filter.c"),),
            "rust": (Edit("Cargo.toml", "processor.rs", "filter.rs"),),
            "go": (Edit("build.sh", "processor.go", "filter.go"),),
        },
    ),
    Variant(
        "extra-import",
        (
            Edit(
                "wit/world.wit",
                "/// A plugin that writes payloads in capitals.\nworld plugin {\n",
                "interface lookup {\n    find: func(key: string) -> option<string>;\n}\n\n"
                "/// A plugin that writes payloads in capitals.\nworld plugin {\n    import lookup;\n",
            ),
        ),
        {
            "python": (
                Edit("processor.py", "imports import logging", "imports import logging, lookup"),
                Edit("processor.py", 'log("debug", input.id)', 'log("debug", lookup.find(input.id) or "")'),
            ),
            "javascript": (
                Edit(
                    "processor.js",
                    'import { log } from "dataflare:core/logging@1.0.0";',
                    'import { log } from "dataflare:core/logging@1.0.0";\nimport { find } from "acme:capitals/lookup@1.0.0";',
                ),
                Edit("processor.js", 'log("debug", input.id)', 'log("debug", find(input.id) ?? "")'),
            ),
            "c": (
                Edit(
                    "processor.c",
                    "log(&level, &input->id);",
                    "log(&level, &input->id);\n    plugin_string_t found;\n"
                    "    acme_capitals_lookup_find(&input->id, &found);",
                ),
            ),
            "rust": (
                Edit("processor.rs", "use dataflare::", "use acme::capitals::lookup;\nuse dataflare::"),
                Edit("processor.rs", '"debug", &input.id', '"debug", &lookup::find(&input.id).unwrap_or_default()'),
            ),
            "go": (
                Edit(
                    "processor.go",
                    "type record struct",
                    "//go:wasmimport acme:capitals/lookup@1.0.0 find\n"
                    "func find(key unsafe.Pointer, keyLength uint32, found unsafe.Pointer)\n\n"
                    "var found struct {\n\tisSome uint32\n\tvalue  list\n}\n\ntype record struct",
                ),
                Edit(
                    "processor.go",
                    "uint32(len(debug)), id, idLength)",
                    "uint32(len(debug)), id, idLength)\n\tfind(id, idLength, unsafe.Pointer(&found))",
                ),
            ),
        },
    ),
    Variant(
        "plain-names",
        (
            Edit(
                "wit/world.wit",
                "    include dataflare:core/dataflare-plugin@1.0.0;\n",
                "    import logging: interface {\n        log: func(level: string, message: string);\n    }\n"
                "    export dataflare:core/data-processor@1.0.0;\n",
            ),
        ),
        _PLAIN_NAMES,
    ),
    Variant("older-core", languages=_PLAIN_NAMES, core="tests/toolchains/older"),
    Variant("uses-wasi", languages=_USES_WASI),
    _other_version("newer-core", "1.1.0"),
    _other_version("next-core", "2.0.0"),
    # What was built before components, and a program: no world, so nothing in it is edited.
    Variant("module", languages={"legacy": ()}, core=""),
    Variant("program", languages={"wasi": ()}, core=""),
    Variant("smartmodule", languages={"legacy": (Edit("dataflare.toml", "module.c", "smartmodule.c"),)}, core=""),
)


def variants_of(language: str) -> tuple[Variant, ...]:
    """What is built in a language."""
    return tuple(variant for variant in VARIANTS if language in variant.languages)
