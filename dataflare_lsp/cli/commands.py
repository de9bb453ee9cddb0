"""The commands and their options: what is parsed, what `--help` prints, and what the reference page must describe."""

from dataflare_lsp.cli.options import Command, Option

PROGRAM = "dataflare-lsp"

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")

SHELLS = ("bash", "zsh", "fish")

SCHEMAS = ("manifest", "launch")

_FEATURES = (
    Option("--features", "Switch on these `@unstable` features", "NAME,…", many=True),
    Option("--all-features", "Switch on every `@unstable` feature"),
)

CHECK = Command(
    "check",
    "Report the mistakes in WIT packages",
    "[PATH...]",
    None,
    """\
PATH is a directory with `.wit` files (a package, with the dependencies in its `deps` folder), any other directory (the
packages and manifests beneath it, without what `.gitignore` names), a `.wit` file (the package that it belongs to), a
`dataflare.toml` (the manifest of a plugin, and its package), or a `.wasm` file (a component, or an encoded package).
Without one, the current directory is meant. Nothing here runs a component but `--instantiate`.

Exit code: 0 nothing found, 1 errors found, 2 the job could not be done.""",
    (
        *_FEATURES,
        Option("--format", "How to print what was found:\n" + ", ".join(FORMATS) + " [text]", "FORMAT", FORMATS),
        Option("--deny", "Let warnings fail the check, too", "warnings", ("warnings",)),
        Option("--select", "Report only these codes", "CODE,…", many=True),
        Option("--ignore", "Report all codes but these", "CODE,…", many=True),
        Option("--fix", "Apply the fixes that are certain, and report what remains"),
        Option("--watch", "Check again whenever a file changes, until interrupted"),
        Option("--stdin-filename", "Take the text on standard input for that of FILE", "FILE"),
        Option("--world", "Compare the components given with this world, strictly", "WORLD"),
        Option("--wit", "The package of that world, or one that has it in its `deps`", "PATH"),
        Option("--baseline", "Ask git, too, for the packages that manifests name as baselines"),
        Option("--instantiate", "Start the components, too, without any authority, and say how that ends"),
    ),
)

WIT = Command(
    "wit",
    "Print a package as resolved, with its dependencies",
    "PATH",
    1,
    """\
PATH is a directory with `.wit` files, a `.wit` file, or a package encoded as `.wasm` or `.wat`. The package is printed
as canonical WIT: names resolved, worlds elaborated, and of the comments those that document an item. A component, or a
core module that carries WIT, is printed as the world that it is made for.

Exit code: 0 printed, 1 the package has errors (they are on standard error), 2 the job could not be done.""",
    (Option("--json", "Print the JSON form of `wasm-tools component wit --json`"), *_FEATURES),
)

COMPAT = Command(
    "compat",
    "Compare two versions of a package, and say whom the changes break",
    "OLD NEW",
    2,
    """\
OLD and NEW are each a directory with `.wit` files, a `.wit` file by itself, a package encoded as `.wasm` or `.wat`, a
component, or `git:REV[:PATH]`: what is at PATH in a revision of the git repository around the current directory.
Without PATH, it is where the other package is. With worlds named, the question is whether a component that was built
for the old one runs where the new one is wanted; a component has only one world, and as NEW it is to run where OLD is
wanted.

Exit code: 0 the version of NEW promises no more than is true, or the component runs, 1 it promises too much, or the
component does not run, 2 the job could not be done.""",
    (
        Option("--old-world", "Compare this world of OLD", "WORLD"),
        Option("--new-world", "Compare it with this world of NEW", "WORLD"),
        *_FEATURES,
        Option("--format", "How to print what was found: text, json [text]", "FORMAT", ("text", "json")),
    ),
)

FMT = Command(
    "fmt",
    "Format WIT files in place",
    "[PATH...]",
    None,
    """\
PATH is a `.wit` file, or a directory whose packages are formatted as `check` finds them, without their `deps` folders.
Without one, the current directory is meant; `-` formats standard input to standard output. A file that does not parse
is left as it is.

Exit code: 0 done, 1 with `--check` or `--diff`: there are files to format, 2 a file does not parse or cannot be read
or written.""",
    (
        Option("--check", "Write nothing, list the files that would change"),
        Option("--diff", "Write nothing, show what would change"),
    ),
)

EXPLAIN = Command(
    "explain",
    "Say what a diagnostic means and how to mend it",
    "[CODE]",
    1,
    "CODE is what stands in brackets in a report, as in `error[unresolved-name]`. Without one, all codes are listed.",
    (),
)

SERVE = Command(
    "serve",
    "Run the language server",
    "",
    0,
    """\
Editors start it themselves and talk to it by its standard input and output. By TCP it serves one client on the loopback
interface, unless HOST says otherwise: whoever can connect can read what it can.""",
    (
        Option("--stdio", "Talk by standard input and output; this is the default"),
        Option("--tcp", "Listen at PORT of 127.0.0.1, or of HOST; 0 is any free port", "[HOST:]PORT"),
    ),
)

RUN = Command(
    "run",
    "Feed records to a plugin, or call a function of it",
    "PLUGIN",
    1,
    """\
PLUGIN is a plugin's folder or its `dataflare.toml`, or a component (`.wasm` or `.wat`). It runs in a process of its
own, under the manifest's limits, and is given what the manifest grants. Processors, transformers, filters, aggregators
and destinations take the records of the input one by one; a source is read until it has no more. Records are JSON, one
in each line, or WAVE in a file whose name ends in `.wave`.

Results go to standard output. What the plugin logs and prints goes to standard error.

Exit code: 0 done, 1 a call failed, or with `--deny errors` a result was an error, 2 the job could not be done,
130 interrupted.""",
    (
        Option("--input", "The records; `-` is standard input [the manifest's `debug.input`]", "FILE"),
        Option("--count", "Take this many records at most", "N"),
        Option(
            "--call", "Call this function with arguments in WAVE instead; may be repeated", "'INTERFACE#FUNC(ARGS)'"
        ),
        Option("--format", "How to print results: text, ndjson, wave [text]", "FORMAT", ("text", "ndjson", "wave")),
        Option("--keep-going", "Go on after failures, with a new instance, and after lines that are no records"),
        Option("--deny", "Let results that are errors fail the run, too", "errors", ("errors",)),
        Option("--metrics", "Show the plugin's states, and its figures at the end"),
        Option("--record", "Write down all that crosses the plugin's border, for `replay`", "FILE"),
        Option("--remember", "Record to where editors look for the plugin's last run: `.dataflare` in its folder"),
        Option("--debug", "Wait at PORT of 127.0.0.1 for a debugger that attaches; 0 is any free port", "PORT"),
        Option("--config", "Set this setting of the plugin; may be repeated", "KEY=VALUE"),
        Option("--timeout", "The limit of time of each call [the manifest's, or 30s]", "TIME"),
        Option("--memory", "The limit of each memory [the manifest's, or 256MiB]", "SIZE"),
        Option("--fuel", "The limit of instructions of each call [the manifest's, or none]", "N"),
    ),
)

REPLAY = Command(
    "replay",
    "Run a plugin along a trace, and see where it does something else",
    "TRACE [PLUGIN]",
    2,
    """\
TRACE is what `run --record` has written, or the folder of a plugin whose run was recorded by `run --remember`. The
component is run again, with what was passed to it and what its host answered taken from the trace: the host is not
asked, and nothing is granted. The component is looked for where it was, or is PLUGIN: a plugin's folder, its
`dataflare.toml`, or a component.

Exit code: 0 the plugin did what the trace says, 1 it did something else, 2 the job could not be done.""",
    (
        Option("--print", "Show every event of the trace, and run nothing"),
        Option("--format", "How to print results: text, ndjson, wave [text]", "FORMAT", ("text", "ndjson", "wave")),
    ),
)

DAP = Command(
    "dap",
    "Run the debug adapter",
    "",
    0,
    """\
Editors start it themselves and talk to it by its standard input and output, in the Debug Adapter Protocol. It runs the
plugin that a launch configuration names; `schema launch` says what may be in one.""",
    (
        Option("--stdio", "Talk by standard input and output; this is the default"),
        Option("--port", "Listen at PORT of 127.0.0.1; 0 is any free port", "PORT"),
    ),
)

SCHEMA = Command(
    "schema",
    "Print the JSON Schema of `dataflare.toml`, or of launch configurations",
    "NAME",
    1,
    """\
NAME is `manifest`: the JSON Schema (2020-12) of `dataflare.toml`, for editors and other tools that know TOML; or
`launch`: that of the debugger's launch configurations.""",
    (),
    SCHEMAS,
)

CACHE = Command(
    "cache",
    "Show or clear what was compiled and kept",
    "",
    0,
    """\
To find out whether a component is valid it is compiled, and what comes of that is kept in the user's cache folder, by
the component's content.""",
    (Option("--clear", "Remove all of it"),),
)

COMPLETIONS = Command(
    "completions",
    "Print a script by which a shell completes this command line",
    "SHELL",
    1,
    f"""\
SHELL is {", ".join(SHELLS[:-1])} or {SHELLS[-1]}. The reference page says where each looks for the script.""",
    (),
    SHELLS,
)

COMMANDS = (CHECK, FMT, WIT, COMPAT, RUN, REPLAY, EXPLAIN, SCHEMA, CACHE, SERVE, DAP, COMPLETIONS)
