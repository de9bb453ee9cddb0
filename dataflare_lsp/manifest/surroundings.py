"""What lies around a manifest, as its checks ask for it: files, and WIT packages.

Paths are from the manifest's directory, as they are written, with `/` between their parts.
"""

from typing import Final, Literal, NamedTuple, Protocol

from dataflare_lsp.text import Span

PathKind = Literal["file", "directory", "missing", "outside", "unknown"]
"""What a path leads to: `outside` where a link leads out of the plugin, `unknown` where nobody can say."""

Origin = Literal["own", "path", "deps", "workspace", "shipped"]
"""Where a package comes from, in the order in which they are looked for."""

ORIGINS: Final[tuple[Origin, ...]] = ("own", "path", "deps", "workspace", "shipped")


class World(NamedTuple):
    """A world, and where its name is defined. `host` are the interfaces that it imports, without those of WASI."""

    name: str
    file: str
    span: Span
    host: tuple[str, ...] = ()


class Package(NamedTuple):
    """A WIT package. `version` is "" where it declares none; `file` is one of its files, `span` its header there."""

    name: str
    version: str
    file: str
    span: Span
    origin: Origin
    worlds: tuple[World, ...] = ()

    @property
    def title(self) -> str:
        """The name with its version."""
        return f"{self.name}@{self.version}" if self.version else self.name


class Surroundings(Protocol):
    """Files and packages around one manifest."""

    def kind(self, path: str) -> PathKind:
        """What a path leads to. It is relative, and has no `..` that leads out."""
        ...

    def text(self, path: str) -> str | None:
        """The text of a file; None where it cannot be read."""
        ...

    def listing(self, path: str) -> tuple[tuple[str, bool], ...]:
        """The names in a directory, and whether each is a directory itself."""
        ...

    def packages(self) -> tuple[Package, ...] | None:
        """The plugin's own package (first), and all others that can be found; None where nobody can say."""
        ...

    def package_at(self, path: str) -> tuple[Package, ...] | None:
        """The packages in a directory or file; None where nobody can say."""
        ...


class Nowhere:
    """Surroundings of which nothing is known: what depends on them is not checked."""

    def kind(self, path: str) -> PathKind:
        return "unknown"

    def text(self, path: str) -> str | None:
        return None

    def listing(self, path: str) -> tuple[tuple[str, bool], ...]:
        return ()

    def packages(self) -> tuple[Package, ...] | None:
        return None

    def package_at(self, path: str) -> tuple[Package, ...] | None:
        return None
