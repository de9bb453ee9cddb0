"""The JSON Schema (2020-12) of a launch configuration, for editors, made from the model."""

from dataflare_lsp.debug.launch import LAUNCH
from dataflare_lsp.manifest.schema import DIALECT, Json, schema_of


def launch_schema() -> dict[str, Json]:
    """The schema. What else an editor has in a configuration is its own to check."""
    schema = schema_of(LAUNCH)
    return {
        "$schema": DIALECT,
        "title": "A launch configuration of the DataFlare debugger",
        "type": "object",
        "properties": schema["properties"],
    }
