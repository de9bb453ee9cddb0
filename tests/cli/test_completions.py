"""What the real shells make of the scripts: bash and zsh at a terminal, as a user types; fish as it answers `complete -C`."""

import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.others import other

from dataflare_lsp.cli.commands import CHECK, COMMANDS, COMPLETIONS, FORMATS, SHELLS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")

PROMPT = "READY> "
SHOWN = "THE-LINE:"
PATIENCE = 30.0
"""Seconds to wait for what has to come."""


class Terminal:
    """A shell at a terminal, with our completions."""

    def __init__(self, shell: str, folder: Path, script: str) -> None:
        import pty

        (folder / "_dataflare-lsp").write_text(script, encoding="utf-8")
        (folder / "work" / "wit").mkdir(parents=True)
        start = {
            "bash": [other("bash"), "--norc", "--noprofile", "-i"],
            "zsh": [other("zsh"), "--no-rcs", "-i"],
        }[shell]
        environment = {**os.environ, "PS1": PROMPT, "TERM": "dumb", "HOME": str(folder), "HISTFILE": ""}
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.chdir(folder / "work")
            os.execve(start[0], start, environment)
        self._seen = ""
        self._until(PROMPT)
        compinit = "autoload -U compinit && compinit -u -D; " if shell == "zsh" else ""
        # The name exists nowhere else on the line, so that the echo of what is typed is not taken for it.
        self._type(f"{compinit}source {folder}/_dataflare-lsp; printf '%s\\n' LOA''DED\n")
        self._until("LOADED")
        self._until(PROMPT)

    def completed(self, line: str) -> str:
        """The line once it is completed: TAB is pressed, and then the line is made an argument of `echo`."""
        # The beginning of the line (CTRL-A), and a word that the terminal shows in two parts until it is printed.
        self._type(f"{line}\t\x01echo THE-'LINE': \n")
        shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self._until(f"{SHOWN} [^\r\n]*\r?\n"))
        self._until(PROMPT)
        return shown.removeprefix(SHOWN).strip()

    def _type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def _until(self, wanted: str) -> str:
        """What matches, once it was printed; all up to its end is forgotten."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(wanted, self._seen)):
            ready, _, _ = select.select([self._terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"waited in vain for {wanted!r}: {self._seen!r}"
            self._seen += os.read(self._terminal, 4096).decode(errors="replace")
        self._seen = self._seen[found.end() :]
        return found[0]

    def close(self) -> None:
        os.close(self._terminal)
        os.waitpid(self._pid, 0)


@pytest.fixture(params=["bash", "zsh"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path, cli):
    it = Terminal(request.param, tmp_path, cli("completions", request.param).out)
    yield it
    it.close()


def test_a_line_is_completed_at_the_terminal(terminal: Terminal):
    for typed, completed in {
        "dataflare-lsp che": "dataflare-lsp check",
        "dataflare-lsp comple": "dataflare-lsp completions",
        "dataflare-lsp completions fi": "dataflare-lsp completions fish",
        "dataflare-lsp check --stdin": "dataflare-lsp check --stdin-filename",
        "dataflare-lsp check --format sar": "dataflare-lsp check --format sarif",
        "dataflare-lsp check --format=sar": "dataflare-lsp check --format=sarif",
        "dataflare-lsp check --select unresolved-na": "dataflare-lsp check --select unresolved-name",
        "dataflare-lsp check --ignore unused-use,unresolved-na": "dataflare-lsp check --ignore unused-use,unresolved-name",
        "dataflare-lsp explain unresolved-na": "dataflare-lsp explain unresolved-name",
        "dataflare-lsp help comple": "dataflare-lsp help completions",
        "dataflare-lsp fmt wi": "dataflare-lsp fmt wit",
        "dataflare-lsp compat wit wi": "dataflare-lsp compat wit wit",
        "dataflare-lsp serve wi": "dataflare-lsp serve wi",
    }.items():
        # Some shells put a sign behind what goes on, and zsh takes it back when the cursor leaves.
        assert terminal.completed(typed).rstrip("=/") == completed


def fish(folder: Path, script: str, line: str) -> list[str]:
    """The candidates that fish offers for a line."""
    path = folder / "completions.fish"
    path.write_text(script, encoding="utf-8")
    ask = f"source {path}; complete -C '{line}'"
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    done = subprocess.run(
        [other("fish"), "--no-config", "-c", ask], cwd=folder, env=environment, capture_output=True, timeout=60
    )
    assert done.stderr == b""
    return [candidate.split("\t")[0] for candidate in done.stdout.decode().splitlines()]


def bash(folder: Path, script: str, line: str) -> list[str]:
    """The candidates that bash offers for a line without `=`."""
    path = folder / "completions.bash"
    path.write_text(script, encoding="utf-8")
    words = line.split(" ")
    ask = f'source {path}; COMP_WORDS=("$@"); COMP_CWORD={len(words) - 1}; _dataflare_lsp; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        [other("bash"), "-c", ask, "bash", *words], cwd=folder, capture_output=True, timeout=60, text=True
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("shell", [bash, fish])
def test_all_that_there_is_is_offered(cli, tmp_path: Path, shell):
    script = cli("completions", shell.__name__).out

    def offered(line: str) -> set[str]:
        return set(shell(tmp_path, script, line))

    assert offered("dataflare-lsp ") - {"--help", "--version"} == {command.name for command in COMMANDS} | {"help"}
    for command in COMMANDS:
        names = {option.name for option in command.options} | {"--help"}
        assert offered(f"dataflare-lsp {command.name} --") == names
    assert offered("dataflare-lsp check --format ") == set(FORMATS)
    assert offered("dataflare-lsp completions ") == set(SHELLS)
    codes = {line.split()[0] for line in cli("explain").out.splitlines()}
    assert offered("dataflare-lsp explain ") == codes
    # fish offers what is typed as well, as the end of the list.
    assert offered("dataflare-lsp check --select a,") - {"a,"} == {f"a,{code}" for code in codes}


def test_fish_completes_paths_where_there_are_any(cli, tmp_path: Path):
    script = cli("completions", "fish").out
    (tmp_path / "wit").mkdir()
    assert fish(tmp_path, script, "dataflare-lsp fmt wi") == ["wit/"]
    assert fish(tmp_path, script, "dataflare-lsp run wi") == ["wit/"]
    assert fish(tmp_path, script, "dataflare-lsp check --stdin-filename wi") == ["wit/"]
    assert fish(tmp_path, script, "dataflare-lsp serve wi") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_the_same_each_time_and_names_its_program(cli, shell: str):
    done = cli("completions", shell)
    assert (done.code, done.err) == (0, "")
    assert done == cli("completions", shell)
    assert f"{shell} completion for dataflare-lsp" in done.out
    assert all(option.name[2:] in done.out for option in CHECK.options)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "`completions` needs the name of a SHELL: `bash`, `zsh`, `fish`"),
        (("tcsh",), "there are no completions for `tcsh`; there are some for `bash`, `zsh`, `fish`"),
    ],
)
def test_what_is_wrong_is_said(cli, arguments: tuple[str, ...], said: str):
    done = cli(COMPLETIONS.name, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"error: {said}\n"
