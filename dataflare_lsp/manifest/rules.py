"""The rules of a manifest that a JSON Schema cannot express. The model names them at the keys that they are about."""

import datetime
import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from dataflare_lsp.manifest import settings, spdx, units, versions
from dataflare_lsp.manifest.finding import Context, did_you_mean, finding, insertion, inside, replacing
from dataflare_lsp.manifest.paths import GIT, normal, why_outside
from dataflare_lsp.manifest.surroundings import ORIGINS, Origin, Package, World
from dataflare_lsp.manifest.toml import quoted
from dataflare_lsp.manifest.tree import Array, Missing, Plain, Scalar, Table, Value, plain, strings, text_of
from dataflare_lsp.manifest.vocabulary import HOST, KINDS, WASI
from dataflare_lsp.text import Diagnostic, Fix, Related, Span, TextEdit, all_nearest

Findings = Iterator[Diagnostic]


class Rule(NamedTuple):
    """A rule: what it asks for, and the function that says where a value does not do so."""

    docs: str
    check: Callable[[Context, Value], Findings]


# Licenses ---------------------------------------------------------------------------------------------------------


def _spdx(context: Context, value: Value) -> Findings:
    expression = text_of(value)
    if expression is None or not isinstance(value, Scalar):
        return
    for problem in spdx.problems(expression):
        span = inside(context.document, value, problem.start, problem.end)
        fixes: tuple[Fix, ...] = ()
        if span is not None:
            single = problem.is_certain and len(problem.instead) == 1
            fixes = tuple([
                Fix(f"write `{one}`" if one else "remove it", (TextEdit(span, one),), single) for one in problem.instead
            ])  # fmt: skip
        hint = "" if problem.is_certain else did_you_mean(problem.instead)
        yield finding(problem.code, problem.message, span or value.span, hint, fixes=fixes)


# Paths ------------------------------------------------------------------------------------------------------------


def _path(context: Context, value: Value) -> Findings:
    yield from _path_to(context, value, "")


def _baseline(context: Context, value: Value) -> Findings:
    """What a revision holds is not looked at here."""
    if not (text_of(value) or GIT).startswith(GIT):
        yield from _path_to(context, value, "")


def _schema_path(context: Context, value: Value) -> Findings:
    yield from _path_to(context, value, "file")


def _path_to(context: Context, value: Value, wanted: str) -> Findings:
    path = text_of(value)
    if path is None:
        return
    place = normal(path)
    if place is None:
        yield finding("path-outside-plugin", why_outside(path), value.span, fixes=_relative(path, value.span))
        return
    kind = context.surroundings.kind(place)
    if kind == "outside":
        message = f"a link on the way to `{path}` leads out of the plugin"
        yield finding("path-outside-plugin", message, value.span)
    elif kind == "missing":
        near = _near_paths(context, place)
        message = f"there is no `{path}` in the plugin"
        yield finding("unresolved-path", message, value.span, did_you_mean(near), fixes=replacing(value.span, near))
    elif wanted and kind != "unknown" and kind != wanted:
        yield finding("unresolved-path", f"`{path}` is a {kind}, and a {wanted} is needed", value.span)


def _relative(path: str, span: Span) -> tuple[Fix, ...]:
    if path.startswith("/") and normal(path.lstrip("/")) is not None and path.strip("/"):
        return (Fix("write it from the manifest's directory", (TextEdit(span, quoted(path.lstrip("/"))),), False),)
    return ()


def _near_paths(context: Context, place: str) -> list[str]:
    """Paths that are there, and differ from `place` in the last part that is not."""
    parts = place.split("/")
    for number in range(len(parts)):
        here = "/".join(parts[:number]) or "."
        names = [name for name, _ in context.surroundings.listing(here)]
        if parts[number] not in names:
            near = all_nearest(parts[number], names)
            rebuilt = ["/".join([*parts[:number], name, *parts[number + 1 :]]) for name in near]
            return [path for path in rebuilt if context.surroundings.kind(path) != "missing"]
    return []


def _component_path(context: Context, value: Value) -> Findings:
    path = text_of(value) or ""
    place = normal(path)
    if place is not None and context.surroundings.kind(place) == "missing":
        command = text_of(context.document.root.get("build", "command"))
        hint = f"build it: `{command}`" if command else "build the plugin, and its component is checked, too"
        yield finding("missing-component", f"there is no component `{path}` yet", value.span, hint)
    else:
        yield from _path_to(context, value, "file")


def _paths(context: Context, value: Value) -> Findings:
    for path, span in strings(value):
        if normal(path) is None:
            yield finding("path-outside-plugin", why_outside(path), span, fixes=_relative(path, span))


# Capabilities -----------------------------------------------------------------------------------------------------


def _host_interfaces(context: Context, value: Value) -> Findings:
    known = dict.fromkeys(host_interfaces(context))
    for name, span in strings(value):
        if name in known:
            continue
        near = all_nearest(name, known)
        hint = did_you_mean(near)
        if not near and name in WASI:
            hint = "it belongs to `wasi`"
        listed = ", ".join([f"`{one}`" for one in known])
        notes = () if near else (f"the host offers {listed}",)
        yield finding("unknown-capability", f"the host has no interface `{name}`", span, hint, notes,
                      replacing(span, near))  # fmt: skip


def host_interfaces(context: Context) -> tuple[str, ...]:
    """The interfaces of the host that can be granted: those of the target world, or where that is not known, all."""
    return _host_of_target(context) or tuple(HOST)


def _host_of_target(context: Context) -> tuple[str, ...]:
    """The interfaces that the target world imports from the host; empty where it is not known."""
    target = _named_world(context, target_of(context)) if target_of(context) else None
    return target[1].host if target is not None else ()


def _ports(context: Context, value: Value) -> Findings:
    for endpoint, span in strings(value):
        port = endpoint.rsplit(":", 1)[-1]
        if port.isdigit() and int(port) > 65_535:
            yield finding("invalid-value", f"there is no port {port}: the last one is 65535", span)


def _filesystem_grants(context: Context, value: Value) -> Findings:
    if not isinstance(value, Array):
        return
    seen: dict[str, tuple[str, Span]] = {}
    for item in value.items:
        if not isinstance(item, Table):
            continue
        path, access = text_of(item.get("path")), text_of(item.get("access")) or "read"
        place = normal(path) if path is not None else None
        if place is None:
            continue
        if place in seen and seen[place][1] != item.span:
            first, span = seen[place]
            message = (
                f"`{path}` is granted for `{first}` and for `{access}`"
                if first != access
                else f"`{path}` is granted twice"
            )
            related = (Related("", span, "it is granted here first"),)
            yield finding("contradicting-grants", message, item.span, related=related)
        seen.setdefault(place, (access, item.span))


_NEEDS = (
    ("network", ("sockets", "http"), "no host can be reached"),
    ("filesystem", ("filesystem",), "no file can be opened"),
    ("environment", ("cli",), "no variable can be read"),
)
"""Grants, the WASI packages one of which each needs, and what follows without that."""
_GRANTS_NEEDED = {"sockets": "network", "http": "network", "filesystem": "filesystem"}
"""What has to be granted besides these WASI packages, for them to be of use."""


def _grants(context: Context, value: Value) -> Findings:
    """Grants that contradict each other, and grants of nothing."""
    if not isinstance(value, Table):
        return
    wasi_value = value.get("wasi")
    wasi = {word for word, _ in strings(wasi_value)}
    for name, packages, follows in _NEEDS:
        entry = value.entries.get(name)
        granted = entry.value if entry is not None else None
        if not isinstance(granted, Array) or entry is None:
            continue
        if not granted.items:
            message = f"`{name}` grants nothing"
            hint = "leave it out: what is not granted is denied anyway"
            yield finding("empty-grant", message, granted.span, hint)
        elif not wasi.intersection(packages):
            needed = " or ".join([f"`{package}`" for package in packages])
            message = f"`{name}` is granted, and {follows}: `wasi` lacks {needed}"
            fixes = tuple([_adding(context, value, wasi_value, package) for package in packages])
            yield finding("contradicting-grants", message, entry.key.span, fixes=fixes)
    strict = value.get("strict")
    if isinstance(strict, Scalar) and strict.value is True:
        return  # here `wasi` says what may be imported, too
    for package, span in strings(wasi_value):
        grant = _GRANTS_NEEDED.get(package)
        if grant is not None and grant not in value.entries:
            what = "host that it may talk to" if grant == "network" else "path that it may open"
            message = f"`{package}` grants nothing: `{grant}` lists no {what}"
            yield finding("empty-grant", message, span, f"add `{grant}`, or leave `{package}` out")


def _adding(context: Context, table: Table, wasi: Value | None, package: str) -> Fix:
    """The fix that grants a package of WASI."""
    title = f"grant `{package}` in `wasi`"
    if isinstance(wasi, Array) and context.document.text.startswith("[", wasi.span.start):
        if wasi.items:
            place = wasi.items[-1].span.end
            return Fix(title, (TextEdit(Span(place, place), f', "{package}"'),), False)
        return Fix(title, (TextEdit(wasi.span, f'["{package}"]'),), False)
    return Fix(title, (insertion(context.document, table, f'wasi = ["{package}"]'),), False)


# Limits -----------------------------------------------------------------------------------------------------------


def _memory(context: Context, value: Value) -> Findings:
    size = text_of(value) or ""
    amount = units.bytes_of(size)
    if amount is None:
        return
    if amount < units.PAGE:
        message = f"{size} is less than a page of memory, which is 64KiB"
        yield finding("invalid-limit", message, value.span)
    elif amount > units.MOST_MEMORY:
        yield finding("invalid-limit", f"{size} is more than a component can address, which is 4GiB", value.span)


def _timeout(context: Context, value: Value) -> Findings:
    time = text_of(value) or ""
    if units.nanoseconds_of(time) == 0:
        yield finding("invalid-limit", "no call ends in no time", value.span, "leave it out for no limit")


# Settings ---------------------------------------------------------------------------------------------------------


def _config_schema(context: Context, value: Value) -> Findings:
    if text_of(value) is not None:
        wrong = tuple(_schema_path(context, value))
        yield from wrong
        if wrong:
            return
    schema = _schema(context, value)
    if isinstance(schema, settings.Wrong):
        yield finding("invalid-config-schema", f"`{text_of(value)}` is no JSON Schema: {schema.message}", value.span)
    elif schema is not None:
        problem = settings.problem_of(schema)
        if problem is not None:
            span = _span_at(value, problem.path)
            named = f"`{text_of(value)}`" if text_of(value) is not None else "this"
            shown = "/".join([str(part) for part in problem.path])
            where = f" at `{shown}`" if problem.path and text_of(value) is not None else ""
            yield finding("invalid-config-schema", f"{named} is no JSON Schema{where}: {problem.message}", span)


def _schema(context: Context, value: Value | None) -> object | settings.Wrong | None:
    """The schema that `config.schema` stands for; None where it is not to be had."""
    path = text_of(value)
    if path is None:
        return json_of(value) if isinstance(value, Table) else None
    place = normal(path)
    text = context.surroundings.text(place) if place is not None else None
    return settings.schema_of(text) if text is not None else None


def _config_default(context: Context, value: Value) -> Findings:
    if not isinstance(value, Table):
        return
    default, given = value.get("default"), value.get("schema")
    if not isinstance(default, Table) or given is None:
        return
    schema = _schema(context, given)
    if schema is None or isinstance(schema, settings.Wrong) or settings.problem_of(schema) is not None:
        return
    for wrong in settings.mismatches(schema, json_of(default)):
        shown = ".".join(["config.default", *[str(part) for part in wrong.path]])
        span = _span_at(default, wrong.path)
        related = (Related("", given.span, "by this schema"),)
        yield finding("config-mismatch", f"`{shown}`: {wrong.message}", span, related=related)


def json_of(value: Value) -> Plain:
    """A value as JSON has it: dates and times are strings there."""
    match value:
        case Table():
            held = value.entries.items()
            return {name: json_of(entry.value) for name, entry in held if not isinstance(entry.value, Missing)}
        case Array():
            return [json_of(item) for item in value.items if not isinstance(item, Missing)]
        case Scalar(value=datetime.datetime() | datetime.date() | datetime.time() as moment):
            return moment.isoformat()
    return plain(value)


def _span_at(value: Value, path: tuple[str | int, ...]) -> Span:
    """The place of what a path of keys and numbers leads to, as far as it leads."""
    here = value
    for part in path:
        if isinstance(here, Table) and part in here.entries:
            here = here.entries[str(part)].value
        elif isinstance(here, Array) and isinstance(part, int) and part < len(here.items):
            here = here.items[part]
        else:
            break
    return here.span


# Worlds -----------------------------------------------------------------------------------------------------------


def target_of(context: Context) -> str:
    """The world that the host requires: that named, or else the one of the plugin's kind; "" where neither is."""
    named = text_of(context.document.root.get("world", "target"))
    return named or KINDS.get(text_of(context.document.root.get("plugin", "kind")) or "", "")


def split_world(path: str) -> tuple[str, str, str]:
    """The package of a world's path ("" for the plugin's own), its name, and its version ("" for any)."""
    rest, _, version = path.partition("@")
    package, _, name = rest.rpartition("/")
    return package, name, version


def _named_world(context: Context, path: str, origins: Collection[Origin] = ORIGINS) -> tuple[Package, World] | None:
    """The world of a path, among the packages that can be found."""
    package, name, version = split_world(path)
    for one in context.surroundings.packages() or ():
        if one.origin not in origins:
            continue
        if (one.name == package or (not package and one.origin == "own")) and _is_version(one, version):
            for world in one.worlds:
                if world.name == name:
                    return one, world
    return None


def find_world(context: Context, path: str, origins: Collection[Origin] = ORIGINS) -> tuple[Package, World] | None:
    """The package and the world that a path names, in a package of one of some origins, or None."""
    return _named_world(context, path, origins)


def _is_version(package: Package, version: str) -> bool:
    return not version or package.version == version


def _world(context: Context, value: Value) -> Findings:
    yield from _world_named(context, value, False)


def _target(context: Context, value: Value) -> Findings:
    found = tuple(_world_named(context, value, True))
    yield from found
    if found:
        return
    kind = text_of(context.document.root.get("plugin", "kind")) or ""
    package, name, _ = split_world(text_of(value) or "")
    of_worlds = {split_world(world)[:2]: one for one, world in KINDS.items()}
    other = of_worlds.get((package, name))
    if kind in KINDS and other is not None and other != kind:
        message = f"`{name}` is the world of a {other}, and the plugin's `kind` is `{kind}`"
        right = KINDS[kind]
        fixes = (Fix(f"write `{right}`", (TextEdit(value.span, quoted(right)),), False),)
        yield finding("kind-mismatch", message, value.span, did_you_mean([right]), fixes=fixes)


def _world_named(context: Context, value: Value, target: bool) -> Findings:
    """Why there is no world of this name."""
    path = text_of(value)
    packages = context.surroundings.packages()
    if path is None or packages is None or _named_world(context, path) is not None:
        return
    package, name, version = split_world(path)
    same = [one for one in packages if (one.name == package if package else one.origin == "own")]
    if not same:
        if not package and not any(one.origin == "own" for one in packages):
            return  # there is no WIT to look into, which is said at `wit`
        near = all_nearest(package, [one.name for one in packages])
        right = [path.replace(package, one, 1) for one in near]
        message = f"there is no package `{package}` to take the world `{name}` from"
        notes = () if near else ("packages are looked for in `wit`, in `deps` beside it, and among `dependencies`",)
        yield finding("unresolved-world", message, value.span, did_you_mean(right), notes, replacing(value.span, right))
        return
    fitting = [one for one in same if _is_version(one, version)]
    if not fitting:
        versions_there = [one.version for one in same if one.version]
        listed = ", ".join(versions_there) or "none with a version"
        right = [f"{package}/{name}@{one}" for one in versions_there[:3]]
        message = f"`{package}` is not there in version {version}; found {listed}"
        yield finding(
            "unresolved-world", message, value.span, did_you_mean(right), (), replacing(value.span, right, False)
        )
        return
    words = list(dict.fromkeys([world.name for one in fitting for world in one.worlds]))
    near = all_nearest(name, words)
    prefix, suffix = f"{package}/" if package else "", f"@{version}" if version else ""
    right = [f"{prefix}{one}{suffix}" for one in near]
    listed = ", ".join([f"`{one}`" for one in words[:8]])
    notes = () if near else (f"its worlds are {listed}",) if words else ("it has no worlds",)
    message = f"there is no world `{name}` in `{fitting[0].title}`"
    yield finding("unresolved-world", message, value.span, did_you_mean(right), notes, replacing(value.span, right))


def _default_world(context: Context, value: Value) -> Findings:
    """Where no world is named, the plugin's package has one."""
    if not isinstance(value, Table) or not isinstance(value.get("plugin"), Table):
        return
    table = value.get("world")
    if isinstance(table, Table) and "name" in table.entries:
        return
    own = [one for one in context.surroundings.packages() or () if one.origin == "own"]
    worlds = [(one, world) for one in own for world in one.worlds]
    if not own or len(worlds) == 1:
        return
    place = table if isinstance(table, Table) else value.get("plugin")
    assert isinstance(place, Table)
    if not worlds:
        message = f"the plugin's package `{own[0].title}` has no world"
        yield finding("unresolved-world", message, place.span, "a plugin is built for a world")
        return
    listed = ", ".join([f"`{world.name}`" for _, world in worlds[:8]])
    fixes = []
    for package, world in worlds[:5]:
        line = f'name = "{package.name}/{world.name}"'
        if isinstance(table, Table):
            edit = insertion(context.document, table, line)
        else:
            end = len(context.document.text)
            before = "" if context.document.text.endswith("\n\n") else "\n" if (
                context.document.text.endswith("\n")) else "\n\n"  # fmt: skip
            edit = TextEdit(Span(end, end), f"{before}[world]\n{line}\n")
        fixes.append(Fix(f"name `{world.name}`", (edit,), False))
    message = f"the plugin's package has {len(worlds)} worlds, {listed}: `[world]` needs a `name`"
    yield finding("unresolved-world", message, place.span, fixes=tuple(fixes))


# Dependencies -----------------------------------------------------------------------------------------------------


def _dependencies(context: Context, value: Value) -> Findings:
    if not isinstance(value, Table):
        return
    for name, entry in value.entries.items():
        table = entry.value
        if isinstance(table, Table):
            wanted, path = table.get("version"), table.get("path")
        else:
            wanted, path = table, None
        place = normal(text_of(path) or "") if path is not None else None
        if path is not None and (place is None or context.surroundings.kind(place) != "directory") and (
            place is None or context.surroundings.kind(place) != "file"):  # fmt: skip
            continue  # said at the path, or nobody can say
        packages = context.surroundings.package_at(place) if place is not None else context.surroundings.packages()
        if packages is None:
            continue
        others = [one for one in packages if place is not None or one.origin != "own"]
        same = [one for one in others if one.name == name]
        if not same and path is not None:
            held = ", ".join([f"`{one.title}`" for one in others[:3]]) or "no package"
            message = f"`{text_of(path)}` holds {held}, and not `{name}`"
            yield finding("dependency-mismatch", message, path.span)
        elif not same:
            near = all_nearest(name, [one.name for one in others if one.name not in value.entries])
            fixes = tuple(
                [Fix(f"write `{one}`", (TextEdit(entry.key.span, quoted(one)),), len(near) == 1) for one in near[:3]]
            )
            notes = () if near else ("put it into `deps` beside the plugin's WIT, or say where it is by `path`",)
            yield finding("unresolved-dependency", f"there is no package `{name}`", entry.key.span, did_you_mean(near),
                          notes, fixes)  # fmt: skip
        else:
            yield from _dependency_version(name, wanted, same)


def _dependency_version(name: str, wanted: Value | None, same: list[Package]) -> Findings:
    """The first place that has the package is the one that counts."""
    requirement = text_of(wanted)
    if requirement is None or wanted is None or not re.fullmatch(versions.REQUIREMENT, requirement):
        return
    from_first = [one for one in same if one.origin == same[0].origin]
    if any(versions.matches(requirement, one.version) for one in from_first):
        return
    there = [one.version for one in from_first if one.version]
    related = (Related(same[0].file, same[0].span, "the package is here"),)
    if not there:
        message = f"`{name}` declares no version, and `{requirement}` is required"
        yield finding("dependency-mismatch", message, wanted.span, related=related)
        return
    message = f"`{name}` is there in version {', '.join(there)}, and `{requirement}` is required"
    right = [f"^{version}" for version in there if versions.version_of(version) is not None]
    yield finding("dependency-mismatch", message, wanted.span, did_you_mean(right), (),
                  replacing(wanted.span, right, False), related)  # fmt: skip


RULES: dict[str, Rule] = {
    "spdx": Rule("identifiers are in the SPDX License List, and the expression is well-formed", _spdx),
    "path": Rule("the path stays inside the plugin, by links too, and is there", _path),
    "baseline": Rule("where it is a path, that stays inside the plugin, by links too, and is there", _baseline),
    "component-path": Rule("the path stays inside the plugin; what is not there is to be built", _component_path),
    "paths": Rule("every pattern stays inside the plugin", _paths),
    "host-interfaces": Rule("the target world imports an interface of the name", _host_interfaces),
    "ports": Rule("a port is at most 65535", _ports),
    "filesystem-grants": Rule("no path is granted twice, however it is written", _filesystem_grants),
    "grants": Rule("`network`, `filesystem` and `environment` grant something, as their `wasi` packages do", _grants),
    "memory": Rule("at least 64KiB, at most 4GiB", _memory),
    "timeout": Rule("more than nothing", _timeout),
    "config-schema": Rule("the file is inside the plugin and there, and the schema is one", _config_schema),
    "config-default": Rule("`default` is valid by `schema`", _config_default),
    "world": Rule("there is such a world", _world),
    "target": Rule("there is such a world, and it is not that of another kind", _target),
    "default-world": Rule("where no world is named, the plugin's package has exactly one", _default_world),
    "dependencies": Rule("the package is there, in a version that is required", _dependencies),
}  # fmt: skip
"""What is checked beyond the schema, by name."""

MANIFEST_RULES = ("default-world",)
"""The rules about a manifest as a whole."""
