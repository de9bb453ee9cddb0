"""The diagnostic codes of manifests: how severe each is, and its page.

Each code has a page in `manifest/explanations/CODE.md`: its cause, an example that has it and the same one mended.
"""

from dataflare_lsp.text import Severity

SEVERITIES: dict[str, Severity] = {
    # TOML
    "invalid-toml": "error",
    "duplicate-key": "error",
    # Keys and the shapes of their values
    "missing-key": "error",
    "unknown-key": "error",
    "wrong-type": "error",
    "invalid-value": "error",
    "duplicate-value": "error",
    "invalid-license": "error",
    "deprecated-license": "warning",
    "invalid-limit": "error",
    # Files
    "path-outside-plugin": "error",
    "unresolved-path": "error",
    "missing-component": "information",  # before the first build there is none
    # What the plugin may do
    "unknown-capability": "error",
    "contradicting-grants": "error",
    "empty-grant": "warning",
    # Settings
    "invalid-config-schema": "error",
    "config-mismatch": "error",
    # WIT
    "kind-mismatch": "warning",
    "unresolved-world": "error",
    "unresolved-dependency": "error",
    "dependency-mismatch": "error",
}
"""Every code and how severe it is."""


def explain(code: str) -> str | None:
    """The page of a code as Markdown, or None for a code that does not exist."""
    if code not in SEVERITIES:
        return None
    from importlib.resources import files

    return (files("dataflare_lsp.manifest") / "explanations" / f"{code}.md").read_text(encoding="utf-8")
