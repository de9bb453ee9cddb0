"""A processor to be debugged: what it does with a record is what the record's payload says.

`loop` never ends, `trap` ends badly after a word on stderr, `memory` takes more and more. Any other payload gets the
prefix that the configuration has.
"""

import sys

from wit_world.exports import DataProcessor as Exported
from wit_world.exports.data_processor import ProcessingResult, ProcessingResult_Success
from wit_world.imports import configuration, logging
from wit_world.imports.types import DataRecord


class DataProcessor(Exported):
    def process(self, input: DataRecord) -> ProcessingResult:
        logging.log("info", f"processing {input.id}")
        match input.payload:
            case b"loop":
                while True:
                    pass
            case b"trap":
                print("cannot go on", file=sys.stderr, flush=True)
                raise ValueError("this payload is not for me")
            case b"memory":
                held = []
                while True:
                    held.append(bytearray(1 << 20))
        prefix = configuration.get("prefix") or ""
        input.payload = prefix.encode() + input.payload
        return ProcessingResult_Success(input)
