"""What is known of a last recording counts for the files as they were."""

from pathlib import Path

from dataflare_lsp.runtime.recording.tally import Tally
from dataflare_lsp.workspace.parts import stamp_of
from dataflare_lsp.workspace.recorded import Recordings, Sought


def test_another_component_or_another_recording_and_it_counts_no_more(tmp_path: Path) -> None:
    trace, component = tmp_path / "last.trace", tmp_path / "plugin.wasm"
    for changed in (trace, component):
        trace.write_bytes(b"trace")
        component.write_bytes(b"component")
        known = Recordings()
        stamps = (stamp_of(str(trace)), stamp_of(str(component)))
        known.keep("m", Sought(str(trace), str(component), stamps), Tally({}, {}, ()))
        assert known.at("m") is not None
        changed.write_bytes(b"something longer")
        assert known.at("m") is None
