"""Mistakes as the rules see them: placed in a body, before they become diagnostics of a file."""

from typing import NamedTuple

from dataflare_lsp.text import Fix, Span
from dataflare_lsp.wit.package import UnitId
from dataflare_lsp.wit.parser import Problem
from dataflare_lsp.wit.source import BodyId

HEAD = -1
"""The number of a body's own head among its members."""


class Here(NamedTuple):
    """Another place in the same body."""

    member: int
    span: Span
    message: str


class Definition(NamedTuple):
    """Where a body, or a name in it, is defined; found only when it is shown, so that it is never out of date."""

    body: BodyId
    name: str
    message: str


class PackageHeaderPlace(NamedTuple):
    """Where a package is named."""

    unit: UnitId
    message: str


Elsewhere = Here | Definition | PackageHeaderPlace


class Finding(NamedTuple):
    """A mistake: `problem` counts from the start of segment `member` of a body, or of a file for its own rules."""

    member: int
    problem: Problem
    elsewhere: tuple[Elsewhere, ...] = ()


def found(
    member: int,
    code: str,
    message: str,
    span: Span,
    hint: str = "",
    *,
    notes: tuple[str, ...] = (),
    fixes: tuple[Fix, ...] = (),
    elsewhere: tuple[Elsewhere, ...] = (),
) -> Finding:
    """A finding, in one line."""
    return Finding(member, Problem(code, message, span, hint, notes, (), fixes), elsewhere)
