"""Hover on a manifest: what a key is for, and what a value means."""

from dataflare_lsp.features.hover import Hover
from dataflare_lsp.features.manifest.place import Written, written_at
from dataflare_lsp.manifest.finding import Context
from dataflare_lsp.manifest.model import Field, ListOf, MapOf, Shape, TableOf, Text, described, shape_at
from dataflare_lsp.manifest.rules import find_world, split_world
from dataflare_lsp.manifest.vocabulary import HOST
from dataflare_lsp.workspace.plugin import Plugin

_GRANTS = (("capabilities", "host"), ("capabilities", "wasi"))


def hover(plugin: Plugin, offset: int) -> Hover | None:
    """What the key or value at `offset` means; None where there is none that is known."""
    found = written_at(plugin.document, offset)
    if found is None:
        return None
    field, shape = shape_at(found.path)
    said = _value(plugin, found, shape) if found.value is not None else _package(plugin, found)
    if not said and field is not None:
        said = describe(field)
    return Hover(said, found.span) if said else None


def describe(field: Field) -> str:
    """A key, as Markdown: its documentation, what may be written, what is meant without it, and an example."""
    parts = [field.docs]
    value = described(field.shape)
    if not isinstance(field.shape, TableOf | MapOf):
        parts.append(f"Value: {value}.")
    if field.required:
        parts.append("Every manifest has this table." if isinstance(field.shape, TableOf) else "Required.")
    elif field.default:
        parts.append(f"Default: `{field.default}`.")
    if field.example and not isinstance(field.shape, MapOf):
        parts.append(f"```toml\n{field.name} = {field.example}\n```")
    return "\n\n".join(parts)


def _value(plugin: Plugin, found: Written, shape: Shape | None) -> str:
    """What a word means that is one of several."""
    item = shape.item if isinstance(shape, ListOf) else shape
    word = found.value.value if found.value is not None else None
    if not isinstance(item, Text) or not isinstance(word, str):
        return ""
    if found.path == ("component", "path"):
        from dataflare_lsp.features.manifest.component import describe_component

        return describe_component(plugin)
    docs = next((choice.docs for choice in item.choices if choice.word == word), "")
    if found.path in _GRANTS:
        from dataflare_lsp.features.manifest.component import describe_use

        docs = f"{docs or HOST.get(word, '')}\n\n{describe_use(plugin, found.path[-1], word)}".strip()
    if docs:
        return f"`{word}`: {docs}"
    if item.holds in ("world", "target"):
        return _world(plugin, word)
    return ""


def _world(plugin: Plugin, path: str) -> str:
    """A world: its package, and where that comes from."""
    world = find_world(Context(plugin.document, plugin.around), path)
    if world is None:
        return ""
    package, there = world
    _, name, _ = split_world(path)
    imports = ", ".join([f"`{one}`" for one in there.host])
    needs = f"\n\nIt imports {imports} from the host." if imports else ""
    return f"```wit\nworld {name}\n```\n\nIn `{package.title}`, {_ORIGINS[package.origin]}.{needs}"


_ORIGINS = {
    "own": "the plugin's own package",
    "path": "a dependency at its path",
    "deps": "a dependency",
    "workspace": "a package of the workspace",
    "shipped": "which comes with this tool",
}


def _package(plugin: Plugin, found: Written) -> str:
    """A dependency: the version that is there."""
    if len(found.path) != 2 or found.path[0] != "dependencies":
        return ""
    for package in plugin.around.packages() or ():
        if package.name == found.path[1] and package.origin != "own":
            return f"```wit\npackage {package.title}\n```\n\nHere: {_ORIGINS[package.origin]}."
    return ""
