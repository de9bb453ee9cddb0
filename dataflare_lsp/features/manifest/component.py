"""The component of a plugin, as hover describes it: what it is, what it takes and gives, and who made it."""

from collections.abc import Iterable

from dataflare_lsp.component.about import Tool
from dataflare_lsp.component.agreement import is_wasi, label_of, wasi_package
from dataflare_lsp.component.built import Built, NotBuilt
from dataflare_lsp.component.targets import items
from dataflare_lsp.runtime.process import Undecided
from dataflare_lsp.runtime.validation import Invalid, Outcome, Valid
from dataflare_lsp.workspace.parts import Artefact, producers_at
from dataflare_lsp.workspace.plugin import Plugin

_SHOWN = 12
"""How many imports or exports are listed."""


def describe_component(plugin: Plugin) -> str:
    """The component of a plugin, as Markdown; "" where there is none."""
    artefact = plugin.around.artefact()
    if artefact is None:
        return ""
    if isinstance(artefact.holds, NotBuilt):
        return f"{_sentence(artefact.holds.message)}."
    sides = [(word, tuple(items(artefact.holds.side, word))) for word in ("import", "export")]
    counted = " and ".join([f"{len(names)} {word}{'' if len(names) == 1 else 's'}" for word, names in sides])
    paragraphs = [f"A component of {artefact.holds.size:,} bytes with {counted}. {_verdict(artefact.outcome)}"]
    paragraphs += [f"{word.capitalize()}s: {_listed(names)}" for word, names in sides if names]
    made = _makers(artefact)
    return "\n\n".join([*paragraphs, made] if made else paragraphs)


def describe_use(plugin: Plugin, table: str, word: str) -> str:
    """Whether the component imports what a grant among `host` or `wasi` names; "" where there is no component."""
    artefact = plugin.around.artefact()
    if artefact is None or not isinstance(artefact.holds, Built):
        return ""
    imports = artefact.holds.imports
    if table == "wasi":
        used = [name for name in imports if is_wasi(name) and wasi_package(name) == word]
    else:
        used = [name for name in imports if label_of(name) == word and not is_wasi(name)]
    return f"The component imports {_listed(used)}." if used else "The component does not import it."


def _verdict(outcome: Outcome | None) -> str:
    match outcome:
        case Valid():
            return "It is valid."
        case Invalid(message):
            return f"It is not valid: {message}."
        case Undecided(reason):
            return f"Whether it is valid could not be found out: {reason}."
    return "It has not been validated."


def _makers(artefact: Artefact) -> str:
    """The languages and tools that a component says it comes from."""
    made = producers_at(artefact.path)
    parts = [("Written in", made.languages), ("made by", (*made.tools, *made.sdks))]
    said = [f"{word} {', '.join(map(_tool, tools))}" for word, tools in parts if tools]
    return f"{_sentence(', '.join(said))}." if said else ""


def _tool(tool: Tool) -> str:
    return f"{tool.name} {tool.version}".strip()


def _listed(names: Iterable[str]) -> str:
    shown = [f"`{name}`" for name in names]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
