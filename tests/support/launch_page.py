"""`docs/reference/launch.md`, made from the model.

python tests/support/launch_page.py > docs/reference/launch.md
"""

import json
import sys
from collections.abc import Iterator, Sequence

from dataflare_lsp.debug.breakpoints import FILTERS
from dataflare_lsp.debug.launch import LAUNCH
from dataflare_lsp.manifest.model import Anything, Field, MapOf, TableOf, described
from dataflare_lsp.manifest.schema import json_of

_HEAD = """\
# Launch configurations

What the debugger is to run. An editor keeps launch configurations in a file of its own, as JSON, and sends one to
`dataflare-lsp dap` when you press F5. All keys may be left out: in the folder of a plugin,

```json
{minimal}
```

debugs that plugin with the records that its manifest names. Keys that are not listed here are the editor's.

`dataflare-lsp schema launch` prints a JSON Schema. It is made from the same model as this page.
"""

_FAILURES = """\
## Failures to stop at

An editor shows these as exception breakpoints. Each may have a condition.

| name | | from the beginning | |
|---|---|---|---|
{rows}
"""

MINIMAL = {"type": "dataflare", "request": "launch", "name": "Debug"}


def page() -> str:
    """The page as Markdown."""
    parts = [_HEAD.replace("{minimal}", json.dumps(MINIMAL)), "\n".join(_rows(LAUNCH.fields)) + "\n"]
    for field in LAUNCH.fields:
        if isinstance(field.shape, TableOf):
            parts.append(f"## In `{field.name}`\n\n" + "\n".join(_rows(field.shape.fields)) + "\n")
    rows = [f"| `{one.name}` | {one.label} | {'yes' if one.is_default else 'no'} | {one.docs} |" for one in FILTERS]
    parts.append(_FAILURES.replace("{rows}", "\n".join(rows)).rstrip() + "\n")
    return "\n".join(parts)


def _rows(fields: Sequence[Field]) -> Iterator[str]:
    yield "| key | value | default | |"
    yield "|---|---|---|---|"
    for field in fields:
        shown = f" For example `{json.dumps(json_of(field.example), ensure_ascii=False)}`." if field.example else ""
        cells = (
            f"`{field.name}`",
            _value(field),
            f"`{field.default}`" if field.default else "",
            f"{field.docs}{shown}",
        )
        yield f"| {' | '.join([cell.replace('|', chr(92) + '|') for cell in cells])} |".replace("|  |", "| |")


def _value(field: Field) -> str:
    match field.shape:
        case TableOf():
            return "an object (see below)"
        case MapOf(expects=expects):
            return f"an object: each key is {expects}"
        case Anything():
            return "an object"
    return described(field.shape)


if __name__ == "__main__":
    sys.stdout.write(page())
