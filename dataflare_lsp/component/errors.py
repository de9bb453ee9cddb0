"""Why a component binary, or its text form, could not be used."""


class ComponentError(Exception):
    """The base of all errors of this layer; `str()` of it is a sentence fragment for the user."""


class MalformedComponent(ComponentError):
    """The bytes are not what the component binary format allows, at the byte `offset`, in a section of `section`."""

    def __init__(self, message: str, offset: int, section: str = "") -> None:
        super().__init__(f"{message} (at byte {offset:#x}{section and f', in a section of {section}'})")
        self.message = message
        self.offset = offset
        self.section = section


class NotAWitPackage(ComponentError):
    """The bytes are WebAssembly, but a component or a core module instead of an encoded WIT package."""


class CoreModule(NotAWitPackage):
    """The bytes are a core module, and it carries no WIT."""


class NotRepresentable(ComponentError):
    """The package is sound as a binary, but says something that WIT has no way to write."""


class MalformedWat(ComponentError):
    """The text is not WebAssembly text: what its parser says, and at which line and column (1-based) where it does."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message if line is None else f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class WatUnavailable(ComponentError):
    """WebAssembly text cannot be read, because the package `wasmtime` is not installed."""
