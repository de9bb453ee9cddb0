"""Checking a manifest: the shape of every value by the model, then the rules that the model names.

One mistake gives one diagnostic: what is not of its shape is not looked at further.
"""

import re
from collections.abc import Iterator

from dataflare_lsp.manifest.finding import (
    Context,
    did_you_mean,
    finding,
    insertion,
    replacing,
    type_of,
    without_item,
)
from dataflare_lsp.manifest.model import (
    MANIFEST,
    Anything,
    EitherOf,
    Field,
    ListOf,
    MapOf,
    Shape,
    TableOf,
    Text,
    Truth,
    Whole,
    kind_of,
)
from dataflare_lsp.manifest.rules import MANIFEST_RULES, RULES
from dataflare_lsp.manifest.surroundings import Nowhere, Surroundings
from dataflare_lsp.manifest.toml import quoted
from dataflare_lsp.manifest.tree import Array, Document, Entry, Missing, Scalar, Table, Value, plain
from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit, all_nearest

_SHOWN = 40
_NOWHERE = Nowhere()


def check(document: Document, surroundings: Surroundings = _NOWHERE) -> tuple[Diagnostic, ...]:
    """What is wrong with a manifest, in order of place."""
    context = Context(document, surroundings)
    found = [*document.problems, *_table(context, document.root, MANIFEST, ())]
    for name in MANIFEST_RULES:
        found += RULES[name].check(context, document.root)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.span, one.code)))


def _table(context: Context, table: Table, shape: TableOf, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    meant: set[str] = set()
    for name, entry in table.entries.items():
        field = shape.field(name)
        if field is None:
            near = all_nearest(name, [one.name for one in shape.fields if one.name not in table.entries])
            meant.update(near)
            if not isinstance(entry.value, Missing):
                yield _unknown_key(entry, near, shape, path)
        else:
            yield from _field(context, field, entry.value, (*path, name))
    for field in shape.fields:
        if field.required and field.name not in table.entries and field.name not in meant:
            yield _missing_key(context, table, field, path)


def _field(context: Context, field: Field, value: Value, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    wrong = tuple(_value(context, value, field.shape, path))
    yield from wrong
    if isinstance(value, Missing) or (wrong and isinstance(value, Scalar)):
        return
    if any(one.span == value.span for one in wrong):
        return
    for name in field.rules:
        yield from RULES[name].check(context, value)


def _value(context: Context, value: Value, shape: Shape, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    if isinstance(value, Missing):
        return
    match shape:
        case EitherOf(shapes=shapes):
            fitting = next((one for one in shapes if _is_of(value, one)), None)
            if fitting is None:
                yield _wrong_type(context, value, shape, path)
            else:
                yield from _value(context, value, fitting, path)
            return
        case _ if not _is_of(value, shape):
            yield _wrong_type(context, value, shape, path)
            return
    match shape, value:
        case TableOf(), Table():
            yield from _table(context, value, shape, path)
        case MapOf(), Table():
            for name, entry in value.entries.items():
                if not re.fullmatch(shape.pattern, name):
                    message = f"expected {shape.expects}, found `{_short(name)}`"
                    yield finding("unknown-key", message, entry.key.span)
                else:
                    yield from _value(context, entry.value, shape.value, (*path, name))
        case ListOf(), Array():
            yield from _list(context, value, shape, path)
        case Text(), Scalar(value=str(text)):
            yield from _text(value, text, shape, path)
        case Whole(least=least, most=most), Scalar(value=int(number)):
            if not least <= number <= most:
                wanted = f"is {least}" if least == most else f"is at least {least}"
                wanted = wanted if number < least or least == most else f"is at most {most}"
                fixes = (Fix(f"write `{least}`", (TextEdit(value.span, str(least)),), False),) if least == most else ()
                yield finding("invalid-value", f"`{path[-1]}` {wanted}, found {_digits(number)}", value.span,
                              fixes=fixes)  # fmt: skip


def _is_of(value: Value, shape: Shape) -> bool:
    match shape:
        case Text():
            return isinstance(value, Scalar) and isinstance(value.value, str)
        case Whole():
            return isinstance(value, Scalar) and isinstance(value.value, int) and not isinstance(value.value, bool)
        case Truth():
            return isinstance(value, Scalar) and isinstance(value.value, bool)
        case ListOf():
            return isinstance(value, Array)
        case TableOf() | MapOf() | Anything():
            return isinstance(value, Table)
        case EitherOf(shapes=shapes):
            return any(_is_of(value, one) for one in shapes)


def _list(context: Context, array: Array, shape: ListOf, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for number, item in enumerate(array.items):
        yield from _value(context, item, shape.item, (*path[:-1], f"{path[-1]}[{number}]"))
        if isinstance(item, Missing):
            continue
        same = repr(plain(item))
        if same in seen:
            said = f"{_said(item)} stands twice in `{path[-1]}`"
            edit = without_item(context.document, array, number)
            related = (Related("", seen[same], "it stands here first"),)
            fixes = (Fix("remove it", (edit,)),) if "#" not in context.document.text[slice(*edit.span)] else ()
            yield finding("duplicate-value", said, item.span, fixes=fixes, related=related)
        seen.setdefault(same, item.span)
    if shape.most and len(array.items) > shape.most:
        message = f"`{path[-1]}` has at most {shape.most} items, found {len(array.items)}"
        yield finding("invalid-value", message, array.items[shape.most].span, "this one is too many")


def _text(value: Scalar, text: str, shape: Text, path: tuple[str, ...]) -> Iterator[Diagnostic]:
    if shape.choices:
        words = [choice.word for choice in shape.choices]
        if text in words:
            return
        near = all_nearest(text, words) or _same_end(text, words)
        listed = f"one of {', '.join([f'`{word}`' for word in words])}" if len(words) <= 8 else "none that is known"
        if len(words) <= 8:
            message = f"`{path[-1]}` is {listed}, found `{_short(text)}`"
        else:
            message = f"there is no `{_short(text)}` among the {len(words)} {path[-1].partition('[')[0]} that there are"
        yield finding("invalid-value", message, value.span, did_you_mean(near), fixes=replacing(value.span, near))
    elif shape.pattern and not re.fullmatch(shape.pattern, text):
        right = _mended(text, shape.pattern)
        hint = f"did you mean `{right}`?" if right else ""
        message = f"`{path[-1]}` is {shape.expects}, found `{_short(text)}`" if text.strip() else (
            f"`{path[-1]}` is empty: expected {shape.expects}")  # fmt: skip
        yield finding("invalid-value", message, value.span, hint, fixes=replacing(value.span, [right] if right else []))


def _same_end(text: str, words: list[str]) -> list[str]:
    """The words whose last part is that of the text, or as near to it as none is nearer."""
    last = text.rsplit("/", 1)[-1].lower()
    by_end = {word.rsplit("/", 1)[-1]: word for word in words if "/" in word}
    ends = [last] if last in by_end else all_nearest(last, by_end)
    inner = [word for word in words if last and f"/{last}/" in f"/{word}"]
    return [by_end[end] for end in ends] or inner


def _mended(text: str, pattern: str) -> str:
    """The text with what is usually meant: lower case, `-` for other joints, `/` for `\\`; "" if that is not it."""
    lower = re.sub(r"[_ ]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text.strip())).lower()
    number = text.strip().removeprefix("v")
    if not text.strip():
        return ""
    candidates = [text.strip(), text.replace("\\", "/"), lower, lower.replace("/", ":", 1), f"https://{text}"]
    if number[:1].isdigit():
        candidates += [number, f"{number}.0", f"{number}.0.0"]
    return next((one for one in candidates if one and re.fullmatch(pattern, one)), "")


def _wrong_type(context: Context, value: Value, shape: Shape, path: tuple[str, ...]) -> Diagnostic:
    written = context.document.text[value.span.start : value.span.end]
    fixes: tuple[Fix, ...] = ()
    shapes = shape.shapes if isinstance(shape, EitherOf) else (shape,)
    match value, shapes[0]:
        case Scalar(value=bool() | int() | float()), Text():
            fixes = (Fix("put it in quotes", (TextEdit(value.span, quoted(written)),)),)
        case Scalar(value=str(text)), Whole() if re.fullmatch("[0-9]{1,18}", text):
            number = str(int(text))
            fixes = (Fix(f"write `{number}`", (TextEdit(value.span, number),)),)
        case Scalar(value=str(text)), Truth() if text.lower() in ("true", "false"):
            fixes = (Fix(f"write `{text.lower()}`", (TextEdit(value.span, text.lower()),)),)
        case Scalar(value=str()), ListOf(item=Text()):
            fixes = (Fix("put it in an array", (TextEdit(value.span, f"[{written}]"),)),)
    message = f"`{'.'.join(path)}` is {kind_of(shape)}, found {type_of(value)}"
    return finding("wrong-type", message, value.span, fixes=fixes)


def _unknown_key(entry: Entry, near: list[str], shape: TableOf, path: tuple[str, ...]) -> Diagnostic:
    name = entry.key.name
    place = f"`[{'.'.join(path)}]` has no key" if path else "a manifest has no key"
    hint = did_you_mean(near)
    notes: tuple[str, ...] = ()
    if not near:
        homes = [f"`[{field.name}]`" for field in MANIFEST.fields if _has(field.shape, name)]
        if homes:
            hint = f"it belongs to {' or '.join(homes)}"
        else:
            known = ", ".join([f"`{field.name}`" for field in shape.fields])
            notes = (f"the keys here are {known}",)
    fixes = tuple([Fix(f"write `{one}`", (TextEdit(entry.key.span, one),), len(near) == 1) for one in near[:3]])
    return finding("unknown-key", f"{place} `{_short(name)}`", entry.key.span, hint, notes, fixes)


def _has(shape: Shape, name: str) -> bool:
    return isinstance(shape, TableOf) and shape.field(name) is not None


def _missing_key(context: Context, table: Table, field: Field, path: tuple[str, ...]) -> Diagnostic:
    document = context.document
    if isinstance(field.shape, TableOf):
        lines = [f"{one.name} = {one.example}" for one in field.shape.fields if one.required]
        end = len(document.text)
        before = "" if not document.text or document.text.endswith("\n\n") else "\n" if (
            document.text.endswith("\n")) else "\n\n"  # fmt: skip
        edit = TextEdit(Span(end, end), "\n".join([f"{before}[{field.name}]", *lines, ""]))
        fix = Fix(f"add `[{field.name}]`", (edit,), False)
        return finding("missing-key", f"a manifest has a table `[{field.name}]`", Span(0, 0), fixes=(fix,))
    line = f"{field.name} = {field.example}"
    # The version of the format is the one that is certain.
    fix = Fix(f"add `{line}`", (insertion(document, table, line),), field.shape == Whole(1, 1))
    where = f"`[{'.'.join(path)}]`" if path else "a manifest"
    message = f"{where} needs a `{field.name}`"
    return finding("missing-key", message, table.span, f"such as `{line}`", fixes=(fix,))


def _said(value: Value) -> str:
    return f"`{_short(value.value)}`" if isinstance(value, Scalar) and isinstance(value.value, str) else "this"


def _digits(number: int) -> str:
    return str(number) if abs(number) < 10**18 else "a number that is far larger" if number > 0 else "one far below"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
