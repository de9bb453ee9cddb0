"""`check` and `schema` with manifests."""

import json

import pytest
from jsonschema import Draft202012Validator

PLUGIN = """
    //- dataflare.toml
    manifest-version = 1
    [plugin]
    name = "acme:json"
    version = "1.0.0"
    kind = "procesor"
    //- wit/world.wit
    package acme:json@1.0.0;
    world plugin { import f: func(x: nothing); }
"""


@pytest.mark.parametrize("path", [".", "dataflare.toml"])
def test_a_plugin_is_checked_with_its_package(cli, path: str):
    cli.files(PLUGIN)
    code, out, err = cli("check", path)
    assert (code, err) == (1, "")
    assert out == (
        "error[invalid-value]: `kind` is one of `source`, `processor`, `destination`, `transformer`, `filter`, "
        "`aggregator`, found `procesor`\n"
        "  --> dataflare.toml:5:8\n"
        "   |\n"
        ' 5 | kind = "procesor"\n'
        "   |        ^^^^^^^^^^ did you mean `processor`?\n"
        "   |\n"
        "   = help: dataflare-lsp explain invalid-value\n"
        "\n"
        "error[unresolved-name]: no type `nothing` in world `plugin`\n"
        "  --> wit/world.wit:2:34\n"
        "   |\n"
        " 2 | world plugin { import f: func(x: nothing); }\n"
        "   |                                  ^^^^^^^\n"
        "   |\n"
        "   = help: dataflare-lsp explain unresolved-name\n"
        "\n"
        "2 errors in 2 files, 1 can be mended by `--fix` (checked 1 package and 1 manifest, 2 files)\n"
    )


@pytest.mark.parametrize("form", ["json", "sarif", "github", "gitlab", "junit"])
def test_every_format_has_the_manifest_too(cli, form: str):
    cli.files(PLUGIN)
    code, out, err = cli("check", "--format", form)
    assert (code, err) == (1, "")
    assert "dataflare.toml" in out
    assert "invalid-value" in out
    assert "wit/world.wit" in out


def test_mends_are_made_in_manifests_too(cli):
    cli.files(PLUGIN.replace("import f: func(x: nothing)", "include dataflare:core/dataflare-plugin@1.0.0"))
    assert cli("check", "--fix") == (
        0,
        "mended 1 mistake; no mistakes (checked 1 package and 1 manifest, 2 files)\n",
        "",
    )
    assert 'kind = "processor"\n' in cli.text("dataflare.toml")


def test_codes_of_manifests_are_selected(cli):
    cli.files(PLUGIN)
    assert "invalid-value" not in cli("check", "--select", "unresolved-name").out
    assert "unresolved-name" not in cli("check", "--ignore", "unresolved-name").out
    assert cli("check", "--select", "invalid-valu").err == (
        "error: there is no diagnostic `invalid-valu`; did you mean `invalid-value`?\n"
    )


def test_a_manifest_without_a_package(cli):
    cli.files(PLUGIN.partition("//- wit")[0].replace("procesor", "processor"))
    assert cli("check") == (0, "no mistakes (checked 1 manifest, 1 file)\n", "")


def test_a_component_that_is_not_built_does_not_fail_the_check(cli):
    text = PLUGIN.partition("//- wit")[0].replace("procesor", "processor")
    cli.files(text + '    [component]\n    path = "a.wasm"\n')
    code, out, _ = cli("check", "--deny", "warnings")
    assert code == 0
    assert "information[missing-component]" in out


def test_other_commands_pass_manifests_by(cli):
    cli.files(PLUGIN.replace("x: nothing", "x: u8"))
    assert cli("wit", ".").code == 0
    assert cli("fmt", "--check").code in (0, 1)
    assert "dataflare.toml" not in cli("fmt", "--diff").out


def test_the_schema_of_manifests(cli):
    code, out, err = cli("schema", "manifest")
    assert (code, err) == (0, "")
    schema = json.loads(out)
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"])[:2] == ["manifest-version", "plugin"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("schema",), "`schema` needs the NAME of one: `manifest` or `launch`"),
        (("schema", "manifst"), "there is no schema `manifst`; did you mean `manifest`?"),
    ],
)
def test_there_is_one_schema(cli, arguments: tuple[str, ...], said: str):
    assert cli(*arguments) == (2, "", f"error: {said}\n")
