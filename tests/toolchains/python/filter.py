"""A filter that drops records without a payload."""

from wit_world.exports import DataFilter as Exported
from wit_world.imports.types import DataRecord


class DataFilter(Exported):
    def keep(self, input: DataRecord) -> bool:
        return bool(input.payload)
