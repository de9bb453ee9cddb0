"""`dataflare-lsp schema`: the JSON Schema of a format, for other tools."""

from json import dumps

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.terminal import write_bytes

_MANIFEST = "manifest"


def run(arguments: Arguments) -> int:
    """Print the schema that the argument names."""
    if not arguments.operands:
        raise Failure(f"`schema` needs the NAME of one: `{_MANIFEST}`")
    name = arguments.operands[0]
    if name != _MANIFEST:
        from dataflare_lsp.text import nearest

        hint = f"did you mean `{_MANIFEST}`?" if nearest(name, [_MANIFEST]) else f"there is `{_MANIFEST}`"
        raise Failure(f"there is no schema `{name}`; {hint}")
    from dataflare_lsp.manifest.schema import json_schema

    write_bytes((dumps(json_schema(), indent=2, ensure_ascii=False) + "\n").encode())
    return 0
