"""Completion in `dataflare.toml`."""

from pathlib import Path

import pytest
from support.plugins import scene

from dataflare_lsp.features.completion import Completion
from dataflare_lsp.features.manifest.completion import completion
from dataflare_lsp.text import TextEdit, apply_edits


def offered(folder: Path, written: str) -> list[str]:
    """The labels of what is offered at the cursor, in the order of the list."""
    place = scene(folder, written)
    items = completion(place.plugin, place.offset).items
    return [item.label for item in sorted(items, key=lambda item: item.sort_text or item.label)]


def taken(folder: Path, written: str, label: str) -> str:
    """The line of the cursor after an item was taken."""
    place = scene(folder, written)
    found: list[Completion] = [one for one in completion(place.plugin, place.offset).items if one.label == label]
    assert len(found) == 1
    text = apply_edits(place.text, [TextEdit(found[0].span, found[0].insert)])
    return text.splitlines()[place.text.count("\n", 0, place.offset)]


class TestKeys:
    def test_keys_of_a_table_those_that_are_needed_first(self, tmp_path: Path):
        found = offered(tmp_path, '[plugin]\nname = "a:b"\n<CURSOR>\nlicense = "MIT"\n')
        assert found[:4] == ["version", "kind", "[world]", "[component]"] or found[:3] == [
            "version",
            "kind",
            "description",
        ]
        assert "name" not in found
        assert "license" not in found
        assert "[world]" in found
        assert "[plugin]" not in found

    def test_keys_at_the_top(self, tmp_path: Path):
        assert offered(tmp_path, "<CURSOR>")[:2] == ["manifest-version", "[plugin]"]

    def test_keys_of_a_half_typed_name(self, tmp_path: Path):
        assert taken(tmp_path, "[limits]\nme<CURSOR>\n", "memory") == "memory = "
        assert taken(tmp_path, "[limits]\nme<CURSOR> = '1MiB'\n", "memory") == "memory = '1MiB'"

    def test_dotted_keys(self, tmp_path: Path):
        assert offered(tmp_path, "limits.<CURSOR>") == ["memory", "timeout", "fuel"]
        assert taken(tmp_path, "limits.ti<CURSOR>", "timeout") == "limits.timeout = "

    def test_keys_in_braces(self, tmp_path: Path):
        assert offered(tmp_path, "[capabilities]\nfilesystem = [{ path = 'a', <CURSOR> }]") == ["path", "access"]
        assert offered(tmp_path, "[dependencies]\n'a:b' = { <CURSOR>") == ["version", "path"]
        assert (
            taken(tmp_path, "[dependencies]\n'a:b' = { ver<CURSOR> = '1' }", "version") == "'a:b' = { version = '1' }"
        )

    def test_headers(self, tmp_path: Path):
        found = offered(tmp_path, "[<CURSOR>")
        assert {"plugin", "world", "dependencies", "debug"} <= set(found)
        assert "manifest-version" not in found
        assert taken(tmp_path, "[li<CURSOR>", "limits") == "[limits]"
        assert taken(tmp_path, "[li<CURSOR>]", "limits") == "[limits]"
        assert offered(tmp_path, "[config.<CURSOR>]") == ["schema", "default"]
        assert taken(tmp_path, "[[capabilities.fi<CURSOR>", "filesystem") == "[[capabilities.filesystem]]"

    def test_dependencies_are_the_packages_that_are_there(self, tmp_path: Path):
        assert offered(tmp_path, "[dependencies]\n<CURSOR>")[:2] == ["dataflare:core", "wasi:clocks"]
        assert taken(tmp_path, "[dependencies]\nwa<CURSOR>", "wasi:clocks") == '"wasi:clocks" = "^0.2.3"'
        assert taken(tmp_path, '[dependencies]\n"wa<CURSOR>"', "wasi:clocks") == '"wasi:clocks" = "^0.2.3"'

    @pytest.mark.parametrize(
        "text", ["# <CURSOR>", "[plugin] # x<CURSOR>", 'name = "a" # <CURSOR>', "x = [ # <CURSOR>"]
    )
    def test_nothing_in_comments(self, tmp_path: Path, text: str):
        assert offered(tmp_path, text) == []


class TestValues:
    def test_kinds(self, tmp_path: Path):
        kinds = ["aggregator", "destination", "filter", "processor", "source", "transformer"]
        assert offered(tmp_path, "[plugin]\nkind = <CURSOR>") == kinds
        assert offered(tmp_path, '[plugin]\nkind = "so<CURSOR>') == kinds
        assert taken(tmp_path, "[plugin]\nkind = so<CURSOR>", "source") == 'kind = "source"'
        assert taken(tmp_path, '[plugin]\nkind = "so<CURSOR>"', "source") == 'kind = "source"'
        assert taken(tmp_path, "[plugin]\nkind = '<CURSOR>'", "source") == "kind = 'source'"

    def test_categories_that_are_not_there_yet(self, tmp_path: Path):
        text = "[plugin]\ncategories = [\n'sources/queue/kafka',\n'<CURSOR>\n]\nname = 'a'"
        found = offered(tmp_path, text)
        assert len(found) == 44
        assert "sources/queue/nats" in found
        assert "sources/queue/kafka" not in found

    def test_capabilities(self, tmp_path: Path):
        assert offered(tmp_path, "[capabilities]\nwasi = ['io', <CURSOR>]") == [
            "cli",
            "clocks",
            "filesystem",
            "http",
            "random",
            "sockets",
        ]
        text = "[plugin]\nkind = 'source'\n[capabilities]\nhost = ['<CURSOR>']"
        assert offered(tmp_path, text) == ["configuration", "logging", "metrics"]
        assert offered(tmp_path, "[capabilities]\nstrict = <CURSOR>") == ["false", "true"]
        assert offered(tmp_path, "[capabilities]\nfilesystem = [{ access = '<CURSOR>") == ["read", "write"]

    def test_worlds_the_plugins_own_first(self, tmp_path: Path):
        assert offered(tmp_path, "[world]\nname = '<CURSOR>'")[:2] == ["acme:json/other", "acme:json/plugin"]
        found = offered(tmp_path, "[world]\ntarget = '<CURSOR>'")
        assert found[0] == "dataflare:core/aggregator-plugin@1.0.0"
        assert "dataflare:core/dataflare-plugin@1.0.0" in found

    def test_licenses_the_usual_ones_first(self, tmp_path: Path):
        assert offered(tmp_path, "[plugin]\nlicense = '<CURSOR>'")[:2] == ["Apache-2.0", "MIT"]
        assert (
            taken(tmp_path, "[plugin]\nlicense = 'MIT OR apac<CURSOR>'", "Apache-2.0")
            == "license = 'MIT OR Apache-2.0'"
        )
        assert "Classpath-exception-2.0" in offered(tmp_path, "[plugin]\nlicense = 'GPL-2.0-only WITH cl<CURSOR>'")

    def test_paths(self, tmp_path: Path):
        assert offered(tmp_path, "[debug]\ninput = '<CURSOR>'") == [
            "config.schema.json",
            "dataflare.toml",
            "samples",
            "wit",
        ]
        assert offered(tmp_path, "[debug]\ninput = 'samples/<CURSOR>'") == [
            "samples/more.ndjson",
            "samples/records.ndjson",
        ]
        assert offered(tmp_path, "[debug]\ninput = '../<CURSOR>'") == []

    def test_versions_of_a_dependency(self, tmp_path: Path):
        assert offered(tmp_path, '[dependencies]\n"wasi:clocks" = "<CURSOR>"') == ["^0.2.3"]
        assert offered(tmp_path, '[dependencies]\n"wasi:clocks" = { version = "<CURSOR>" }') == ["^0.2.3"]

    def test_an_example_where_there_is_no_choice(self, tmp_path: Path):
        assert offered(tmp_path, "[limits]\nmemory = <CURSOR>") == ['"64MiB"']
        assert offered(tmp_path, "manifest-version = <CURSOR>") == ["1"]

    def test_a_value_on_a_line_of_its_own_is_a_key(self, tmp_path: Path):
        assert "timeout" in offered(tmp_path, "[limits]\nmemory = '1MiB'\n<CURSOR>")
