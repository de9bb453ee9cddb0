"""A plugin in Python: its module, and bindings as componentize-py makes them."""

BINDINGS = {
    "componentize_py_types.py": """
from typing import TypeVar, Generic, Union
from dataclasses import dataclass

S = TypeVar('S')
@dataclass
class Some(Generic[S]):
    value: S

T = TypeVar('T')
@dataclass
class Ok(Generic[T]):
    value: T

E = TypeVar('E')
@dataclass(frozen=True)
class Err(Generic[E], Exception):
    value: E

Result = Union[Ok[T], Err[E]]
""",
    "wit_world/__init__.py": "",
    "wit_world/imports/__init__.py": "",
    "wit_world/imports/logging.py": """
def log(level: str, message: str) -> None:
    raise NotImplementedError
""",
    "wit_world/imports/types.py": """
from typing import List, Tuple
from dataclasses import dataclass

@dataclass
class DataRecord:
    id: str
    timestamp: int
    payload: bytes
    metadata: List[Tuple[str, str]]
""",
    "wit_world/exports/data_processor.py": """
from typing import Union
from dataclasses import dataclass
from ..imports import types

@dataclass
class ProcessingResult_Success:
    value: types.DataRecord

@dataclass
class ProcessingResult_Error:
    value: str

@dataclass
class ProcessingResult_Skip:
    pass

ProcessingResult = Union[ProcessingResult_Success, ProcessingResult_Error, ProcessingResult_Skip]
""",
    "wit_world/exports/__init__.py": """
from typing import Protocol
from ..imports import types
from ..exports import data_processor

class DataProcessor(Protocol):
    def process(self, input: types.DataRecord) -> data_processor.ProcessingResult:
        raise NotImplementedError
""",
}

APP = """
from wit_world.exports import DataProcessor as Exported
from wit_world.exports.data_processor import (
    ProcessingResult_Error, ProcessingResult_Skip, ProcessingResult_Success,
)
from wit_world.imports import logging

class DataProcessor(Exported):
    def process(self, input):
        logging.log("info", input.id)
        match input.payload:
            case b"":
                return ProcessingResult_Skip()
            case b"bad":
                return ProcessingResult_Error("no")
            case b"worse":
                return 7
            case b"worst":
                raise ValueError("not this")
            case b"wrong":
                logging.log("info", 5)
        input.metadata.append(("seen", "yes"))
        return ProcessingResult_Success(input)
"""
