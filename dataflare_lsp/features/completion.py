"""Completion: what can be written at the cursor."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Literal, NamedTuple

from dataflare_lsp.features.candidates import features_of_file, types_beginning, uses_in_circle
from dataflare_lsp.features.cursor import (
    AtAttribute,
    AtGate,
    AtIncluded,
    AtItem,
    AtPath,
    AtType,
    AtUsed,
    AtVersion,
    AtWords,
    Cursor,
    cursor_at,
)
from dataflare_lsp.features.hover import describe
from dataflare_lsp.features.imports import Block, block_of_body, block_of_inline, edits_to_use, full_path
from dataflare_lsp.features.markup import identifier
from dataflare_lsp.features.meanings import body_meaning, function_in, plain_names, qualified, type_in
from dataflare_lsp.features.vocabulary import (
    ACCESSORS,
    ATTRIBUTES,
    GENERICS,
    ITEMS,
    ITEMS_IN,
    PRIMITIVES,
    explanation,
    plain,
)
from dataflare_lsp.text import Span, TextEdit
from dataflare_lsp.wit.facts import PathKey, TypeFact, inline_members
from dataflare_lsp.wit.names import (
    NO_SCOPE,
    Scope,
    body_of,
    is_active,
    items_of,
    meaning,
    outline,
    package_of,
    packages_by_name,
    resolve,
    resolve_top_level,
    scope_from,
    scope_of,
)
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.source import BodyId, Source
from dataflare_lsp.wit.surface import Item
from dataflare_lsp.wit.syntax import Extern, Include, Inline, PackageName, Path
from dataflare_lsp.workspace.snapshot import Snapshot

CompletionKind = Literal[
    "keyword", "builtin", "type", "record", "variant", "enum", "flags", "resource", "function",
    "interface", "world", "package", "version", "feature", "attribute",
    "table", "key", "value", "file", "folder",
]  # fmt: skip

MOST = 200
"""How many items are offered at once."""
MOST_UNUSED = 50
"""How many of these are types that no `use` brings yet."""


class About(NamedTuple):
    """What an item stands for, to be documented when it is shown: a body, or with a name a type or function in it."""

    body: BodyId
    name: str = ""


class Completion(NamedTuple):
    """Something to write: `insert` in place of `span`, or `snippet` where the editor fills in placeholders.

    `edits` are made elsewhere in the file at the same time. `documentation` is Markdown; where it is empty and `about`
    is not None, `documented` finds it. Items go in the order of `sort_text`; `filter_text` is compared with what stands
    in `span`.
    """

    label: str
    kind: CompletionKind
    span: Span
    insert: str
    snippet: str = ""
    detail: str = ""
    documentation: str = ""
    sort_text: str = ""
    filter_text: str = ""
    edits: tuple[TextEdit, ...] = ()
    deprecated: bool = False
    about: About | None = None


class Completions(NamedTuple):
    """What to offer. `is_incomplete`: there is more, to be asked for once more letters are typed."""

    items: tuple[Completion, ...]
    is_incomplete: bool = False


class _Here(NamedTuple):
    """Where something is completed: in `body`, unless that is an interface written in place. `scope` is its names."""

    snapshot: Snapshot
    root: str
    source: Source
    cursor: Cursor
    unit: UnitId
    body: BodyId | None
    scope: Scope
    block: Callable[[], Block] | None
    """Finds where a `use` would go, if one can."""

    @property
    def typed(self) -> str:
        """The word before the cursor, without its `%`."""
        return self.cursor.typed.removeprefix("%")


def completion(snapshot: Snapshot, file: str, offset: int) -> Completions:
    """What can be written at `offset`: keywords where they are legal, names that are known there, types to be used.

    A type of another interface comes with the `use` that brings it. What is there already is not offered again, and
    what is behind a feature that is not active is not offered.
    """
    source = snapshot.source(file)
    cursor = cursor_at(source, offset)
    if cursor is None:
        return Completions(())
    here = _here(snapshot, file, source, cursor)
    items: Iterable[Completion]
    match cursor.context:
        case AtItem():
            items = _items(here, cursor.context)
        case AtType():
            items = _types(here, cursor.context)
        case AtPath():
            items = _paths(here, cursor.context, offset)
        case AtVersion():
            items = _versions(here, cursor.context, offset)
        case AtUsed():
            items = _used(here, cursor.context)
        case AtIncluded():
            items = _included(here, cursor.context)
        case AtAttribute(others):
            items = _attributes(here, others, "")
        case AtGate():
            items = _gates(here, cursor.context)
        case AtWords(words):
            items = _words(here, words)
        case _:
            return Completions(())
    return _bounded(items, isinstance(cursor.context, AtType))


def documented(snapshot: Snapshot, file: str, about: About) -> str:
    """The documentation, as Markdown, of what an item offered in `file` stands for."""
    there = body_meaning(snapshot, about.body)
    if there is None:
        return ""
    if not about.name:
        return describe(snapshot, snapshot.root_of(file), there)
    member = type_in(there, about.name) or function_in(there, about.name)
    return describe(snapshot, snapshot.root_of(file), member) if member is not None else ""


def _here(snapshot: Snapshot, file: str, source: Source, cursor: Cursor) -> _Here:
    unit = snapshot.unit_of(file, cursor.segment)
    root = snapshot.root_of(file)
    found = snapshot.body_of(file, cursor.segment)
    if cursor.inline >= 0:
        node = source.segments[cursor.segment].node
        inline = node.item if isinstance(node, Extern) and isinstance(node.item, Inline) else None
        scope = scope_from(inline_members(inline)) if inline is not None else NO_SCOPE
        block = partial(block_of_inline, source, unit, cursor.segment, inline, cursor.inline)
        return _Here(snapshot, root, source, cursor, unit, None, scope, block)
    if found is None:
        return _Here(snapshot, root, source, cursor, unit, None, NO_SCOPE, None)
    first, body = found
    block = partial(block_of_body, snapshot.db, source, first, body)
    return _Here(snapshot, root, source, cursor, unit, body.id, scope_of(snapshot.db, body.id), block)


def _bounded(items: Iterable[Completion], more: bool) -> Completions:
    found: list[Completion] = []
    for item in items:
        if len(found) == MOST:
            return Completions(tuple(found), True)
        found.append(item)
    return Completions(tuple(found), more)


def _matcher(typed: str) -> Callable[[str], object]:
    """Whether the letters typed so far stand in a name, in their order; case does not count."""
    return re.compile("[^ ]*?".join(map(re.escape, typed)), re.IGNORECASE).search


# Keywords ------------------------------------------------------------------------------------------------------


def _items(here: _Here, context: AtItem) -> Iterator[Completion]:
    scope = here.cursor.scope
    words = ITEMS_IN[scope]
    if context.attributes and scope in ("start", "file", "package"):
        words = ("interface", "world")
    for rank, word in enumerate(words):
        snippet = ITEMS[word]
        if word == "use" and scope in ("start", "file", "package"):
            snippet = "use ${1:interface};"
        insert = plain(snippet).replace("$2", "").replace("$0", "") if word in ("func", "static") else word
        yield _keyword(here, word, insert, snippet, f"1{rank:02}")
    yield from _attributes(here, context.attributes, "@")


def _words(here: _Here, words: tuple[str, ...]) -> Iterator[Completion]:
    for rank, word in enumerate(words):
        snippet = f"{word}($1)" if word.endswith("func") or word in ("get", "set") else ""
        if word == "interface":
            snippet = "interface {\n    $0\n}"
        elif word == "with":
            snippet = "with { ${1:name} as ${2:new-name} }"
        yield _keyword(here, word, word, snippet, f"1{rank:02}")


def _keyword(here: _Here, word: str, insert: str, snippet: str, sort_text: str) -> Completion:
    text = ACCESSORS.get(word) or explanation(word.partition(" ")[0]) or ""
    return Completion(word, "keyword", here.cursor.word, insert, snippet, "", text, sort_text, word)


def _attributes(here: _Here, others: tuple[str, ...], sign: str) -> Iterator[Completion]:
    """Attributes that are not there yet and go with those that are."""
    refused = {"since": "unstable", "unstable": "since"}
    for rank, (name, (snippet, meaning_)) in enumerate(ATTRIBUTES.items()):
        if name in others or refused.get(name) in others:
            continue
        if name == "external-id" and here.cursor.scope in ("start", "file", "package"):
            continue
        filled = sign + snippet.replace("${1:version}", f"${{1:{_current_version(here)}}}")
        yield Completion(
            sign + name, "attribute", here.cursor.word, plain(filled), filled, "", meaning_, f"8{rank}", sign + name
        )


def _gates(here: _Here, context: AtGate) -> Iterator[Completion]:
    """The inside of an attribute's parentheses."""
    feature = context.attribute == "unstable"
    if not context.value:
        key = "feature" if feature else "version"
        snippet = f"{key} = ${{1:{'feature' if feature else _current_version(here)}}}"
        yield Completion(key, "attribute", here.cursor.word, plain(snippet), snippet, sort_text="1", filter_text=key)
    elif not feature:
        yield _version(here, here.cursor.word, _current_version(here), 0)
    else:
        package = package_of(here.snapshot.db, here.root, here.unit)
        found = dict.fromkeys(name for unit in package.units for name in features_of_file(here.snapshot.db, unit.file))
        for name in found:
            if name != here.typed:
                yield Completion(
                    name, "feature", here.cursor.word, identifier(name), sort_text=f"1{name}", filter_text=name
                )


def _current_version(here: _Here) -> str:
    """The version of the package here."""
    name = package_of(here.snapshot.db, here.root, here.unit).name
    return (name.version if name is not None else None) or "0.1.0"


# Types ---------------------------------------------------------------------------------------------------------


def _types(here: _Here, context: AtType) -> Iterator[Completion]:
    resources = context.inside in ("own", "borrow")
    # What is most likely meant comes first, since of what a big interface defines not all is offered at once.
    if not resources:
        yield from _built_in_types(here, context)
    if context.inside == "map" and context.first:
        return
    matches = _matcher(here.typed)
    found = [name for name in here.scope.types if matches(name) and name != context.defining]
    begin = here.typed.lower()
    yield from _local_types(here, [name for name in found if name.lower().startswith(begin)], resources)
    yield from _types_to_use(here, resources)
    if begin:
        yield from _local_types(here, [name for name in found if not name.lower().startswith(begin)], resources)


def _local_types(here: _Here, names: Iterable[str], resources: bool) -> Iterator[Completion]:
    for name in names:
        known = meaning(here.snapshot.db, here.root, here.unit, here.scope, name)
        kind = known.fact.kind if known is not None else "use"
        if kind == "resource" or not resources:
            yield _local_type(here, name, here.scope.types[name], kind)


def _local_type(here: _Here, name: str, fact: TypeFact, kind: str) -> Completion:
    origin = ""
    if fact.path is not None:
        origin = full_path(fact.path.package, fact.path.name) if fact.path.package else identifier(fact.path.name)
    about = About(here.body, name) if here.body is not None else None
    return _name(
        here, name, _kind(kind), f"1{name}", f"from {origin}" if origin else "", about, bool(fact.gate.deprecated)
    )


def _kind(kind: str) -> CompletionKind:
    match kind:
        case "record" | "variant" | "enum" | "flags" | "resource":
            return kind
    return "type"


def _name(
    here: _Here,
    name: str,
    kind: CompletionKind,
    sort_text: str,
    detail: str = "",
    about: About | None = None,
    deprecated: bool = False,
    edits: tuple[TextEdit, ...] = (),
) -> Completion:
    """A name as it is written: with a `%` where it is a keyword, or where that is typed already."""
    escaped = here.cursor.typed.startswith("%")
    return Completion(
        name, kind, here.cursor.word, f"%{name}" if escaped else identifier(name), "", detail, "",
        sort_text, f"%{name}" if escaped else name, edits, deprecated, about,
    )  # fmt: skip


def _built_in_types(here: _Here, context: AtType) -> Iterator[Completion]:
    key = context.inside == "map" and context.first
    matches = _matcher(here.typed)
    for name, text in PRIMITIVES.items():
        if not (key and name in ("f32", "f64", "error-context")) and matches(name):
            yield Completion(name, "builtin", here.cursor.word, name, "", "", text, f"2{name}", name)
    if key:
        return
    for name, (snippet, text) in GENERICS.items():
        if matches(name):
            yield Completion(name, "builtin", here.cursor.word, name, snippet, plain(snippet), text, f"3{name}", name)
    if context.inside == "result" and context.first:
        yield Completion("_", "builtin", here.cursor.word, "_", "", "", "No value.", "3_", "_")


def _types_to_use(here: _Here, resources: bool) -> Iterator[Completion]:
    """Types of other interfaces, each with the `use` that brings it."""
    if here.block is None:
        return
    db, root = here.snapshot.db, here.root
    own = package_of(db, root, here.unit)
    block: Block | None = None
    count = 0
    seen = set()
    for entry in types_beginning(db, root, here.unit, here.body, here.typed):
        if entry in seen or entry.name in here.scope.types or entry.name in here.scope.functions:
            continue
        if resources and entry.kind != "resource":
            continue
        seen.add(entry)
        if here.body is not None and uses_in_circle(db, root, entry.body, here.body):
            continue
        block = block or here.block()
        edits = edits_to_use(here.snapshot, root, block, entry.body, entry.name)
        if edits is None:
            continue
        home = qualified(here.snapshot, root, entry.body)
        rank = 4 if UnitId(entry.body.file, entry.body.scope) in own.units else 5
        yield _name(
            here, entry.name, _kind(entry.kind), f"{rank}{entry.name}", f"use {home}",
            About(entry.body, entry.name), bool(entry.gate.deprecated), edits,
        )  # fmt: skip
        count += 1
        if count == MOST_UNUSED:
            return


# Names in braces -----------------------------------------------------------------------------------------------


_PATH = re.compile(r"(?:%?([\w-]+):%?([\w-]+)/)?%?([\w-]+)(?:@(.+))?", re.DOTALL)
_OTHERS = re.compile(r"%?([\w-]+)(?:\s+as\s+%?[\w-]*)?")


def _path_key(here: _Here, path: Span) -> PathKey | None:
    found = _PATH.fullmatch(here.source.text, *path)
    if found is None:
        return None
    namespace, package, name, version = found.groups()
    return PathKey(PackageName(namespace, package, version) if namespace else None, name)


def _others(here: _Here, path: Span) -> set[str]:
    """The names in the braces that follow a path, but for that at the cursor."""
    text, word = here.source.text, here.cursor.word
    start = text.find("{", path.end, word.start) + 1
    end = min((at for at in (text.find(sign, word.end) for sign in "};") if at >= 0), default=word.end)
    before, after = text[start : word.start], text[word.end : end]
    return {found.group(1) for part in (before, after) for found in _OTHERS.finditer(part)}


def _used(here: _Here, context: AtUsed) -> Iterator[Completion]:
    """The types of the interface that a `use` names."""
    if not context.opened and not here.typed:
        yield Completion("{…}", "keyword", here.cursor.word, "{}", "{$1};", sort_text="9", filter_text="{")
    key = _path_key(here, context.path)
    if key is None:
        return
    db, root = here.snapshot.db, here.root
    target = resolve(db, root, here.unit, key)
    if target.status != "found" or target.item is None:
        return
    body = target.item.body
    there = scope_of(db, body)
    taken = _others(here, context.path) if context.opened else set()
    matches = _matcher(here.typed)
    for name, fact in there.types.items():
        elsewhere = here.scope.types.get(name)
        if name in taken or not is_active(db, root, fact.gate) or not matches(name):
            continue
        if elsewhere is not None and name != here.source.text[slice(*here.cursor.word)].removeprefix("%"):
            continue
        known = meaning(db, root, UnitId(body.file, body.scope), there, name)
        kind = _kind(known.fact.kind if known is not None else "use")
        item = _name(here, name, kind, f"1{name}", "", About(body, name), bool(fact.gate.deprecated))
        yield item if context.opened else item._replace(insert=f"{{{item.insert}}};")


def _included(here: _Here, context: AtIncluded) -> Iterator[Completion]:
    """The plain names of the world that an `include` names."""
    key = _path_key(here, context.path)
    if key is None:
        return
    target = resolve(here.snapshot.db, here.root, here.unit, key)
    world = body_meaning(here.snapshot, target.item.body) if target.item is not None else None
    if world is None:
        return
    taken = _others(here, context.path)
    for name, member in plain_names(here.snapshot, here.root, world):
        if name not in taken:
            taken.add(name)
            detail = f"{member.node.direction} of {world.body.id.name}" if isinstance(member.node, Extern) else ""
            item = _name(here, name, "function", f"1{name}", detail)
            yield item._replace(snippet=f"{item.insert} as ${{1:new-name}}")


# Paths ---------------------------------------------------------------------------------------------------------


_WRITTEN_PATH = re.compile(r"%?\w[\w-]*(?::%?\w[\w-]*(?:/%?\w[\w-]*(?:@\d+(?:\.\d+)*(?:[-+][\w.+-]*\w)?)?)?)?")


def _paths(here: _Here, context: AtPath, offset: int) -> Iterator[Completion]:
    """Interfaces or worlds, those of this package by name, those of others by path; a path is replaced as a whole."""
    db, root, text = here.snapshot.db, here.root, here.source.text
    yield from _words(here, context.words)
    span = here.cursor.word
    typed = text[context.start : offset] if context.start < offset else ""
    if typed:
        written = _WRITTEN_PATH.match(text, context.start)
        span = Span(context.start, max(offset, written.end() if written is not None else offset))
    top_level = context.purpose == "top-level"
    foreign = ("world",) if context.purpose == "include" else ("interface",)
    # Of another package, what a `use` at the top names is taken for an interface.
    wanted = ("interface", "world") if top_level else foreign
    tail = ""
    if context.purpose == "use" and not text[span.end : span.end + 1].startswith((".", "{")):
        tail = ".{$1};" if text[span.end : span.end + 1] != ";" else ".{$1}"
    taken = _paths_in_world(here, context, span)
    matches = _matcher(typed)
    own = package_of(db, root, here.unit)

    def item(label: str, found: Item, sort_text: str, detail: str) -> Completion:
        return Completion(
            label, found.kind, span, label, f"{label}{tail}" if tail else "", detail, "", sort_text, label,
            about=About(found.body),
        )  # fmt: skip

    if ":" not in typed:
        names = {name: found for name, found in items_of(db, own).items() if found.kind in wanted}
        for local, path in () if top_level else outline(db, here.unit).uses:
            target = resolve_top_level(db, root, here.unit, path)
            if target.item is not None and target.status == "found" and target.item.kind in wanted:
                names[local] = target.item
        for name, found in names.items():
            mine = here.body is not None and found.body == here.body
            label = identifier(name)
            if not mine and label not in taken and is_active(db, root, found.gate) and matches(name):
                yield item(label, found, f"2{name}", found.kind)
    for package_name, package in packages_by_name(db, root).items():
        bare = f"{identifier(package_name.namespace)}:{identifier(package_name.name)}/"
        if package == own or (":" in typed and not (bare.startswith(typed) or typed.startswith(bare))):
            continue
        for name, found in items_of(db, package).items():
            label = full_path(package_name, name)
            if found.kind in foreign and label not in taken and matches(label) and is_active(db, root, found.gate):
                yield item(label, found, f"3{label}", found.kind)


def _paths_in_world(here: _Here, context: AtPath, span: Span) -> set[str]:
    """The paths that the world around imports, exports or includes already, but for that at the cursor."""
    taken = set()
    body = body_of(here.snapshot.db, here.body) if here.body is not None else None
    for segment in body.members if body is not None else ():
        match segment.node:
            case Include(path=Path(span=written)) if context.purpose == "include":
                taken.add(segment.text[slice(*written)])
            case Extern(direction=direction, name=None, item=Path(span=written)) if direction == context.purpose:
                taken.add(segment.text[slice(*written)])
    taken.discard(here.source.text[slice(*span)])
    return taken


def _versions(here: _Here, context: AtVersion, offset: int) -> Iterator[Completion]:
    """The versions of a package that have the interface or world, or this package's own."""
    db, text = here.snapshot.db, here.source.text
    end = max(offset, context.start)
    while text[end : end + 1].isalnum():
        end += 1
    span = Span(min(context.start, offset), end)
    if context.package is None:
        yield _version(here, span, _current_version(here), 0)
        return
    known = [
        name.version
        for name, package in packages_by_name(db, here.root).items()
        if (name.namespace, name.name) == context.package and name.version and context.item in items_of(db, package)
    ]
    for rank, version in enumerate(reversed(known)):
        yield _version(here, span, version, rank)


def _version(here: _Here, span: Span, version: str, rank: int) -> Completion:
    return Completion(version, "version", span, version, sort_text=f"1{rank:03}", filter_text=version)
