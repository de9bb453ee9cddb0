"""Any text at all gives diagnostics, in the time and the memory that its length allows."""

import resource
import sys
import time
from random import Random

from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Workspace
from fuzz.case import Case, Finding
from fuzz.mutation import FILE_CHANGES, SIGNS, STATEMENTS, WORDS, changed, filled, names_in
from fuzz.seeds import seed

SECONDS_PER_MEGABYTE = 20.0
"""How long a text may take, in time of this process, beside `SECONDS`."""
SECONDS = 2.0
MEGABYTES_PER_MEGABYTE = 1500
"""How much more memory a text may take than it is long itself, beside `MEGABYTES`."""
MEGABYTES = 50

_PIECES = (
    *(
        "{",
        "}",
        "<",
        ">",
        "(",
        ")",
        ",",
        ";",
        ":",
        "/",
        "@",
        "=",
        ".",
        "-",
        "%",
        "_",
        '"',
        "\\",
        "0",
        "\n",
        "\r",
        "\r\n",
    ),
    *("/*", "*/", "//", "///", "/**", "list<", "option<tuple<", "result<_,", "a", "a-", "-a", "1.0.0", "x: func();\n"),
    *(
        "interface ",
        "world ",
        "package ",
        "use ",
        "include ",
        "@since",
        "@unstable(feature = ",
        "resource r {",
        "\0",
        "é",
    ),
    *(
        "import ",
        "export x: interface {",
        "package a:b {",
        "interface i {",
        "world w {",
        "a.b.",
        "type t = ",
        " ",
        "//\n",
    ),
    *(
        "\udc80",
        "\ud800",
        "\U0001f600",
        "\ufeff",
        "\u202e",
        "%a ",
        "a, ",
        "a: u8, ",
        "x: func(a: u8) -> u8;\n",
        "/* a */",
    ),
)
"""What is repeated: a parser that looks back or ahead too far shows it by its time."""


def make(chance: Random) -> Case:
    draw = chance.random()
    if draw < 0.12:
        return _large(chance)
    if draw < 0.2:
        length = chance.randint(0, 300)
        return Case({"x.wit": bytes(chance.choices(range(256), k=length)).decode("utf-8", "surrogateescape")})
    if draw < 0.35:
        return Case({"x.wit": "".join(chance.choices((*_PIECES, *WORDS, *SIGNS), k=chance.randint(0, 120)))})
    case = seed(chance)
    for _ in range(chance.randint(1, 8)):
        if chance.random() < 0.05:
            case = chance.choice(FILE_CHANGES)(case, chance)
        elif case.sources:
            path = chance.choice(case.sources)
            text = case.files[path]
            if chance.random() < 0.5:
                at = chance.randint(0, len(text))
                end = min(at + chance.choice((0, 0, 1, 5, 100)), len(text))
                text = text[:at] + chance.choice((*_PIECES, *SIGNS)) * chance.choice((1, 1, 1, 3)) + text[end:]
            else:
                text = changed(text, chance, names_in(case))
            case = case.with_text(path, text)
    return case


def _large(chance: Random) -> Case:
    """A text of some 100 KB that says the same over and over, at some place of a package."""
    length = chance.choice((20_000, 100_000))
    if chance.random() < 0.5:
        piece = "".join(chance.choices((*_PIECES, *WORDS), k=chance.randint(1, 5)))
    else:
        statement = filled(chance.choice(STATEMENTS), chance, ["a", "b", "t", "list", "i"])
        piece = changed(statement, chance, ["a", "b"]) if chance.random() < 0.5 else statement
    many = chance.random() < 0.3  # names that are different, where there are any
    count = length // max(len(piece), 1) + 1
    repeated = "".join(piece.replace("a", f"a{n}") for n in range(count)) if many else piece * count
    head = chance.choice(
        ("", "package a:b; ", "package a:b; interface i { ", "package a:b; world w { ", "interface i { type t = ")
    )
    tail = chance.choice(("", "", "}", ";", " */ } interface j {}", "\n}\n"))
    return Case({"x.wit": head + repeated[:length] + tail})


def judge(case: Case) -> Finding | None:
    size = sum(map(len, case.files.values())) / 1e6
    memory = megabytes()
    start = time.process_time()
    problem = _examine(case)
    if problem is not None:
        return problem
    took = time.process_time() - start
    if took > SECONDS + SECONDS_PER_MEGABYTE * size:
        return Finding("slow", f"{took:.1f} s for {size * 1000:.0f} KB")
    grown = megabytes() - memory
    if grown > MEGABYTES + MEGABYTES_PER_MEGABYTE * size:
        return Finding("large", f"{grown:.0f} MB for {size * 1000:.0f} KB")
    return None


def _examine(case: Case) -> Finding | None:
    workspace, root = in_memory(case)
    for path in root.files:
        text = workspace.sources[path].text
        before = -1
        for diagnostic in workspace.diagnostics(root.path, path):
            span = diagnostic.span
            if not 0 <= span.start <= span.end <= len(text):
                return Finding("a place outside the text", f"{path}: {diagnostic}")
            if span.start < before:
                return Finding("diagnostics out of order", f"{path}: {diagnostic}")
            before = span.start
            for related in diagnostic.related:
                there = workspace.sources[related.file].text
                if not 0 <= related.span.start <= related.span.end <= len(there):
                    return Finding("a related place outside its text", f"{path}: {diagnostic}")
            for fix in diagnostic.fixes:
                if any(not 0 <= edit.span.start <= edit.span.end <= len(text) for edit in fix.edits):
                    return Finding("a fix outside the text", f"{path}: {diagnostic}")
        if "".join(segment.text for segment in workspace.sources[path].segments) != text:
            return Finding("segments that do not make up the text", path)
    return None


def in_memory(case: Case) -> tuple[Workspace, Root]:
    """A workspace of the case's WIT, as an editor would have it: nothing of it is on disk."""
    workspace = Workspace(case.features)
    groups: dict[str, list[str]] = {}
    for path in sorted(case.sources):
        parts = path.split("/")
        groups.setdefault(parts[1] if len(parts) > 1 else "", []).append(f"/{path}")
        workspace.set_text(f"/{path}", case.files[path])
    own = tuple(groups.pop("", ()))
    root = Root("/", (own, *map(tuple, groups.values())))
    workspace.add_root(root)
    return workspace, root


def megabytes() -> float:
    """The most memory that this process has had so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
