"""`dataflare-lsp schema`: the JSON Schema of a format, for other tools."""

from json import dumps

from dataflare_lsp.cli.commands import SCHEMAS
from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.terminal import write_bytes


def run(arguments: Arguments) -> int:
    """Print the schema that the argument names."""
    names = " or ".join([f"`{name}`" for name in SCHEMAS])
    if not arguments.operands:
        raise Failure(f"`schema` needs the NAME of one: {names}")
    name = arguments.operands[0]
    if name == "manifest":
        from dataflare_lsp.manifest.schema import json_schema

        schema = json_schema()
    elif name == "launch":
        from dataflare_lsp.debug.schema import launch_schema

        schema = launch_schema()
    else:
        from dataflare_lsp.text import nearest

        near = nearest(name, SCHEMAS)
        hint = f"did you mean `{near}`?" if near else f"there are {names}"
        raise Failure(f"there is no schema `{name}`; {hint}")
    write_bytes((dumps(schema, indent=2, ensure_ascii=False) + "\n").encode())
    return 0
