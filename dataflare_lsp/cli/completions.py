"""`dataflare-lsp completions`: scripts by which shells complete our command line, made from its model."""

import re
from collections.abc import Callable
from typing import NamedTuple

from dataflare_lsp.cli.commands import COMMANDS, PROGRAM, SHELLS
from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import HELP, Arguments, Command, Option
from dataflare_lsp.cli.terminal import write_bytes

_FUNCTION = "_" + PROGRAM.replace("-", "_")


def run(arguments: Arguments) -> int:
    """Print the script for the shell that the argument names."""
    scripts: dict[str, Callable[[], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
    known = ", ".join(f"`{shell}`" for shell in SHELLS)
    if not arguments.operands:
        raise Failure(f"`completions` needs the name of a SHELL: {known}")
    shell = arguments.operands[0]
    if shell not in scripts:
        raise Failure(f"there are no completions for `{shell}`; there are some for {known}")
    write_bytes(scripts[shell]().encode())
    return 0


_FILES = ("PATH", "FILE", "PLUGIN", "TRACE", "OLD NEW")
"""The names that stand for paths."""


class _Values(NamedTuple):
    """What may stand in a place: these words, or paths where `files` says so; neither where only the user knows."""

    words: tuple[str, ...] = ()
    files: bool = False


def _of_metavar(metavar: str) -> _Values:
    """What a name of something stands for, as it is written in usage lines."""
    name = metavar.strip("[]").removesuffix(",…").removesuffix("...")
    if name == "CODE":
        from dataflare_lsp.cli.codes import severities

        return _Values(tuple(sorted(severities())))
    if name == "SHELL":
        return _Values(SHELLS)
    return _Values(files=name in _FILES)


def _of_option(option: Option) -> _Values:
    return _Values(option.choices) if option.choices else _of_metavar(option.metavar)


def _of_operands(command: Command) -> _Values:
    return _Values(command.choices) if command.choices else _of_metavar(command.operands)


def _help(option: Option) -> str:
    """The first line of an option's help, which is what fits beside it."""
    return option.help.split("\n")[0].rstrip(":")


_OVERVIEW = ((HELP, "Print this help, or that of a command"), ("--version", "Print the version"))


# bash


def bash() -> str:
    """The script for bash 3.2 and newer, which needs no package `bash-completion`."""
    options = "\n".join([_bash_options(command) for command in COMMANDS])
    values = "\n".join([_bash_values(command, option) for command in COMMANDS for option in command.options])
    operands = "\n".join(
        [f"      {command.name}) {_bash_candidates(_of_operands(command))} ;;" for command in COMMANDS]
    )
    first = " ".join([*[command.name for command in COMMANDS], "help", *[name for name, _ in _OVERVIEW]])
    return _BASH.format(
        function=_FUNCTION, program=PROGRAM, first=first, options=options, values=values, operands=operands
    )


# `=` breaks words in bash: `--format=js` arrives as three. Of comma-separated values the last is completed.
_BASH = """\
# bash completion for {program}; source it from ~/.bashrc
{function}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command=${{COMP_WORDS[1]}}
  local words="" paths="" head=""
  if [[ $word == "=" ]]; then
    word=""
  elif [[ $before == "=" ]]; then
    before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    words="{first}"
  elif [[ $command == help ]]; then
    words="{first}"
  else
    case "$command $before" in
{values}
    *)
      if [[ $word == -* ]]; then
        case $command in
{options}
        esac
      else
        case $command in
{operands}
        esac
      fi
      ;;
    esac
  fi
  if [[ -n $words ]]; then
    if [[ $word == *,* && $word != -* ]]; then
      head=${{word%,*}},
    fi
    COMPREPLY=($(compgen -P "$head" -W "$words" -- "${{word#"$head"}}"))
  elif [[ -n $paths ]]; then
    compopt -o filenames 2>/dev/null
    local line
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
  fi
}}
complete -F {function} {program}
"""


def _bash_options(command: Command) -> str:
    names = " ".join([*[option.name for option in command.options], HELP])
    return f'        {command.name}) words="{names}" ;;'


def _bash_values(command: Command, option: Option) -> str:
    if not option.metavar:
        return ""
    return f'    "{command.name} {option.name}") {_bash_candidates(_of_option(option))} ;;'


def _bash_candidates(values: _Values) -> str:
    return 'words="' + " ".join(values.words) + '"' if values.words else "paths=yes" if values.files else ":"


# zsh


def zsh() -> str:
    """The script for zsh: to be put into a folder of `fpath` as `_dataflare-lsp`, or sourced after `compinit`."""
    commands = "\n".join([f"    {_zsh_quoted(f'{command.name}:{command.summary}')}" for command in COMMANDS])
    cases = "\n".join([_zsh_case(command) for command in COMMANDS])
    overview = " ".join([_zsh_quoted(f"(- *){name}[{_zsh_escaped(text)}]") for name, text in _OVERVIEW])
    return _ZSH.format(function=_FUNCTION, program=PROGRAM, commands=commands, cases=cases, overview=overview)


_ZSH = """\
#compdef {program}
# zsh completion for {program}
{function}() {{
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
{commands}
    'help:Print the help of a command'
  )
  _arguments -C {overview} '1: :->command' '*:: :->arguments'
  case $state in
  command) _describe -t commands command commands ;;
  arguments)
    case $words[1] in
    help) _describe -t commands command commands ;;
{cases}
    esac
    ;;
  esac
}}
if [[ $funcstack[1] == _{program} ]]; then
  {function} "$@"
else
  compdef {function} {program}
fi
"""


def _zsh_case(command: Command) -> str:
    specs = [_zsh_option(option) for option in command.options]
    specs.append(_zsh_quoted(f"(- *){HELP}[Print this help]"))
    operands = _zsh_action(_of_operands(command))
    if command.most != 0:
        specs.append(_zsh_quoted(f"*:{_zsh_escaped(command.operands)}:{operands}"))
    return f"    {command.name}) _arguments {' '.join(specs)} ;;"


def _zsh_option(option: Option) -> str:
    spec = f"{'*' if option.many else ''}{option.name}"
    if not option.metavar:
        return _zsh_quoted(f"{spec}[{_zsh_escaped(_help(option))}]")
    action = _zsh_action(_of_option(option))
    if option.many and action.startswith("("):
        action = f"_sequence compadd - {action.strip('()')}"
    return _zsh_quoted(f"{spec}=[{_zsh_escaped(_help(option))}]:{_zsh_escaped(option.metavar)}:{action}")


def _zsh_action(values: _Values) -> str:
    return f"({' '.join(values.words)})" if values.words else "_files" if values.files else " "


def _zsh_escaped(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def _zsh_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# fish


def fish() -> str:
    """The script for fish: to be put into its folder `completions`, or sourced."""
    lines = [f"# fish completion for {PROGRAM}", f"complete -c {PROGRAM} -f"]
    for name, text in _OVERVIEW:
        lines.append(f"complete -c {PROGRAM} -n __fish_use_subcommand -l {name[2:]} -d {_fish_quoted(text)}")
    for command in COMMANDS:
        summary = _fish_quoted(command.summary)
        lines.append(f"complete -c {PROGRAM} -n __fish_use_subcommand -a {command.name} -d {summary}")
    names = _fish_quoted(" ".join([command.name for command in COMMANDS]))
    lines.append(f"complete -c {PROGRAM} -n __fish_use_subcommand -a help -d 'Print the help of a command'")
    lines.append(f"complete -c {PROGRAM} -n {_fish_quoted('__fish_seen_subcommand_from help')} -a {names}")
    for command in COMMANDS:
        start = f"complete -c {PROGRAM} -n {_fish_quoted('__fish_seen_subcommand_from ' + command.name)}"
        lines += [f"{start} -l {option.name[2:]}{_fish_option(option)}" for option in command.options]
        lines.append(f"{start} -l {HELP[2:]} -d 'Print this help'")
        operands = _of_operands(command)
        if operands.words:
            lines.append(f"{start} -a {_fish_quoted(' '.join(operands.words))}")
        elif operands.files:
            lines.append(f"{start} -F")
    return "\n".join(lines) + "\n"


def _fish_option(option: Option) -> str:
    described = f" -d {_fish_quoted(_help(option))}"
    if not option.metavar:
        return described
    values = _of_option(option)
    if values.words and option.many:
        listed = _fish_quoted(f"(__fish_complete_list , 'echo {' '.join(values.words)} | string split \" \"')")
        return f"{described} -x -a {listed}"
    if values.words:
        return f"{described} -x -a {_fish_quoted(' '.join(values.words))}"
    return f"{described} -r{' -F' if values.files else ' -f'}"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
