"""The keys of a manifest: the one model that checks, hover, completion, the JSON Schema and the reference come from.

A key has a shape, which JSON Schema can express, and rules by name, which it cannot; `rules` has these.
Patterns are regular expressions for the whole value, in the part of the notation that Python and ECMAScript share.
"""

from typing import Literal, NamedTuple, Union

from dataflare_lsp.manifest import units, versions
from dataflare_lsp.manifest.paths import GIT
from dataflare_lsp.manifest.vocabulary import KIND_DOCS, KINDS, LANGUAGES, WASI, categories

_LABEL = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
PACKAGE_NAME = rf"{_LABEL}:{_LABEL}"
"""The name of a WIT package, as `acme:thing`."""
_ANY_LABEL = "(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z0-9]+|[A-Z0-9]+))*"
WORLD_PATH = rf"(?:{PACKAGE_NAME}/)?{_ANY_LABEL}(?:@{versions.SEMVER})?"
"""A world: its name, with or without that of its package before it and the version behind it."""
BASELINE = rf"{GIT}[^:\\\n]+(?::[^\\\n]+)?|(?!{GIT})[^\\\n]+"
"""A package as it was: a path in the plugin, or a revision and a path in it."""
_HOST_NAME = r"(?:[*][.])?[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:[.][A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*"
ENDPOINT = rf"(?:{_HOST_NAME}|\[[0-9A-Fa-f:.]+\]):(?:[1-9][0-9]{{0,4}}|[*])"
"""A host and a port: `api.example.com:443`, `*.example.com:443`, `[::1]:8080`, `localhost:*`."""


class Choice(NamedTuple):
    """A word that may be written, and what it means."""

    word: str
    docs: str = ""


class Text(NamedTuple):
    """A string. `expects` says what `pattern` asks for; with `choices`, it is one of these."""

    pattern: str = ""
    expects: str = ""
    choices: tuple[Choice, ...] = ()
    holds: Literal["", "file", "directory", "either", "glob", "world", "target", "license", "host"] = ""
    """What the string stands for, beyond what its pattern says."""


class Whole(NamedTuple):
    """A whole number."""

    least: int
    most: int


class Truth(NamedTuple):
    """`true` or `false`."""


class ListOf(NamedTuple):
    """An array, whose items are different from each other."""

    item: "Shape"
    most: int = 0
    """How many there may be; 0: any number."""


class TableOf(NamedTuple):
    """A table with these keys and no others."""

    fields: "tuple[Field, ...]"

    def field(self, name: str) -> "Field | None":
        """The key of a name, if there is one."""
        return next((field for field in self.fields if field.name == name), None)


class MapOf(NamedTuple):
    """A table with any keys that are of a pattern."""

    pattern: str
    expects: str
    value: "Shape"
    example: str


class Anything(NamedTuple):
    """A table of any content."""


class EitherOf(NamedTuple):
    """A value of one of several shapes, each of another type."""

    shapes: "tuple[Shape, ...]"


Shape = Union[Text, Whole, Truth, ListOf, TableOf, MapOf, Anything, EitherOf]  # noqa: UP007 - refers to itself


class Field(NamedTuple):
    """A key: what it is for, and what may be written. `default` and `example` are written as in TOML."""

    name: str
    shape: Shape
    docs: str
    default: str = ""
    example: str = ""
    required: bool = False
    rules: tuple[str, ...] = ()
    """What is checked beyond the shape, by the names in `rules.RULES`."""


_ANY = Text("(?:.|\\n)*[^ \\t\\n](?:.|\\n)*", "a text that is not empty")
_URL = Text(r"https?://[^ \t\n\"<>\\^`{|}]+", "a web address that begins with `https://`")
_FEATURE = Text(_LABEL, "the name of a feature, such as `active-feature`")
_ENVIRONMENT = Text("[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable, such as `API_TOKEN`")
_REQUIREMENT = Text(versions.REQUIREMENT, "a version requirement, such as `^1.0.0` or `0.2`")


def _path(holds: Literal["file", "directory", "either", "glob"], expects: str) -> Text:
    return Text("[^\\\\\\n]+", f"{expects}, with `/` between its parts", holds=holds)


PLUGIN = TableOf(
    (
        Field(
            "name",
            Text(PACKAGE_NAME, "a package name, such as `acme:json-transformer`"),
            "The plugin's name: a namespace and a name, as of a WIT package. Words are in lower case, with `-` between "
            "them.",
            example='"acme:json-transformer"',
            required=True,
        ),
        Field(
            "version",
            Text(versions.SEMVER, "a version, such as `1.2.0`"),
            "The plugin's version, by the rules of Semantic Versioning.",
            example='"1.2.0"',
            required=True,
        ),
        Field(
            "kind",
            Text(choices=tuple([Choice(kind, KIND_DOCS[kind]) for kind in KINDS])),
            "What the plugin does in a pipeline. It decides which world the host requires.",
            example='"processor"',
            required=True,
        ),
        Field("description", _ANY, "What the plugin does, in one sentence.", example='"Renames JSON fields"'),
        Field(
            "license",
            Text(_ANY.pattern, "an SPDX license expression, such as `Apache-2.0`", holds="license"),
            "The license, as an SPDX expression: identifiers joined by `AND`, `OR` and `WITH`. A license that has no "
            "identifier is `LicenseRef-` and a name of your own.",
            example='"Apache-2.0"',
            rules=("spdx",),
        ),
        Field("authors", ListOf(_ANY), "Who wrote the plugin.", "[]", '["Ada <ada@example.com>"]'),
        Field("repository", _URL, "Where the source is.", example='"https://example.com/acme/json"'),
        Field("homepage", _URL, "Where to read about the plugin.", example='"https://example.com"'),
        Field(
            "keywords",
            ListOf(Text(_LABEL, "a word in lower case, with `-` between its parts"), 8),
            "Words to find the plugin by, at most 8.",
            "[]",
            '["json", "transform"]',
        ),
        Field(
            "categories",
            ListOf(Text(choices=tuple([Choice(one) for one in categories()]))),
            "Where the plugin is listed.",
            "[]",
            '["processors/transform/json"]',
        ),
    )
)

WORLD = TableOf(
    (
        Field(
            "wit",
            _path("either", "the path of a directory or `.wit` file"),
            "Where the plugin's own WIT package is, from the manifest's directory.",
            '"wit"',
            '"wit"',
            rules=("path",),
        ),
        Field(
            "name",
            Text(WORLD_PATH, "a world, such as `acme:json-transformer/plugin`", holds="world"),
            "The world that the plugin is built for. By default the only one of the plugin's package.",
            example='"acme:json-transformer/plugin"',
            rules=("world",),
        ),
        Field(
            "target",
            Text(WORLD_PATH, "a world, such as `dataflare:core/dataflare-plugin@1.0.0`", holds="target"),
            "The world that the host requires. By default it follows from `kind`.",
            example='"dataflare:core/dataflare-plugin@1.0.0"',
            rules=("target",),
        ),
        Field(
            "baseline",
            Text(BASELINE, "a path, or `git:` and a revision, with or without `:` and a path in it", holds="either"),
            "What the plugin's WIT is to stay compatible with, as far as its version says: a package in the plugin, or "
            "`git:REV` or `git:REV:PATH`. Without PATH, it is what was then where the WIT is now. Git is asked only "
            "where you say so: by `check --baseline`, or by the setting `dataflare.baseline` of the editor.",
            example='"git:v1.0.0"',
            rules=("baseline",),
        ),
        Field(
            "features",
            ListOf(_FEATURE),
            "The `@unstable` features that are switched on.",
            "[]",
            '["active-feature"]',
        ),
    )
)

COMPONENT = TableOf(
    (
        Field(
            "path",
            Text(r"[^\\\n]+[.]wasm", "the path of a `.wasm` file, with `/` between its parts", holds="file"),
            "The component that the build produces.",
            example='"target/wasm32-wasip2/release/json_transformer.wasm"',
            rules=("component-path",),
        ),
        Field(
            "language",
            Text(choices=tuple([Choice(one) for one in LANGUAGES])),
            "What the plugin is written in, for building and debugging.",
            example='"rust"',
        ),
    )
)

BUILD = TableOf(
    (
        Field(
            "command",
            _ANY,
            "The command that builds the component, run in the manifest's directory, and only when you ask for it.",
            example='"cargo build --release --target wasm32-wasip2"',
        ),
        Field(
            "watch",
            ListOf(_path("glob", "a pattern of paths")),
            "The files whose change calls for a build; `**` stands for any directories.",
            "[]",
            '["src/**", "wit/**"]',
            rules=("paths",),
        ),
    )
)

GRANT = TableOf(
    (
        Field(
            "path",
            _path("either", "a path inside the plugin"),
            "A file or directory, from the manifest's directory.",
            example='"./models"',
            required=True,
            rules=("path",),
        ),
        Field(
            "access",
            Text(choices=(Choice("read", "Reading only."), Choice("write", "Reading and writing."))),
            "What the plugin may do there.",
            '"read"',
            '"read"',
        ),
    )
)

CAPABILITIES = TableOf(
    (
        Field(
            "host",
            ListOf(Text(_ANY_LABEL, "the name of an interface, such as `logging`", holds="host")),
            "The interfaces of the host that the plugin may call. By default all of the target world's.",
            example='["logging", "metrics", "configuration"]',
            rules=("host-interfaces",),
        ),
        Field(
            "wasi",
            ListOf(Text(choices=tuple([Choice(word, docs) for word, docs in WASI.items()]))),
            "The packages of WASI 0.2 that the plugin may use. Others can be imported, and deny every call.",
            "[]",
            '["clocks", "http", "filesystem", "cli"]',
        ),
        Field(
            "network",
            ListOf(Text(ENDPOINT, "a host and a port, such as `api.example.com:443`")),
            "The hosts and ports that the plugin may talk to. Needs `sockets` or `http` in `wasi`.",
            "[]",
            '["api.example.com:443"]',
            rules=("ports",),
        ),
        Field(
            "filesystem",
            ListOf(GRANT),
            "The files and directories that the plugin may open. Needs `filesystem` in `wasi`.",
            "[]",
            '[{ path = "./models", access = "read" }]',
            rules=("filesystem-grants",),
        ),
        Field(
            "environment",
            ListOf(_ENVIRONMENT),
            "The environment variables that the plugin may read. Needs `cli` in `wasi`.",
            "[]",
            '["API_TOKEN"]',
        ),
        Field(
            "strict",
            Truth(),
            "Whether importing what is not granted is an error; otherwise it is an information.",
            "false",
            "true",
        ),
    )
)

LIMITS = TableOf(
    (
        Field(
            "memory",
            Text(units.SIZE, "a size with its unit, such as `64MiB`"),
            "How much memory an instance may have, from 64KiB to 4GiB.",
            example='"64MiB"',
            rules=("memory",),
        ),
        Field(
            "timeout",
            Text(units.TIME, "a time with its unit, such as `500ms`"),
            "How long a call may take.",
            example='"500ms"',
            rules=("timeout",),
        ),
        Field(
            "fuel",
            Whole(1, 2**63 - 1),
            "How much a call may compute, in units of wasmtime's fuel (about one per instruction).",
            example="1_000_000_000",
        ),
    )
)

BUDGET = TableOf(
    (
        Field(
            "size",
            Text(units.SIZE, "a size with its unit, such as `4MiB`"),
            "How large the component may be.",
            example='"4MiB"',
        ),
        Field(
            "compile",
            Text(units.TIME, "a time with its unit, such as `2s`"),
            "How long compiling the component may take.",
            example='"2s"',
        ),
        Field(
            "start",
            Text(units.TIME, "a time with its unit, such as `50ms`"),
            "How long starting an instance may take. Seen by `check --instantiate`.",
            example='"50ms"',
        ),
        Field(
            "memory",
            Text(units.SIZE, "a size with its unit, such as `16MiB`"),
            "How much memory an instance that has just started may have. Seen by `check --instantiate`.",
            example='"16MiB"',
        ),
    )
)

CONFIG = TableOf(
    (
        Field(
            "schema",
            EitherOf((_path("file", "the path of a JSON file"), Anything())),
            "The JSON Schema (2020-12) of the plugin's own settings: a file, or written here.",
            example='"config.schema.json"',
            rules=("config-schema",),
        ),
        Field(
            "default",
            Anything(),
            "The settings where a pipeline gives none. They must be valid by `schema`.",
            example='{ fields = { old = "new" } }',
        ),
    )
)

DEPENDENCIES = MapOf(
    PACKAGE_NAME,
    "the name of a WIT package, such as `wasi:clocks`",
    EitherOf(
        (
            _REQUIREMENT,
            TableOf(
                (
                    Field("version", _REQUIREMENT, "The versions that will do.", example='"^1.0.0"'),
                    Field(
                        "path",
                        _path("either", "the path of a package"),
                        "Where the package is; by default in `deps` beside the plugin's WIT.",
                        example='"wit/deps/clocks"',
                        rules=("path",),
                    ),
                )
            ),
        )
    ),
    '"dataflare:core" = "^1.0.0"',
)

DEBUG = TableOf(
    (
        Field(
            "input",
            _path("file", "the path of a file"),
            "The records that a debug session, or `run`, feeds to the plugin.",
            example='"samples/records.ndjson"',
            rules=("path",),
        ),
    )
)

MANIFEST = TableOf(
    (
        Field(
            "manifest-version",
            Whole(1, 1),
            "The version of this format.",
            example="1",
            required=True,
        ),
        Field("plugin", PLUGIN, "What the plugin is.", required=True),
        Field("world", WORLD, "The plugin's WIT."),
        Field("component", COMPONENT, "What the build produces."),
        Field("build", BUILD, "How it is built."),
        Field(
            "capabilities",
            CAPABILITIES,
            "What the plugin may do. What is not granted is denied at the call, with a message that names the grant.",
            rules=("grants",),
        ),
        Field("limits", LIMITS, "What an instance, or a call, may use."),
        Field("budget", BUDGET, "What the component may cost. More than that is a warning."),
        Field("config", CONFIG, "The plugin's own settings.", rules=("config-default",)),
        Field(
            "dependencies",
            DEPENDENCIES,
            "The WIT packages that the plugin's WIT refers to, and which versions will do. A package is looked for at "
            "its `path`, then in `deps`, then among the plugins of the workspace, then in what comes with this tool.",
            example='"dataflare:core" = "^1.0.0"',
            rules=("dependencies",),
        ),
        Field("debug", DEBUG, "What debugging begins with."),
    )
)
"""All of a manifest."""


def shape_at(path: tuple[str, ...]) -> tuple[Field | None, Shape | None]:
    """The field and the shape at a path of keys; None where there is nothing, a path through an array leads into it."""
    field: Field | None = None
    shape: Shape | None = MANIFEST
    for name in path:
        field, shape = _inside(shape, name)
    return field, shape


def _inside(shape: Shape | None, name: str) -> tuple[Field | None, Shape | None]:
    match shape:
        case TableOf():
            field = shape.field(name)
            return field, field.shape if field is not None else None
        case MapOf(value=value):
            return None, value
        case ListOf(item=item):
            return _inside(item, name)
        case EitherOf(shapes=shapes):
            for one in shapes:
                found = _inside(one, name)
                if found[1] is not None:
                    return found
        case Anything():
            return None, shape
    return None, None


def kind_of(shape: Shape) -> str:
    """What a value of a shape is called, with its article."""
    match shape:
        case Text():
            return "a string"
        case Whole():
            return "a whole number"
        case Truth():
            return "`true` or `false`"
        case ListOf():
            return "an array"
        case TableOf() | MapOf() | Anything():
            return "a table"
        case EitherOf(shapes=shapes):
            return " or ".join([kind_of(one) for one in shapes])


def described(shape: Shape) -> str:
    """What may be written, in words."""
    match shape:
        case Text(choices=choices) if choices:
            if len(choices) > 8:
                return "one of a list (see below)"
            return " or ".join([f'`"{choice.word}"`' for choice in choices])
        case Text(expects=expects):
            return expects or "a string"
        case Whole(least=least, most=most):
            return f"`{least}`" if least == most else f"a whole number from {least} on"
        case Truth():
            return "`true` or `false`"
        case ListOf(item=item, most=most):
            return f"an array of at most {most}: {described(item)}" if most else f"an array: {described(item)}"
        case Anything():
            return "a table of any content"
        case TableOf():
            return "a table (see below)"
        case MapOf(value=value):
            return described(value)
        case EitherOf(shapes=shapes):
            return ", or ".join([described(one) for one in shapes])
