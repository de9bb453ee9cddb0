"""What a plugin's WIT breaks of what it promised: said at its `package` line, where the version is.

The version of a package promises something to those who know the one before it. Where more has changed than that, the
change is to be taken back, or the version to be raised.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dataflare_lsp.component.codes import SEVERITIES
from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit
from dataflare_lsp.wit.compat.change import Place
from dataflare_lsp.wit.compat.compare import Comparison, NoComparison, compare_packages
from dataflare_lsp.wit.compat.locate import locate, locate_in
from dataflare_lsp.wit.compat.summary import called_for, counted, together, worst_first
from dataflare_lsp.wit.resolved import Resolve
from dataflare_lsp.wit.source import Source
from dataflare_lsp.workspace.agreement import Found
from dataflare_lsp.workspace.baseline import wanted_by
from dataflare_lsp.workspace.parts import resolved, root_of_plugin, sources_of
from dataflare_lsp.workspace.plugin import Plugin

if TYPE_CHECKING:
    from dataflare_lsp.workspace.workspace import Workspace

_SHOWN = 20
"""How many changes are shown."""


def breaking(workspace: "Workspace", plugin: Plugin) -> Iterator[Found]:
    """What has changed since a plugin's baseline that the version of its WIT does not allow."""
    named = plugin.document.root.get("world", "baseline")
    wanted = wanted_by(workspace, plugin) if named is not None else None
    root = root_of_plugin(workspace, plugin)
    if named is None or wanted is None or root is None:
        return
    was = workspace.plugins.baselines.at(wanted)
    if was is None:
        return
    now = resolved(workspace, root, root.groups)
    if was.resolve is None:
        yield _unresolved(plugin, named.span, f"the baseline `{wanted.spelling}` cannot be read: {was.reason}")
    elif now is not None:
        old = was.resolve
        compared = workspace.plugins.kept.get(("baseline", plugin.file), (old, now), lambda: _compared(old, now))
        if isinstance(compared, str):
            yield _unresolved(plugin, named.span, f"the baseline `{wanted.spelling}` {compared}")
        elif not compared.is_enough:
            yield _breaking(compared, sources_of(workspace, root.groups), Related(plugin.file, named.span, ""))


def _compared(old: Resolve, new: Resolve) -> Comparison | str:
    try:
        return compare_packages(old, new)
    except NoComparison:
        names = [resolve.packages[resolve.main].name for resolve in (old, new)]
        return f"is `{names[0]}`, and the plugin's WIT is another package, `{names[1]}`"


def _unresolved(plugin: Plugin, span: Span, message: str) -> Found:
    code = "unresolved-baseline"
    return Found(plugin.file, Diagnostic(code, SEVERITIES[code], message, span))


def _breaking(compared: Comparison, groups: Sequence[Sequence[Source]], named: Related) -> Found:
    """The changes that are not allowed, at the header of the package; each where it is, as far as it is anywhere."""
    changes = worst_first(together([one for one in compared.changes if not compared.allows(one)]))
    since = compared.old.version or "the baseline"
    message = f"{counted(changes)} since {since} {called_for(changes, compared)}: {changes[0].text}"
    related, notes = [named._replace(message="the baseline is named here")], []
    for change in changes[:_SHOWN]:
        text = f"{change.bump}: {change.text}"
        place = locate_in(groups, change.place)
        if place is not None:
            is_said = change is changes[0]
            related.append(Related(place.file, place.span, "it is here" if is_said else text))
        elif change is not changes[0]:
            notes.append(text)
    if len(changes) > _SHOWN:
        notes.append(f"and {len(changes) - _SHOWN} more")
    header = locate(groups[0], Place("package", ""))
    file, span = header if header is not None else (groups[0][0].file, Span(0, 0))
    diagnostic = Diagnostic(
        "breaking-change",
        SEVERITIES["breaking-change"],
        message,
        span,
        compared.promise.why,
        tuple(notes),
        tuple(related),
        _raising(compared, groups[0], span),
    )
    return Found(file, diagnostic)


def _raising(compared: Comparison, sources: Sequence[Source], span: Span) -> tuple[Fix, ...]:
    """The fix that writes the version that is called for, where one header says which it is."""
    version, places = compared.new.version, [source for source in sources if source.units[0].header >= 0]
    if not compared.next or not version or len(places) != 1:
        return ()
    written = Span(span.end - len(version), span.end)
    return (Fix(f"raise the version to {compared.next}", (TextEdit(written, compared.next),), False),)
