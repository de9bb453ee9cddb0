from dataflare_lsp.cli.output.github import render
from dataflare_lsp.cli.results import Found, Results, RootResult
from dataflare_lsp.text import Diagnostic, Lines, Span


def test_each_mistake_is_a_workflow_command(cli):
    cli.files("""
        package corp:app;
        use types as unused;
        interface types {
            record item { id: u64, id: u64 }
            get: func() -> itme;
        }
    """)
    assert cli("check", "--format", "github") == (
        1,
        """\
::warning file=app.wit,line=2,endLine=2,col=1,endColumn=20,title=unused-use::`unused` is never used in this file
::error file=app.wit,line=4,endLine=4,col=28,endColumn=29,title=duplicate-field::field `id` is already defined in \
`item`%0Aapp.wit:4: defined first here
::error file=app.wit,line=5,endLine=5,col=20,endColumn=23,title=unresolved-name::no type `itme` in interface `types`; \
did you mean `item`?
dataflare-lsp: 2 errors, 1 warning
""",
        "",
    )


def test_a_clean_check(cli):
    cli.files("package corp:app;")
    assert cli("check", "--format", "github") == (0, "dataflare-lsp: 0 errors, 0 warnings\n", "")


def rendered(name: str, diagnostic: Diagnostic, text: str) -> str:
    file = f"/here/{name}"
    root = RootResult("/here", (file,), (Found(file, diagnostic),))
    return render(Results((root,), {file: Lines(text)}, "/here")).splitlines()[0]


def test_what_would_end_a_property_or_the_command_is_escaped():
    diagnostic = Diagnostic("a,b:c", "information", "100%\r\n::error::", Span(0, 1))
    assert rendered("50%,a:b.wit", diagnostic, "x") == (
        "::notice file=50%25%2Ca%3Ab.wit,line=1,endLine=1,col=1,endColumn=1,title=a%2Cb%3Ac::100%25%0D%0A::error::"
    )


def test_a_place_that_goes_over_lines_has_no_columns():
    diagnostic = Diagnostic("wrong", "error", "this is wrong", Span(2, 5))
    assert rendered("a.wit", diagnostic, "one\ntwo") == "::error file=a.wit,line=1,endLine=2,title=wrong::this is wrong"
