"""Workspaces of any size to measure on: valid, connected, and like what people write.

Deterministic. Every item has documentation; every interface uses one record, `common` of the package `bench:base`, and
a type of the interface before it, so that an edit of `common` concerns the whole workspace.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

_ITEM = 9  # lines of one record and one function, as below


class Workspace(NamedTuple):
    """A root on disk. `edited` is its file with the interface `large`, which defines `common`."""

    folder: str
    edited: str
    dependents: tuple[str, ...]
    """The files that use `common` from elsewhere."""
    lines: int


def write(folder: str, lines: int, packages: int = 60, edited: int = 1_000) -> Workspace:
    """A root of about `lines` lines in `packages` dependencies and the edited file, which has about `edited` lines."""
    share = max(0, lines - edited - packages - 8) // packages
    total = 0
    dependents = []
    for number in range(packages):
        text = package(number, share)
        total += text.count("\n")
        dependents.append(_write(os.path.join(folder, "deps", f"pkg-{number}", "package.wit"), text))
    base = "/// What all share.\npackage bench:base@1.0.0;\n\n" + large_interface(edited - 3)
    imports = "".join(f"  import bench:pkg-{number}/part-0@1.0.0;\n" for number in range(packages))
    app = (
        "package bench:app@1.0.0;\n\n/// The application.\nworld app {\n"
        f"  import bench:base/large@1.0.0;\n{imports}}}\n"
    )
    total += base.count("\n") + app.count("\n")
    _write(os.path.join(folder, "app.wit"), app)
    file = _write(os.path.join(folder, "deps", "base", "base.wit"), base)
    return Workspace(folder, file, tuple(dependents), total)


def package(number: int, lines: int, per_interface: int = 200) -> str:
    """A dependency of about `lines` lines, one interface at least."""
    text = [f"/// Package {number} of the benchmark.", f"package bench:pkg-{number}@1.0.0;"]
    interface = 0
    while interface == 0 or len(text) + _ITEM < lines:
        text += ["", f"/// Interface {interface}.", f"interface part-{interface} {{"]
        text.append("  use bench:base/large@1.0.0.{common};")
        if interface > 0:
            text.append(f"  use part-{interface - 1}.{{rec-0 as earlier}};")
        elif number > 0:
            text.append(f"  use bench:pkg-{number - 1}/part-0@1.0.0.{{rec-0 as earlier}};")
        room = min(per_interface, lines - len(text)) - 1
        for item in range(max(1, room // _ITEM)):
            text += members(item)
        text.append("}")
        interface += 1
    return "\n".join(text) + "\n"


def members(item: int) -> Iterator[str]:
    """One record and one function of an interface that has `common`."""
    yield ""
    yield f"  /// Record {item}."
    yield f"  record rec-{item} {{"
    yield "    base: common,"
    yield "    payload: list<u8>,"
    yield "  }"
    yield ""
    yield f"  /// Does {item}."
    yield f"  do-{item}: func(what: rec-{item}, with-it: common) -> result<rec-{item}, string>;"


def large_interface(lines: int) -> str:
    """An interface of about `lines` lines, in which everything uses one record."""
    text = [
        "/// One large interface.",
        "interface large {",
        "  /// What every item here uses.",
        "  record common {",
        "    id: u64,",
        "    name: string,",
        "  }",
    ]
    item = 0
    while len(text) + _ITEM < lines:
        text += members(item)
        item += 1
    return "\n".join([*text, "}"]) + "\n"


def _write(path: str, text: str) -> str:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path
