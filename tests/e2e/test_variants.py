"""The plugin of the documentation is good, and each way to break it is told as that, at its place, and nothing else."""

import json
from pathlib import Path

import pytest
from support.editor import editor
from support.variants import COMPONENT, VARIANTS, Variant, write
from wasmtime import Store
from wasmtime.component import Component, Linker, Record

from dataflare_lsp.cli.main import main
from dataflare_lsp.runtime.engine import engine_of

_AS_CASES = pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)


def checked(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `check` says of a folder."""
    cache = folder.parent / "cache"
    cache.mkdir(mode=0o700)
    monkeypatch.setattr("dataflare_lsp.runtime.cache.default_folder", lambda: str(cache / "compiled"))
    monkeypatch.chdir(folder)
    main(["check", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    return sorted(
        f"{one['file']}:{one['range']['start']['line']}:{one['range']['start']['column']} {one['code']}: {one['message']}"
        for root in report["roots"]
        for one in root["diagnostics"]
    )


def test_the_good_plugin_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "plugin")
    assert checked(tmp_path / "plugin", monkeypatch, capsys) == []


def test_the_good_plugin_does_what_it_says(tmp_path: Path) -> None:
    write(tmp_path / "plugin")
    engine = engine_of()
    store, linker, counted = Store(engine), Linker(engine), []
    store.set_epoch_deadline(1)
    with linker.root() as root, root.add_instance("dataflare:core/metrics@1.0.0") as metrics:
        metrics.add_func("increment-counter", lambda _, *arguments: counted.append(arguments))
    with linker.root() as root:
        root.add_instance("dataflare:core/types@1.0.0").close()
    component = Component.from_file(engine, tmp_path / "plugin" / COMPONENT)
    instance = linker.instantiate(store, component)
    index = instance.get_export_index(store, "dataflare:core/data-processor@1.0.0")
    process = instance.get_func(store, instance.get_export_index(store, "process", index))
    assert process is not None
    record = Record()
    record.id, record.timestamp, record.payload, record.metadata = "a", 5, b"\1\2", [("k", "v")]
    for _ in range(3):
        given = process(store, record)  # the case `success` holds a record, which is given by itself
        assert (given.id, given.timestamp, given.payload, given.metadata) == ("a", 5, b"\1\2", [("k", "v")])
        process.post_return(store)
    assert counted == [("records", 1)] * 3


@_AS_CASES
def test_on_the_command_line(
    variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "plugin", variant.changes)
    assert checked(tmp_path / "plugin", monkeypatch, capsys) == sorted(variant.found)


@_AS_CASES
async def test_in_the_editor(variant: Variant, tmp_path: Path) -> None:
    write(tmp_path, variant.changes)
    async with editor(tmp_path) as it:
        for file in dict.fromkeys(line.partition(":")[0] for line in variant.found):
            it.open(file)
            expected = [_place(line) for line in variant.found if line.startswith(file)]
            shown = await it.shown(file, lambda found, wanted=expected: set(wanted) <= {_start(one) for one in found})
            assert {_start(one) for one in shown} == set(expected)


def _place(line: str) -> str:
    """`line:column code` of what is expected."""
    place, code, *_ = line.split(" ")
    return f"{place.partition(':')[2]} {code.rstrip(':')}"


def _start(shown: str) -> str:
    """The same of what the editor shows, as `line:column-line:column code`."""
    place, code = shown.split(" ", 1)
    return f"{place.partition('-')[0]} {code}"
