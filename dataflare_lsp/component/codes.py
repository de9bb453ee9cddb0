"""The diagnostic codes of components and of how they agree with the WIT and the manifest of their plugin.

Each code has a page in `component/explanations/CODE.md`: its cause, an example that has it and the same one mended.
"""

from dataflare_lsp.text import Severity

SEVERITIES: dict[str, Severity] = {
    # The file that the build produced
    "invalid-component": "error",
    "core-module": "error",
    "older-plugin": "error",
    "unsupported-async": "error",
    "over-budget": "warning",
    # Against a world
    "missing-export": "error",
    "forbidden-import": "error",
    "function-mismatch": "error",
    "type-mismatch": "error",
    "item-mismatch": "error",
    "plain-spelling": "information",
    # Against the plugin's own WIT and manifest
    "stale-component": "warning",
    "ungranted-import": "information",  # an error where the host has to grant it, or the manifest is strict
    "unused-capability": "warning",
    "duplicate-dependency": "warning",
    # Against what was released
    "breaking-change": "error",
    "unresolved-baseline": "error",
    # When it is started
    "link-error": "error",
    "start-failure": "error",
    # When it is run
    "failed-call": "warning",
}
"""Every code and how severe it is."""


def explain(code: str) -> str | None:
    """The page of a code as Markdown, or None for a code that does not exist."""
    if code not in SEVERITIES:
        return None
    from importlib.resources import files

    return (files("dataflare_lsp.component") / "explanations" / f"{code}.md").read_text(encoding="utf-8")
