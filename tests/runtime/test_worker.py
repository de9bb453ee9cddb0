"""The process that does the work."""

import subprocess
import sys

import pytest

WORKER = """
import time
from dataflare_lsp.runtime import worker
worker._TASKS["wait"] = lambda: print("begun", flush=True) or time.sleep(120) or {}
worker.main(["wait", str(4 << 30)])
"""
PARENT = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE).stdout.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process does not see there that its parent is gone")
def test_it_ends_when_nobody_waits_for_it_any_more() -> None:
    # What they say of errors ends when both have ended, as they share it.
    subprocess.run([sys.executable, "-c", PARENT, WORKER], capture_output=True, timeout=60, check=True)
