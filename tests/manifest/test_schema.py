"""The published JSON Schema says what the checks say, as far as JSON Schema can."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.manifests import complete, of_the_shape

from dataflare_lsp.manifest.model import MANIFEST, Anything, EitherOf, Field, ListOf, MapOf, Shape, TableOf, Text
from dataflare_lsp.manifest.rules import MANIFEST_RULES, RULES, json_of
from dataflare_lsp.manifest.schema import json_schema
from dataflare_lsp.manifest.toml import parse

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

GOOD = [
    "",
    'description = "x"\nlicense = "MIT"\nauthors = ["a", "b"]\nrepository = "https://a.b"\nkeywords = ["a-b", "c1"]',
    'categories = ["sources/queue/kafka", "processors/transform/json"]',
    '[world]\nwit = "a/b"\nname = "plugin"\ntarget = "dataflare:core/dataflare-plugin@1.0.0"\nfeatures = ["a-b"]',
    '[component]\npath = "a/b.wasm"\nlanguage = "go"',
    '[build]\ncommand = "make"\nwatch = ["src/**"]',
    '[capabilities]\nhost = []\nwasi = ["http"]\nnetwork = ["*.a.b:443", "[::1]:1"]\nstrict = true',
    '[[capabilities.filesystem]]\npath = "a"\n[[capabilities.filesystem]]\npath = "b"\naccess = "write"',
    '[capabilities]\nenvironment = ["API_TOKEN"]',
    '[limits]\nmemory = "64MiB"\ntimeout = "1.5s"\nfuel = 9_223_372_036_854_775_807',
    '[config]\nschema = "s.json"\n[config.default]\nanything = { a = [1, "b"] }',
    '[config.schema]\ntype = "object"',
    '[dependencies]\n"a:b" = ">=1, <2"\n"c:d" = { version = "0.2", path = "x" }\n"e:f" = {}',
    '[debug]\ninput = "x"',
]

BAD = [
    'description = ""',
    "description = 1",
    "license = ' '",
    'authors = "a"',
    'authors = ["a", "a"]',
    "authors = [[]]",
    'repository = "a.b"',
    'keywords = ["A"]',
    'keywords = ["a","b","c","d","e","f","g","h","i"]',
    'categories = ["kafka"]',
    'colour = "red"',
    'world = "plugin"',
    '[world]\nname = "a b"',
    '[world]\nname = "a:b/c@1"',
    '[world]\ntarget = "a/b"',
    '[world]\nwit = "a\\\\b"',
    '[world]\nfeatures = ["A"]',
    '[component]\npath = "a.so"',
    '[component]\nlanguage = "cobol"',
    "[build]\ncommand = ['make']",
    "[capabilities]\nhost = 'logging'",
    "[capabilities]\nwasi = ['thread']",
    "[capabilities]\nnetwork = ['a']",
    "[capabilities]\nnetwork = ['a:0']",
    "[capabilities]\nfilesystem = ['a']",
    "[[capabilities.filesystem]]\naccess = 'read'",
    "[[capabilities.filesystem]]\npath = 'a'\naccess = 'all'",
    "[capabilities]\nenvironment = ['1A']",
    "[capabilities]\nstrict = 1",
    "[limits]\nmemory = 64",
    '[limits]\nmemory = "64"',
    '[limits]\ntimeout = "1h"',
    "[limits]\nfuel = 0",
    "[limits]\nfuel = 9_223_372_036_854_775_808",
    "[limits]\nfuel = 1.5",
    "[config]\nschema = []",
    "[config]\ndefault = 1",
    "[dependencies]\nclocks = '1'",
    "[dependencies]\n'a:b' = 'latest'",
    "[dependencies]\n'a:b' = { git = 'x' }",
    "[dependencies]\n'a:b' = 1",
    "[debug]\ninput = 1",
    "[plugins]",
]

WHOLE = [
    ("", False),
    ("manifest-version = 1", False),
    ("manifest-version = 1\n[plugin]", False),
    ('manifest-version = 2\n[plugin]\nname = "a:b"\nversion = "1.0.0"\nkind = "source"', False),
    ('manifest-version = 1\n[plugin]\nname = "a:B"\nversion = "1.0.0"\nkind = "source"', False),
    ('manifest-version = 1\n[plugin]\nname = "a:b"\nversion = "1.0"\nkind = "source"', False),
    ('manifest-version = 1\n[plugin]\nname = "a:b"\nversion = "1.0.0-rc.1+x"\nkind = "sink"', False),
    ('manifest-version = 1\n[plugin]\nname = "a:b"\nversion = "1.0.0-rc.1+x"\nkind = "filter"', True),
    ('plugin = { name = "a:b", version = "1.0.0", kind = "filter" }\nmanifest-version = 1', True),
]

CORPUS = [*[(complete(text), True) for text in GOOD], *[(complete(text), False) for text in BAD], *WHOLE]


@pytest.mark.parametrize(("text", "good"), CORPUS)
def test_schema_and_checks_agree(text: str, good: bool):
    document = parse(text)
    assert document.problems == ()
    assert of_the_shape(text) is good
    assert VALIDATOR.is_valid(json_of(document.root)) is good


_VALUES = ['"a"', '""', "1", "0", "1.5", "true", "[]", '["a"]', '["a", "a"]', "{}", '{path = "a"}', '"MIT"', '"1.0.0"', '"a:b"',
           '"64MiB"', '"5s"', '"source"', '["http"]', '["a:1"]', '"a/b"', '"../a"', '"x.wasm"', '{version = "1"}', "[[]]", "[{}]"]  # fmt: skip


def _paths(shape: Shape, path: str = "") -> list[str]:
    if isinstance(shape, TableOf):
        return [
            inner for one in shape.fields for inner in (f"{path}{one.name}", *_paths(one.shape, f"{path}{one.name}."))
        ]
    return [f'{path}"a:b"', f"{path}x"] if isinstance(shape, MapOf) else []


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(_paths(MANIFEST)), st.sampled_from(_VALUES), max_size=5))
def test_schema_and_checks_agree_on_any_keys(given: dict[str, str]):
    text = "".join(f"{key} = {value}\n" for key, value in given.items())
    document = parse(text)
    if not document.problems:
        assert of_the_shape(text) is VALIDATOR.is_valid(json_of(document.root))


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    json.dumps(SCHEMA)


def _fields(shape: Shape, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Field]]:
    match shape:
        case TableOf(fields=fields):
            return [
                found for one in fields for found in [((*path, one.name), one), *_fields(one.shape, (*path, one.name))]
            ]
        case ListOf(item=item):
            return _fields(item, path)
        case MapOf(value=value):
            return _fields(value, (*path, "a:b"))
        case EitherOf(shapes=shapes):
            return [found for one in shapes for found in _fields(one, path)]
    return []


FIELDS = _fields(MANIFEST)


@pytest.mark.parametrize(("path", "field"), FIELDS, ids=[".".join(path) for path, _ in FIELDS])
class TestTheModel:
    def test_documentation(self, path: tuple[str, ...], field: Field):
        assert field.docs.endswith(".")
        assert field.example or isinstance(field.shape, TableOf | Anything)

    def test_examples_and_defaults_are_valid(self, path: tuple[str, ...], field: Field):
        schema: Any = SCHEMA
        for name in path:
            while "anyOf" in schema or "items" in schema:
                schema = schema["items"] if "items" in schema else schema["anyOf"][-1]
            known = schema.get("properties", {})
            schema = known[name] if name in known else next(iter(schema["patternProperties"].values()))
        for written in (field.example, field.default):
            if written and not isinstance(field.shape, MapOf):
                document = parse(f"x = {written}")
                assert document.problems == ()
                value = document.root.get("x")
                assert value is not None
                assert Draft202012Validator(schema).is_valid(json_of(value))


def test_the_rules_beyond_the_schema_are_those_that_the_model_names():
    named = {name for _, field in FIELDS for name in field.rules} | set(MANIFEST_RULES)
    assert named == set(RULES)


def test_the_worlds_of_the_kinds_are_in_the_shipped_package():
    import re

    from dataflare_lsp.manifest.vocabulary import HOST, KINDS

    folder = Path(__file__).parents[2] / "wit"
    written = (folder / "worlds.wit").read_text(encoding="utf-8")
    worlds = [f"dataflare:core/{name}@1.0.0" for name in re.findall(r"^world ([a-z-]+)", written, re.MULTILINE)]
    assert set(worlds) == {*KINDS.values(), "dataflare:core/host@1.0.0"}
    assert re.findall(r"import ([a-z-]+);", written) == list(HOST)


def test_patterns_are_in_the_notation_that_all_share():
    def patterns(shape: Shape) -> list[str]:
        match shape:
            case Text(pattern=pattern):
                return [pattern]
            case TableOf(fields=fields):
                return [found for one in fields for found in patterns(one.shape)]
            case ListOf(item=item):
                return patterns(item)
            case MapOf(pattern=pattern, value=value):
                return [pattern, *patterns(value)]
            case EitherOf(shapes=shapes):
                return [found for one in shapes for found in patterns(one)]
        return []

    for pattern in patterns(MANIFEST):
        assert not any(sign in pattern for sign in (r"\d", r"\w", r"\s", r"\b", r"\A", r"\Z", "(?P", "(?i", "(?<"))
