"""The real Kate, without a screen, with the settings of `editors/kate`: it starts the server, and is told of mistakes."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.others import other
from support.shared import REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Kate is tested on Linux")

EDITOR = REPOSITORY / "editors" / "kate"
PATIENCE = 120.0
"""Seconds to wait for what has to come."""

# Stands between the editor and the server, and writes down what the server says.
SERVER = """#!{python}
import os, subprocess, sys
with open("{said}", "ab", buffering=0) as said:
    with subprocess.Popen([sys.executable, "-m", "dataflare_lsp", *sys.argv[1:]], stdout=subprocess.PIPE) as server:
        while data := os.read(server.stdout.fileno(), 65536):
            said.write(data)
            os.write(1, data)
"""


def shown(tmp_path: Path, name: str, text: str, wanted: str) -> None:
    """Open a file in Kate, and wait until the server has said what is `wanted`."""
    kate, session = other("kate"), other("dbus-run-session")
    home, work, programs, runtime = [tmp_path / part for part in ("home", "work", "programs", "runtime")]
    for folder in (work, programs, runtime, home / ".config" / "kate" / "lspclient"):
        folder.mkdir(parents=True)
    runtime.chmod(stat.S_IRWXU)
    (work / name).write_text(text, encoding="utf-8")
    said = tmp_path / "said"
    said.touch()
    program = programs / "dataflare-lsp"
    program.write_text(SERVER.format(python=sys.executable, said=said), encoding="utf-8")
    program.chmod(stat.S_IRWXU)
    shutil.copytree(EDITOR / "syntax", home / ".local" / "share" / "org.kde.syntax-highlighting" / "syntax")
    shutil.copy(EDITOR / "lspclient-settings.json", home / ".config" / "kate" / "lspclient" / "settings.json")
    # The user has switched the plugin on, and has said yes to the question whether the server may be started.
    sessions = home / ".local" / "share" / "kate" / "sessions"
    sessions.mkdir(parents=True)
    (sessions / "test.katesession").write_text("[Kate Plugins]\nlspclientplugin=true\n", encoding="utf-8")
    allowed = f"[lspclient]\nAllowedServerCommandLines={program} serve\n"
    (home / ".config" / "katerc").write_text(allowed, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    environment |= {
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(runtime),
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [session, "--", kate, "--start", "test", name],
            cwd=work,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + PATIENCE
        while wanted not in said.read_text(encoding="utf-8"):
            assert process.poll() is None, (tmp_path / "log").read_text(errors="replace")[-2000:]
            assert time.monotonic() < end, (
                f"{said.read_text()}\n{(tmp_path / 'log').read_text(errors='replace')[-2000:]}"
            )
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def test_mistakes_in_wit_are_told(tmp_path: Path) -> None:
    shown(tmp_path, "app.wit", "package a:b;\ninterface i { f: func() -> nothing; }\n", '"code":"unresolved-name"')


def test_mistakes_in_a_manifest_are_told(tmp_path: Path) -> None:
    text = 'manifest-version = 1\n[plugin]\nname = "a:b"\nversion = "1.0.0"\nkind = "procesor"\n'
    shown(tmp_path, "dataflare.toml", text, '"code":"invalid-value"')
