"""Rules of paths: they lead to an interface or a world that is there."""

from dataflare_lsp.memo import Database
from dataflare_lsp.text import Fix, Span, TextEdit
from dataflare_lsp.wit import lexer
from dataflare_lsp.wit.facts import PathKey
from dataflare_lsp.wit.finding import Definition, Finding, found
from dataflare_lsp.wit.misspelt import Near, near_name, when_mended
from dataflare_lsp.wit.names import first_named_as_world, items_of, package_of, packages_by_name, resolve
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.rules.place import Place
from dataflare_lsp.wit.syntax import Path


def path_finding(place: Place, number: int, path: Path, wanted: str) -> Finding | None:
    """What is wrong with a path that should lead to an interface or a world, if anything is."""
    db, root = place.db, place.root
    target = resolve(db, root, place.unit, PathKey(path.package, path.name.text))
    if target.status == "no-package":
        assert path.package is not None
        return missing_package(db, root, number, path, place.unit)
    if target.status == "no-item" and not lexer.is_kebab_case(path.name.text):
        return None
    if target.status == "no-item":
        if path.package is None:
            candidates = items_of(db, package_of(db, root, place.unit))
            if path.name.text in when_mended(candidates):
                return None
            meant = near_name(path.name.text, candidates)
            return found(
                number,
                "unresolved-interface",
                f"no interface or world `{path.name.text}` in this package",
                path.name.span,
                meant.hint if meant else "",
                fixes=rename_fix(path.name.span, meant),
            )
        return missing_item(db, root, number, path)
    if target.item is not None and target.status == "found" and target.item.kind != wanted:
        article = "an interface" if target.item.kind == "interface" else "a world"
        other = "a world" if wanted == "world" else "an interface"
        return found(
            number,
            "wrong-kind",
            f"`{path.name.text}` is {article}, not {other}",
            path.name.span,
            elsewhere=(Definition(target.item.body, "", "defined here"),),
        )
    return None


def matters_switched_off(place: Place, path: Path, bad: Finding) -> bool:
    """Whether the finding about a path is a mistake even where the path is behind a gate that is switched off."""
    if path.package is None or bad.problem.code == "unresolved-package":
        return True
    key = PathKey(path.package, path.name.text)
    return bad.problem.code == "wrong-kind" and first_named_as_world(place.db, place.root, place.unit, key)


def missing_package(db: Database, root: str, number: int, path: Path, unit: UnitId) -> Finding:
    """A path into a package that the root does not have."""
    assert path.package is not None
    known = packages_by_name(db, root)
    own = package_of(db, root, unit).name
    if own is not None and path.package == own._replace(version=None):
        return found(
            number,
            "unresolved-package",
            f"no package `{path.package}`",
            path.package_span,
            f"this is package `{own}`, which names what it holds without a package: write `{written(path.name.text)}`",
            fixes=bare_fix(path),
        )
    bare = f"{path.package.namespace}:{path.package.name}"
    versions = [name for name in known if (name.namespace, name.name) == path.package[:2]]
    hint = ""
    fixes: tuple[Fix, ...] = ()
    span = path.package_span
    notes: tuple[str, ...] = ()
    if versions:
        listed = ", ".join(f"`{name}`" for name in versions[:6])
        hint = f"found instead: {listed}"
        if len(versions) == 1:
            version = versions[0].version
            after = Span(path.name.end, path.end)
            fixes = (Fix(f"Use `{versions[0]}`", (TextEdit(after, f"@{version}" if version else ""),)),)
    else:
        meant = near_name(bare, [f"{name.namespace}:{name.name}" for name in known])
        if meant:
            hint = meant.hint
            new = ":".join(map(written, meant.name.split(":")))
            fixes = (Fix(f"Change to `{new}`", (TextEdit(span, new),), meant.certain),)
        else:
            notes = ("dependencies are looked for in the `deps` folder beside the package's files",)
    return found(number, "unresolved-package", f"no package `{path.package}`", span, hint, notes=notes, fixes=fixes)


def missing_item(db: Database, root: str, number: int, path: Path) -> Finding:
    """A path to an interface or world that its package does not have, or has not with these features."""
    assert path.package is not None
    package = packages_by_name(db, root)[path.package]
    items = items_of(db, package)
    name = path.name
    item = items.get(name.text)
    if item is not None:
        return found(
            number,
            "inactive-item",
            f"`{name.text}` exists only with the feature `{item.gate.feature}`, which is not active",
            name.span,
            notes=(f"switch it on with `--features {item.gate.feature}`",),
            elsewhere=(Definition(item.body, "", "defined here"),),
        )
    meant = near_name(name.text, items)
    return found(
        number,
        "unresolved-interface",
        f"no interface or world `{name.text}` in package `{path.package}`",
        name.span,
        meant.hint if meant else "",
        fixes=rename_fix(name.span, meant),
    )


def bare_fix(path: Path) -> tuple[Fix, ...]:
    """The fix that leaves a path's package out."""
    bare = written(path.name.text)
    return (Fix(f"Write `{bare}`", (TextEdit(Span(path.start, path.end), bare),)),) if path.name.text else ()


def rename_fix(span: Span, meant: Near | None) -> tuple[Fix, ...]:
    """The fix that writes the name that was meant."""
    if meant is None:
        return ()
    new = written(meant.name)
    return (Fix(f"Change to `{new}`", (TextEdit(span, new),), meant.certain),)


def written(name: str) -> str:
    """A name as it is written: with `%` where it is a keyword."""
    return f"%{name}" if name in lexer.KEYWORDS else name
