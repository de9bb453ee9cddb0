"""The diagnostic codes of all layers. A layer has its own in its module `codes`, with a page for each beside that."""

from collections.abc import Mapping

from dataflare_lsp.text import Severity
from dataflare_lsp.wit import codes as wit_codes


def severities() -> Mapping[str, Severity]:
    """Every code and how severe it is: those of WIT, of manifests, of components."""
    from dataflare_lsp.component import codes as component_codes
    from dataflare_lsp.manifest import codes as manifest_codes

    return {**wit_codes.SEVERITIES, **manifest_codes.SEVERITIES, **component_codes.SEVERITIES}


def severity_of(code: str) -> Severity:
    """How severe a code is that there is."""
    return wit_codes.SEVERITIES[code] if code in wit_codes.SEVERITIES else severities()[code]


def explain(code: str) -> str | None:
    """The page of a code as Markdown, or None for a code that does not exist."""
    if code in wit_codes.SEVERITIES:
        return wit_codes.explain(code)
    from dataflare_lsp.component import codes as component_codes
    from dataflare_lsp.manifest import codes as manifest_codes

    return manifest_codes.explain(code) or component_codes.explain(code)
