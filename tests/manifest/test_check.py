"""What is wrong with a manifest, as its author sees it."""

import pytest
from support.manifests import assert_judged, complete, judged

from dataflare_lsp.manifest.check import check
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.text import apply_edits, safe_edits

WORLD = """
            #- wit/world.wit
            package acme:json@1.0.0;
            world plugin { }
"""
HEAD = 'manifest-version = 1\n[plugin]\nname = "acme:json"\nversion = "1.0.0"\nkind = "processor"\n'


def messages(text: str, links: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """The codes and messages about a plugin whose manifest is `HEAD` and `text`."""
    return [(one.code, one.message) for one in judged(f"#- dataflare.toml\n{HEAD}{text}", links)[1]]


def mended(text: str) -> str:
    """A manifest with what is certain mended, without `HEAD`."""
    source = HEAD + text
    done = apply_edits(source, safe_edits(check(parse(source))))
    assert done.startswith(HEAD)
    return done.removeprefix(HEAD)


class TestKeys:
    def test_an_empty_manifest(self):
        assert_judged(
            """
            #- dataflare.toml
              [world]
            # ^ error[missing-key]: a manifest has a table `[plugin]`
            # ^ error[missing-key]: a manifest needs a `manifest-version` -- such as `manifest-version = 1`
            """
        )

    def test_what_a_plugin_needs(self):
        assert_judged(
            """
            #- dataflare.toml
              manifest-version = 1
              [plugin]
            # ^^^^^^^^ error[missing-key]: `[plugin]` needs a `kind` -- such as `kind = "processor"`
            # ^^^^^^^^ error[missing-key]: `[plugin]` needs a `name` -- such as `name = "acme:json-transformer"`
            # ^^^^^^^^ error[missing-key]: `[plugin]` needs a `version` -- such as `version = "1.2.0"`
            """
        )

    def test_a_misspelt_key_is_not_missing_as_well(self):
        found = assert_judged(
            """
            #- dataflare.toml
              manifest-version = 1
              [plugin]
              nmae = "acme:json"
            # ^^^^ error[unknown-key]: `[plugin]` has no key `nmae` -- did you mean `name`?
              version = "1.0.0"
              kind = "source"
              memory = "1MiB"
            # ^^^^^^ error[unknown-key]: `[plugin]` has no key `memory` -- it belongs to `[limits]` or `[budget]`
              amount = 3
            # ^^^^^^ error[unknown-key]: `[plugin]` has no key `amount`
            """
        )
        assert "`name`, `version`, `kind`" in found[2].notes[0]

    def test_a_half_typed_key_says_one_thing(self):
        assert_judged(
            """
            #- dataflare.toml
              manifest-version = 1
              [plugin]
              name =
                  # ^ error[invalid-toml]: expected a value for `name` -- a value is missing here
              version = "1.0.0"
              kin
            # ^^^ error[invalid-toml]: expected `=` and a value after `kin`
            """
        )

    def test_a_key_that_is_missing_is_added_where_it_belongs(self):
        text = "[plugin] # mine\nname = 'acme:json' # x\nversion = '1.0.0'\n\n[build]\n"
        found = {one.message: one.fixes[0] for one in check(parse(text)) if one.fixes}
        kind = found["`[plugin]` needs a `kind`"]
        assert apply_edits(text, kind.edits) == (
            "[plugin] # mine\nname = 'acme:json' # x\nversion = '1.0.0'\nkind = \"processor\"\n\n[build]\n"
        )
        version = found["a manifest needs a `manifest-version`"]
        assert apply_edits(text, version.edits).startswith("manifest-version = 1\n\n[plugin] # mine\n")
        assert version.safe
        assert not kind.safe

    def test_a_key_that_is_missing_in_braces(self):
        text = HEAD + 'capabilities = 1\n[capabilities2]\nfilesystem = [{ access = "read" }, {}]'
        text = text.replace("capabilities = 1\n[capabilities2]", "[capabilities]\nwasi = ['filesystem']")
        edits = [edit for one in check(parse(text)) for fix in one.fixes for edit in fix.edits]
        assert apply_edits(text, edits).endswith('[{ access = "read", path = "./models" }, { path = "./models" }]')


class TestShapes:
    def test_types(self):
        assert_judged(
            """
            #- dataflare.toml
              manifest-version = "1"
                               # ^^^ error[wrong-type]: `manifest-version` is a whole number, found a string
              [plugin]
              name = ["acme:json"]
                   # ^^^^^^^^^^^^^ error[wrong-type]: `plugin.name` is a string, found an array
              version = 1.0
                      # ^^^ error[wrong-type]: `plugin.version` is a string, found a number
              kind = 2026-01-01
                   # ^^^^^^^^^^ error[wrong-type]: `plugin.kind` is a string, found a date or time
              authors = "Ada"
                      # ^^^^^ error[wrong-type]: `plugin.authors` is an array, found a string
              keywords = ["json", 1]
                                # ^ error[wrong-type]: `plugin.keywords[1]` is a string, found a whole number
              [capabilities]
              strict = "true"
                     # ^^^^^^ error[wrong-type]: `capabilities.strict` is `true` or `false`, found a string
              [config]
              schema = 1
                     # ^ error[wrong-type]: `config.schema` is a string or a table, found a whole number
              [[debug]]
            # ^^^^^^^^^ error[wrong-type]: `debug` is a table, found an array
            """
        )

    def test_values(self):
        assert_judged(
            """
            #- dataflare.toml
              manifest-version = 2
                               # ^ error[invalid-value]: `manifest-version` is 1, found 2
              [plugin]
              name = "acme/json_filter"
                   # ^^^^^^^^^^^^^^^^^^ error[invalid-value]: `name` is a package name, such as `acme:json-transformer`, found `acme/json_filter` -- did you mean `acme:json-filter`?
              version = "1.2"
                      # ^^^^^ error[invalid-value]: `version` is a version, such as `1.2.0`, found `1.2` -- did you mean `1.2.0`?
              kind = "sorce"
                   # ^^^^^^^ error[invalid-value]: `kind` is one of `source`, `processor`, `destination`, `transformer`, `filter`, `aggregator`, found `sorce` -- did you mean `source`?
              description = " "
                          # ^^^ error[invalid-value]: `description` is empty: expected a text that is not empty
              homepage = "example.com"
                       # ^^^^^^^^^^^^^ error[invalid-value]: `homepage` is a web address that begins with `https://`, found `example.com` -- did you mean `https://example.com`?
              keywords = ["JSON", "a", "b", "b", "c", "d", "e", "f", "g"]
                        # ^^^^^^ error[invalid-value]: `keywords[0]` is a word in lower case, with `-` between its parts, found `JSON` -- did you mean `json`?
                                          # ^^^ error[duplicate-value]: `b` stands twice in `keywords`
                                                                   # ^^^ error[invalid-value]: `keywords` has at most 8 items, found 9 -- this one is too many
              categories = ["kafka", "sources/queue/kafak"]
                          # ^^^^^^^ error[invalid-value]: there is no `kafka` among the 45 categories that there are -- did you mean `sources/queue/kafka`?
                                   # ^^^^^^^^^^^^^^^^^^^^^ error[invalid-value]: there is no `sources/queue/kafak` among the 45 categories that there are -- did you mean `sources/queue/kafka`?
              [limits]
              memory = "64"
                     # ^^^^ error[invalid-value]: `memory` is a size with its unit, such as `64MiB`, found `64`
              fuel = 0
                   # ^ error[invalid-value]: `fuel` is at least 1, found 0
            """
        )

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("[capabilities]\nstrict = 'true'", "[capabilities]\nstrict = true"),
            ("[limits]\nfuel = '100'", "[limits]\nfuel = 100"),
            ("keywords = 'json'", "keywords = ['json']"),
            ("authors = [1]", 'authors = ["1"]'),
            ("keywords = ['a', 'a']", "keywords = ['a']"),
            ("lisence = 'MIT'", "license = 'MIT'"),
            ("license = 'MIT or Zlib'", "license = 'MIT OR Zlib'"),
            ("categories = ['kafka']", 'categories = ["sources/queue/kafka"]'),
            ("[component]\npath = 'a\\b.wasm'", '[component]\npath = "a/b.wasm"'),
        ],
    )
    def test_certain_mends(self, wrong: str, right: str):
        assert mended(wrong) == right
        assert check(parse(HEAD + right)) == ()


class TestPaths:
    def test_paths_stay_inside(self):
        assert messages(
            '[debug]\ninput = "../x"\n[build]\nwatch = ["/etc/*", "a/../../b"]\n[component]\npath = "C:/x.wasm"\n'
            '[config]\nschema = "file:///x"\n[world]\nwit = "~/wit"\n'
        ) == [
            ("path-outside-plugin", "`../x` leads out of the plugin"),
            ("path-outside-plugin", "`/etc/*` is an absolute path; files are named from the manifest's directory"),
            ("path-outside-plugin", "`a/../../b` leads out of the plugin"),
            ("path-outside-plugin", "`C:/x.wasm` is an absolute path; files are named from the manifest's directory"),
            ("path-outside-plugin", "`file:///x` is an address; files of the plugin are named by their paths"),
            ("path-outside-plugin", "`~/wit` is an absolute path; files are named from the manifest's directory"),
        ]

    def test_paths_lead_to_something(self):
        assert_judged(
            f"""
            #- dataflare.toml
            {HEAD.replace(chr(10), chr(10) + " " * 14).replace("manifest-version", "  manifest-version", 1)}[debug]
              input = "sample/records.ndjson"
                    # ^^^^^^^^^^^^^^^^^^^^^^^ error[unresolved-path]: there is no `sample/records.ndjson` in the plugin -- did you mean `samples/records.ndjson`?
              [component]
              path = "out.wasm"
                   # ^^^^^^^^^^ information[missing-component]: there is no component `out.wasm` yet -- build it: `make`
              [build]
              command = "make"
              [config]
              schema = "samples"
                     # ^^^^^^^^^ error[unresolved-path]: `samples` is a directory, and a file is needed
            #- samples/records.ndjson
            {{}}
            """
        )

    def test_links_do_not_lead_out(self):
        links = frozenset(("wit",))
        assert messages('[world]\nwit = "./wit/"', links) == [
            ("path-outside-plugin", "a link on the way to `./wit/` leads out of the plugin")
        ]

    def test_dots_within_the_plugin_are_fine(self):
        assert messages('[debug]\ninput = "./a/../b.json"\n#- b.json\n{}') == []


class TestCapabilities:
    def test_grants_and_their_packages(self):
        assert_judged(
            f"""
            #- dataflare.toml
            {HEAD.replace(chr(10), chr(10) + " " * 14).replace("manifest-version", "  manifest-version", 1)}[capabilities]
              host = ["loging", "random"]
                    # ^^^^^^^^ error[unknown-capability]: the host has no interface `loging` -- did you mean `logging`?
                              # ^^^^^^^^ error[unknown-capability]: the host has no interface `random` -- it belongs to `wasi`
              wasi = ["filesystem", "socket"]
                    # ^^^^^^^^^^^^ warning[empty-grant]: `filesystem` grants nothing: `filesystem` lists no path that it may open -- add `filesystem`, or leave `filesystem` out
                                  # ^^^^^^^^ error[invalid-value]: `wasi[1]` is one of `cli`, `clocks`, `filesystem`, `http`, `io`, `random`, `sockets`, found `socket` -- did you mean `sockets`?
              network = ["api.example.com:443"]
            # ^^^^^^^ error[contradicting-grants]: `network` is granted, and no host can be reached: `wasi` lacks `sockets` or `http`
              environment = []
                          # ^^ warning[empty-grant]: `environment` grants nothing -- leave it out: what is not granted is denied anyway
            """
        )

    def test_in_a_strict_manifest_a_package_may_be_there_only_to_be_imported(self):
        assert messages("[capabilities]\nstrict = true\nwasi = ['filesystem', 'sockets']") == []

    def test_a_path_has_one_access(self):
        assert messages(
            "[capabilities]\nwasi = ['filesystem']\nfilesystem = [{path = 'a', access = 'read'}, {path = './a/', "
            "access = 'write'}, {path = 'b/../a'}]\n#- a\n#- b/c\n"
        ) == [
            ("contradicting-grants", "`./a/` is granted for `read` and for `write`"),
            ("contradicting-grants", "`b/../a` is granted twice"),
        ]

    @pytest.mark.parametrize("endpoint", ["localhost:8080", "*.example.com:443", "[::1]:80", "10.0.0.1:*", "a_b:1"])
    def test_endpoints(self, endpoint: str):
        assert messages(f"[capabilities]\nwasi = ['http']\nnetwork = ['{endpoint}']") == []

    @pytest.mark.parametrize("endpoint", ["localhost", "https://a:1", "a:0", "a:70000", "*:443", "a b:1", ":1", "-a:1"])
    def test_what_is_no_endpoint(self, endpoint: str):
        assert [code for code, _ in messages(f"[capabilities]\nwasi = ['http']\nnetwork = ['{endpoint}']")] == [
            "invalid-value"
        ]

    def test_a_package_of_wasi_is_added(self):
        for before, after in [
            ("wasi = ['io']\nnetwork = ['a:1']", "wasi = ['io', \"sockets\"]\nnetwork = ['a:1']"),
            ("wasi = []\nnetwork = ['a:1']", "wasi = [\"sockets\"]\nnetwork = ['a:1']"),
            ("network = ['a:1']", "network = ['a:1']\nwasi = [\"sockets\"]"),
        ]:
            text = HEAD + "[capabilities]\n" + before
            (found,) = check(parse(text))
            assert apply_edits(text, found.fixes[0].edits) == HEAD + "[capabilities]\n" + after


def test_limits():
    assert messages("[limits]\nmemory = '1KiB'\ntimeout = '0s'") == [
        ("invalid-limit", "1KiB is less than a page of memory, which is 64KiB"),
        ("invalid-limit", "no call ends in no time"),
    ]
    assert messages("[limits]\nmemory = '5GiB'") == [
        ("invalid-limit", "5GiB is more than a component can address, which is 4GiB")
    ]


class TestSettings:
    def test_defaults_by_a_schema_in_place(self):
        assert_judged(
            f"""
            #- dataflare.toml
            {HEAD.replace(chr(10), chr(10) + " " * 14).replace("manifest-version", "  manifest-version", 1)}[config.schema]
              type = "object"
              properties.size.type = "integer"
              properties.names = {{ type = "array", items.type = "string" }}
              [config.default]
              size = "big"
                   # ^^^^^ error[config-mismatch]: `config.default.size`: `big` is not of type `integer`
              names = ["a", 2]
                          # ^ error[config-mismatch]: `config.default.names.1`: 2 is not of type `string`
            """
        )

    @pytest.mark.parametrize(
        ("schema", "message"),
        [
            ("{", "`s.json` is no JSON Schema: it is not JSON: line 1, column 2: expecting property name enclosed in double quotes"),
            ('{"type": "strin"}', "`s.json` is no JSON Schema at `type`: `strin` is not valid under any of the given schemas"),
            ("[1]", "`s.json` is no JSON Schema: a JSON Schema is an object, or `true` or `false`"),
            ('{"$schema": "http://json-schema.org/draft-07/schema#"}',
             "`s.json` is no JSON Schema at `$schema`: its `$schema` is `http://json-schema.org/draft-07/schema#`; here it is JSON Schema 2020-12"),
            ("[" * 100_000, "`s.json` is no JSON Schema: it is not JSON that can be read: it nests too deep, or a number is too long"),
        ],
    )  # fmt: skip
    def test_schemas_that_are_none(self, schema: str, message: str):
        assert messages(f"[config]\nschema = 's.json'\n[config.default]\na = 1\n#- s.json\n{schema}") == [
            ("invalid-config-schema", message)
        ]

    def test_nothing_is_fetched(self):
        ((code, message),) = messages(
            '[config]\nschema = "s.json"\n[config.default]\na = 1\n#- s.json\n'
            '{"properties": {"a": {"$ref": "http://127.0.0.1:9/x.json"}}}'
        )
        assert code == "config-mismatch"
        assert "leads nowhere: what is not in the schema itself is not looked for" in message

    def test_a_schema_without_end(self):
        assert messages('[config]\nschema = {"$ref" = "#"}\n[config.default]\na = 1') == [
            ("config-mismatch", "`config.default`: the schema refers to itself without end")
        ]

    @pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)*x"])
    def test_patterns_that_take_forever_are_not_tried(self, pattern: str):
        text = f"[config]\nschema = {{properties.a.pattern = '{pattern}'}}\n[config.default]\na = '{'a' * 200}!'"
        assert messages(text) == []

    def test_patterns_are_matched(self):
        text = "[config]\nschema = {properties.a.pattern = '^[a-z]+$'}\n[config.default]\na = 'A'"
        assert messages(text) == [("config-mismatch", "`config.default.a`: `A` does not match `^[a-z]+$`")]


class TestWorlds:
    def test_a_world_that_is_there(self):
        for name in ("plugin", "acme:json/plugin", "acme:json/plugin@1.0.0"):
            assert messages(f'[world]\nname = "{name}"{WORLD}') == []

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("plugn", "there is no world `plugn` in `acme:json@1.0.0`"),
            ("acme:json/plugin@2.0.0", "`acme:json` is not there in version 2.0.0; found 1.0.0"),
            ("acme:jsn/plugin", "there is no package `acme:jsn` to take the world `plugin` from"),
        ],
    )
    def test_worlds_that_are_not_there(self, name: str, message: str):
        assert messages(f'[world]\nname = "{name}"{WORLD}') == [("unresolved-world", message)]

    def test_the_only_world_needs_no_name(self):
        assert messages(WORLD) == []

    def test_of_several_worlds_one_is_named(self):
        assert messages("\n#- wit/world.wit\npackage acme:json;\nworld one { }\nworld two { }\n") == [
            ("unresolved-world", "the plugin's package has 2 worlds, `one`, `two`: `[world]` needs a `name`")
        ]

    def test_a_package_without_worlds(self):
        assert messages("\n#- wit/world.wit\npackage acme:json;\n") == [
            ("unresolved-world", "the plugin's package `acme:json` has no world")
        ]

    def test_the_target_is_that_of_the_kind(self):
        assert messages(f'[world]\ntarget = "dataflare:core/source-plugin@1.0.0"{WORLD}') == [
            ("kind-mismatch", "`source-plugin` is the world of a source, and the plugin's `kind` is `processor`")
        ]

    def test_what_is_not_known_is_not_judged(self):
        assert check(parse(complete('[world]\nname = "x:y/z"\n[dependencies]\n"a:b" = "1"\n'))) == ()


class TestDependencies:
    CLOCKS = "\n#- wit/deps/clocks.wit\npackage wasi:clocks@0.2.3;\n"

    def test_packages_that_are_there(self):
        text = '[dependencies]\n"wasi:clocks" = "0.2"\n"dataflare:core" = "^1.0.0"\n'
        assert messages(text + self.CLOCKS) == []
        assert messages('[dependencies."wasi:clocks"]\nversion = "~0.2.1"\npath = "wit/deps"\n' + self.CLOCKS) == []

    @pytest.mark.parametrize(
        ("text", "code", "message"),
        [
            ('"wasi:clock" = "0.2"', "unresolved-dependency", "there is no package `wasi:clock`"),
            ('"wasi:clocks" = "0.3"', "dependency-mismatch", "`wasi:clocks` is there in version 0.2.3, and `0.3` is required"),
            ('"wasi:io" = { path = "wit/deps" }', "dependency-mismatch", "`wit/deps` holds `wasi:clocks@0.2.3`, and not `wasi:io`"),
            ('"clocks" = "0.2"', "unknown-key", "expected the name of a WIT package, such as `wasi:clocks`, found `clocks`"),
            ('"wasi:clocks" = "new"', "invalid-value", "`wasi:clocks` is a version requirement, such as `^1.0.0` or `0.2`, found `new`"),
        ],
    )  # fmt: skip
    def test_packages_that_are_not(self, text: str, code: str, message: str):
        assert messages(f"[dependencies]\n{text}\n{self.CLOCKS}")[0] == (code, message)
