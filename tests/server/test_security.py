"""Opening a folder runs nothing of it, and reads nothing but what lies in it."""

import os
import sys
from pathlib import Path

import pytest
from support.editor import write
from support.wire import Wire

import dataflare_lsp

AUDITED = """
import os, sys
log = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
watching = False

def hook(event, args):
    if watching and (event in {READS} or event in {WARY} or event.split(".")[0] in {WARY}):
        os.write(log, f"{event} {args[0] if args else ''}\\n".encode("utf-8", "replace"))

from dataflare_lsp.server import main, handshake
greet = handshake.greet

def watched(channel):
    global watching
    result = greet(channel)
    import dataflare_lsp.server.loop, pathspec, asyncio
    watching = True
    return result

main.greet = watched
sys.addaudithook(hook)
sys.exit(main.serve_stdio())
"""
READS = ("open", "os.scandir", "os.listdir")
WARY = (
    "subprocess", "shutil", "webbrowser", "ctypes", "urllib", "pty", "tempfile",
    "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.startfile", "os.remove", "os.rename", "os.mkdir",
    "os.chdir", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto",
)  # fmt: skip

TRAPS = {
    "sitecustomize.py": "raise SystemExit('run')",
    "pathspec.py": "raise SystemExit('run')",
    "asyncio.py": "raise SystemExit('run')",
    "build.rs": 'fn main() { panic!("run") }',
    "package.json": '{"scripts": {"preinstall": "exit 1"}}',
    ".git/config": "[core]\n\tfsmonitor = exit 1\n\thooksPath = .\n",
    ".vscode/settings.json": '{"dataflare.serverPath": "/bin/false"}',
    "Makefile": "all:\n\texit 1\n",
}


def opened(log: Path) -> tuple[set[str], set[str]]:
    """The files and directories that were opened, and everything else that was done."""
    read, done = set(), set()
    for line in log.read_text(encoding="utf-8").splitlines():
        event, _, path = line.partition(" ")
        if event in READS:
            read.add(path)
        else:
            done.add(event)
    return read, done


@pytest.mark.skipif(sys.platform == "win32", reason="makes symbolic links")
def test_a_folder_is_only_read_and_nothing_outside_of_it(tmp_path: Path) -> None:
    script = tmp_path / "audited.py"
    script.write_text(AUDITED.replace("{READS}", repr(READS)).replace("{WARY}", repr(WARY)))
    log = tmp_path / "log"
    secret = tmp_path / "outside"
    folder = tmp_path / "folder"
    write(secret, {"secret.wit": "package s:s;\n", "more/secret.wit": "package s:s;\n"})
    write(
        folder,
        {**TRAPS, "wit/app.wit": "package a:a;\nworld w { import x:y/../../z; }\n", "wit/deps/d.wit": "package d:d;\n"},
    )
    os.symlink(secret / "more", folder / "linked")
    with Wire([sys.executable, str(script), str(log)]) as wire:
        wire.greet(workspaceFolders=[{"uri": folder.as_uri(), "name": "folder"}])
        uri = (folder / "wit" / "app.wit").as_uri()
        wire.open(uri, "package a:a;\nworld w { import ../../outside/secret; include secret:secret/x; }\n")
        wire.published(uri)
        wire.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 20}})
        wire.ask("shutdown")
        wire.send("exit")
        assert wire.ended() == 0
    read, done = opened(log)
    assert done == set()
    own = (str(folder), sys.prefix, sys.base_prefix, str(Path(dataflare_lsp.__file__).parent))
    assert {path for path in read if not path.startswith(own)} == set()
    of_folder = {str(Path(path).relative_to(folder)) for path in read if path.startswith(str(folder))}
    assert of_folder == {".", ".vscode", "wit", "wit/deps", "wit/deps/d.wit"}
