"""The entry point: picks the command, and is the last to see whatever goes wrong."""

import gc
import os
import sys
from collections.abc import Sequence

from dataflare_lsp.cli.failure import Failure

TRACEBACK = "DATAFLARE_LSP_TRACEBACK"
"""The environment variable that shows where an internal error comes from."""

_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run `dataflare-lsp` with `argv`, or with the arguments of the process. Returns the exit code.

    As the program of a process, `check` does not return: taking apart what it has built would take it a sixth longer.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - as long as the process
    is_program = argv is None and getattr(sys.modules.get("__main__"), "main", None) is main
    try:
        if is_program:
            # Looking for garbage is lost time in a short run. What runs on switches it on again.
            gc.disable()
        code = _run(arguments)
        sys.stdout.flush()
        if is_program and arguments[:1] == ["check"]:
            sys.stderr.flush()
            os._exit(code)
        return code
    except Failure as failure:
        from dataflare_lsp.cli.terminal import complain

        complain(failure.message)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _BROKEN_PIPE
    except OSError as error:
        from dataflare_lsp.cli.terminal import complain

        _drop_output()
        about = f" `{error.filename}`" if error.filename else ""
        complain(f"the system refuses to go on{about}: {(error.strerror or str(error)).lower()}")
        return 2
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        from dataflare_lsp import __version__
        from dataflare_lsp.cli.terminal import complain

        complain(
            f"internal error: {type(error).__name__}: {error}. This is a fault of dataflare-lsp {__version__}, not of "
            f"your files: please report it, with what the same command prints when {TRACEBACK}=1 is set."
        )
        return 2


def _drop_output() -> None:
    """Forget what is not written yet: nobody takes it, and the interpreter would try again at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # there is no file behind it, and so nothing to try again


def _run(argv: list[str]) -> int:
    from dataflare_lsp.cli.commands import COMMANDS, PROGRAM
    from dataflare_lsp.cli.options import HELP, WrongUsage, help_text, parse, usage

    name = argv[0] if argv else HELP
    if name in (HELP, "-h", "help") and len(argv) < 2:
        return _print(_overview())
    if name in ("--version", "-V"):
        from dataflare_lsp import __version__

        return _print(f"{PROGRAM} {__version__}\n")
    if name == "help":
        argv = [argv[1], HELP]
        name = argv[0]
    command = next((command for command in COMMANDS if command.name == name), None)
    try:
        if command is None:
            raise WrongUsage(_unknown_command(name))
        options = argv[1 : argv.index("--")] if "--" in argv else argv[1:]
        if HELP in options or "-h" in options:
            return _print(help_text(PROGRAM, command))
        parsed = parse(command, argv[1:])
    except WrongUsage as wrong:
        from dataflare_lsp.cli.terminal import complain, write

        complain(wrong.message)
        write(f"Usage: {usage(PROGRAM, command)}\n" if command else "", sys.stderr)
        write(f"For more, try `{' '.join(part for part in (PROGRAM, wrong.command, HELP) if part)}`.\n", sys.stderr)
        return 2
    from importlib import import_module

    run = import_module(f"dataflare_lsp.cli.{command.name}").run
    code: int = run(parsed)
    return code


def _print(text: str) -> int:
    from dataflare_lsp.cli.terminal import write

    write(text)
    return 0


def _overview() -> str:
    from dataflare_lsp.cli.commands import COMMANDS, PROGRAM
    from dataflare_lsp.cli.options import HELP, table

    lines = [
        "Check, format and edit WIT, the WebAssembly Interface Type language.",
        "",
        f"Usage: {PROGRAM} COMMAND [OPTIONS] [ARGUMENTS]",
        "",
        "Commands:",
        *table([(command.name, command.summary) for command in COMMANDS]),
        "",
        "Options:",
        *table([(f"-h, {HELP}", "Print this help, or that of a command"), ("-V, --version", "Print the version")]),
        "",
    ]
    return "\n".join(lines)


def _unknown_command(name: str) -> str:
    from dataflare_lsp.cli.commands import COMMANDS, PROGRAM
    from dataflare_lsp.text import nearest

    if name.startswith("-"):
        return f"`{PROGRAM}` has no option `{name}`; options of a command follow its name"
    near = nearest(name, [command.name for command in COMMANDS])
    if near is None and os.path.exists(name):
        return f"there is no command `{name}`; did you mean `{PROGRAM} check {name}`?"
    return f"there is no command `{name}`" + (f"; did you mean `{near}`?" if near else "")


if __name__ == "__main__":
    sys.exit(main())
