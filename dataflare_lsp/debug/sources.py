"""The sources of a session: `.wit` files, and the WIT of the component, by which functions are shown.

A client names a source by its path, by its URI, or by the number of a text that it was given.
"""

import os
from collections.abc import Iterator
from typing import Final, NamedTuple

from dataflare_lsp.debug.messages import Source
from dataflare_lsp.debug.texts import NoText, Texts, file_named
from dataflare_lsp.features.functions import Declared
from dataflare_lsp.features.sites import Site, Sites
from dataflare_lsp.manifest.toml import parse
from dataflare_lsp.workspace.disk import Unreadable, read_text
from dataflare_lsp.workspace.provided import wit_of
from dataflare_lsp.workspace.roots import root_of_directory, root_of_file
from dataflare_lsp.workspace.uris import uri_of, view_of, viewed

_COMPONENT: Final = 1
"""The number of the component's WIT, for clients that have no name of their own for it."""


class Found(NamedTuple):
    """Where a function is declared."""

    file: str
    site: Site


class Sources:
    """What a session reads WIT from."""

    def __init__(self) -> None:
        self.texts: Final = Texts()
        self.uses_uris = False
        """Whether the client names files by their URIs."""
        self._component: str | None = None
        self._files: tuple[str, ...] = ()
        self._named: set[str] = set()

    def know(self, component: str, manifest: str | None) -> None:
        """The plugin is known: its component, and the WIT that it was written with."""
        self._component = view_of(component)
        self._files = tuple(_files_of(manifest)) if manifest is not None else ()

    def prepare(self) -> None:
        """Read all that there is to read, so that it is known where it is asked for."""
        for file in self._all():
            self.texts.read(file)

    def file(self, source: Source) -> str:
        """The file that a client means; "" where it means none."""
        if source.source_reference == _COMPONENT and self._component is not None:
            return self._component
        if source.path is None:
            return ""
        file = file_named(source.path, as_uri=self.uses_uris)
        self._named.add(file)
        return file

    def read(self, source: Source) -> Sites | NoText:
        """The functions of what a client means."""
        file = self.file(source)
        return self.texts.read(file) if file else NoText("this source has no path")

    def text(self, reference: int) -> str | None:
        """The text of a number."""
        if reference != _COMPONENT or self._component is None:
            return None
        sites = self.texts.read(self._component)
        return sites.snapshot.source(sites.file).text if isinstance(sites, Sites) else None

    def find(self, function: str) -> Found | None:
        """Where a function of the component is declared: where the client has asked, or in the plugin's WIT."""
        for file in self._all():
            sites = self.texts.read(file)
            if isinstance(sites, Sites):
                for site in sites.all:
                    if Declared(site.function).fits(function):
                        return Found(file, site)
        return None

    def listed(self) -> tuple[Source, ...]:
        """All of them that can be read."""
        return tuple([self.source(file) for file in self._all() if isinstance(self.texts.read(file), Sites)])

    def source(self, file: str) -> Source:
        """How the client is told of a file."""
        binary = viewed(file)
        name = os.path.basename(binary or file)
        if binary is None:
            return Source(name, uri_of(file) if self.uses_uris else file)
        if file in self._named:
            return Source(f"{name}.wit", file, origin="component")
        return Source(f"{name}.wit", None, _COMPONENT, origin="component")

    def _all(self) -> tuple[str, ...]:
        component = () if self._component is None else (self._component,)
        own = [file for file in self.texts.files() if viewed(file) is None]
        return tuple(dict.fromkeys([*own, *self._files, *component]))


def _files_of(manifest: str) -> Iterator[str]:
    """The `.wit` files of a plugin's package and its dependencies."""
    text = read_text(manifest)
    place = wit_of(manifest, parse(text)) if isinstance(text, str) else None
    if isinstance(text, Unreadable) or place is None:
        return
    if os.path.isdir(place):
        yield from [file for file in root_of_directory(place).files if file.endswith(".wit")]
    elif os.path.isfile(place):
        yield from [file for file in root_of_file(place).files if file.endswith(".wit")]
