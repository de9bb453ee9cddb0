"""Where a plugin's world does not fit its host, and how that is mended; the rest is in `tests/e2e/test_variants.py`."""

import os
import re
from pathlib import Path

import pytest
from support.program import program
from support.variants import COMPONENT, write

from dataflare_lsp.text import Diagnostic, apply_edits
from dataflare_lsp.workspace.roots import find_roots
from dataflare_lsp.workspace.workspace import Workspace, load

MANIFEST = """\
//- dataflare.toml
manifest-version = 1
[plugin]
name = "acme:json"
version = "1.0.0"
kind = "processor"
"""
CORE = "dataflare:core/data-processor@1.0.0"


def plugin(folder: Path, wit: str, manifest: str = MANIFEST) -> Workspace:
    program(f"{manifest}//- wit/world.wit\n{wit}").write(folder)
    return load(find_roots([str(folder)], manifests=True))


def said(workspace: Workspace, folder: Path) -> tuple[Diagnostic, ...]:
    return workspace.diagnostics(str(folder / "wit"), str(folder / "wit" / "world.wit"))


def mended(folder: Path, wit: str) -> str:
    """The WIT after the first fix of the only thing that is said of it."""
    (found,) = said(plugin(folder, wit), folder)
    return apply_edits(wit, found.fixes[0].edits)


@pytest.mark.parametrize(
    ("wit", "expected"),
    [
        ("world w { include dataflare:core/host@1.0.0; }", "world w { include dataflare:core/host@1.0.0; export X; }"),
        ("world w {}", "world w { export X;}"),
        ("world w {\n}", "world w {\n    export X;\n}"),
        (
            "world w {\n  include dataflare:core/host@1.0.0;\n}",
            "world w {\n  include dataflare:core/host@1.0.0;\n  export X;\n}",
        ),
        (
            "world w {\r\n\timport f: interface {\r\n\t}\r\n\t// Nothing more.\r\n}",
            "world w {\r\n\timport f: interface {\r\n\t}\r\n\texport X;\r\n\t// Nothing more.\r\n}",
        ),
    ],
)
def test_an_export_is_added(tmp_path: Path, wit: str, expected: str):
    head = "package acme:json@1.0.0;\n"
    found = [one for one in said(plugin(tmp_path, head + wit), tmp_path) if one.code == "missing-export"]
    assert apply_edits(head + wit, found[0].fixes[0].edits) == head + expected.replace("X", CORE)


def test_what_is_spelled_out_gets_its_name(tmp_path: Path):
    wit = f"""\
package acme:json@1.0.0;
world plugin {{
    /// Messages.
    import logging: interface {{
        log: func(level: string, message: string);
    }}
    export {CORE};
}}
"""
    assert mended(tmp_path, wit) == re.sub(
        r"logging: interface \{.*?\}", "dataflare:core/logging@1.0.0;", wit, flags=re.S
    )


def test_a_plugin_may_be_the_package_itself(tmp_path: Path):
    """An older plugin has the host's package as its own; that is not the one that it has to fit."""
    wit = """\
package dataflare:core@1.0.0;
interface data-processor {
    record data-record { id: string, timestamp: u32, payload: list<u8>, metadata: list<tuple<string, string>> }
    variant processing-result { success(data-record), error(string), skip }
    process: func(input: data-record) -> processing-result;
}
world dataflare-plugin { export data-processor; }
"""
    workspace = plugin(tmp_path, wit, MANIFEST + '[world]\nname = "dataflare:core/dataflare-plugin"\n')
    (found,) = said(workspace, tmp_path)
    assert found.message == (
        "`dataflare:core/data-processor@1.0.0#process`: parameter `input`: record `data-record`: "
        "field `timestamp` is u32, the world wants u64"
    )
    assert wit[found.span.start : found.span.end] == "process"


def test_mistakes_in_the_wit_come_first(tmp_path: Path):
    wit = "package acme:json@1.0.0;\nworld plugin { export f: func(x: nothing); }\n"
    assert [one.code for one in said(plugin(tmp_path, wit), tmp_path)] == ["unresolved-name"]


def test_a_target_that_is_named(tmp_path: Path):
    wit = """\
package acme:json@1.0.0;
world host { export run: func(); }
world plugin { export run: func() -> u8; }
"""
    manifest = MANIFEST + '[world]\nname = "acme:json/plugin"\ntarget = "acme:json/host"\n'
    (found,) = said(plugin(tmp_path, wit, manifest), tmp_path)
    assert found.message == "`run`: returns u8, the world wants nothing"
    (related,) = found.related
    assert wit[related.span.start : related.span.end] == "run"


@pytest.mark.parametrize("version", ["1.0.0", "1.4.0"])
def test_a_version_that_a_linker_takes(tmp_path: Path, version: str):
    wit = f"""\
package acme:json@1.0.0;
world plugin {{ import dataflare:core/logging@{version}; export {CORE}; }}
package dataflare:core@1.4.0 {{ interface logging {{ log: func(level: string, message: string); }} }}
"""
    assert said(plugin(tmp_path, wit), tmp_path) == ()


def test_an_edit_is_seen(tmp_path: Path):
    wit = f"package acme:json@1.0.0;\nworld plugin {{ export {CORE}; }}\n"
    workspace = plugin(tmp_path, wit)
    file = str(tmp_path / "wit" / "world.wit")
    assert said(workspace, tmp_path) == ()
    workspace.set_text(file, wit.replace("data-processor", "data-source"))
    assert [one.code for one in said(workspace, tmp_path)] == ["missing-export"]
    workspace.set_text(file, wit)
    assert said(workspace, tmp_path) == ()
    manifest = str(tmp_path / "dataflare.toml")
    workspace.set_text(manifest, (tmp_path / "dataflare.toml").read_text().replace("processor", "filter"))
    assert [one.code for one in said(workspace, tmp_path)] == ["missing-export"]


def test_a_component_that_is_older_than_the_wit_is_a_hint_in_editors_only(tmp_path: Path):
    write(tmp_path)
    manifest, wit, component = (tmp_path / name for name in ("dataflare.toml", "wit/world.wit", COMPONENT))
    os.utime(wit, ns=(2_000, 2_000))
    os.utime(component, ns=(1_000, 1_000))
    workspace = load(find_roots([str(tmp_path)], manifests=True))
    workspace.compare(str(manifest))
    (found,) = workspace.compared_at(str(manifest))
    assert (found.code, found.severity) == ("stale-component", "hint")
    assert found.message == "the component is older than `wit/world.wit`"
    assert workspace.diagnostics(str(manifest), str(manifest)) == ()
    os.utime(component, ns=(3_000, 3_000))
    workspace.compare(str(manifest))
    assert workspace.compared_at(str(manifest)) == ()


def test_a_copy_of_the_hosts_package_is_not_what_hosts_have(tmp_path: Path):
    copy = """\
//- wit/deps/core.wit
package dataflare:core@1.0.0;
interface data-processor {
    process: func(input: string) -> string;
}
world dataflare-plugin { export data-processor; }
"""
    workspace = plugin(
        tmp_path, "package acme:json;\nworld w { include dataflare:core/dataflare-plugin@1.0.0; }\n" + copy
    )
    found = said(workspace, tmp_path)
    assert {one.code for one in found} == {"missing-export", "function-mismatch"}
    (differing, *_) = [one.message for one in found if one.code == "function-mismatch"]
    assert differing.startswith("`dataflare:core/data-processor@1.0.0#process`: parameter `input` is string, the world")
