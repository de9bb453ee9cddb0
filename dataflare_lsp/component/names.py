"""Names in the binary that carry structure. Specification: Explainer.md, "Import and Export Definitions"."""

import re
from typing import Literal, NamedTuple, cast

from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import ExternName
from dataflare_lsp.component.package import InterfaceName
from dataflare_lsp.wit.syntax import PackageName

# The alternatives for a word exclude one another, so that a long name that fails does so in linear time.
_LABEL = r"(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[0-9]*[a-z][a-z0-9]*|[0-9]*[A-Z][A-Z0-9]*|[0-9]+))*"
_WORDS = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_NUMBER = r"(?:0|[1-9][0-9]*)"
_PRERELEASE = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = (
    rf"(?P<core>{_NUMBER}\.{_NUMBER}\.{_NUMBER})"
    rf"(?:-(?P<pre>{_PRERELEASE}(?:\.{_PRERELEASE})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)

_MAX_VERSION = 256

_label = re.compile(_LABEL)
_plain_name = re.compile(rf"(?:\[(constructor|method|static)\])?(?:\[(get|set)\])?(?:({_LABEL})\.)?({_LABEL})")
_interface_name = re.compile(rf"({_WORDS}):({_WORDS})/({_LABEL})(?:@(.*))?", re.DOTALL)
_version = re.compile(_VERSION)


class PlainName(NamedTuple):
    """A name such as `label`, `[constructor]resource`, `[static]resource.label` or `[method][get]resource.label`."""

    label: str
    role: Literal["constructor", "method", "static"] | None
    resource: str | None
    accessor: Literal["get", "set"] | None


def is_label(name: str) -> bool:
    """Whether `name` is a kebab-case label."""
    return _label.fullmatch(name) is not None


def label(name: str, offset: int) -> str:
    """`name`, if it is a kebab-case label. Raises `MalformedComponent`."""
    if not is_label(name):
        raise MalformedComponent(f"{_shown(name)} is not a name in kebab case", offset)
    return name


def plain_name(name: str, offset: int) -> PlainName:
    """The parts of `name`. Raises `MalformedComponent`."""
    match = _plain_name.fullmatch(name)
    if match is not None:
        role, accessor, resource, last = match.groups()
        if role == "constructor" and resource is None and accessor is None:
            return PlainName(last, "constructor", last, None)
        if (resource is not None) == (role in ("method", "static")) and role != "constructor":
            # Types in quotes: evaluating them costs as much as all else here.
            kind = cast('Literal["method", "static"] | None', role)
            return PlainName(last, kind, resource, cast('Literal["get", "set"] | None', accessor))
    raise MalformedComponent(f"{_shown(name)} is not a name for a function", offset)


def is_interface_name(name: str) -> bool:
    """Whether `name` is meant as the name of an interface in a package, rather than as a plain name."""
    return ":" in name


def interface_name(name: str, version_suffix: str | None, offset: int) -> InterfaceName:
    """The parts of `name`, its version completed by `version_suffix`. Raises `MalformedComponent`."""
    match = _interface_name.fullmatch(name)
    if match is None:
        raise MalformedComponent(f"{_shown(name)} is not the name of an interface in a package", offset)
    namespace, package, interface, version = match.groups()
    if version_suffix is not None:
        if version is None:
            raise MalformedComponent(f"{_shown(name)} has no version that a suffix could complete", offset)
        version += version_suffix
    if version is not None and not is_version(version):
        raise MalformedComponent(f"{_shown(version)} is not a semantic version", offset)
    return InterfaceName(PackageName(namespace, package, version), interface)


def origin_name(name: ExternName, offset: int) -> InterfaceName | None:
    """The interface that an instance of this name is one of; None for one written in place."""
    if name.implements is not None:
        return interface_name(name.implements, name.version_suffix, offset)
    if is_interface_name(name.name):
        return interface_name(name.name, name.version_suffix, offset)
    return None


def is_version(version: str) -> bool:
    """Whether `version` is a semantic version (2.0.0) of sane length."""
    return len(version) <= _MAX_VERSION and _version.fullmatch(version) is not None


def _shown(name: str) -> str:
    return f"`{name[:80]}…`" if len(name) > 80 else f"`{name}`"
