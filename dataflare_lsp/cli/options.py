"""Options and arguments of the commands, declared as data: their parsing, their help, what is said of wrong ones.

Parsing with `argparse` would take as long as reading and judging a small package, and has no "did you mean".
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

HELP = "--help"


class Option(NamedTuple):
    """An option of a command. Without a `metavar` it is a switch.

    `choices` are the only values; `many` values may be separated by commas and the option repeated.
    """

    name: str
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False


class Command(NamedTuple):
    """A command: its module is `dataflare_lsp.cli.NAME`, which has `run(arguments) -> int`.

    `operands` says what follows the options, as shown in the usage line; `most` is how many there may be, None being
    any number. `choices` are the only ones that have a meaning, for whoever offers them.
    """

    name: str
    summary: str
    operands: str
    most: int | None
    about: str
    options: tuple[Option, ...]
    choices: tuple[str, ...] = ()


class WrongUsage(Exception):
    """Arguments that mean nothing. The message is for the user; `command` is the one whose help would help."""

    def __init__(self, message: str, command: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.command = command


class Arguments(NamedTuple):
    """The arguments of one call, by the full names of the options."""

    operands: tuple[str, ...]
    values: dict[str, tuple[str, ...]]

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in self.values

    def value(self, name: str, default: str = "") -> str:
        """The last value given to the option."""
        return self.values[name][-1] if name in self.values else default

    def all(self, name: str) -> tuple[str, ...]:
        """All values given to the option."""
        return self.values.get(name, ())


def parse(command: Command, argv: Sequence[str]) -> Arguments:
    """The arguments `argv`, as `command` takes them. Raises `WrongUsage`."""
    options = {option.name: option for option in command.options}
    operands: list[str] = []
    values: dict[str, tuple[str, ...]] = {}
    rest = iter(argv)
    for argument in rest:
        if argument == "--":
            operands.extend(rest)
        elif argument == "-" or not argument.startswith("-"):
            operands.append(argument)
        else:
            name, assigned, value = argument.partition("=")
            option = options.get(name)
            if option is None:
                raise WrongUsage(_unknown_option(command, name), command.name)
            if option.metavar and not assigned:
                value = next(rest, "")
            values[name] = values.get(name, ()) + tuple(_values(command, option, value, bool(assigned)))
    if command.most is not None and len(operands) > command.most:
        raise WrongUsage(_too_many(command, operands), command.name)
    return Arguments(tuple(operands), values)


def _values(command: Command, option: Option, value: str, assigned: bool) -> Iterator[str]:
    if not option.metavar:
        if assigned:
            raise WrongUsage(f"`{option.name}` takes no value, but was given `{value}`", command.name)
        yield ""
        return
    if not value or (not assigned and value.startswith("--")):
        raise WrongUsage(f"`{option.name}` needs a value: `{option.name} {option.metavar}`", command.name)
    for part in value.split(",") if option.many else (value,):
        part = part.strip()
        if option.choices and part not in option.choices:
            near = _nearest(part, option.choices)
            known = _list([f"`{choice}`" for choice in option.choices], "or")
            message = f"`{option.name}` cannot be `{part}`; {f'did you mean `{near}`?' if near else f'it is {known}'}"
            raise WrongUsage(message, command.name)
        if part:
            yield part


def _unknown_option(command: Command, name: str) -> str:
    near = _nearest(name, [*[option.name for option in command.options], HELP])
    return f"`{command.name}` has no option `{name}`" + (f"; did you mean `{near}`?" if near else "")


def _too_many(command: Command, operands: Sequence[str]) -> str:
    if not command.most:
        return f"`{command.name}` takes no arguments, but was given `{operands[0]}`"
    most = "one argument" if command.most == 1 else f"{command.most} arguments"
    return f"`{command.name}` takes {most}, but was given {len(operands)}: {_list(operands, 'and')}"


def _nearest(word: str, words: Sequence[str]) -> str | None:
    from dataflare_lsp.text import nearest

    return nearest(word, words)


def _list(words: Sequence[str], conjunction: str) -> str:
    return " ".join((", ".join(words[:-1]), conjunction, words[-1])) if len(words) > 1 else words[0]


def usage(program: str, command: Command) -> str:
    """The usage line of a command."""
    return " ".join(part for part in (program, command.name, "[OPTIONS]", command.operands) if part)


def help_text(program: str, command: Command) -> str:
    """The help page of a command."""
    shown = [(f"{o.name} {o.metavar}".strip(), o.help) for o in command.options]
    shown.append((f"-h, {HELP}", "Print this help"))
    lines = [command.summary + ".", "", f"Usage: {usage(program, command)}", "", command.about.strip(), "", "Options:"]
    return "\n".join([*lines, *table(shown)]) + "\n"


def table(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Two columns; the second may have several lines."""
    width = max(len(left) for left, _ in rows)
    lines = []
    for left, right in rows:
        first, *more = right.split("\n")
        lines.append(f"  {left:<{width}}  {first}".rstrip())
        lines += [" " * (width + 4) + line for line in more]
    return lines
