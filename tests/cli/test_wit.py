import json
from pathlib import Path

import pytest
from support.encoded import committed, with_section

from dataflare_lsp.component.wat import binary_of

PACKAGE = """
    //- wit/app.wit
    package corp:app@1.0.0;
    /// What it does.
    interface api {
        use corp:base/types.{id};
        get: func(of: id) -> list<id>;
        @unstable(feature = new)
        put: func(of: id);
    }
    world app {
        export api;
    }
    //- wit/deps/base.wit
    package corp:base;
    interface types {
        type id = u64;
    }
"""


def test_a_package_is_printed_with_its_dependencies(cli):
    cli.files(PACKAGE)
    assert cli("wit", "wit") == (
        0,
        """\
package corp:app@1.0.0;

/// What it does.
interface api {
    use corp:base/types.{id};

    get: func(of: id) -> list<id>;
}

world app {
    import corp:base/types;

    export api;
}

package corp:base {
    interface types {
        type id = u64;
    }
}
""",
        "",
    )


def test_what_is_printed_is_in_the_layout_of_fmt(cli):
    cli.files("""
        package corp:app;
        interface api {
            /** A block
              * of two lines. */
            resource r;
            send: func(the-first-of-the-parameters: string, the-second-of-the-parameters: string, the-third: string);
        }
        world app { import in-place: interface {} }
    """)
    printed = cli("wit", ".").out
    (cli.folder / "app.wit").write_text(printed)
    assert cli("fmt", "--check").code == 0
    assert cli("wit", ".").out == printed


def test_json_is_the_form_of_the_reference(cli):
    cli.files("package corp:app; interface api { type id = u64; }")
    assert json.loads(cli("wit", "--json", "app.wit").out) == {
        "worlds": [],
        "interfaces": [{"name": "api", "types": {"id": 0}, "functions": {}, "package": 0}],
        "types": [{"name": "id", "kind": {"type": "u64"}, "owner": {"interface": 0}}],
        "packages": [{"name": "corp:app", "interfaces": {"api": 0}, "worlds": {}}],
    }


@pytest.mark.parametrize("option", ["--features=new", "--features=old,new", "--all-features"])
def test_features_switch_unstable_items_on(cli, option: str):
    cli.files(PACKAGE)
    assert "@unstable(feature = new)\n    put: func(of: id);" in cli("wit", "wit", option).out
    assert "put" not in cli("wit", "wit").out


def test_errors_are_shown_as_by_check_beside_the_output(cli):
    cli.files("package corp:app; interface api { f: func() -> x; }")
    code, out, err = cli("wit", ".")
    assert (code, out) == (1, "")
    assert err == cli("check", ".").out


def test_no_option_is_named_that_the_command_does_not_have(cli):
    cli.files("package corp:app; interface api { f: func() }")
    assert "--fix" in cli("check").out
    assert "--fix" not in cli("wit", ".").err


def test_warnings_are_no_obstacle(cli):
    cli.files("package corp:app; use api as unused; interface api {}")
    assert cli("wit", ".") == (0, "package corp:app;\n\ninterface api {}\n", "")


def test_an_encoded_package(cli, tmp_path: Path):
    (tmp_path / "plugin.wasm").write_bytes(committed("plugin"))
    done = cli("wit", "plugin.wasm")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("/// Plugins of a pipeline.\npackage corp:pipeline@1.2.0;\n")
    assert cli("wit", "--json", "plugin.wasm").code == 0


COMPONENT = """
    (component
      (import "corp:base/types@1.0.0" (instance $types
        (type $t (record (field "x" u32)))
        (export "point" (type (eq $t)))))
      (alias export $types "point" (type $point))
      (import "point" (type $mine (eq $point)))
      (import "draw" (func $draw (param "at" $mine)))
      (export "run" (func $draw)))
"""


def test_a_component(cli, tmp_path: Path):
    shown = """\
package root:component;

world root {
    import corp:base/types@1.0.0;
    use corp:base/types@1.0.0.{point};
    import draw: func(at: point);

    export run: func(at: point);
}

package corp:base@1.0.0 {
    interface types {
        record point {
            x: u32,
        }
    }
}
"""
    (tmp_path / "app.wasm").write_bytes(binary_of(COMPONENT))
    (tmp_path / "app.wat").write_text(COMPONENT)
    assert cli("wit", "app.wasm") == (0, shown, "")
    assert cli("wit", "app.wat") == (0, shown, "")
    resolved = json.loads(cli("wit", "--json", "app.wasm").out)
    assert [world["name"] for world in resolved["worlds"]] == ["root"]


def test_a_core_module_that_bindings_were_made_for(cli, tmp_path: Path):
    (tmp_path / "app.wasm").write_bytes(with_section(binary_of("(module)"), "component-type:app", committed("plugin")))
    done = cli("wit", "app.wasm")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("package root:root;\n\nworld root {\n    import corp:base/ids@0.3.1;\n")
    assert "\npackage corp:pipeline@1.2.0 {\n" in done.out


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (
            b"\0asm\x01\0\0\0",
            "this is a core WebAssembly module, not a component, and carries no WIT; `wasm-tools component new` makes a "
            "component of a module that does",
        ),
        (
            binary_of(COMPONENT)[:60],
            "a section of 10 bytes does not fit into its component (at byte 0x3a, in a section of aliases)",
        ),
        (
            binary_of('(component (export "e" (type 0)) (type u8))'),
            "there is no type 0 here (at byte 0xb, in a section of exports)",
        ),
    ],
)
def test_what_has_no_wit_is_an_error_of_one_line(cli, tmp_path: Path, binary: bytes, message: str):
    (tmp_path / "app.wasm").write_bytes(binary)
    code, out, err = cli("wit", "app.wasm")
    assert (code, out) == (1, "")
    assert err.startswith(f"error[unreadable-file]: cannot read this file: {message}\n")


def test_a_component_is_no_dependency(cli, tmp_path: Path):
    cli.files("//- wit/app.wit\npackage corp:app; interface api { use corp:base/types@1.0.0.{point}; }")
    (tmp_path / "wit" / "deps").mkdir()
    (tmp_path / "wit" / "deps" / "base.wasm").write_bytes(binary_of(COMPONENT))
    code, out, err = cli("wit", "wit")
    assert (code, out) == (1, "")
    assert "cannot read this package: this is a component, not a WIT package\n" in err


def test_the_only_package_beneath_a_folder(cli):
    cli.files(PACKAGE)
    assert cli("wit", ".") == cli("wit", "wit")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "`wit` needs the PATH of a package"),
        (["nowhere"], "cannot resolve `nowhere`: it does not exist"),
        (["."], "`.` holds 2 packages; name one, such as `one`"),
    ],
)
def test_one_package_is_needed(cli, arguments: list[str], message: str):
    cli.files("//- one/a.wit\npackage corp:one;\n//- two/b.wit\npackage corp:two;")
    assert cli("wit", *arguments) == (2, "", f"error: {message}\n")
