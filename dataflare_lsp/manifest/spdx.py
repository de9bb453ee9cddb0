"""SPDX license expressions: what is wrong in one, and where.

Identifiers are the same in any case. Specification: SPDX 2.3, Annex D.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dataflare_lsp.manifest.vocabulary import spdx
from dataflare_lsp.text import all_nearest

_TOKEN = re.compile(r"[()]|[^\s()]+")
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+", re.IGNORECASE)
_OPERATORS = ("AND", "OR", "WITH")


class Problem(NamedTuple):
    """What is wrong with the code points `start` to `end` of an expression, and what may be written instead."""

    code: str
    message: str
    start: int
    end: int
    instead: tuple[str, ...] = ()
    is_certain: bool = False


def problems(expression: str) -> Iterator[Problem]:
    """What is wrong in an expression."""
    tokens = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(expression)]
    if not tokens:
        yield Problem("invalid-license", "expected a license, such as `Apache-2.0`", 0, len(expression))
        return
    open_at: list[tuple[int, int]] = []
    wants = "license"
    single = len(tokens) == 1
    for token, start, end in tokens:
        word = token.upper()
        if wants == "exception":
            if word in _OPERATORS or token in "()":
                yield Problem("invalid-license", f"expected an exception after `WITH`, found `{token}`", start, end)
                return
            yield from _exception(token, start, end)
            wants = "operator"
        elif wants == "license":
            if token == "(":
                open_at.append((start, end))
            elif word in _OPERATORS or token == ")":
                yield Problem("invalid-license", f"expected a license, found `{token}`", start, end)
                return
            else:
                yield from _license(token, start, end, expression if single else "")
                wants = "operator or with"
        elif token == ")" and open_at:
            open_at.pop()
            wants = "operator"
        elif word in ("AND", "OR") or (word == "WITH" and wants == "operator or with"):
            if token != word:
                message = f"`{token}` is written `{word}`"
                yield Problem("invalid-license", message, start, end, (word,), True)
            wants = "exception" if word == "WITH" else "license"
        else:
            yield from _no_operator(token, start, end)
            return
    if wants in ("license", "exception"):
        what = "a license" if wants == "license" else "an exception"
        token, start, end = tokens[-1]
        yield Problem("invalid-license", f"expected {what} after `{token}`", start, end)
    for start, end in open_at:
        yield Problem("invalid-license", "this `(` is not closed", start, end)


def _no_operator(token: str, start: int, end: int) -> Iterator[Problem]:
    """Report what stands where `AND` or `OR` must."""
    if token == ")":
        yield Problem("invalid-license", "nothing is open that this `)` closes", start, end, ("",), True)
    elif token in ("/", ",", "|", "||"):
        yield Problem("invalid-license", f"licenses are joined by `AND` or `OR`, not by `{token}`", start, end, ("OR",))
    elif token in ("&", "&&", "+"):
        yield Problem(
            "invalid-license", f"licenses are joined by `AND` or `OR`, not by `{token}`", start, end, ("AND",)
        )
    else:
        yield Problem("invalid-license", f"expected `AND` or `OR` before `{token}`", start, end)


def _license(token: str, start: int, end: int, whole: str) -> Iterator[Problem]:
    known = spdx()
    bare = token[:-1] if token.endswith("+") else token
    plus = token[len(bare) :]
    folded = bare.lower()
    if _REFERENCE.fullmatch(token) or folded in known.licenses:
        return
    if token.lower() in known.deprecated:
        # `GPL-2.0+` is an identifier of its own.
        right = known.deprecated[token.lower()]
        instead = _renamed(right)
        yield Problem("deprecated-license", f"`{right}` is no longer used by SPDX", start, end, instead)
    elif folded in known.deprecated:
        right = known.deprecated[folded]
        instead = _renamed(right + plus) or _renamed(right)
        yield Problem("deprecated-license", f"`{right}` is no longer used by SPDX", start, end, instead)
    elif folded in known.exceptions:
        yield Problem("invalid-license", f"`{bare}` is an exception: it follows a license and `WITH`", start, end)
    elif whole and ("/" in token or "," in token):
        parts = [part for part in re.split("[/,]", token) if part]
        right = " OR ".join(known.licenses.get(part.lower(), part) for part in parts)
        yield Problem("invalid-license", "licenses are joined by `AND` or `OR`", start, end, (right,))
    else:
        near = tuple([known.licenses[one] for one in all_nearest(folded, known.licenses)])
        near = near or _shortened(folded)
        note = f"`{token}` is no SPDX license identifier"
        yield Problem("invalid-license", note, start, end, tuple([one + plus for one in near[:3]]))


def _exception(token: str, start: int, end: int) -> Iterator[Problem]:
    known = spdx()
    folded = token.lower()
    if folded in known.exceptions:
        return
    if folded in known.deprecated_exceptions:
        yield Problem("deprecated-license", f"`{token}` is no longer used by SPDX", start, end)
    else:
        near = tuple([known.exceptions[one] for one in all_nearest(folded, known.exceptions)])
        yield Problem("invalid-license", f"`{token}` is no SPDX exception identifier", start, end, near[:3])


def _renamed(old: str) -> tuple[str, ...]:
    """What is written today for an identifier of old; empty where nothing stands for it."""
    known = spdx().licenses
    found = [f"{old[:-1]}-or-later"] if old.endswith("+") else [f"{old}-only", f"{old}-or-later"]
    return tuple([one for one in found if one.lower() in known])


_COMMON = {
    "apache": ("Apache-2.0",),
    "apache2": ("Apache-2.0",),
    "apache-2": ("Apache-2.0",),
    "bsd": ("BSD-3-Clause", "BSD-2-Clause"),
    "gpl": ("GPL-3.0-or-later", "GPL-2.0-or-later"),
    "gplv2": ("GPL-2.0-only", "GPL-2.0-or-later"),
    "gplv3": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "gpl-2": ("GPL-2.0-only", "GPL-2.0-or-later"),
    "gpl-3": ("GPL-3.0-only", "GPL-3.0-or-later"),
    "lgpl": ("LGPL-3.0-or-later", "LGPL-2.1-or-later"),
    "mozilla": ("MPL-2.0",),
    "mpl": ("MPL-2.0",),
    "mpl2": ("MPL-2.0",),
    "proprietary": ("LicenseRef-Proprietary",),
    "public-domain": ("CC0-1.0", "Unlicense"),
}
"""What people write for the licenses that most plugins have."""


def _shortened(folded: str) -> tuple[str, ...]:
    return _COMMON.get(folded, ())
