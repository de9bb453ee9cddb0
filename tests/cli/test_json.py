import json

PACKAGE = """
    //- wit/api.wit
    package corp:app;
    /* 日本 */ interface api { f: func() -> tyep; type type-a = u8; }
    //- wit/other.wit
    interface api {}
    use more as unused;
    interface more {}
"""


def test_the_whole_form(cli):
    cli.files(PACKAGE)
    done = cli("check", "wit", "--format", "json")
    assert (done.code, done.err) == (1, "")
    assert json.loads(done.out) == {
        "version": 1,
        "roots": [
            {
                "root": "wit",
                "diagnostics": [
                    {
                        "file": "wit/api.wit",
                        "range": {"start": {"line": 2, "column": 39}, "end": {"line": 2, "column": 43}},
                        "severity": "error",
                        "code": "unresolved-name",
                        "message": "no type `tyep` in interface `api`",
                        "related": [],
                    },
                    {
                        "file": "wit/other.wit",
                        "range": {"start": {"line": 1, "column": 11}, "end": {"line": 1, "column": 14}},
                        "severity": "error",
                        "code": "duplicate-name",
                        "message": "`api` is already defined in this package",
                        "related": [
                            {
                                "file": "wit/api.wit",
                                "range": {"start": {"line": 2, "column": 20}, "end": {"line": 2, "column": 23}},
                                "message": "defined first here",
                            }
                        ],
                    },
                    {
                        "file": "wit/other.wit",
                        "range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 20}},
                        "severity": "warning",
                        "code": "unused-use",
                        "message": "`unused` is never used in this file",
                        "related": [],
                    },
                ],
            }
        ],
        "summary": {"errors": 2, "warnings": 1},
    }


def test_a_hint_follows_the_message(cli):
    cli.files("package corp:app; interface api { type item = u8; f: func() -> itme; }")
    form = json.loads(cli("check", "--format", "json").out)
    assert form["roots"][0]["diagnostics"][0]["message"] == ("no type `itme` in interface `api`; did you mean `item`?")


def test_a_clean_root_is_listed_too(cli):
    cli.files("package corp:app;")
    assert json.loads(cli("check", "--format", "json").out) == {
        "version": 1,
        "roots": [{"root": ".", "diagnostics": []}],
        "summary": {"errors": 0, "warnings": 0},
    }


def test_columns_count_code_points_and_no_byte_order_mark(cli, tmp_path):
    (tmp_path / "app.wit").write_bytes("\ufeffpackage corp:app; /* 😀 */ x".encode())
    found = json.loads(cli("check", "--format", "json").out)["roots"][0]["diagnostics"][0]
    assert found["range"]["start"] == {"line": 1, "column": 27}


def test_whatever_a_file_holds_the_output_is_utf_8(cli, tmp_path):
    (tmp_path / "app.wit").write_bytes(b"package corp:app; interface api { f: func() -> \xff\x1b; }")
    assert "\\ud" not in cli("check", "--format", "json").out
