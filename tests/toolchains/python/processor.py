"""A processor that writes payloads in capitals, and logs what it does."""

from wit_world.exports import DataProcessor as Exported
from wit_world.exports.data_processor import ProcessingResult, ProcessingResult_Skip, ProcessingResult_Success
from wit_world.imports import logging
from wit_world.imports.types import DataRecord


class DataProcessor(Exported):
    def process(self, input: DataRecord) -> ProcessingResult:
        if not input.payload:
            return ProcessingResult_Skip()
        logging.log("debug", input.id)
        input.payload = input.payload.upper()
        return ProcessingResult_Success(input)
