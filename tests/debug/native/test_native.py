"""A plugin run as Python: its module written here, with bindings as componentize-py makes them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import handmade
from support.debugged import Session, compiled
from support.native import APP, BINDINGS

from dataflare_lsp.debug.native.bindings import native_of
from dataflare_lsp.debug.process.outside import Attachable
from dataflare_lsp.runtime.host.surroundings import Grants
from dataflare_lsp.runtime.limits import CallLimits
from dataflare_lsp.runtime.world import Allowance
from dataflare_lsp.values.types import Case
from dataflare_lsp.workspace.launch import CannotLaunch, Launch

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="the bindings need Python 3.11")

PROCESS = "dataflare:core/data-processor@1.0.0#process"
LOG = "dataflare:core/logging@1.0.0#log"


@contextmanager
def plugin(folder: Path, *payloads: bytes) -> Iterator[Session]:
    """The plugin under the debugger, with a record for each payload."""
    for name, text in {**BINDINGS, "app.py": APP}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    artefact = compiled(folder, handmade.plugin("processor", handmade.ECHO))
    launch = launched(folder)
    rows = [(PROCESS, ((str(number), 0, payload, ()),)) for number, payload in enumerate(payloads)]
    with native_of(launch, None) as native:
        opened = Session(artefact, iter(rows), False, native=(native.module, *native.folders))
        try:
            yield opened
        finally:
            opened.debugged.end()


def launched(folder: Path, build: str = "componentize-py -d wit -w plugin componentize app -o plugin.wasm") -> Launch:
    return Launch(
        str(folder / "plugin.wasm"), str(folder / "dataflare.toml"), CallLimits(), Allowance(Grants(), {}), build=build
    )


def test_values_come_and_go_as_the_bindings_have_them(tmp_path: Path) -> None:
    with plugin(tmp_path, b"abc", b"", b"bad") as session:
        assert session.do("continue") == "12: idle"
        assert session.results() == [
            Case("success", ("0", 0, b"abc", (("seen", "yes"),))),
            Case("skip"),
            Case("error", "no"),
        ]
        assert session.said("log") == [("info", "0"), ("info", "1"), ("info", "2")]


def test_it_stops_at_host_calls_and_waits_for_a_debugger_of_python(tmp_path: Path) -> None:
    with plugin(tmp_path, b"abc") as session:
        session.debugged.watch(frozenset({("call", LOG)}))
        assert session.do("continue") == "1: call log of entry 0"
        assert session.moment.arguments == ("info", "0")
        assert session.do("step-back") == "at the start"
        assert any(isinstance(event, Attachable) for event in session.told)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (
            b"worse",
            "the result: expected `ProcessingResult_Success` or `ProcessingResult_Error` or `ProcessingResult_Skip`, "
            "found int: 7",
        ),
        (b"worst", "ValueError: not this"),
        (b"wrong", "`message`: expected a `string`, found int: 5"),
    ],
)
def test_what_goes_wrong_is_a_trap_with_the_lines_of_the_plugin(tmp_path: Path, payload: bytes, reason: str) -> None:
    with plugin(tmp_path, payload, b"abc") as session:
        session.debugged.watch(frozenset({("trap", PROCESS)}))
        session.do("continue")
        failure = session.moment.failure
        assert failure is not None
        assert (failure.cause, failure.reason) == ("trap", reason)
        if payload != b"worse":
            assert failure.backtrace[0].startswith(f"process at {tmp_path / 'app.py'}:")
        # The module is imported anew, and takes the next record.
        assert session.do("continue").endswith("idle")
        assert session.results() == [Case("success", ("1", 0, b"abc", (("seen", "yes"),)))]


def test_where_the_module_is_not_known_it_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(CannotLaunch, match="it is not known which module the plugin is"),
        native_of(launched(tmp_path, "make"), None),
    ):
        pass
    with pytest.raises(CannotLaunch, match=r"there is no module `app` in"), native_of(launched(tmp_path), None):
        pass
