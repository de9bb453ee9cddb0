import pytest

from dataflare_lsp.cli.options import Command, Option, WrongUsage, help_text, parse

TOY = Command(
    "paint",
    "Paint a fence",
    "FENCE...",
    None,
    "FENCE is what to paint.",
    (
        Option("--colour", "With which colours", "NAME,…", many=True),
        Option("--finish", "How it shines:\nmatt or gloss", "FINISH", ("matt", "gloss")),
        Option("--dry-run", "Only say what would be done"),
    ),
)


def test_values_follow_or_are_joined_by_an_equals_sign():
    parsed = parse(TOY, ["--finish", "matt", "north", "--colour=red", "--dry-run", "south"])
    assert parsed.operands == ("north", "south")
    assert parsed.value("--finish") == "matt"
    assert parsed.all("--colour") == ("red",)
    assert parsed.has("--dry-run")


def test_many_values_are_separated_by_commas_or_given_one_by_one():
    assert parse(TOY, ["--colour", "red, green", "--colour=blue,"]).all("--colour") == ("red", "green", "blue")


def test_the_last_of_several_values_counts():
    assert parse(TOY, ["--finish", "matt", "--finish", "gloss"]).value("--finish") == "gloss"


def test_an_option_that_is_not_given_has_the_value_asked_for():
    assert parse(TOY, []).value("--finish", "gloss") == "gloss"
    assert not parse(TOY, []).has("--finish")


def test_after_two_dashes_nothing_is_an_option():
    assert parse(TOY, ["--dry-run", "--", "--colour", "-"]).operands == ("--colour", "-")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--color", "red"], "`paint` has no option `--color`; did you mean `--colour`?"),
        (["-x"], "`paint` has no option `-x`"),
        (["--colour"], "`--colour` needs a value: `--colour NAME,…`"),
        (["--colour", "--dry-run"], "`--colour` needs a value: `--colour NAME,…`"),
        (["--finish", "mat"], "`--finish` cannot be `mat`; did you mean `matt`?"),
        (["--finish="], "`--finish` needs a value: `--finish FINISH`"),
        (["--finish", "polished"], "`--finish` cannot be `polished`; it is `matt` or `gloss`"),
        (["--dry-run=yes"], "`--dry-run` takes no value, but was given `yes`"),
    ],
)
def test_what_means_nothing_is_refused_with_what_was_meant(argv: list[str], message: str):
    with pytest.raises(WrongUsage) as refused:
        parse(TOY, argv)
    assert refused.value.message == message
    assert refused.value.command == "paint"


@pytest.mark.parametrize(
    ("most", "argv", "message"),
    [
        (0, ["a"], "`paint` takes no arguments, but was given `a`"),
        (1, ["a", "b", "c"], "`paint` takes one argument, but was given 3: a, b and c"),
    ],
)
def test_too_many_arguments_are_refused(most: int, argv: list[str], message: str):
    with pytest.raises(WrongUsage) as refused:
        parse(TOY._replace(most=most), argv)
    assert refused.value.message == message


def test_help():
    assert (
        help_text("handyman", TOY)
        == """\
Paint a fence.

Usage: handyman paint [OPTIONS] FENCE...

FENCE is what to paint.

Options:
  --colour NAME,…  With which colours
  --finish FINISH  How it shines:
                   matt or gloss
  --dry-run        Only say what would be done
  -h, --help       Print this help
"""
    )
