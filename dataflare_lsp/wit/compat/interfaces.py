"""What changed inside an interface, item by item, and whom it breaks."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from dataflare_lsp.wit.compat import rules
from dataflare_lsp.wit.compat.change import Break, Change, Place
from dataflare_lsp.wit.compat.differences import (
    Difference,
    form_noun,
    function_differences,
    kind_noun,
    label_of,
    type_differences,
)
from dataflare_lsp.wit.compat.notes import docs_differ, external_id_change, gate_change
from dataflare_lsp.wit.compat.rules import Event, Role
from dataflare_lsp.wit.compat.shapes import Pair
from dataflare_lsp.wit.resolved import Function, Interface, Resource, Stability, Unstable


class Used(NamedTuple):
    """The types that components may have to import, on both sides."""

    old: frozenset[int]
    new: frozenset[int]


class Scope(NamedTuple):
    """What a change is judged by: whose types are compared, which types functions use, what worlds do with the items.

    `subject` begins each sentence. `is_unstable`: all of it is behind an `@unstable` gate.
    """

    pair: Pair
    used: Used
    place: Place
    subject: str
    roles: Collection[Role]
    is_unstable: bool = False

    @property
    def is_world(self) -> bool:
        """Whether the items are those of a world itself. Its types are imported by all its components."""
        return self.place.kind == "world" and not self.place.item

    def is_passed(self, old: int) -> bool:
        """Whether a component has to have the type: a function passes it, or it is exported or imported as such."""
        return old in self.used.old or "export" in self.roles or self.is_world

    def at(self, member: str) -> Place:
        """The place of a type or function."""
        if self.is_world:
            return self.place._replace(item=member)
        return self.place._replace(member=member)


def interface_changes(scope: Scope, old: Interface, new: Interface) -> Iterator[Change]:
    """What changed between two states of an interface: types first, then functions."""
    for name, known in old.types.items():
        if name not in new.types:
            yield removed_type(scope, name, known)
    for name, known in new.types.items():
        if name in old.types:
            yield from type_changes(scope, name, old.types[name], known)
        else:
            yield _added_type(scope, name, known)
    yield from function_changes(scope, list(old.functions.values()), list(new.functions.values()))


# Types ---------------------------------------------------------------------------------------------------------


def removed_type(scope: Scope, name: str, known: int) -> Change:
    """The change that takes a type away."""
    definition = scope.pair.old.resolve.types[known]
    needed = known in scope.used.old or isinstance(definition.kind, Resource) or scope.is_world
    breaks = (rules.removed_type_in_use if needed else rules.removed_type_unused)(scope.roles)
    text = f"{kind_noun(definition.kind)} `{name}` is gone"
    return change(scope, "removed", name, text, (*breaks, rules.NAMED_TYPE_GONE), definition.stability)


def _added_type(scope: Scope, name: str, known: int) -> Change:
    definition = scope.pair.new.resolve.types[known]
    rule = rules.added_type_unused
    if isinstance(definition.kind, Resource):
        rule = rules.added_resource
    elif known in scope.used.new:
        rule = rules.added_type_in_use
    text = f"{kind_noun(definition.kind)} `{name}` is new"
    return change(scope, "added", name, text, rule(scope.roles), definition.stability)


def type_changes(scope: Scope, name: str, old: int, new: int) -> Iterator[Change]:
    """What changed in a type."""
    before, after = scope.pair.old.resolve.types[old], scope.pair.new.resolve.types[new]
    subject = f"{kind_noun(after.kind)} `{name}`"
    breaks = rules.CHANGED_TYPE if scope.is_passed(old) else (rules.TYPE_DIFFERS,)
    for difference in type_differences(scope.pair, old, new):
        yield _difference(scope, name, subject, difference, breaks, before.stability)
    for note in (
        gate_change(before.stability, after.stability),
        external_id_change(before.external_id, after.external_id),
    ):
        if note is not None:
            yield note.of(scope.at(name), f"{scope.subject}{subject}", scope.is_unstable)
    if docs_differ(before, after):
        yield docs_change(scope, name, subject)


# Functions -----------------------------------------------------------------------------------------------------


def function_changes(scope: Scope, old: list[Function], new: list[Function]) -> Iterator[Change]:
    """What changed between two lists of functions."""
    before = {_key(function): function for function in old}
    after = {_key(function): function for function in new}
    for key, function in before.items():
        if key not in after:
            text, breaks = f"{_subject_of(function)} is gone", rules.removed_function(scope.roles)
            yield change(scope, "removed", function.name, text, breaks, function.stability)
    for key, function in after.items():
        if key in before:
            yield from _function_changes(scope, before[key], function)
        else:
            text, breaks = f"{_subject_of(function)} is new", rules.added_function(scope.roles)
            yield change(scope, "added", function.name, text, breaks, function.stability)


def _key(function: Function) -> tuple[str, str]:
    """What a function is known by, whichever form it has: constructors and accessors have no name to themselves."""
    form = function.kind.form
    special = form if form == "constructor" else form.rpartition("-")[2]
    return (special if special in ("constructor", "getter", "setter") else "", label_of(function))


def _function_changes(scope: Scope, old: Function, new: Function) -> Iterator[Change]:
    subject = _subject_of(new) if old.name == new.name else f"`{label_of(new)}`"
    for difference in function_differences(scope.pair, old, new):
        yield _difference(scope, new.name, subject, difference, rules.CHANGED_FUNCTION, old.stability)
    for note in (gate_change(old.stability, new.stability), external_id_change(old.external_id, new.external_id)):
        if note is not None:
            yield note.of(scope.at(new.name), f"{scope.subject}{subject}", scope.is_unstable)
    if old.docs != new.docs:
        yield docs_change(scope, new.name, subject)


def _subject_of(function: Function) -> str:
    """A function as a sentence names it."""
    noun = form_noun(function)
    return f"{noun} of `{label_of(function)}`" if noun == "constructor" else f"{noun} `{label_of(function)}`"


# Changes -------------------------------------------------------------------------------------------------------


def _difference(
    scope: Scope, member: str, subject: str, found: Difference, breaks: tuple[Break, ...], gate: Stability
) -> Change:
    text = f"{subject} {found.text}" if found.text.startswith(_VERBS) else f"{subject}: {found.text}"
    if found.is_harmless:
        text, breaks = f"{text}, which is the same type", ()
    found_there = change(scope, "changed", member, text, breaks, gate)
    return found_there._replace(place=found_there.place._replace(part=found.part))


_VERBS = ("is ", "returns ")


def docs_change(scope: Scope, member: str, subject: str) -> Change:
    """The change of an item's documentation."""
    return change(scope, "changed", member, f"{subject}: its documentation changed", (), None)


def change(scope: Scope, event: Event, member: str, text: str, breaks: tuple[Break, ...], gate: Stability) -> Change:
    """A change of an item. One behind an `@unstable` gate promises nothing, and so calls for a patch at most."""
    bump = rules.bump_of(event, breaks)
    if scope.is_unstable or isinstance(gate, Unstable):
        bump = "patch"
    return Change(event, scope.at(member), f"{scope.subject}{text}", bump, breaks)
