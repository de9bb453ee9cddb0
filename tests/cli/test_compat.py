"""`dataflare-lsp compat`, as people and programs call it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from support.encoded import committed
from support.repository import Repository
from support.shared import REPOSITORY

from dataflare_lsp.component.wat import binary_of

TWO = """
    //- old/app.wit
    package corp:app@1.0.0;
    interface api {
        record item { id: u64 }
        get: func(of: u32) -> item;
    }
    world app {
        import api;
        export run: func();
    }
    //- new/app.wit
    package corp:app@1.1.0;
    interface api {
        record item { id: u32 }
        get: func(of: u32) -> item;
        put: func(what: item);
    }
    world app {
        import api;
        export run: func();
    }
"""


def test_what_changed_is_shown_the_worst_first(cli):
    cli.files(TWO)
    assert cli("compat", "old", "new") == (
        1,
        """\
major: `api`: record `item`: field `id` is `u32`, was `u64`
  --> new/app.wit:3:19
   |
 3 |     record item { id: u32 }
   |                   ^^
   |
   = breaks components and hosts: a type is the same on both sides or does not fit: there is no subtyping between value types

minor: `api`: function `put` is new
  --> new/app.wit:5:5
   |
 5 |     put: func(what: item);
   |     ^^^
   |
   = breaks hosts: a host of the old version does not provide it, and a component of the new one may import it

world `app`:
  components of the old version do not run on hosts of the new one
  components of the new version do not run on hosts of the old one

corp:app 1.0.0 -> 1.1.0: 1 major change and 1 minor change call for 2.0.0, and the version promises more than that: 1.1.0 promises all that 1.0.0 has
""",
        "",
    )


def test_what_is_gone_is_shown_where_it_was(cli):
    cli.files(TWO)
    out = cli("compat", "new", "old").out
    assert "major: `api`: function `put` is gone\n  --> new/app.wit:5:5\n" in out
    assert out.endswith(
        "corp:app 1.1.0 -> 1.0.0: 2 major changes call for 2.0.0, and the version promises more than that: "
        "1.0.0 is older than 1.1.0\n"
    )


def test_what_changed_in_a_dependency_is_shown_there(cli):
    for folder, result in (("old", "u32"), ("new", "u64")):
        cli.files(f"""
            //- {folder}/app.wit
            package corp:app@1.0.0;
            world app {{ import corp:base/clock@0.2.1; }}
            //- {folder}/deps/base.wit
            package corp:base@0.2.1;
            interface clock {{ now: func() -> {result}; }}
        """)
    out = cli("compat", "old", "new").out
    assert (
        "major: `corp:base/clock@0.2`: function `now` returns `u64`, returned `u32`\n  --> new/deps/base.wit:2:19\n"
        in out
    )


def test_what_several_worlds_have_alike_is_said_once(cli):
    cli.files("""
        //- old.wit
        package corp:app@1.0.0;
        world base {}
        world one { include base; }
        world two { include base; export f: func(); }
        //- new.wit
        package corp:app@1.1.0;
        world base { import log: func(); }
        world one { include base; }
        world two { include base; }
    """)
    assert (
        cli("compat", "old.wit", "new.wit").out
        == """\
minor: worlds `base`, `one` and `two`: imported function `log` is new
  --> new.wit:2:21
   |
 2 | world base { import log: func(); }
   |                     ^^^
   |
   = breaks hosts: a host of the old version does not provide it, and a component of the new one may import it

minor: world `two`: exported function `f` is gone
  --> old.wit:4:34
   |
 4 | world two { include base; export f: func(); }
   |                                  ^
   |
   = breaks hosts: a host of the old version asks for it, and a component of the new one does not export it

worlds `base`, `one` and `two`:
  components of the old version run on hosts of the new one
  components of the new version do not run on hosts of the old one

corp:app 1.0.0 -> 1.1.0: 2 minor changes call for 1.1.0, which this is enough for
"""
    )


def test_an_honest_version(cli):
    cli.files("""
        //- old.wit
        package corp:app@1.0.0;
        interface api { get: func(); }
        //- new.wit
        package corp:app@1.1.0;
        interface api { get: func(); put: func(); }
    """)
    code, out, err = cli("compat", "old.wit", "new.wit")
    assert (code, err) == (0, "")
    assert out.endswith("\ncorp:app 1.0.0 -> 1.1.0: 1 minor change calls for 1.1.0, which this is enough for\n")


def test_no_changes(cli):
    cli.files("//- old.wit\npackage corp:app@1.0.0;\n//- new.wit\npackage corp:app@1.0.1;")
    assert cli("compat", "old.wit", "new.wit") == (0, "corp:app 1.0.0 -> 1.0.1: no changes\n", "")
    assert cli("compat", "old.wit", "old.wit") == (0, "corp:app 1.0.0: no changes\n", "")


def test_what_nobody_notices_fails_nothing(cli):
    cli.files("""
        //- old.wit
        package corp:app@1.0.0;
        /// An interface.
        interface api {}
        //- new.wit
        package corp:app@1.0.0;
        /// The interface.
        interface api {}
    """)
    code, out, _ = cli("compat", "old.wit", "new.wit")
    assert code == 0
    assert out.endswith("\ncorp:app 1.0.0: 1 patch change calls for 1.0.1\n")


def test_a_pre_release_promises_nothing_but_its_release_will(cli):
    cli.files(TWO.replace("1.1.0", "1.1.0-rc.1"))
    code, out, _ = cli("compat", "old", "new")
    assert code == 0
    assert out.endswith(
        "\ncorp:app 1.0.0 -> 1.1.0-rc.1: 1 major change and 1 minor change call for 2.0.0; 1.1.0-rc.1 is a pre-release, and "
        "compatible with no other version, but 1.1.0 will promise more than that\n"
    )
    form = json.loads(cli("compat", "old", "new", "--format=json").out)
    assert (form["enough"], form["enough-as-release"]) == (True, False)


def test_without_a_version_nothing_tells_two_states_apart(cli):
    cli.files("//- a.wit\npackage a:b;\nworld w { import f: func(); }\n//- b.wit\npackage a:b;\nworld w {}")
    code, out, _ = cli("compat", "a.wit", "b.wit")
    assert code == 1
    assert out.endswith(
        "\na:b without a version: 1 major change calls for a major step of the version, and the version promises more than "
        "that: without a version, every state of a package is taken for every other\n"
    )


def test_the_form_for_programs(cli):
    cli.files(TWO)
    code, out, err = cli("compat", "--format", "json", "old", "new")
    assert (code, err) == (1, "")
    why = "a type is the same on both sides or does not fit: there is no subtyping between value types"
    assert json.loads(out) == {
        "version": 1,
        "old": {"path": "old", "package": "corp:app", "version": "1.0.0"},
        "new": {"path": "new", "package": "corp:app", "version": "1.1.0"},
        "changes": [
            {
                "kind": "changed",
                "item": {"kind": "interface", "container": "api", "member": "item", "part": "id"},
                "message": "`api`: record `item`: field `id` is `u32`, was `u64`",
                "bump": "major",
                "breaks": [{"whom": "components", "why": why}, {"whom": "hosts", "why": why}],
                "place": {
                    "file": "new/app.wit",
                    "range": {"start": {"line": 3, "column": 19}, "end": {"line": 3, "column": 21}},
                },
            },
            {
                "kind": "added",
                "item": {"kind": "interface", "container": "api", "member": "put"},
                "message": "`api`: function `put` is new",
                "bump": "minor",
                "breaks": [
                    {
                        "whom": "hosts",
                        "why": "a host of the old version does not provide it, and a component of the new one may "
                        "import it",
                    }
                ],
                "place": {
                    "file": "new/app.wit",
                    "range": {"start": {"line": 5, "column": 5}, "end": {"line": 5, "column": 8}},
                },
            },
        ],
        "worlds": [
            {
                "old": "app",
                "new": "app",
                "components": {
                    "fit": False,
                    "misfits": [
                        {"item": "import `api`: type `item`", "problem": "is another type"},
                        {"item": "import `api`: function `get`", "problem": "is another function"},
                    ],
                },
                "hosts": {
                    "fit": False,
                    "misfits": [
                        {"item": "import `api`: type `item`", "problem": "is another type"},
                        {"item": "import `api`: function `get`", "problem": "is another function"},
                        {"item": "import `api`: function `put`", "problem": "is missing"},
                    ],
                },
            }
        ],
        "bump": "major",
        "next": "2.0.0",
        "promise": {"bump": "minor", "why": "1.1.0 promises all that 1.0.0 has"},
        "enough": False,
        "enough-as-release": False,
    }


def _keys(form: object) -> object:
    """The keys of a form, without its values."""
    if isinstance(form, dict):
        return {key: _keys(value) for key, value in form.items()}
    return [_keys(form[0])] if isinstance(form, list) and form else None


def test_the_reference_page_shows_the_form(cli):
    page = (REPOSITORY / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    shown = json.loads(page.partition("\n## compat\n")[2].partition("```json\n")[2].partition("```")[0])
    cli.files(TWO)
    printed = json.loads(cli("compat", "old", "new", "--format=json").out)
    assert _keys(shown) == _keys(printed)


def test_what_a_terminal_would_obey_is_not_printed(cli):
    """A package cannot hold such signs, but a version's spelling on the command line can."""
    cli.files("//- old.wit\npackage corp:app@1.0.0;\n//- new.wit\npackage corp:app@1.0.0;\nworld w {}")
    code, out, err = cli("compat", "old.wit", "git:\x1b[2J:new.wit")
    assert (code, out) == (2, "")
    assert "\x1b" not in err


# Worlds --------------------------------------------------------------------------------------------------------


def test_a_component_that_still_runs(cli):
    cli.files(TWO.replace("id: u32", "id: u64"))
    code, out, err = cli("compat", "old", "new", "--old-world", "app")
    assert (code, err) == (0, "")
    assert out.endswith(
        "\na component that was built for `corp:app/app@1.0.0` runs where `corp:app/app@1.1.0` is wanted\n"
    )


def test_a_component_that_does_not_run_any_more(cli):
    cli.files(TWO)
    code, out, _ = cli("compat", "old", "new", "--old-world", "app", "--new-world", "corp:app/app")
    assert code == 1
    assert out.startswith("major: `api`: record `item`: field `id` is `u32`, was `u64`\n")
    assert out.endswith(
        "\na component that was built for `corp:app/app@1.0.0` does not run where `corp:app/app@1.1.0` is wanted\n"
    )


def test_two_states_of_one_version_are_told_apart(cli):
    cli.files(TWO.replace("@1.1.0", "@1.0.0"))
    assert cli("compat", "old", "new", "--new-world=app").out.endswith(
        "\na component that was built for `corp:app/app@1.0.0` of `old` does not run where `corp:app/app@1.0.0` of `new` "
        "is wanted\n"
    )


def test_versions_that_no_linker_brings_together(cli):
    cli.files(TWO.replace("id: u32", "id: u64").replace("@1.1.0", "@2.0.0"))
    code, out, _ = cli("compat", "old", "new", "--old-world", "app")
    assert code == 1
    assert (
        "  - `corp:app@1.0.0` is not taken for `corp:app@2.0.0`: a host links an interface only to a compatible version of "
        "it\n" in out
    )


def test_worlds_for_programs(cli):
    cli.files("//- old.wit\npackage a:b;\nworld w { import f: func(); }\n//- new.wit\npackage c:d;\nworld v {}")
    code, out, _ = cli("compat", "old.wit", "new.wit", "--old-world=w", "--new-world=v", "--format=json")
    assert code == 1
    form = json.loads(out)
    assert sorted(form) == ["changes", "fits", "new", "old", "version", "versions", "worlds"]
    assert (form["fits"], form["versions"]) == (False, None)
    assert form["worlds"] == [
        {
            "old": "w",
            "new": "v",
            "components": {"fit": False, "misfits": [{"item": "import `f`", "problem": "is missing"}]},
            "hosts": {"fit": True, "misfits": []},
        }
    ]


# What is compared ----------------------------------------------------------------------------------------------


def test_encoded_packages(cli, tmp_path: Path):
    (tmp_path / "plugin.wasm").write_bytes(committed("plugin"))
    code, out, err = cli("compat", "plugin.wasm", "plugin.wasm")
    assert (code, out, err) == (0, "corp:pipeline 1.2.0: no changes\n", "")
    (tmp_path / "now.wit").write_text(cli("wit", "plugin.wasm").out)
    assert cli("compat", "plugin.wasm", "now.wit", "--all-features") == (code, out, err)


def test_files_that_lie_side_by_side_are_packages_by_themselves(cli):
    cli.files("""
        //- a.wit
        package corp:app@1.0.0;
        interface api { use corp:base/types.{id}; }
        //- b.wit
        package corp:app@1.0.0;
        interface api { use corp:base/types.{id}; }
        //- deps/base.wit
        package corp:base;
        interface types { type id = u64; }
    """)
    assert cli("compat", "a.wit", "b.wit") == (0, "corp:app 1.0.0: no changes\n", "")


def test_a_file_among_dependencies_has_the_others(cli):
    cli.files("""
        //- wit/deps/app.wit
        package corp:app@1.0.0;
        interface api { use corp:base/types.{id}; }
        //- wit/deps/base.wit
        package corp:base;
        interface types { type id = u64; }
    """)
    assert cli("compat", "wit/deps/app.wit", "wit/deps/app.wit").out == "corp:app 1.0.0: no changes\n"


def test_a_change_of_an_encoded_package_has_no_place(cli, tmp_path: Path):
    (tmp_path / "plugin.wasm").write_bytes(committed("plugin"))
    (tmp_path / "now.wit").write_text("package corp:pipeline@1.2.0;")
    out = json.loads(cli("compat", "--format=json", "plugin.wasm", "now.wit").out)
    assert {change["place"] is None for change in out["changes"] if change["kind"] == "removed"} == {True}


ONE = '(component (import "f" (func)))'
TWO_IMPORTS = '(component (import "f" (func)) (import "g" (func)))'
WORLDS = "package corp:app; world one { import f: func(); } world none {}"


@pytest.fixture
def built(cli):
    """Two components, and packages with one world and with two."""
    (cli.folder / "one.wasm").write_bytes(binary_of(ONE))
    (cli.folder / "two.wasm").write_bytes(binary_of(TWO_IMPORTS))
    (cli.folder / "app.wit").write_text(WORLDS)
    (cli.folder / "single.wit").write_text("package corp:app; world app { import f: func(); }")
    return cli


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["one.wasm", "app.wit", "--new-world=one"], "`one.wasm` runs where `corp:app/one` is wanted"),
        (["one.wasm", "app.wit", "--new-world=none"], "`one.wasm` does not run where `corp:app/none` is wanted"),
        (["one.wasm", "single.wit"], "`one.wasm` runs where `corp:app/app` is wanted"),
        (["single.wit", "one.wasm"], "`one.wasm` runs where `corp:app/app` is wanted"),
        (["single.wit", "two.wasm"], "`two.wasm` does not run where `corp:app/app` is wanted"),
        (["two.wasm", "one.wasm"], "`one.wasm` runs where `two.wasm` does"),
        (["one.wasm", "two.wasm"], "`two.wasm` does not run where `one.wasm` does"),
    ],
)
def test_a_component_runs_where_a_world_is_wanted(built, arguments: list[str], answer: str):
    code, out, err = built("compat", *arguments)
    assert (code, err) == (int("does not" in answer), "")
    assert out.splitlines()[-1] == answer
    assert json.loads(built("compat", "--format=json", *arguments).out)["fits"] == (code == 0)


@pytest.mark.parametrize("arguments", [["one.wasm", "app.wit"], ["app.wit", "one.wasm"]])
def test_the_world_that_a_component_is_compared_with_may_have_to_be_named(built, arguments: list[str]):
    option = "--new-world" if arguments[1] == "app.wit" else "--old-world"
    message = f"error: `app.wit` has 2 worlds; name one: `{option} one`\n"
    assert built("compat", *arguments) == (2, "", message)
    (built.folder / "app.wit").write_text("package corp:app;")
    assert built("compat", *arguments).err == "error: `app.wit` has no world\n"


def test_features_count_for_both(cli):
    cli.files("""
        //- old.wit
        package corp:app@1.0.0;
        interface api { @unstable(feature = new) get: func(); }
        //- new.wit
        package corp:app@1.0.0;
        interface api { @unstable(feature = new) get: func(of: u8); }
    """)
    assert cli("compat", "old.wit", "new.wit").out == "corp:app 1.0.0: no changes\n"
    for option in ("--features=new", "--all-features"):
        done = cli("compat", "old.wit", "new.wit", option)
        assert done.code == 0
        assert done.out.startswith("patch: `api`: function `get`: parameter `of` is new\n")


# git -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def tagged(cli):
    """A folder that is a repository, in which the old package is tagged, and the new one written since."""

    def git(*arguments: str) -> None:
        names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run(["git", *names, *arguments], cwd=cli.folder, check=True, capture_output=True)

    cli.files("//- plugin/wit/app.wit\npackage corp:app@1.0.0;\ninterface api { get: func(); }")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "First")
    git("tag", "v1")
    cli.files("//- plugin/wit/app.wit\npackage corp:app@1.0.0;\ninterface api { put: func(); }")
    return cli


SUMMARY = (
    "corp:app 1.0.0: 1 major change and 1 minor change call for 2.0.0, and the version promises more than that: "
    "1.0.0 is the version that it had before\n"
)


@pytest.mark.parametrize("old", ["git:v1", "git:v1:plugin/wit", "git:v1:plugin/wit/app.wit", "git:HEAD:plugin"])
def test_a_revision_of_a_repository(tagged, old: str):
    code, out, err = tagged("compat", old, "plugin/wit")
    assert (code, err) == (1, "")
    name = old.split(":")[1]
    assert f"major: `api`: function `get` is gone\n  --> git:{name}:plugin/wit/app.wit:2:17\n" in out
    assert "minor: `api`: function `put` is new\n  --> plugin/wit/app.wit:2:17\n" in out
    assert out.endswith(SUMMARY)


def test_a_path_counts_from_the_current_directory(tagged, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tagged.folder / "plugin")
    assert tagged("compat", "git:v1", "wit").out.endswith(SUMMARY)
    assert tagged("compat", "git:v1:wit", "wit").out.endswith(SUMMARY)


def test_two_revisions(tagged):
    assert tagged("compat", "git:v1", "git:HEAD:plugin") == (0, "corp:app 1.0.0: no changes\n", "")
    assert tagged("compat", "git:v1", "git:HEAD") == (0, "corp:app 1.0.0: no changes\n", "")


def test_mistakes_of_a_revision_are_shown(tagged):
    tagged.files("//- plugin/wit/app.wit\npackage corp:app@1.0.0;\ninterface api { get: func() }")
    code, out, err = tagged("compat", "git:v1", "plugin/wit")
    assert (code, out) == (2, "")
    assert "--> plugin/wit/app.wit:2:29\n" in err
    assert err.endswith("error: cannot compare `plugin/wit` while it has errors\n")


def test_a_plugin_has_what_its_manifest_gives_it_in_a_revision_too(tagged):
    tagged.files("""
        //- plugin/dataflare.toml
        [dependencies]
        "corp:units" = { path = "units" }
        //- plugin/units/units.wit
        package corp:units;
        interface types { type celsius = f32; }
        //- plugin/wit/app.wit
        package corp:app@1.0.0;
        interface api { use corp:units/types.{celsius}; get: func() -> celsius; }
        world app { include dataflare:core/dataflare-plugin@1.0.0; }
    """)
    Repository(tagged.folder).commit("v2")
    assert tagged("compat", "git:v2", "plugin/wit") == (0, "corp:app 1.0.0: no changes\n", "")


def test_nothing_stays_behind(tagged, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    tagged("compat", "git:v1", "plugin/wit")
    tagged("compat", "git:v1:nowhere", "plugin/wit")
    assert os.listdir(temporary) == []


# What is wrong with the call -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "`compat` needs two packages to compare: OLD and NEW"),
        (["one.wit"], "`compat` needs two packages to compare: OLD and NEW"),
        (["nowhere", "one.wit"], "cannot compare `nowhere`: it does not exist"),
        (["one.wit", "two.wit"], "`corp:one` and `corp:two@1.0.0` are two packages, not two versions of one; name the worlds "
         "to compare with `--old-world` and `--new-world`"),
        (["one.wit", "one.wit", "--old-world=w"], "there is no world `w` in `corp:one`; its worlds: none"),
        (["two.wit", "two.wit", "--old-world=v"], "there is no world `v` in `corp:two@1.0.0`; its worlds: `w`"),
        (["two.wit", "two.wit", "--old-world=a:b/w"], "the world `a:b/w` is not one of `corp:two@1.0.0`"),
        (["two.wit", "two.wit", "--old-world=corp:two/w@2.0.0"],
         "the world `corp:two/w@2.0.0` is not one of `corp:two@1.0.0`"),
        (["git:", "one.wit"], "`git:` names no revision; it is written `git:REV` or `git:REV:PATH`"),
        (["folder", "one.wit"], "`folder` holds 2 packages; name one, such as `folder/a`"),
    ],
)  # fmt: skip
def test_a_call_that_means_nothing(cli, arguments: list[str], message: str):
    cli.files("""
        //- one.wit
        package corp:one;
        //- two.wit
        package corp:two@1.0.0;
        world w {}
        //- folder/a/x.wit
        package a:a;
        //- folder/b/x.wit
        package b:b;
    """)
    assert cli("compat", *arguments) == (2, "", f"error: {message}\n")


def test_three_packages_are_too_many(cli):
    code, _, err = cli("compat", "one", "two", "three")
    assert code == 2
    assert err.startswith("error: `compat` takes 2 arguments, but was given 3: one, two and three\n")
