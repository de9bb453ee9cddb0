import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.program import program

from dataflare_lsp import __version__
from dataflare_lsp.cli.commands import COMMANDS
from dataflare_lsp.cli.options import usage

COMMAND = [sys.executable, "-m", "dataflare_lsp"]


def test_version(cli):
    assert cli("--version") == (0, f"dataflare-lsp {__version__}\n", "")
    assert cli("-V") == cli("--version")


@pytest.mark.parametrize("ask", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_the_commands(cli, ask: list[str]):
    code, out, err = cli(*ask)
    assert (code, err) == (0, "")
    for command in COMMANDS:
        assert f"  {command.name} " in out
        assert command.summary in out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help(cli, command):
    done = cli(command.name, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Usage: {usage('dataflare-lsp', command)}\n" in done.out
    assert all(option.help in done.out.replace("\n" + " " * 25, "\n") for option in command.options)
    assert max(len(line) for line in done.out.splitlines()) <= 120
    assert cli(command.name, "-h") == cli("help", command.name) == done


def test_an_unknown_command_says_what_was_meant(cli):
    assert cli("chekc") == (
        2,
        "",
        "error: there is no command `chekc`; did you mean `check`?\nFor more, try `dataflare-lsp --help`.\n",
    )


def test_a_path_in_place_of_a_command_is_meant_to_be_checked(cli):
    cli.files("package corp:app;")
    assert "did you mean `dataflare-lsp check app.wit`?" in cli("app.wit").err


def test_a_wrong_option_shows_the_usage(cli):
    assert cli("check", "--formt") == (
        2,
        "",
        """\
error: `check` has no option `--formt`; did you mean `--format`?
Usage: dataflare-lsp check [OPTIONS] [PATH...]
For more, try `dataflare-lsp check --help`.
""",
    )


def test_options_of_a_command_follow_its_name(cli):
    assert "error: `dataflare-lsp` has no option `--format`; options of a command follow its name" in (
        cli("--format", "json", "check").err
    )


def test_an_internal_error_is_one_sentence_with_how_to_report_it(cli, monkeypatch):
    def fail(*_):
        raise KeyError("lost")

    cli.files("package corp:app;")
    monkeypatch.setattr("dataflare_lsp.cli.check.find_roots", fail)
    code, out, err = cli("check")
    assert (code, out) == (2, "")
    assert err == (
        f"error: internal error: KeyError: 'lost'. This is a fault of dataflare-lsp {__version__}, not of your files: "
        "please report it, with what the same command prints when DATAFLARE_LSP_TRACEBACK=1 is set.\n"
    )
    monkeypatch.setenv("DATAFLARE_LSP_TRACEBACK", "1")
    with pytest.raises(KeyError):
        cli("check")


def test_an_interrupt_ends_quietly(cli, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("dataflare_lsp.cli.check.find_roots", interrupt)
    assert cli("check") == (130, "", "")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path):
    program("\n".join(["package corp:app;", "interface api {", *["  f: func() -> x;"] * 20_000, "}"])).write(tmp_path)
    command = subprocess.Popen([*COMMAND, "check", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert command.stdout is not None
    assert command.stdout.readline().startswith(b"error[")
    command.stdout.close()
    assert command.stderr is not None
    assert command.stderr.read() == b""
    assert command.wait(60) == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is always full")
def test_output_that_cannot_be_written_is_told_of():
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "--help"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (2, b"error: the system refuses to go on: no space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="the shell is that of POSIX")
def test_no_output_at_all_is_no_error(tmp_path: Path):
    program("package corp:app;").write(tmp_path)
    done = subprocess.run(["sh", "-c", '"$@" >&- 2>&-', "sh", *COMMAND, "check", str(tmp_path)], timeout=60)
    assert done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="the signal is that of POSIX terminals")
def test_control_c_ends_a_watch_quietly(tmp_path: Path):
    program("package corp:app;").write(tmp_path)
    command = subprocess.Popen(
        [*COMMAND, "check", "--watch", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout is not None
    assert command.stdout.readline() == b"no mistakes (checked 1 package, 1 file)\n"
    time.sleep(0.1)
    command.send_signal(signal.SIGINT)
    assert command.communicate(timeout=60) == (b"", b"")
    assert command.returncode == 130


def test_the_program_ends_with_the_exit_code_of_its_command(tmp_path: Path):
    program("package corp:app; interface api { f: func() -> x; }").write(tmp_path)
    done = subprocess.run([*COMMAND, "check", "--format", "json", str(tmp_path)], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.endswith(b"}\n")


def test_output_that_the_terminal_has_no_letters_for_is_escaped(tmp_path: Path):
    program("package corp:app; interface api { type é = u8; }").write(tmp_path)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*COMMAND, "check", str(tmp_path)], capture_output=True, env=environment, timeout=60)
    assert done.returncode == 1
    assert rb"type \xe9 = u8;" in done.stdout
    assert done.stderr == b""
