import pytest

from dataflare_lsp.features.functions import Declared, Pattern, shown

LOG = "dataflare:core/logging@1.0.0#log"
PROCESS = "dataflare:core/data-processor@1.0.0#process"
NOW = "wasi:clocks/monotonic-clock@0.2.6#now"
WALL = "wasi:clocks/wall-clock@0.2.6#now"
OPEN = "wasi:filesystem/types@0.2.6#[method]descriptor.open-at"
FIELDS = "wasi:http/types@0.2.6#[constructor]fields"
FROM_LIST = "wasi:http/types@0.2.6#[static]fields.from-list"
PLAIN_LOG = "logging#log"
RUN = "run"
ALL = (LOG, PROCESS, NOW, WALL, OPEN, FIELDS, FROM_LIST, PLAIN_LOG, RUN)


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("logging.log", (LOG, PLAIN_LOG)),
        ("logging#log", (LOG, PLAIN_LOG)),
        ("log", (LOG, PLAIN_LOG)),
        ("logging", (LOG, PLAIN_LOG)),
        ("dataflare:core/logging#log", (LOG,)),
        ("dataflare:core/logging@1.0.0#log", (LOG,)),
        ("dataflare:core/logging@0.9.0.log", (LOG,)),
        ("data-processor#process", (PROCESS,)),
        ("data_processor.process", (PROCESS,)),
        ("wasi:clocks/*", (NOW, WALL)),
        ("wasi:clocks/*#now", (NOW, WALL)),
        ("wasi:*/types@0.2.*", (OPEN, FIELDS, FROM_LIST)),
        ("*.now", (NOW, WALL)),
        ("w???-clock.now", (WALL,)),
        ("types.descriptor.open-at", (OPEN,)),
        ("[method]descriptor.open-at", (OPEN,)),
        ("descriptor.*", (OPEN,)),
        ("fields.*", (FIELDS, FROM_LIST)),
        ("fields.constructor", (FIELDS,)),
        ("run", (RUN,)),
        (" % run ", (RUN,)),
        ("*", ALL),
        ("ru", ()),
        ("", ()),
        (".*", ()),
        ("log(", ()),
    ],
)
def test_people_name_functions_in_many_ways(pattern: str, meant: tuple[str, ...]) -> None:
    assert tuple([function for function in ALL if Pattern(pattern).fits(function)]) == meant


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("dataflare:core/logging#log", (LOG, PLAIN_LOG)),
        ("acme:core/logging#log", ()),
        ("logging#log", (PLAIN_LOG,)),
        ("wasi:filesystem/types#[method]descriptor.open-at", (OPEN,)),
        ("run", (RUN,)),
    ],
)
def test_what_a_file_declares_is_one_function(name: str, meant: tuple[str, ...]) -> None:
    assert tuple([function for function in ALL if Declared(name).fits(function)]) == meant


def test_functions_are_shown_in_short() -> None:
    assert [shown(function) for function in ALL] == [
        "logging.log",
        "data-processor.process",
        "monotonic-clock.now",
        "wall-clock.now",
        "types.descriptor.open-at",
        "types.fields.constructor",
        "types.fields.from-list",
        "logging.log",
        "run",
    ]
