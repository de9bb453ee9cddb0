"""`compat --format json`: the comparison for programs. The form is described in docs/reference/cli.md."""

import json
import os
from collections.abc import Iterable

from dataflare_lsp.cli.compat import Version, runs
from dataflare_lsp.cli.results import Results
from dataflare_lsp.wit.compat.change import Change, Place
from dataflare_lsp.wit.compat.compare import Comparison, WorldComparison, WorldVerdict
from dataflare_lsp.wit.compat.fit import Misfit
from dataflare_lsp.wit.compat.locate import locate_in
from dataflare_lsp.wit.syntax import PackageName

VERSION = 1
"""The version of the form; it changes when a reader of the old form would misread the new one."""

Json = str | int | None | dict[str, "Json"] | list["Json"]


def of_packages(old: Version, new: Version, comparison: Comparison) -> str:
    """The comparison of two packages as one JSON object, ended by a line break."""
    return _dumps(
        {
            **_head(old, new, comparison.old, comparison.new),
            "changes": _changes(old, new, comparison.changes),
            "worlds": [_world(world) for world in comparison.worlds],
            "bump": comparison.bump,
            "next": comparison.next,
            "promise": {"bump": comparison.promise.bump, "why": comparison.promise.why},
            "enough": comparison.is_enough,
            "enough-as-release": comparison.early_warning is None and comparison.is_enough,
        }
    )


def of_worlds(old: Version, new: Version, comparison: WorldComparison) -> str:
    """The comparison of two worlds as one JSON object, ended by a line break."""
    return _dumps(
        {
            **_head(old, new, comparison.old, comparison.new),
            "changes": _changes(old, new, comparison.changes),
            "worlds": [_world(comparison.verdict)],
            "versions": comparison.version or None,
            "fits": runs(new, comparison),
        }
    )


def _dumps(form: Json) -> str:
    return json.dumps(form, indent=2, ensure_ascii=False) + "\n"


def _head(old: Version, new: Version, was: PackageName, now: PackageName) -> dict[str, Json]:
    return {
        "version": VERSION,
        "old": {"path": old.spelling, "package": f"{was.namespace}:{was.name}", "version": was.version},
        "new": {"path": new.spelling, "package": f"{now.namespace}:{now.name}", "version": now.version},
    }


def _changes(old: Version, new: Version, changes: Iterable[Change]) -> Json:
    return [_change(old if change.kind == "removed" else new, change) for change in changes]


def _change(side: Version, change: Change) -> Json:
    return {
        "kind": change.kind,
        "item": _item(change.place),
        "message": change.text,
        "bump": change.bump,
        "breaks": [{"whom": one.whom, "why": one.why} for one in change.breaks],
        "place": _place(side, change.place),
    }


def _item(place: Place) -> Json:
    """Only what says something: an interface's item has no role."""
    return {name: value for name, value in place._asdict().items() if value}


def _place(side: Version, place: Place) -> Json:
    found = locate_in(side.groups, place)
    if found is None:
        return None
    file = next(shown for shown, source in side.sources.items() if source.file == found.file)
    start, end = Results((), {file: side.sources[file].lines}, os.getcwd()).range(file, found.span)
    return {
        "file": file.replace(os.sep, "/"),
        "range": {
            "start": {"line": start.line, "column": start.column},
            "end": {"line": end.line, "column": end.column},
        },
    }


def _world(verdict: WorldVerdict) -> Json:
    return {
        "old": verdict.old,
        "new": verdict.new,
        "components": {"fit": not verdict.components, "misfits": _misfits(verdict.components)},
        "hosts": {"fit": not verdict.hosts, "misfits": _misfits(verdict.hosts)},
    }


def _misfits(misfits: tuple[Misfit, ...]) -> Json:
    return [{"item": one.item, "problem": one.problem} for one in misfits]
