"""Rules that one item keeps or breaks by itself."""

from collections.abc import Iterator, Sequence

from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit.facts import canonical
from dataflare_lsp.wit.parser import Problem, Segment
from dataflare_lsp.wit.syntax import (
    Deprecated,
    Enum,
    Extern,
    ExternalId,
    Field,
    Flags,
    Func,
    Inline,
    Lead,
    Name,
    Node,
    Record,
    Resource,
    ResultOf,
    Since,
    TopLevelUse,
    Unstable,
    Variant,
)

MAX_FLAGS = 32
_FIELD_WORD = {Record: "field", Variant: "case", Enum: "case", Flags: "flag"}


def judge(segment: Segment) -> tuple[Problem, ...]:
    """What is wrong with a segment's item by itself, kept with the segment."""
    problems = segment.judged
    if problems is None:
        problems = segment.judged = tuple(item_problems(segment.node)) if segment.node is not None else ()
    return problems


def item_problems(node: Node) -> Iterator[Problem]:
    """What is wrong with an item by itself."""
    match node:
        case Func():
            yield from gate_problems(node.lead)
            yield from function_problems(node)
        case Record() | Variant() | Enum() | Flags():
            yield from gate_problems(node.lead)
            yield from field_problems(node.name, _FIELD_WORD[type(node)], node.fields)
            if isinstance(node, Flags) and len(node.fields) > MAX_FLAGS:
                yield Problem(
                    "too-many-flags",
                    f"flags `{node.name.text}` has {len(node.fields)} flags; the limit is {MAX_FLAGS}",
                    node.fields[MAX_FLAGS].name.span,
                )
        case Resource():
            yield from gate_problems(node.lead)
            for function in node.functions:
                yield from gate_problems(function.lead)
                yield from function_problems(function, method=function.form == "method")
        case Extern():
            yield from gate_problems(node.lead)
            if isinstance(node.item, Func):
                yield from function_problems(node.item)
            elif isinstance(node.item, Inline):
                for member in node.item.members:
                    yield from item_problems(member)
        case TopLevelUse():
            pass
        case _:
            yield from gate_problems(node.lead)


def gate_problems(lead: Lead) -> Iterator[Problem]:
    """Gates said twice, or in combinations that mean nothing. Specification: WIT.md, "Rules for feature gate usage"."""
    if not lead.attributes:
        return
    first: dict[type, Since | Unstable | Deprecated | ExternalId] = {}
    for attribute in lead.attributes:
        kind = type(attribute)
        if kind in first:
            earlier = first[kind]
            word = {Since: "since", Unstable: "unstable", Deprecated: "deprecated"}.get(kind, "external-id")
            yield Problem(
                "duplicate-gate",
                f"`@{word}` is given twice",
                Span(attribute.start, attribute.end),
                related=((Span(earlier.start, earlier.end), "given first here"),),
            )
        else:
            first[kind] = attribute
    since, unstable, deprecated = first.get(Since), first.get(Unstable), first.get(Deprecated)
    if since and unstable:
        yield Problem(
            "conflicting-gates",
            "an item is either `@since` a version or `@unstable`, not both",
            Span(since.start, since.end),
            related=((Span(unstable.start, unstable.end), "the other gate"),),
        )
    elif deprecated and not since and not unstable:
        yield Problem(
            "conflicting-gates",
            "`@deprecated` needs an `@since` or `@unstable` beside it",
            Span(deprecated.start, deprecated.end),
            hint="say since when the item exists",
        )


def field_problems(owner: Name, word: str, fields: Sequence[Field]) -> Iterator[Problem]:
    """Types without parts, and parts with the same name."""
    kind = "flags" if word == "flag" else "record"
    if not fields:
        if word == "case":
            yield Problem(
                "empty-variant",
                f"`{owner.text}` must have at least one case",
                owner.span,
                "without a case it has no value",
            )
        else:
            yield Problem(
                "empty-type",
                f"{kind} `{owner.text}` should have at least one {word}",
                owner.span,
                "today's tools refuse an empty one",
            )
        return
    seen: dict[str, Name] = {}
    for field in fields:
        name = field.name
        if not name.text:
            continue
        key = canonical(name.text)
        earlier = seen.setdefault(key, name)
        if earlier is not name:
            yield Problem(
                "duplicate-field",
                _twice(word, name, earlier, owner),
                name.span,
                related=((earlier.span, "defined first here"),),
            )


def _twice(word: str, name: Name, earlier: Name, owner: Name) -> str:
    if name.text == earlier.text:
        return f"{word} `{name.text}` is already defined in `{owner.text}`"
    return f"{word} `{name.text}` differs from `{earlier.text}` only in case or `-`, which does not count"


def function_problems(node: Func, method: bool = False) -> Iterator[Problem]:
    """Parameters with the same name, and accessors of the wrong shape."""
    seen: dict[str, Name | None] = {"self": None} if method else {}
    for param in node.params:
        name = param.name
        if not name.text:
            continue
        key = canonical(name.text)
        if key in seen:
            earlier = seen[key]
            if earlier is None:
                message = f"parameter `{name.text}` of `{node.name.text}` clashes with the `self` that every method has"
                yield Problem("duplicate-parameter", message, name.span)
            else:
                yield Problem(
                    "duplicate-parameter",
                    f"parameter `{name.text}` of `{node.name.text}` is already defined"
                    if earlier.text == name.text
                    else f"parameter `{name.text}` differs from `{earlier.text}` only in case or `-`",
                    name.span,
                    related=((earlier.span, "defined first here"),),
                )
        else:
            seen[key] = name
    if node.accessor == "get":
        if node.params:
            yield Problem(
                "invalid-accessor", f"getter `{node.name.text}` cannot have parameters", node.params[0].name.span
            )
        if node.result is None:
            yield Problem(
                "invalid-accessor", f"getter `{node.name.text}` must return a value", node.keyword, hint="add `-> type`"
            )
    elif node.accessor == "set" and len(node.params) != 1:
        span = node.params[1].name.span if len(node.params) > 1 else node.keyword
        yield Problem("invalid-accessor", f"setter `{node.name.text}` must have exactly one parameter", span)


def is_empty_ok(result: ResultOf) -> bool:
    """Whether a result has no `ok` type."""
    return result.ok is None


def remove_fix(title: str, span: Span) -> Fix:
    """A fix that deletes `span`."""
    return Fix(title, (TextEdit(span, ""),))
