"""What it takes to run a plugin: its component, what it may take, what it is given, all by its manifest."""

import os
from collections.abc import Mapping
from json import dumps
from typing import NamedTuple

from dataflare_lsp.manifest.check import check
from dataflare_lsp.manifest.paths import normal
from dataflare_lsp.manifest.surroundings import Nowhere, PathKind
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.manifest.tree import Array, Document, Table, plain, strings, text_of
from dataflare_lsp.manifest.units import bytes_of, nanoseconds_of
from dataflare_lsp.runtime.host.surroundings import Grants, Preopen
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.world import Allowance
from dataflare_lsp.workspace.disk import ForeignEncoding, Unreadable, read_text
from dataflare_lsp.workspace.links import leads_out
from dataflare_lsp.workspace.paths import shown_path

MANIFEST = "dataflare.toml"
HOST_INTERFACES = frozenset({"logging", "metrics", "configuration"})


class CannotLaunch(Exception):
    """A plugin cannot be run; the message says why, and what to do."""


class Launch(NamedTuple):
    """A plugin as it is to be run. Paths are absolute; `manifest` and `input` are None where there are none.

    `missing` are environment variables that the manifest grants and that are not set. `build` is the command that makes
    the component. `kind` is what the manifest says.
    """

    component: str
    manifest: str | None
    limits: CallLimits
    allowance: Allowance
    input: str | None = None
    missing: tuple[str, ...] = ()
    build: str | None = None
    kind: str | None = None

    @property
    def directory(self) -> str:
        """The plugin's folder."""
        return os.path.dirname(self.manifest or self.component)


def launch_of(path: str, environment: Mapping[str, str]) -> Launch:
    """How to run what is at `path`: a plugin's folder, its manifest, or a component by itself.

    A component by itself gets the host's interfaces, default limits, and nothing else. Raises CannotLaunch.
    """
    place = os.path.abspath(path)
    if os.path.isdir(place):
        manifest = os.path.join(place, MANIFEST)
        if not os.path.isfile(manifest):
            raise CannotLaunch(f"`{path}` has no {MANIFEST}; name a plugin's folder, its manifest, or a component")
        return _by_manifest(manifest, environment)
    if not os.path.isfile(place):
        raise CannotLaunch(f"there is no `{path}`")
    if place.endswith(".toml"):
        return _by_manifest(place, environment)
    if not place.endswith((".wasm", ".wat")):
        raise CannotLaunch(f"`{path}` is neither a folder, nor a {MANIFEST}, nor a `.wasm` or `.wat` file")
    return Launch(place, None, CallLimits(), Allowance(Grants(HOST_INTERFACES), {}))


def build_of(path: str) -> str | None:
    """The command that builds the plugin at `path`, by its manifest. Raises CannotLaunch where none is named."""
    manifest = os.path.join(path, MANIFEST) if os.path.isdir(path) else path
    if not manifest.endswith(".toml") or not os.path.isfile(manifest):
        raise CannotLaunch(f"`{path}` has no {MANIFEST} that says how to build it")
    command = text_of(_document(manifest).root.get("build", "command"))
    if command is None:
        raise CannotLaunch(f"`{manifest}` does not say how the plugin is built: it needs `build.command`")
    return command


def _by_manifest(file: str, environment: Mapping[str, str]) -> Launch:
    document = _document(file)
    directory = os.path.dirname(file)
    component = _inside(directory, text_of(document.root.get("component", "path")))
    if component is None:
        raise CannotLaunch(f"`{shown_path(file)}` does not say where the component is: it needs `component.path`")
    build = text_of(document.root.get("build", "command"))
    if not os.path.isfile(component):
        hint = f"build it first: `{build}`" if build else "build it first"
        raise CannotLaunch(f"there is no component at `{shown_path(component)}`; {hint}")
    granted = _granted(document, directory)
    variables = [name for name in granted.environment_names if name in environment]
    missing = tuple(name for name in granted.environment_names if name not in environment)
    grants = granted.grants._replace(environment=tuple((name, environment[name]) for name in variables))
    return Launch(
        component,
        file,
        _limits(document),
        Allowance(grants, _settings(document)),
        _inside(directory, text_of(document.root.get("debug", "input"))),
        missing,
        build,
        text_of(document.root.get("plugin", "kind")),
    )


def _document(file: str) -> Document:
    text = read_text(file)
    if isinstance(text, Unreadable | ForeignEncoding):
        raise CannotLaunch(f"cannot read `{shown_path(file)}`")
    document = parse(text)
    wrong = [one for one in check(document, _Links(os.path.dirname(file))) if one.severity == "error"]
    if wrong:
        line = text.count("\n", 0, wrong[0].span.start) + 1
        raise CannotLaunch(f"{shown_path(file)}:{line}: {wrong[0].message}; `dataflare-lsp check` shows all mistakes")
    return document


class _Links(Nowhere):
    """Of what lies around a manifest, only which paths lead out of the plugin: nothing else keeps it from running."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def kind(self, path: str) -> PathKind:
        return "outside" if leads_out(self._directory, path) else "unknown"


class _Granted(NamedTuple):
    grants: Grants
    environment_names: tuple[str, ...]


def _granted(document: Document, directory: str) -> _Granted:
    host, wasi, network, environment = (
        [text for text, _ in strings(document.root.get("capabilities", name))]
        for name in ("host", "wasi", "network", "environment")
    )
    folders = document.root.get("capabilities", "filesystem")
    preopens = []
    for folder in folders.items if isinstance(folders, Array) else ():
        said = text_of(folder.get("path")) if isinstance(folder, Table) else None
        place = _inside(directory, said)
        if place is not None and said is not None and isinstance(folder, Table):
            if os.path.islink(place) and os.path.isfile(place):
                raise CannotLaunch(f"`{said}` is granted and is a link; grant the file that it leads to")
            is_writable = text_of(folder.get("access")) == "write"
            preopens.append(Preopen(os.path.realpath(place), normal(said) or ".", is_writable))
    grants = Grants(
        host=frozenset(host) if document.root.get("capabilities", "host") is not None else HOST_INTERFACES,
        wasi=frozenset(wasi),
        network=tuple(network),
        filesystem=tuple(preopens),
        arguments=("plugin",),
    )
    return _Granted(grants, tuple(environment))


def _limits(document: Document) -> CallLimits:
    limits = CallLimits()
    memory = bytes_of(text_of(document.root.get("limits", "memory")) or "")
    timeout = nanoseconds_of(text_of(document.root.get("limits", "timeout")) or "")
    fuel = document.root.get("limits", "fuel")
    amount = plain(fuel) if fuel is not None else None
    if memory is not None:
        limits = limits._replace(memory=memory)
    if timeout is not None:
        limits = limits._replace(seconds=timeout / 1e9)
    if isinstance(amount, int) and not isinstance(amount, bool):
        limits = limits._replace(fuel=amount)
    return limits


def _settings(document: Document) -> dict[str, str]:
    """The defaults of the plugin's settings as text: what is no text arrives as JSON."""
    table = document.root.get("config", "default")
    said = plain(table) if table is not None else {}
    if not isinstance(said, dict):
        return {}
    return {
        key: value if isinstance(value, str) else dumps(value, ensure_ascii=False, default=str)
        for key, value in said.items()
    }


def _inside(directory: str, path: str | None) -> str | None:
    """A path of the manifest on disk; None where it leads out of the plugin."""
    place = normal(path) if path else None
    return None if place is None else os.path.join(directory, *place.split("/"))
