"""What the limits of a call cost and do, in this process. `test_recording` has how they end a call."""

import threading
from contextlib import ExitStack

from support import steps
from support.instances import LIMITS, loaded, running
from support.steps import RUN, Step, script

from dataflare_lsp.runtime.border import Failure

HOSTS = {steps.HOST: {"tell": lambda state: None, "draw": lambda: 1, "ask": lambda question: question}}


def clocks() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "clock"]


def test_instances_share_one_clock_which_ends_with_the_last():
    before = clocks()
    with ExitStack() as stack:
        limits = LIMITS._replace(seconds=0.05)
        plugins = [stack.enter_context(running(loaded(steps.COMPONENT), HOSTS, limits=limits)) for _ in range(5)]
        mine = [thread for thread in clocks() if thread not in before]
        assert len(mine) == 1
        for plugin in plugins:
            plugin.start()
        for plugin in plugins:
            outcome = plugin.call(RUN, (script(Step("loop")),))
            assert isinstance(outcome, Failure)
            assert outcome.cause == "time"
        plugins.pop().close()
        assert mine[0].is_alive()
    for thread in mine:
        thread.join(10)
        assert not thread.is_alive()
