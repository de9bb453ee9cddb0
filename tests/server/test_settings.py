"""The user's settings."""

from dataflare_lsp.server.settings import Settings, settings_of


def test_nothing_set_is_the_default() -> None:
    for value in (None, {}, {"dataflare": None}, {"dataflare": {}}, [], "x"):
        assert settings_of(value) == (Settings(), ())


def test_everything_can_be_set_with_or_without_the_section() -> None:
    value = {"features": ["a", "b"], "diagnostics": {"enable": False}, "format": {"enable": False, "indent": 2}}
    value["baseline"] = True
    expected = Settings(frozenset({"a", "b"}), False, False, 2, True)
    assert settings_of(value) == (expected, ())
    assert settings_of({"dataflare": value}) == (expected, ())


def test_dotted_names_are_the_same() -> None:
    assert settings_of({"format.indent": 2}) == (Settings(indent=2), ())


def test_all_features() -> None:
    assert settings_of({"features": "all"}) == (Settings(features=None), ())


def test_a_wrong_value_is_told_and_the_rest_counts() -> None:
    found, wrong = settings_of(
        {"features": "a", "format": {"indent": True, "enable": 1}, "diagnostics": {"enable": False}}
    )
    assert found == Settings(diagnostics=False)
    assert [str(one) for one in wrong] == [
        'setting `dataflare.features`: expected a list of names of features, or "all"',
        "setting `dataflare.format.indent`: expected a number of spaces from 1 to 16",
        "setting `dataflare.format.enable`: expected true or false",
    ]


def test_a_misspelt_name_is_told_and_a_foreign_one_is_none_of_ours() -> None:
    found, wrong = settings_of({"featuers": ["a"], "server": {"path": "/x"}})
    assert found == Settings()
    assert [str(one) for one in wrong] == [
        "setting `dataflare.featuers`: there is no such setting; did you mean `dataflare.features`?"
    ]
