"""What `check` does with components besides looking at them: compile them, and start them where that is asked for.

Both happen in processes of their own, under limits; what compiling shows is kept by the component's content.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.workspace.roots import NoSuchPath, Root, find_roots, is_encoded, is_manifest
from dataflare_lsp.workspace.workspace import Workspace

_SLOW: Final = 1 << 20
"""The bytes of a component from which on compiling it takes so long that it is worth a word."""


def with_wanted_world(workspace: Workspace, arguments: Arguments) -> None:
    """Compare components by themselves with the world that `--world` names, among the packages of `--wit`.

    Raises `Failure` where there is no such world.
    """
    from dataflare_lsp.workspace.parts import world_in

    named, place = arguments.value("--world"), arguments.value("--wit")
    try:
        (root, *_) = find_roots([place])
    except NoSuchPath as wrong:
        raise Failure(f"cannot read `{wrong.path}`: {wrong.reason}") from None
    except ValueError:
        raise Failure(f"`--wit {place}`: there are no `.wit` files in it") from None
    workspace.add_root(root)
    found = world_in(workspace, root, named)
    workspace.remove_root(root.path)
    if isinstance(found, str):
        raise Failure(f"`--wit {place}`: {found}")
    workspace.plugins.wanted = found


def look_into(workspace: Workspace, roots: Iterable[Root], starting: bool) -> None:
    """Find out of the components of some roots whether they are valid, and with `starting` whether they start."""
    from dataflare_lsp.component.built import Built
    from dataflare_lsp.runtime.cache import Cache, default_folder
    from dataflare_lsp.workspace.examination import examine
    from dataflare_lsp.workspace.parts import budget_of, stamp_of

    cache = Cache(default_folder())
    for path, manifest in _components(workspace, roots).items():
        artefact = workspace.plugins.artefacts.at(path)
        if artefact is None or not isinstance(artefact.holds, Built) or not path.endswith(".wasm"):
            continue
        stamp = stamp_of(path)
        budget = budget_of(workspace.plugin(manifest).document if manifest else None) if starting else None
        with _telling(path, artefact.holds.size):
            examination = examine(path, artefact.holds.side, cache, budget)
        if examination is not None:  # else it is gone, which is said elsewhere
            workspace.plugins.artefacts.examined(path, stamp, examination)


@contextmanager
def _telling(path: str, size: int) -> Iterator[None]:
    """Say on a terminal what takes its time, as long as it does."""
    if size < _SLOW or not sys.stderr.isatty():
        yield
        return
    from dataflare_lsp.cli.terminal import harmless, write

    write(f"compiling {harmless(os.path.basename(path))} ({size / (1 << 20):.1f} MiB) …\r", sys.stderr)
    sys.stderr.flush()
    try:
        yield
    finally:
        write("\x1b[2K", sys.stderr)


def _components(workspace: Workspace, roots: Iterable[Root]) -> dict[str, str]:
    """The components that are looked at, each with the manifest that names it; "" for one that is judged by itself."""
    found: dict[str, str] = {}
    for root in roots:
        if is_manifest(root.path):
            from dataflare_lsp.workspace.parts import component_path

            path = component_path(workspace.plugin(root.path))
            if path is not None:
                found[path] = root.path
        elif is_encoded(root.path):
            artefact = workspace.plugins.artefacts.at(root.path)
            undecodable = workspace.undecodable.get(root.path)
            is_webassembly = undecodable is None or undecodable.is_webassembly
            if artefact is not None and is_webassembly and not _is_package(artefact.holds):
                found.setdefault(root.path, "")
                workspace.plugins.alone.add(root.path)
    return found


def _is_package(holds: object) -> bool:
    from dataflare_lsp.component.built import NotBuilt

    return isinstance(holds, NotBuilt) and holds.is_package
