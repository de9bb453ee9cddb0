"""Records are read line by line, as NDJSON or as WAVE, and what is none is pointed at."""

from pathlib import Path

import pytest
from support.values import DATA_RECORD

from dataflare_lsp.runtime.records import BadRecord, Given, Input


def rows(folder: Path, name: str, text: str | bytes, goes_on: bool = False) -> tuple[list[object], list[object]]:
    """The records of a file, and what is said to have been given."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    source = Input(str(path), DATA_RECORD, goes_on)
    records = [record for some in source.read() for (record,) in some]
    return records, [str(each) if isinstance(each, BadRecord) else each for each in source.given]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ndjson", '{"payload": "x"}\n\n  {"id": "own", "payload": "", "timestamp": 7}\r\n'),
        ("a.wave", '{payload: [120]}\n\n  {id: "own", payload: [], timestamp: 7} // last\r\n'),
    ],
)
def test_fields_that_a_line_does_not_have_are_filled_in(tmp_path: Path, name: str, text: str):
    records, given = rows(tmp_path, name, text)
    assert records == [("1", 0, b"x", ()), ("own", 7, b"", ())]
    assert given == [Given(1, "1"), Given(3, "own")]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ndjson", '{"payload": ""}\n  {"payload" 1}', "2:14: this is no JSON: expecting ':' delimiter"),
        ("a.ndjson", '{"paylod": ""}', "1:1: `$`: no field `paylod`; did you mean `payload`?"),
        ("a.ndjson", b'{"payload": "\xff"}', "1:14: byte 0xff is not UTF-8"),
        ("a.wave", "{payload: []}\n  {paylod: []}", "2:4: no field `paylod`; did you mean `payload`?"),
        ("a.wave", "{id: 1}", "1:6: expected a value of type string, found `1`; strings are written in double quotes"),
    ],
)
def test_a_line_that_is_no_record_is_pointed_at(tmp_path: Path, name: str, text: str | bytes, said: str):
    with pytest.raises(BadRecord) as raised:
        rows(tmp_path, name, text)
    assert str(raised.value) == f"{tmp_path / name}:{said}"
    assert rows(tmp_path, name, text, goes_on=True)[1][-1] == f"{tmp_path / name}:{said}"
