"""`compat` for people: each change with its place, whom it breaks and why, and what follows for the version."""

import os
from collections.abc import Iterable, Iterator, Mapping

from dataflare_lsp.cli.compat import Version, runs
from dataflare_lsp.cli.output.text import excerpt
from dataflare_lsp.cli.results import Results
from dataflare_lsp.cli.terminal import PLAIN, Style, harmless
from dataflare_lsp.text import Severity
from dataflare_lsp.wit.compat.change import Break, Change
from dataflare_lsp.wit.compat.compare import Comparison, WorldComparison, WorldVerdict
from dataflare_lsp.wit.compat.fit import Misfit
from dataflare_lsp.wit.compat.locate import locate_in
from dataflare_lsp.wit.compat.summary import called_for, counted, listed, together, worst_first
from dataflare_lsp.wit.compat.versions import Bump
from dataflare_lsp.wit.syntax import PackageName

_SEVERITIES: dict[Bump, Severity] = {"major": "error", "minor": "information", "patch": "hint", "none": "hint"}
_NARROW = 2


def of_packages(old: Version, new: Version, comparison: Comparison, style: Style = PLAIN, width: int = 120) -> str:
    """What changed between two versions of a package, the worst first, and what that asks of the version."""
    changes = together(comparison.changes)
    lines = [*_changes(old, new, changes, style, width)]
    lines += _worlds(comparison.worlds, style)
    lines.append(_versions(comparison, changes, style))
    return "\n".join(lines) + "\n"


def of_worlds(old: Version, new: Version, comparison: WorldComparison, style: Style = PLAIN, width: int = 120) -> str:
    """What differs between two worlds, and whether a component of the old one runs where the new one is wanted."""
    lines = [*_changes(old, new, comparison.changes, style, width)]
    whom = "hosts" if new.is_built else "components"
    if not any(one.whom == whom for change in comparison.changes for one in change.breaks):
        misfits = comparison.verdict.hosts if new.is_built else comparison.verdict.components
        lines += [f"  - {harmless(_misfit(one))}" for one in misfits]
    if comparison.version:
        lines.append(f"  - {harmless(comparison.version)}")
    lines.append(_answer(old, new, comparison, style))
    return "\n".join(lines) + "\n"


def _answer(old: Version, new: Version, comparison: WorldComparison, style: Style) -> str:
    """Whether a component runs where a world is wanted. What is built is named by its file."""
    verdict = style.paint("hint", "runs") if runs(new, comparison) else style.paint("error", "does not run")
    mine = _full_name(comparison.old, comparison.verdict.old)
    wanted = _full_name(comparison.new, comparison.verdict.new)
    if mine == wanted:
        mine, wanted = f"{mine}` of `{harmless(old.spelling)}", f"{wanted}` of `{harmless(new.spelling)}"
    if new.is_built:
        where = f"`{harmless(old.spelling)}` does" if old.is_built else f"`{mine}` is wanted"
        return f"`{harmless(new.spelling)}` {verdict} where {where}"
    subject = f"`{harmless(old.spelling)}`" if old.is_built else f"a component that was built for `{mine}`"
    return f"{subject} {verdict} where `{wanted}` is wanted"


def _full_name(package: PackageName, world: str) -> str:
    version = f"@{package.version}" if package.version else ""
    return harmless(f"{package.namespace}:{package.name}/{world}{version}")


def _misfit(misfit: Misfit) -> str:
    return f"{misfit.item} {misfit.problem}"


# Changes -------------------------------------------------------------------------------------------------------


def _changes(old: Version, new: Version, changes: Iterable[Change], style: Style, width: int) -> Iterator[str]:
    for change in worst_first(changes):
        yield from _change(old, new, change, style, width)
        yield ""


def _change(old: Version, new: Version, change: Change, style: Style, width: int) -> Iterator[str]:
    severity = _SEVERITIES[change.bump]
    yield style.paint(severity, change.bump) + style.paint("strong", f": {harmless(change.text)}")
    gutter = _NARROW
    side = old if change.kind == "removed" else new
    found = locate_in(side.groups, change.place)
    if found is not None:
        names = {source.file: shown for shown, source in side.sources.items()}
        file = names[found.file]
        results = Results((), {file: side.sources[file].lines}, os.getcwd())
        gutter = max(_NARROW, len(str(results.range(file, found.span).end.line)))
        yield from excerpt(results, file, found.span, severity, style, width)
    sign = " " * (gutter + 1) + style.paint("frame", "=")
    for whom, why in _by_reason(change.breaks).items():
        yield f"{sign} {style.paint('strong', 'breaks ' + whom)}: {harmless(why)}"


def _by_reason(breaks: Iterable[Break]) -> Mapping[str, str]:
    """Whom a change breaks, those together who have one reason."""
    together: dict[str, list[str]] = {}
    for one in breaks:
        together.setdefault(one.why, []).append(one.whom)
    return {" and ".join(whom): why for why, whom in together.items()}


# Verdicts ------------------------------------------------------------------------------------------------------


def _worlds(verdicts: Iterable[WorldVerdict], style: Style) -> Iterator[str]:
    """What becomes of the worlds that do not fit both ways, those together that share their fate."""
    together: dict[tuple[bool, bool], list[str]] = {}
    for verdict in verdicts:
        fits = not verdict.components, not verdict.hosts
        if fits != (True, True):
            together.setdefault(fits, []).append(f"`{harmless(verdict.new)}`")
    for (components, hosts), names in together.items():
        yield f"{'world' if len(names) == 1 else 'worlds'} {listed(names)}:"
        yield f"  components of the old version {_run(components, style)} on hosts of the new one"
        yield f"  components of the new version {_run(hosts, style)} on hosts of the old one"
        yield ""


def _run(fits: bool, style: Style) -> str:
    return "run" if fits else style.paint("strong", "do not run")


def _versions(comparison: Comparison, changes: list[Change], style: Style) -> str:
    """What the changes call for, beside what the version says."""
    step = harmless(_step(comparison.old, comparison.new))
    if not changes:
        return f"{step}: {style.paint('hint', 'no changes')}"
    said = f"{step}: {counted(changes)} {called_for(changes, comparison)}"
    if comparison.early_warning:
        later = style.paint("warning", f"but {harmless(comparison.early_warning)} will promise more than that")
        return f"{said}; {comparison.promise.why}, {later}"
    if comparison.is_enough:
        return f"{said}, {style.paint('hint', 'which this is enough for')}" if comparison.bump != "patch" else said
    return f"{said}, {style.paint('error', 'and the version promises more than that')}: {comparison.promise.why}"


def _step(old: PackageName, new: PackageName) -> str:
    package = f"{new.namespace}:{new.name}"
    was, now = old.version or "without a version", new.version or "without a version"
    return f"{package} {was}" if was == now else f"{package} {was} -> {now}"
