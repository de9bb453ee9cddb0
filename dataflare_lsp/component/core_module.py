"""The sections of a core module, of which only custom ones matter here. The others are passed over by their size."""

from collections.abc import Iterator

from dataflare_lsp.component.binary import DEFAULT_LIMITS
from dataflare_lsp.component.errors import MalformedComponent
from dataflare_lsp.component.model import CustomSection
from dataflare_lsp.component.reader import Data, Reader


def custom_sections(data: Data, start: int = 0, end: int | None = None) -> Iterator[CustomSection]:
    """The custom sections of the core module in `data` from `start` to `end`. Raises `MalformedComponent`."""
    limit = len(data) if end is None else end
    reader = Reader(data, start + 8, DEFAULT_LIMITS.elements)
    while reader.position < limit:
        offset = reader.position
        reader.spend(1, offset)
        section = reader.byte()
        size = reader.u32()
        content = reader.position
        if content + size > limit:
            raise MalformedComponent(f"a section of {size} bytes does not fit into its module", offset)
        if section == 0:
            name = reader.name()
            if reader.position > content + size:
                raise MalformedComponent("the name of a custom section does not fit into it", offset)
            yield CustomSection(name, reader.position, content + size - reader.position)
        reader.position = content + size
