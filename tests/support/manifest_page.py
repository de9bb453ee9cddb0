"""`docs/reference/manifest.md`, made from the model.

python tests/support/manifest_page.py > docs/reference/manifest.md
"""

from collections.abc import Iterator

from dataflare_lsp.manifest.codes import SEVERITIES
from dataflare_lsp.manifest.model import (
    MANIFEST,
    EitherOf,
    Field,
    ListOf,
    MapOf,
    TableOf,
    described,
)
from dataflare_lsp.manifest.rules import RULES
from dataflare_lsp.manifest.vocabulary import KINDS, categories, spdx

_HEAD = """\
# The manifest, `dataflare.toml`

A plugin has one, at its root. It says what the plugin is, which world it is built for, and what it may do. It is
[TOML 1.0](https://toml.io/en/v1.0.0). Keys that are not listed here are errors.

`dataflare-lsp check` reads it with the plugin's package, wherever it lies beneath the directory that is checked, and
the server does so while you type: with completion, documentation on hover, links, and the way from a world to its WIT
and from a path to its file. A repository may hold any number of plugins. From a `.wit` file, the manifest is looked for in
its directory and in those above, up to the one that holds the repository.

`dataflare-lsp schema manifest` prints a JSON Schema, for editors and other tools that know TOML. It is made from the
same model as this page.

## Example

```toml
{example}```
"""

_PATHS = """\
## Paths

Paths are written from the manifest's directory, with `/` between their parts on every system. None leads out of it: not
by `..`, not from the root of the disk, and not by a link.
"""


def example() -> str:
    """A manifest with every key but those that exclude others."""
    lines = []
    for field in MANIFEST.fields:
        match field.shape:
            case TableOf(fields=fields):
                lines += ["", f"[{field.name}]", *[f"{one.name} = {one.example}" for one in fields]]
            case MapOf(example=written):
                lines += ["", f"[{field.name}]", written]
            case _:
                lines.append(f"{field.name} = {field.example}")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page as Markdown."""
    parts = [_HEAD.replace("{example}", example())]
    top = [field for field in MANIFEST.fields if not isinstance(field.shape, TableOf | MapOf)]
    parts.append("## At the top\n\n" + "\n".join(_rows(top)) + "\n")
    for field in MANIFEST.fields:
        if isinstance(field.shape, TableOf):
            needed = " Every manifest has this table." if field.required else ""
            parts.append(
                f"## `[{field.name}]`\n\n{field.docs}{needed}\n\n" + "\n".join(_rows(field.shape.fields)) + "\n"
            )
            for one in field.shape.fields:
                parts += _inner(one)
        elif isinstance(field.shape, MapOf):
            parts.append(f"## `[{field.name}]`\n\n{field.docs}\n\nEach key is {field.shape.expects}; its value is "
                         f"{described(field.shape.value)}.\n")  # fmt: skip
            parts += _inner(field._replace(shape=field.shape.value))
    parts += [_kinds(), _categories(), _PATHS, _rules(), _codes()]
    return "\n".join(parts)


def _rows(fields: tuple[Field, ...] | list[Field]) -> Iterator[str]:
    yield "| key | value | default | |"
    yield "|---|---|---|---|"
    for field in fields:
        default = "required" if field.required else f"`{field.default}`" if field.default else ""
        cells = (f"`{field.name}`", described(field.shape), default, f"{field.docs} For example `{field.example}`."
                 if field.example else field.docs)  # fmt: skip
        yield "| " + " | ".join([cell.replace("|", "\\|") for cell in cells]) + " |"


def _inner(field: Field) -> Iterator[str]:
    """The tables in a key's value."""
    shapes = field.shape.shapes if isinstance(field.shape, EitherOf) else (field.shape,)
    for shape in shapes:
        table = shape.item if isinstance(shape, ListOf) else shape
        if isinstance(table, TableOf):
            yield f"### A table in `{field.name}`\n\n" + "\n".join(_rows(table.fields)) + "\n"


def _kinds() -> str:
    rows = "\n".join([f"| `{kind}` | `{world}` |" for kind, world in KINDS.items()])
    return f"## Kinds and their worlds\n\n| kind | world that the host requires |\n|---|---|\n{rows}\n"


def _categories() -> str:
    groups: dict[str, list[str]] = {}
    for category in categories():
        group, _, leaf = category.rpartition("/")
        groups.setdefault(group, []).append(f"`{leaf}`")
    rows = "\n".join([f"| `{group}/…` | {', '.join(leaves)} |" for group, leaves in groups.items()])
    about = "A category is written with all of its parts, as `sources/queue/kafka`."
    return f"## Categories\n\n{about}\n\n| | |\n|---|---|\n{rows}\n"


def _rules() -> str:
    rows = "\n".join([f"| `{name}` | {rule.docs} |" for name, rule in RULES.items()])
    about = (
        "A JSON Schema says nothing of other files, and little of what values have to do with each other. These rules go\n"
        f"beyond it. Licenses are those of the SPDX License List {spdx().version}."
    )
    return f"## What is checked beyond the schema\n\n{about}\n\n| rule | |\n|---|---|\n{rows}\n"


def _codes() -> str:
    listed = ", ".join([f"`{code}`" for code in SEVERITIES])
    return f"## Diagnostics\n\n{listed}: see [diagnostics](diagnostics.md).\n"


if __name__ == "__main__":
    print(page(), end="")
