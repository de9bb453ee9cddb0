"""`check` with manifests that name what their plugin's WIT is to stay compatible with."""

import pytest
from support.repository import Repository

PLUGIN = """
    //- dataflare.toml
    manifest-version = 1

    [plugin]
    name = "acme:weather"
    version = "1.0.0"
    kind = "processor"

    [world]
    baseline = "git:v1"
    //- wit/weather.wit
    package acme:weather@{version};

    interface types {{
        record reading {{
            celsius: {celsius},
        }}
    }}

    world plugin {{
        include dataflare:core/dataflare-plugin@1.0.0;
    }}
"""


@pytest.fixture
def tagged(cli):
    """A plugin of which the first version is tagged, and another written since."""
    repository = Repository(cli.folder)
    cli.files(PLUGIN.format(version="1.0.0", celsius="f32"))
    repository.commit("v1")
    cli.files(PLUGIN.format(version="1.1.0", celsius="f64"))
    return cli


def test_a_version_that_promises_too_much(tagged):
    code, out, err = tagged("check", "--baseline")
    assert (code, err) == (1, "")
    assert out == (
        "error[breaking-change]: 1 major change since 1.0.0 calls for 2.0.0: `types`: record `reading`: field `celsius` "
        "is `f64`, was `f32`\n"
        "  --> wit/weather.wit:1:9\n"
        "   |\n"
        " 1 | package acme:weather@1.1.0;\n"
        "   |         ^^^^^^^^^^^^^^^^^^ 1.1.0 promises all that 1.0.0 has\n"
        "...\n"
        " 5 |         celsius: f64,\n"
        "   |         ------- it is here\n"
        "   |\n"
        "  ::: dataflare.toml:9:12\n"
        "   |\n"
        ' 9 | baseline = "git:v1"\n'
        "   |            -------- the baseline is named here\n"
        "   |\n"
        "   = help: dataflare-lsp explain breaking-change\n"
        "\n"
        "1 error in 1 file (checked 1 package and 1 manifest, 2 files)\n"
    )


def test_git_is_asked_where_the_user_says_so(tagged, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    assert tagged("check").code == 0
    code, out, _ = tagged("check", "--baseline")
    assert code == 1
    assert "cannot be read: there is no program `git` to read a revision with\n" in out


def test_an_honest_version(tagged):
    tagged.files(PLUGIN.format(version="2.0.0", celsius="f64"))
    assert tagged("check", "--baseline").code == 0


def test_a_version_is_not_raised_without_being_asked_for(tagged):
    before = tagged.text("wit/weather.wit")
    assert tagged("check", "--baseline", "--fix").code == 1
    assert tagged.text("wit/weather.wit") == before


def test_who_asks_for_a_baseline_is_told_where_none_is_named(cli):
    cli.files(PLUGIN.format(version="1.0.0", celsius="f32").replace('baseline = "git:v1"', ""))
    code, out, err = cli("check", "--baseline")
    assert (code, out) == (2, "no mistakes (checked 1 package and 1 manifest, 2 files)\n")
    assert err == "error: `--baseline`: no manifest that is checked names a `baseline` in its `[world]`\n"
    cli.files("//- dataflare.toml\n//- wit/a/a.wit\npackage a:b;\n//- wit/b/b.wit\npackage a:c;")
    assert cli("check", "--baseline", "wit").code == 2
