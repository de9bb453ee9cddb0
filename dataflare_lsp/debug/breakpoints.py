"""Breakpoints: what was asked for, what became of it, and where a run is to be stopped for it.

A breakpoint is for functions, whatever line it was set on, so it outlives edits of the file. Set again on the same
function it is the same breakpoint, with its number and its hits; of several on one function, in their order.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from time import thread_time
from typing import Final, Literal, NamedTuple

from dataflare_lsp.debug.conditions import Hits, Rule, ask, rule
from dataflare_lsp.debug.debuggee import Moment, Reason, Stop, Verdict
from dataflare_lsp.debug.expressions import BadExpression
from dataflare_lsp.debug.texts import NoText
from dataflare_lsp.features.functions import LONGEST, Declared, Pattern, shown, without_version
from dataflare_lsp.features.sites import NoSite, Site, Sites
from dataflare_lsp.runtime.border import Cause
from dataflare_lsp.runtime.kinds import is_error
from dataflare_lsp.text import nearest

MOST: Final = 10_000
"""How many breakpoints there may be at a time."""


_MOST_TIME = 2.0
"""Seconds of computing that the expressions of all breakpoints at a stop may take."""


_MOST_READING = 5.0
"""Seconds of computing that reading the expressions of one request may take."""


class Gates(NamedTuple):
    """The functions that a component imports and those that it exports, by name."""

    imports: Collection[str]
    exports: Collection[str]


class Wanted(NamedTuple):
    """A breakpoint as a client asks for it: on a line and perhaps a column from 0, or on functions by name."""

    line: int = 0
    column: int | None = None
    name: str = ""
    condition: str | None = None
    hits: str | None = None
    message: str | None = None


class Placed(NamedTuple):
    """What became of a breakpoint. Without a `site` it is where it was asked for, or nowhere.

    `state` is `pending` until the component is loaded.
    """

    id: int
    state: Literal["set", "pending", "refused"]
    message: str
    site: Site | None = None


class Point(NamedTuple):
    """A breakpoint that can stop a run."""

    id: int
    target: Declared | Pattern
    rule: Rule
    hits: Hits


def _moments(rule: Rule) -> tuple[Moment, ...]:
    """When a rule can be asked.

    One that speaks of the result waits for it. Otherwise a breakpoint is for the call, or for the entry and the return;
    what is counted or logged happens once.
    """
    parts = [rule.condition, *(rule.message or ())]
    names = frozenset[str]().union(*[part.names for part in parts if part is not None and not isinstance(part, str)])
    if names & {"result", "error"}:
        return ("answer", "return")
    if rule.hits is not None or rule.message is not None:
        return ("call", "entry")
    return ("call", "entry", "return")


# Failures ----------------------------------------------------------------------------------------------------------


class Filter(NamedTuple):
    """A kind of failure that a run can be stopped at."""

    name: str
    label: str
    docs: str
    is_default: bool
    fits: Callable[[Stop], bool]


def _returned_error(stop: Stop) -> bool:
    return stop.moment == "return" and is_error(stop.result, stop.type)


def _fails(*causes: Cause) -> Callable[[Stop], bool]:
    return lambda stop: stop.error is not None and stop.error.cause in causes


_LIMITS: Final[tuple[Cause, ...]] = ("time", "fuel", "memory", "stack", "handles", "output")

FILTERS: Final = (
    Filter(
        "trap", "Traps", "The plugin traps or ends itself, or its host fails.", True, _fails("trap", "exit", "host")
    ),
    Filter("limit", "Limits", "The plugin comes to a limit, of time, memory, fuel, …", True, _fails(*_LIMITS)),
    Filter(
        "denied", "Denied capabilities", "The plugin ends because it was not granted something.", True, _fails("denied")
    ),
    Filter("error", "Error results", "A function of the plugin returns an error.", False, _returned_error),
)


# The set -----------------------------------------------------------------------------------------------------------


class Watched:
    """Where a run is to be stopped: some breakpoints and some failures, fixed."""

    def __init__(self, points: Sequence[Point], failures: Sequence[tuple[Filter, Rule]]) -> None:
        self._points = tuple(points)
        self._failures = tuple(failures)
        self._stops_at_errors = any([one.name == "error" for one, _ in failures])
        self._known: dict[tuple[Moment, str], tuple[Point, ...]] = {}

    def watches(self, moment: Moment, function: str) -> bool:
        """Whether a stop of this kind can matter."""
        if moment == "trap" and self._failures:
            return True
        return bool(self._points_for(moment, function)) or (moment == "return" and self._stops_at_errors)

    def judge(self, stop: Stop) -> Verdict:
        """What a stop is to lead to."""
        end = thread_time() + _MOST_TIME
        asked = [
            (point.id, ask(point.rule, stop, point.hits, end)) for point in self._points_for(stop.moment, stop.function)
        ]
        failed = [ask(rule, stop, Hits(), end) for one, rule in self._failures if one.fits(stop)]
        reached = tuple([number for number, answer in asked if answer.is_stop])
        is_failure = any([answer.is_stop for answer in failed])
        output = [answer.output for answer in (*[answer for _, answer in asked], *failed) if answer.output]
        reason: Reason = "exception" if is_failure else "breakpoint"
        return Verdict(is_failure or bool(reached), reached, reason, tuple(output))

    def forget(self, number: int) -> None:
        """From the stop with this number on it is another run: what was hit then was not hit."""
        for point in self._points:
            point.hits.forget(number)

    def _points_for(self, moment: Moment, function: str) -> tuple[Point, ...]:
        found = self._known.get((moment, function))
        if found is None:
            found = tuple([one for one in self._points if moment in _moments(one.rule) and one.target.fits(function)])
            self._known[moment, function] = found
        return found


class _Entry(NamedTuple):
    """A breakpoint that is set: what it is for (None where it was refused for good), and what became of it."""

    point: Point | None
    placed: Placed


class _Reading:
    """The rules of one request, read in a time that a client can wait for."""

    def __init__(self) -> None:
        self._end = thread_time() + _MOST_READING

    def rule(self, condition: str | None, hits: str | None, message: str | None) -> Rule:
        """As `conditions.rule`."""
        if (condition or message) and thread_time() > self._end:
            raise BadExpression(
                f"reading the conditions before this one took {_MOST_READING:.0f} s: have fewer, or shorter ones"
            )
        return rule(condition, hits, message)


class Breakpoints:
    """All breakpoints of a session."""

    def __init__(self) -> None:
        self._gates: Gates | None = None
        self._files: dict[str, list[_Entry]] = {}
        self._functions: list[_Entry] = []
        self._failures: list[tuple[Filter, Rule]] = []
        self._known: dict[tuple[str, str, int], tuple[int, Hits]] = {}
        self._last = 0
        self._reading = _Reading()

    @property
    def watched(self) -> Watched:
        """Where a run is to be stopped as things stand."""
        entries = [*[entry for entries in self._files.values() for entry in entries], *self._functions]
        points = [entry.point for entry in entries if entry.point is not None and entry.placed.state != "refused"]
        return Watched(points, self._failures)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that have breakpoints."""
        return tuple([file for file, entries in self._files.items() if entries])

    def are_on_functions(self, numbers: Sequence[int]) -> bool:
        """Whether some breakpoints were set on functions by name."""
        known = {entry.placed.id for entry in self._functions}
        return bool(numbers) and known.issuperset(numbers)

    def on_lines(self, file: str, sites: Sites | NoText, wanted: Sequence[Wanted]) -> tuple[Placed, ...]:
        """Have these breakpoints in a file and no others."""
        taken = Counter[str]()
        self._reading = _Reading()
        self._files[file] = [self._on_line(file, sites, one, taken) for one in wanted[:MOST]]
        return self._answer(self._files[file], wanted)

    def on_functions(self, wanted: Sequence[Wanted]) -> tuple[Placed, ...]:
        """Have these function breakpoints and no others."""
        taken = Counter[str]()
        self._reading = _Reading()
        self._functions = [self._entry("", one, Pattern(one.name), None, taken) for one in wanted[:MOST]]
        return self._answer(self._functions, wanted)

    def on_failures(self, wanted: Sequence[tuple[str, str | None]]) -> tuple[Placed, ...]:
        """Stop at these kinds of failures, each with a condition, and at no others."""
        self._failures = []
        self._reading = _Reading()
        answers = []
        for name, condition in wanted[:MOST]:
            found = next((one for one in FILTERS if one.name == name), None)
            if found is None:
                known = ", ".join([f"`{one.name}`" for one in FILTERS])
                answers.append(self._refused(f"there is no filter `{name[:LONGEST]}`; there are {known}"))
                continue
            try:
                self._failures.append((found, self._reading.rule(condition, None, None)))
                answers.append(Placed(self._number(), "set", found.docs))
            except BadExpression as error:
                answers.append(self._refused(str(error)))
        return tuple(answers)

    def know(self, gates: Gates) -> tuple[Placed, ...]:
        """The component is loaded, or another is; gives the breakpoints that are now other than they were."""
        self._gates = gates
        changed = []
        for entries in (*self._files.values(), self._functions):
            for number, (point, before) in enumerate(entries):
                if point is not None:
                    now = self._placed(point.id, point.target, before.site)
                    entries[number] = _Entry(point, now)
                    if now != before:
                        changed.append(now)
        return tuple(changed)

    def move(self, file: str, sites: Sites) -> tuple[Placed, ...]:
        """A file has changed; gives the breakpoints whose functions stand elsewhere now."""
        changed = []
        for number, (point, before) in enumerate(self._files.get(file, ())):
            site = sites.of(point.target.name) if point is not None and isinstance(point.target, Declared) else None
            if site is not None and site != before.site:
                self._files[file][number] = _Entry(point, before._replace(site=site))
                changed.append(before._replace(site=site))
        return tuple(changed)

    def forget(self) -> None:
        """The run begins anew: nothing was hit."""
        for _, hits in self._known.values():
            hits.forget(0)

    def _answer(self, entries: Sequence[_Entry], wanted: Sequence[Wanted]) -> tuple[Placed, ...]:
        beyond = [self._refused(f"there are more than {MOST} breakpoints") for _ in wanted[MOST:]]
        return (*[entry.placed for entry in entries], *beyond)

    def _on_line(self, file: str, sites: Sites | NoText, wanted: Wanted, taken: "Counter[str]") -> _Entry:
        found = sites if isinstance(sites, NoText) else sites.at(wanted.line, wanted.column)
        if isinstance(found, NoText | NoSite):
            return _Entry(None, self._refused(found.reason))
        return self._entry(file, wanted, Declared(found.function), found, taken)

    def _entry(
        self, file: str, wanted: Wanted, target: Declared | Pattern, site: Site | None, taken: "Counter[str]"
    ) -> _Entry:
        name = target.name if isinstance(target, Declared) else target.text
        key = file, name, taken[name]
        taken[name] += 1
        if key not in self._known:
            self._known[key] = self._number(), Hits()
        number, hits = self._known[key]
        try:
            point = Point(number, target, self._reading.rule(wanted.condition, wanted.hits, wanted.message), hits)
        except BadExpression as error:
            return _Entry(None, Placed(number, "refused", str(error), site))
        return _Entry(point, self._placed(number, target, site))

    def _placed(self, number: int, target: Declared | Pattern, site: Site | None) -> Placed:
        """What becomes of a breakpoint with the component as it is known."""
        if self._gates is None:
            return Placed(number, "pending", "the plugin is not loaded yet", site)
        imports = _fitting(target, self._gates.imports)
        exports = _fitting(target, self._gates.exports)
        if not imports and not exports:
            return Placed(number, "refused", _unmet(target, self._gates), site)
        about = []
        if imports:
            about.append(f"stops where the plugin calls {_enumerated(imports)}")
        if exports:
            about.append(f"stops on entry into {_enumerated(exports)} and on return")
        return Placed(number, "set", "; ".join(about), site)

    def _refused(self, why: str) -> Placed:
        return Placed(self._number(), "refused", why)

    def _number(self) -> int:
        self._last += 1
        return self._last


def _fitting(target: Declared | Pattern, functions: Iterable[str]) -> list[str]:
    return [function for function in functions if target.fits(function)]


def _enumerated(functions: Sequence[str]) -> str:
    names = list(dict.fromkeys([f"`{shown(function)}`" for function in functions]))
    return (
        names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more" if len(names) > 3 else ", ".join(names)
    )


def _unmet(target: Declared | Pattern, gates: Gates) -> str:
    """Why no function of the component is meant."""
    if isinstance(target, Declared):
        return f"the plugin neither calls `{shown(target.name)}` nor is called by it: its component does not have it"
    every = [*gates.imports, *gates.exports]
    names = [name for function in every for name in (shown(function), without_version(function))]
    near = nearest(target.text, names)
    hint = f"did you mean `{near}`?" if near else "write `INTERFACE.FUNCTION`, with `*` for any text"
    return f"no function of the plugin's component is called `{target.text[:LONGEST]}`; {hint}"
