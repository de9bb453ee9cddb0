"""The diagnostic codes: one registry, from which severities, `explain` and the reference pages come.

Each code has a page in `wit/explanations/CODE.md`: its cause, an example that has it and the same one mended.
"""

from dataflare_lsp.text import Severity

SEVERITIES: dict[str, Severity] = {
    # Syntax
    "expected-name": "error",
    "expected-token": "error",
    "expected-type": "error",
    "invalid-attribute": "error",
    "invalid-character": "error",
    "invalid-identifier": "error",
    "invalid-length": "error",
    "invalid-string": "error",
    "invalid-version": "error",
    "keyword-as-name": "error",
    "misplaced-attribute": "error",
    "misplaced-package": "error",
    "nesting-too-deep": "error",
    "unclosed-brace": "error",
    "unexpected-token": "error",
    "unknown-attribute": "error",
    "unterminated-comment": "error",
    # Items by themselves
    "conflicting-gates": "error",
    "duplicate-field": "error",
    "duplicate-gate": "error",
    "duplicate-parameter": "error",
    "empty-type": "warning",  # refused by today's reference, accepted by those before it
    "empty-variant": "error",
    "invalid-accessor": "error",
    "invalid-map-key": "error",
    "too-many-flags": "error",
    # Names and what they mean
    "borrowed-result": "error",
    "cyclic-type": "error",
    "duplicate-name": "error",
    "future-gate": "error",
    "inactive-item": "error",
    "invalid-constructor": "error",
    "missing-getter": "error",
    "not-a-resource": "error",
    "not-a-type": "error",
    "shadowed-type": "warning",  # the reference says nothing
    "ungated-type": "error",
    "unresolved-interface": "error",
    "unresolved-name": "error",
    "unresolved-package": "error",
    "unversioned-gate": "error",
    "wrong-kind": "error",
    # Worlds
    "conflicting-export": "error",
    "shadowed-include": "error",
    "unknown-rename": "error",
    # Packages
    "cyclic-item": "error",
    "cyclic-package": "error",
    "duplicate-package": "error",
    "duplicate-package-docs": "error",
    "missing-package-header": "error",
    "package-mismatch": "error",
    "unused-use": "warning",
    # Files that cannot be read
    "not-a-package": "error",
    "unreadable-file": "error",
}
"""Every code and how severe it is."""


def explain(code: str) -> str | None:
    """The page of a code as Markdown, or None for a code that does not exist."""
    if code not in SEVERITIES:
        return None
    from importlib.resources import files

    return (files("dataflare_lsp.wit") / "explanations" / f"{code}.md").read_text(encoding="utf-8")
