"""What is said where the WIT, the manifest and the component of a plugin do not agree, and at which places.

What is wrong with the component stands at the manifest's `component.path`, what is wrong with the world that the author
wrote stands in the WIT.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dataflare_lsp.component.agreement import (
    Comparison,
    Disagreement,
    Grants,
    Ungranted,
    asynchronous,
    code_of,
    compare,
    label_of,
    plain_labels,
    ungranted,
    unused,
)
from dataflare_lsp.component.built import Built, NotBuilt
from dataflare_lsp.component.codes import SEVERITIES
from dataflare_lsp.component.targets import EXACT, Mismatch, mismatches
from dataflare_lsp.manifest.finding import insertion, without_item
from dataflare_lsp.manifest.tree import Array, Document, Scalar, Table, strings, text_of
from dataflare_lsp.manifest.units import bytes_of, nanoseconds_of
from dataflare_lsp.runtime.instantiation import NotStarted, Started
from dataflare_lsp.runtime.process import Undecided
from dataflare_lsp.runtime.validation import Invalid, Valid
from dataflare_lsp.text import Diagnostic, Fix, Related, Severity, Span, TextEdit
from dataflare_lsp.wit.compat.change import Place
from dataflare_lsp.wit.compat.locate import Located, locate
from dataflare_lsp.wit.package import headers
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.mends import by_its_name, exporting
from dataflare_lsp.workspace.parts import Artefact, Parts, Written, component_path, root_of_plugin
from dataflare_lsp.workspace.plugin import Plugin

if TYPE_CHECKING:
    from dataflare_lsp.workspace.workspace import Workspace

_SHOWN = 3
"""How many of several things a message names."""
_FRAMES = 8
"""How many frames of a backtrace are shown."""


class Found(NamedTuple):
    """A diagnostic, its file, and where else it is to be seen while one edits."""

    file: str
    diagnostic: Diagnostic
    also: Located | None = None


def judge(plugin: Plugin, parts: Parts) -> Iterator[Found]:
    """What does not agree in a plugin."""
    artefact = parts.artefact
    component = artefact.holds if artefact is not None and isinstance(artefact.holds, Built) else None
    own, target = parts.own, parts.target
    comparison = compare(own and own.world, target and target.world, component)
    view = _View(plugin, parts)
    world_fits = all(one.subject == "component" for one in comparison.disagreements)
    for disagreement in comparison.disagreements:
        yield view.disagreement(disagreement, world_fits)
    if artefact is not None:
        yield from view.artefact(artefact, comparison)
    if own is not None:
        yield from view.plain_in_wit(own, comparison.plain)


def judge_file(artefact: Artefact, wanted: Written | None) -> Iterator[Diagnostic]:
    """What is wrong with a component by itself, or strictly against a world: versions exact, nothing open."""
    for code, message, hint, notes in _wrong_by_itself(artefact):
        # A world that is named may be one of a host that can wait.
        if wanted is None or code != "unsupported-async":
            yield Diagnostic(code, _severity(code, artefact), message, Span(0, 0), hint, notes)
    component = artefact.holds
    if wanted is None or not isinstance(component, Built):
        return
    for mismatch in mismatches(component.side, wanted.world.side, EXACT):
        place = _wanted(wanted, mismatch)
        related = (Related(place.file, place.span, f"`{wanted.world.name}` says this"),) if place is not None else ()
        code = code_of(mismatch)
        yield Diagnostic(code, SEVERITIES[code], mismatch.message, Span(0, 0), related=related)


def _wrong_by_itself(
    artefact: Artefact, differing: Iterable[str] = ()
) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Why a file is no component that could be run: code, message, hint and notes.

    `differing` are imports and exports of which something else is said.
    """
    if isinstance(artefact.holds, NotBuilt):
        yield artefact.holds[:4]
    elif isinstance(artefact.outcome, Invalid):
        at = f" (at byte {artefact.outcome.offset:#x})" if artefact.outcome.offset is not None else ""
        yield "invalid-component", f"this is not a valid component: {artefact.outcome.message}{at}", "", ()
    elif isinstance(artefact.outcome, Undecided):
        reason = artefact.outcome.reason
        yield "invalid-component", f"whether the component is valid could not be found out: {reason}", "", ()
    waiting = asynchronous(artefact.holds.side, differing) if isinstance(artefact.holds, Built) else ()
    if waiting:
        more = f" (and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
        message = f"the component needs component-model async: {waiting[0]}{more}"
        note = "the runtime calls plugins synchronously; build it with functions that are not async"
        yield "unsupported-async", message, "", (note,)
    match artefact.start:
        case NotStarted("link", reason):
            yield "link-error", f"the component cannot be linked: {reason}", "", ()
        case NotStarted("start", reason, backtrace):
            frames = tuple([f"in `{frame}`" for frame in backtrace[:_FRAMES]])
            yield "start-failure", f"the component does not start: {reason}", "", frames
        case Undecided(reason):
            yield "start-failure", f"whether the component starts could not be found out: {reason}", "", ()


def _severity(code: str, artefact: Artefact) -> Severity:
    """That of the code; what could not be found out is a warning."""
    undecided = artefact.start if code in ("link-error", "start-failure") else artefact.outcome
    return "warning" if isinstance(undecided, Undecided) else SEVERITIES[code]


def older(workspace: "Workspace", manifest: str, said: Sequence[Found]) -> Iterator[Found]:
    """A hint that a component may be out of date, for editors: the times of files mean nothing after a clone."""
    plugin = workspace.plugin(manifest)
    path, root = component_path(plugin), root_of_plugin(workspace, plugin)
    value = plugin.document.root.get("component", "path")
    if path is None or root is None or value is None or any(one.diagnostic.span == value.span for one in said):
        return
    built = _modified(path)
    newer = [file for file in root.groups[0] if built is not None and (_modified(file) or 0) > built]
    if newer:
        shown = os.path.relpath(newer[0], plugin.directory).replace(os.sep, "/")
        message = f"the component is older than `{shown}`"
        yield Found(manifest, Diagnostic("stale-component", "hint", message, value.span, "built again, it may differ"))


def _modified(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except (OSError, ValueError):
        return None


class _View:
    """Turns what was found into diagnostics of one plugin."""

    def __init__(self, plugin: Plugin, parts: Parts) -> None:
        self._plugin = plugin
        self._parts = parts
        self._document = plugin.document
        path = plugin.document.root.get("component", "path")
        self._place = path.span if path is not None else Span(0, 0)

    def _here(
        self,
        code: str,
        message: str,
        hint: str = "",
        notes: tuple[str, ...] = (),
        fixes: tuple[Fix, ...] = (),
        related: tuple[Related, ...] = (),
        severity: Severity | None = None,
    ) -> Found:
        """A diagnostic at the path of the component."""
        diagnostic = Diagnostic(code, severity or SEVERITIES[code], message, self._place, hint, notes, related, fixes)
        return Found(self._plugin.file, diagnostic)

    # Against worlds -----------------------------------------------------------------------------------------------

    def disagreement(self, found: Disagreement, world_fits: bool) -> Found:
        mismatch = found.mismatch
        own, target = self._parts.own, self._parts.target
        assert target is not None
        in_wit = _in_world(own, mismatch) if own is not None else None
        wanted = _wanted(target, mismatch)
        asked = f"`{target.world.name}` asks for it"
        if code_of(mismatch) == "forbidden-import":
            asked = "it has none of that name" if mismatch.member else "this world does not offer it"
        related = (Related(wanted.file, wanted.span, asked),) if wanted is not None else ()
        code = code_of(mismatch)
        if found.subject == "world":
            assert own is not None
            note = f"the world `{own.world.name}` has to fit `{target.world.name}`, which hosts require"
            assert in_wit is not None
            lacking = mismatch.problem == "missing-export" and "/" in mismatch.item
            fixes = exporting(own, _name_of(own), mismatch.item) if lacking else ()
            diagnostic = Diagnostic(
                code, SEVERITIES[code], mismatch.message, in_wit.span, notes=(note,), related=related, fixes=fixes
            )
            return Found(in_wit.file, diagnostic)
        notes = [f"hosts require `{target.world.name}`"]
        if own is not None:
            if world_fits:
                notes.append(f"the world `{own.world.name}` of the WIT fits: build the component again")
            if in_wit is not None:
                related = (*related, Related(in_wit.file, in_wit.span, "the plugin's WIT is here"))
        return self._here(code, mismatch.message, notes=tuple(notes), related=related)._replace(also=in_wit)

    def plain_in_wit(self, own: Written, plain: tuple[str, ...]) -> Iterator[Found]:
        """Interfaces of the host that the author's world spells out."""
        target = self._parts.target
        if target is None:
            return
        labels = plain_labels(target.world.side)
        for name in plain:
            full = labels[name]
            place = locate(own.package, Place("world", _name_of(own), "import", name)) or locate(
                own.package, Place("world", _name_of(own), "export", name)
            )
            if place is None:
                continue
            message = f"`{name}` is spelled out here, as older plugins do: `{full}` is the interface that it stands for"
            severity = SEVERITIES["plain-spelling"]
            note = "hosts take both; bindings for the named interface are the same for all plugins"
            fixes = by_its_name(own, place, full)
            yield Found(
                place.file, Diagnostic("plain-spelling", severity, message, place.span, notes=(note,), fixes=fixes)
            )

    # The component ------------------------------------------------------------------------------------------------

    def artefact(self, artefact: Artefact, comparison: Comparison) -> Iterator[Found]:
        differing = [one.mismatch.item for one in comparison.disagreements]
        for code, message, hint, notes in _wrong_by_itself(artefact, differing):
            yield self._here(code, message, hint, notes, severity=_severity(code, artefact))
        yield from self._costs(artefact)
        component = artefact.holds
        if not isinstance(component, Built):
            return
        yield from self._stale(comparison.stale)
        if self._parts.own is None and comparison.plain:
            listed = _listed(comparison.plain)
            message = f"the component has {listed} under plain names, as older plugins do"
            note = "hosts take both; write the world with `include dataflare:core/…` and build again"
            yield self._here("plain-spelling", message, notes=(note,))
        yield from self._grants(component)

    def _costs(self, artefact: Artefact) -> Iterator[Found]:
        """What the component takes, where that is more than its budget."""
        outcome, start = artefact.outcome, artefact.start
        spent = [
            ("size", artefact.holds.size if isinstance(artefact.holds, Built) else None, "the component has {}"),
            (
                "compile",
                _nanoseconds(outcome.milliseconds if isinstance(outcome, Valid) else None),
                "compiling takes {}",
            ),
            ("start", _nanoseconds(start.milliseconds if isinstance(start, Started) else None), "starting takes {}"),
            ("memory", start.bytes if isinstance(start, Started) else None, "an instance that has just started has {}"),
        ]
        for key, amount, says in spent:
            budget = self._document.root.get("budget", key)
            is_time = key in ("compile", "start")
            most = (nanoseconds_of if is_time else bytes_of)(text_of(budget) or "")
            if most is None or budget is None or amount is None or amount <= most:
                continue
            shown = f"{amount / 1e6:,.1f} ms" if is_time else f"{amount:,} bytes"
            message = f"{says.format(shown)}, more than the budget of {text_of(budget)}"
            yield self._here("over-budget", message, related=(Related(self._plugin.file, budget.span, "it is here"),))

    def _stale(self, differing: tuple[Mismatch, ...]) -> Iterator[Found]:
        own = self._parts.own
        if not differing or own is None:
            return
        message = f"the component was not built from this WIT: {differing[0].message}"
        more = f"and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
        notes = [one.message for one in differing[1:_SHOWN]] + ([more] if more else [])
        command = text_of(self._document.root.get("build", "command"))
        notes.append(f"build it again: `{command}`" if command else "build it again")
        place = _in_world(own, differing[0])
        related = (Related(place.file, place.span, "the WIT is here"),) if place is not None else ()
        yield self._here("stale-component", message, notes=tuple(notes), related=related)

    # Capabilities -------------------------------------------------------------------------------------------------

    def _grants(self, component: Built) -> Iterator[Found]:
        target = self._parts.target
        if target is None:
            return
        table = self._document.root.get("capabilities")
        host = table.get("host") if isinstance(table, Table) else None
        wasi = table.get("wasi") if isinstance(table, Table) else None
        granted = [name for name, _ in strings(host)] if host is not None else None
        grants = Grants(tuple(granted) if granted is not None else None, tuple([name for name, _ in strings(wasi)]))
        lacking = ungranted(component, target.world.side, grants)
        yield from self._ungranted(lacking)
        for name in unused(component, grants):
            yield from self._unused(name, host, wasi)

    def _ungranted(self, lacking: Ungranted) -> Iterator[Found]:
        strict = self._document.root.get("capabilities", "strict")
        is_strict = isinstance(strict, Scalar) and strict.value is True
        for label in lacking.host:
            message = f"the component imports `{label}` of the host, and `host` does not grant it"
            fixes = tuple(filter(None, [_granting(self._document, "host", (label,))]))
            yield self._here("ungranted-import", message, fixes=fixes, severity="error")
        if lacking.wasi:
            listed = _listed([f"wasi:{package}" for package in lacking.wasi])
            verb = "is" if len(lacking.wasi) == 1 else "are"
            message = f"the component imports {listed}, which {verb} not granted"
            hint = "" if is_strict else "every call is denied"
            fixes = tuple(filter(None, [_granting(self._document, "wasi", lacking.wasi)]))
            severity: Severity = "error" if is_strict else "information"
            yield self._here("ungranted-import", message, hint, fixes=fixes, severity=severity)

    def _unused(self, name: str, *lists: object) -> Iterator[Found]:
        for held in lists:
            if not isinstance(held, Array):
                continue
            for number, item in enumerate(held.items):
                if text_of(item) == name:
                    message = f"`{name}` is granted, and the component does not import it"
                    edit = without_item(self._document, held, number)
                    fix = Fix("grant it no longer", (edit,), False)
                    severity = SEVERITIES["unused-capability"]
                    related = (Related(self._plugin.file, self._place, "the component"),)
                    yield Found(
                        self._plugin.file,
                        Diagnostic(
                            "unused-capability", severity, message, item.span, "", (), related, (fix,), "unnecessary"
                        ),
                    )
                    return


def _granting(document: Document, key: str, names: tuple[str, ...]) -> Fix | None:
    """The fix that grants interfaces or packages."""
    table = document.root.get("capabilities")
    listed = ", ".join([f'"{name}"' for name in names])
    title = f"grant {_listed(names)}"
    held = table.get(key) if isinstance(table, Table) else None
    if isinstance(held, Array) and document.text.startswith("[", held.span.start):
        if held.items:
            place = held.items[-1].span.end
            return Fix(title, (TextEdit(Span(place, place), f", {listed}"),), False)
        return Fix(title, (TextEdit(held.span, f"[{listed}]"),), False)
    if isinstance(table, Table):
        return Fix(title, (insertion(document, table, f"{key} = [{listed}]"),), False)
    end = len(document.text)
    before = "\n" if document.text.endswith("\n") else "\n\n"
    return Fix(title, (TextEdit(Span(end, end), f"{before}[capabilities]\n{key} = [{listed}]\n"),), False)


def _listed(names: Iterable[str]) -> str:
    found = [f"`{name}`" for name in names]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def _nanoseconds(milliseconds: float | None) -> int | None:
    return None if milliseconds is None else int(milliseconds * 1e6)


# Places in WIT ----------------------------------------------------------------------------------------------------


def _name_of(written: Written) -> str:
    return written.world.name.rpartition("/")[2].partition("@")[0]


def _in_world(own: Written, mismatch: Mismatch) -> Located | None:
    """Where the author's world has what a mismatch is about; the world's name where it has nothing of it."""
    name = _name_of(own)
    label = label_of(mismatch.item)
    package, _, _ = own.world.name.rpartition("/")
    if mismatch.member and mismatch.item.startswith(package + "/"):
        found = locate(own.package, Place("interface", label, member=mismatch.member))
        if found is not None:
            return found
    return locate(own.package, Place("world", name, mismatch.direction, mismatch.item, mismatch.member))


def _wanted(target: Written, mismatch: Mismatch) -> Located | None:
    """Where the world that is wanted says so: the type, the function or the interface."""
    if mismatch.place is not None:
        place = mismatch.place
        found = _in_interface(target.groups, place.interface, place.type, place.part)
        if found is not None:
            return found
    full = plain_labels(target.world.side).get(label_of(mismatch.item), mismatch.item)
    if "/" in full:
        found = _in_interface(target.groups, full, mismatch.member, "")
        if found is not None:
            return found
    return locate(target.package, Place("world", _name_of(target), mismatch.direction, mismatch.item, mismatch.member))


def _in_interface(groups: Iterable[Sequence[Source]], full: str, member: str, part: str) -> Located | None:
    """A part of an interface by its full name, whatever its version."""
    package = full.rpartition("/")[0]
    for group in groups:
        if any(_declared(source) == package for source in group):
            return locate(group, Place("interface", label_of(full), member=member, part=part))
    return None


def _declared(source: Source) -> str:
    """The package that a file names, without its version."""
    for header in headers(source):
        if header.unit.scope < 0:
            return f"{header.node.package.namespace}:{header.node.package.name}"
    return ""
