"""`docs/reference/diagnostics.md`, made from the explanations.

python tests/support/diagnostics_page.py > docs/reference/diagnostics.md
"""

from dataflare_lsp.cli.codes import explain, severities
from dataflare_lsp.component.codes import SEVERITIES as OF_COMPONENTS
from dataflare_lsp.manifest.codes import SEVERITIES as OF_MANIFESTS
from dataflare_lsp.wit.codes import SEVERITIES as OF_WIT

LAYERS = {"wit": OF_WIT, "manifest": OF_MANIFESTS, "component": OF_COMPONENTS}
HEAD = """# Diagnostics

Every code that `check` and the server report, with what it means. Each page has an example with the mistake and the same
one mended; `dataflare-lsp explain CODE` prints it.

| code | severity | meaning |
|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    rows = []
    for code, severity in sorted(severities().items()):
        text = explain(code) or ""
        summary = text.split("\n\n", 2)[1]
        layer = next(name for name, codes in LAYERS.items() if code in codes)
        rows.append(f"| [{code}](../../dataflare_lsp/{layer}/explanations/{code}.md) | {severity} | {summary} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(page(), end="")
