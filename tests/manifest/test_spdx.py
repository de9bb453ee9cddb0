"""License expressions: the verdict of an independent reader, and where the mistakes are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflare_lsp.manifest.spdx import Problem, problems
from dataflare_lsp.manifest.vocabulary import spdx

GOOD = (
    "MIT",
    "mit",
    "Apache-2.0 OR MIT",
    "(MIT AND BSD-3-Clause) OR LicenseRef-Acme-1",
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "((MIT))",
    "Apache-2.0+",
    "DocumentRef-x:LicenseRef-y",
)


@pytest.mark.parametrize("expression", GOOD)
def test_expressions_that_are_right(expression: str):
    assert list(problems(expression)) == []


@pytest.mark.parametrize(
    ("expression", "said", "there", "instead"),
    [
        ("", "expected a license, such as `Apache-2.0`", "", ()),
        ("Apache2", "`Apache2` is no SPDX license identifier", "Apache2", ("Apache-2.0",)),
        ("MTI", "`MTI` is no SPDX license identifier", "MTI", ("MIT",)),
        ("MIT or Apache-2.0", "`or` is written `OR`", "or", ("OR",)),
        ("MIT/Apache-2.0", "licenses are joined by `AND` or `OR`", "MIT/Apache-2.0", ("MIT OR Apache-2.0",)),
        ("MIT Apache-2.0", "expected `AND` or `OR` before `Apache-2.0`", "Apache-2.0", ()),
        ("MIT, Zlib", "`MIT,` is no SPDX license identifier", "MIT,", ("MIT",)),
        ("MIT OR", "expected a license after `OR`", "OR", ()),
        ("(MIT", "this `(` is not closed", "(", ()),
        ("MIT)", "nothing is open that this `)` closes", ")", ("",)),
        ("MIT WITH Zlib", "`Zlib` is no SPDX exception identifier", "Zlib", ()),
        ("GPL-2.0+", "`GPL-2.0+` is no longer used by SPDX", "GPL-2.0+", ("GPL-2.0-or-later",)),
        ("GPL-3.0", "`GPL-3.0` is no longer used by SPDX", "GPL-3.0", ("GPL-3.0-only", "GPL-3.0-or-later")),
    ],
)
def test_mistakes(expression: str, said: str, there: str, instead: tuple[str, ...]):
    found: list[Problem] = list(problems(expression))
    first = found[0]
    assert (first.message, expression[first.start : first.end]) == (said, there)
    assert first.instead[: len(instead)] == instead


_WORDS = st.sampled_from(["MIT", "apache-2.0", "Zlib", "GPL-2.0", "Nope-1.0", "AND", "OR", "WITH", "(", ")", "LLVM-exception",
                          "Classpath-exception-2.0", "LicenseRef-a", "GPL-3.0-only"])  # fmt: skip


@given(st.lists(_WORDS, min_size=1, max_size=7).map(" ".join))
def test_the_verdict_is_that_of_packaging(expression: str):
    licenses = pytest.importorskip("packaging.licenses")
    found = [one for one in problems(expression) if one.code == "invalid-license"]
    try:
        licenses.canonicalize_license_expression(expression)
    except licenses.InvalidLicenseExpression:
        assert found
    else:
        assert not found


@given(st.text(max_size=40))
def test_any_text_has_an_answer_with_places_in_it(expression: str):
    assert all(0 <= one.start <= one.end <= len(expression) for one in problems(expression))


def test_the_list_is_not_older_than_that_of_packaging():
    known = pytest.importorskip("packaging.licenses._spdx")
    ours = {*spdx().licenses, *spdx().deprecated}
    assert set(known.LICENSES) <= ours
