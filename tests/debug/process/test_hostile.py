"""Plugins that mean no good, under the debugger: paused, gone back in, and ended."""

from pathlib import Path

import pytest
from support import handmade
from support.debugged import compiled, session

from dataflare_lsp.runtime.limits import CallLimits

PROCESS = "dataflare:core/data-processor@1.0.0#process"
ROW = [(PROCESS, (("", 0, b"", ()),))]
HOSTILE = {
    "an endless loop": handmade.process("(loop $again (br $again))"),
    "log lines without end": handmade.process(
        "(loop $again (call $log (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 60)) (br $again))"
    ),
    "memory without end": handmade.process(
        "(loop $again (drop (call $alloc (i32.const 1048576))) (br $again))",
    ),
    "itself without end": """
    (func $again (call $again) (call $again))
    """
    + handmade.process("(call $again)"),
}


@pytest.fixture(params=HOSTILE, ids=str)
def artefact(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return compiled(tmp_path, handmade.plugin("processor", HOSTILE[request.param]))


def test_it_ends_within_its_limits_and_can_be_gone_back_in(artefact: str) -> None:
    limits = CallLimits(seconds=2.0, memory=16 << 20)
    with session(artefact, ROW, limits=limits) as plugin:
        plugin.debugged.watch(frozenset({("trap", PROCESS)}))
        stopped = plugin.do("continue")
        assert stopped.endswith(": trap process of entry 0")
        failure = plugin.moment.failure
        assert failure is not None
        assert failure.cause in ("time", "output", "memory", "stack")
        number = plugin.moment.number
        assert plugin.do("step-back").startswith(f"{number - 1}: ")
        assert plugin.do("step-in") == stopped
        assert plugin.moment.failure is not None
        assert plugin.do("reverse-continue") == "0: entry process of entry 0"


@pytest.mark.parametrize("name", ["an endless loop", "log lines without end"])
def test_it_is_paused_again_and_again(name: str, tmp_path: Path) -> None:
    artefact = compiled(tmp_path, handmade.plugin("processor", HOSTILE[name]))
    with session(artefact, ROW, limits=CallLimits(seconds=None)) as plugin:
        plugin.do("step-in")
        for _ in range(3):
            plugin.debugged.resume("continue")
            plugin.debugged.pause()
            where = plugin.where()
            if where == "2: trap process of entry 0":
                break
            assert where == "between (pause)"
            assert plugin.debugged.stack() != ()
        plugin.do("step-back")
