"""The sections that a core module or component is made of, without a look at what most of them hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from dataflare_lsp.component.binary import SECTIONS, kind_of
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.reader import Data, Reader

MAX_SECTIONS = 100_000
"""How many sections are looked at."""


class Section(NamedTuple):
    """A section: its `id` as in Binary.md, and where its `size` bytes of content begin.

    Of a custom section (`id` 0) that is what follows its `name`. Others have none.
    """

    id: int
    name: str
    offset: int
    size: int


def sections(data: Data, start: int = 0, end: int | None = None) -> Iterator[Section]:
    """The sections of the binary in `data` from `start` to `end`. Raises `MalformedComponent`."""
    limit = len(data) if end is None else end
    reader = Reader(data, start + 8, MAX_SECTIONS)
    while reader.position < limit:
        offset = reader.position
        reader.spend(1, offset)
        section = reader.byte()
        size = reader.u32()
        content, following = reader.position, reader.position + size
        if following > limit:
            raise MalformedComponent(f"a section of {size} bytes does not fit into what is around it", offset)
        name = ""
        if section == 0:
            name = reader.name()
            if reader.position > following:
                raise MalformedComponent("the name of a custom section does not fit into it", content)
        yield Section(section, name, reader.position, following - reader.position)
        reader.position = following


@contextmanager
def placed(data: Data) -> Iterator[None]:
    """Let a `MalformedComponent` that is raised within name the section of `data` that it is about."""
    try:
        yield
    except MalformedComponent as error:
        what = error.section or _holding(data, error.offset)
        if what == error.section:
            raise
        raise MalformedComponent(error.message, error.offset, what) from None


def _holding(data: Data, offset: int) -> str:
    """What the section of a component holds that the byte `offset` lies in; "" where there is none."""
    if kind_of(data) != "component":
        return ""
    try:
        for section in sections(data):
            if section.offset <= offset < section.offset + section.size:
                return SECTIONS.get(section.id, "")
    except MalformedComponent:
        pass
    return ""
