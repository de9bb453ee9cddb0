"""What differs between two types, or two functions, of one name: sentences in the words of the WIT.

A type that is named is compared where it is defined, so nothing is said of it where it is used.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dataflare_lsp.wit.compat.shapes import Pair, is_async
from dataflare_lsp.wit.compat.side import Side
from dataflare_lsp.wit.resolved import (
    Alias,
    Enum,
    Flags,
    Function,
    Kind,
    Record,
    Resource,
    TypeRef,
    Variant,
)


class Difference(NamedTuple):
    """A sentence without its subject, about the whole or the member `part`.

    `is_harmless`: written otherwise, and the same all the same.
    """

    text: str
    is_harmless: bool = False
    part: str = ""


class _Member(NamedTuple):
    name: str
    type: TypeRef | None


def type_differences(pair: Pair, old: int, new: int) -> list[Difference]:
    """How the type `new` differs from the type `old`, which has the same name."""
    before, after = pair.old.resolve.types[old].kind, pair.new.resolve.types[new].kind
    if type(before) is not type(after) or isinstance(after, Alias) or _members(after) is None:
        return _as_a_whole(pair, old, new)
    noun = _NOUNS[type(after)]
    return _member_differences(pair, noun, _members(before) or (), _members(after) or ())


def _as_a_whole(pair: Pair, old: int, new: int) -> list[Difference]:
    before, after = _definition(pair.old, old), _definition(pair.new, new)
    return [] if before == after else [Difference(f"is {after}, was {before}", pair.same(old, new))]


def _definition(side: Side, known: int) -> str:
    """What a type is: `a record`, `u32`, `the type `t` of `i``."""
    definition = side.resolve.types[known]
    kind = definition.kind
    if type(kind) in _KINDS:
        return _KINDS[type(kind)]
    source = side.used_from(known)
    if source is not None:
        target = side.target(definition)
        assert target is not None
        return f"`{side.resolve.types[target].name}` of `{side.interface(source)}`"
    return f"`{side.type_text(kind.type) if isinstance(kind, Alias) else side.definition_text(known)}`"


_KINDS: dict[type, str] = {
    Record: "a record",
    Variant: "a variant",
    Enum: "an enum",
    Flags: "flags",
    Resource: "a resource",
}
_NOUNS: dict[type, str] = {Record: "field", Variant: "case", Enum: "case", Flags: "flag"}


def kind_noun(kind: Kind) -> str:
    """The keyword that a type is defined by."""
    return {Record: "record", Variant: "variant", Enum: "enum", Flags: "flags", Resource: "resource"}.get(
        type(kind), "type"
    )


def _members(kind: Kind) -> Sequence[_Member] | None:
    match kind:
        case Record(fields):
            return [_Member(field.name, field.type) for field in fields]
        case Variant(cases):
            return [_Member(case.name, case.type) for case in cases]
        case Enum(labels) | Flags(labels):
            return [_Member(label.name, None) for label in labels]
        case _:
            return None


def _member_differences(pair: Pair, noun: str, old: Sequence[_Member], new: Sequence[_Member]) -> list[Difference]:
    """How named members, in order, differ: parameters, fields, cases or flags."""
    before, after = [one.name for one in old], [one.name for one in new]
    gone = [one for one in old if one.name not in after]
    fresh = [one for one in new if one.name not in before]
    found = []
    renamed = _renamed(pair, old, new, gone, fresh)
    for was, now in renamed:
        found.append(Difference(f"{noun} `{now.name}` was called `{was.name}`", part=now.name))
    found += [Difference(f"{noun} `{one.name}` is gone") for one in gone if one not in [was for was, _ in renamed]]
    found += [
        Difference(f"{noun} `{one.name}` is new", part=one.name)
        for one in fresh
        if one not in [now for _, now in renamed]
    ]
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        found.append(Difference(f"the {noun}s are in another order: {_listed(after)}; it was {_listed(before)}"))
    types = {one.name: one.type for one in old}
    for one in new:
        if one.name in types:
            found += _type_difference(pair, noun, one, types[one.name])
    return found


def _renamed(
    pair: Pair, old: Sequence[_Member], new: Sequence[_Member], gone: Sequence[_Member], fresh: Sequence[_Member]
) -> list[tuple[_Member, _Member]]:
    """Members of one place and one type that have another name."""
    if len(old) != len(new):
        return []
    return [
        (was, now)
        for was, now in zip(old, new, strict=True)
        if was in gone and now in fresh and pair.alike(was.type, now.type)
    ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join([f"`{name}`" for name in names])


def _type_difference(pair: Pair, noun: str, member: _Member, old: TypeRef | None) -> list[Difference]:
    """How the type of a member differs from the one that it had."""
    if pair.alike(old, member.type):
        return []
    before = "nothing" if old is None else f"`{pair.old.type_text(old)}`"
    after = "nothing" if member.type is None else f"`{pair.new.type_text(member.type)}`"
    if before == after:
        return []  # a type of that name has changed, which is said where it is defined
    text = f"carries {after}, carried {before}" if noun == "case" else f"is {after}, was {before}"
    return [Difference(f"{noun} `{member.name}` {text}", pair.same(old, member.type), member.name)]


def function_differences(pair: Pair, old: Function, new: Function) -> list[Difference]:
    """How the function `new` differs from the function `old`, which has the same name but perhaps another form."""
    found = []
    if old.name != new.name:
        found.append(Difference(f"is {form_noun(new, 'a ')}, was {form_noun(old, 'a ')}"))
    if is_async(old) != is_async(new):
        found.append(Difference("is async, was not" if is_async(new) else "is not async any more"))
    found += _member_differences(pair, "parameter", _params(old), _params(new))
    if not pair.alike(old.result, new.result):
        before = "nothing" if old.result is None else f"`{pair.old.type_text(old.result)}`"
        after = "nothing" if new.result is None else f"`{pair.new.type_text(new.result)}`"
        if before != after:
            found.append(Difference(f"returns {after}, returned {before}", pair.same(old.result, new.result)))
    return found


def _params(function: Function) -> Sequence[_Member]:
    """The parameters as they are written: a method's first one is not."""
    params = function.params[1:] if "method" in function.kind.form else function.params
    return [_Member(param.name, param.type) for param in params]


def form_noun(function: Function, article: str = "") -> str:
    """What sort of function it is."""
    form = function.kind.form
    if form == "constructor":
        return f"{article}constructor"
    for ending in ("getter", "setter"):
        if form.endswith(ending):
            return f"{article}static {ending}" if form.startswith("static") else f"{article}{ending}"
    if "method" in form:
        return f"{article}method"
    return f"{article}static function" if "static" in form else f"{article}function"


def label_of(function: Function) -> str:
    """The name of a function as it is written, behind that of its resource."""
    return function.name.rpartition("]")[2]
