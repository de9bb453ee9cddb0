"""After any edits, the server's text and diagnostics are those of a fresh start."""

import asyncio
import random
from pathlib import Path

from support.editor import PULLS, PUSHES, Editor, capabilities, editor, lines, write

from dataflare_lsp.features.diagnostics import diagnostics
from dataflare_lsp.text import Encoding, Lines
from dataflare_lsp.workspace.roots import Root
from dataflare_lsp.workspace.workspace import Workspace

FILES = {
    "types.wit": """package corp:app@1.0.0;
/// What everything uses. 😀
interface types {
  record item { id: u64, tags: list<string> }
  resource store { constructor(); get: func(id: u64) -> option<item>; }
  variant outcome { ok(item), failed(string) }
}
""",
    "api.wit": """interface api {
  use types.{item, outcome as result-of, store};
  run: func(on: borrow<store>, what: item) -> result-of;
}
""",
    "worlds.wit": "world app {\n  use types.{item};\n  import types;\n  export api;\n  export main: func() -> item;\n}\n",
}

PIECES = [
    "", "", "{", "}", ";", "<", "(", ":", "/*", "*/", "//", '"', "\n", "\r\n", "é", "😀", "\ud800", "item", "store",
    "interface types {", "use types.{item};", "type item = u8;", "borrow<store>", "u64", "package corp:app;\n",
]  # fmt: skip


def fresh(folder: Path, texts: dict[str, str], encoding: Encoding) -> dict[str, list[str]]:
    """What a workspace says that has these texts from the start."""
    workspace = Workspace()
    files = {name: str(folder / name) for name in texts}
    for name, text in texts.items():
        workspace.open_text(files[name], text)
    workspace.add_root(Root(str(folder), (tuple(sorted(files.values())),)))
    snapshot = workspace.snapshot()
    found = {}
    for name, file in files.items():
        rows = Lines(texts[name])
        shown = []
        for one in diagnostics(snapshot, file):
            start, end = rows.position(one.span.start), rows.position(one.span.end)
            columns = rows.units(start, encoding) + 1, rows.units(end, encoding) + 1
            shown.append(f"{start.line + 1}:{columns[0]}-{end.line + 1}:{columns[1]} {one.code}")
        found[name] = shown
    return found


def edit(it: Editor, chance: random.Random, texts: dict[str, str], encoding: Encoding) -> None:
    """One message of one or two random edits of a random file."""
    name = chance.choice(sorted(texts))
    changes = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = texts[name]
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 0, 0, 1, 3, 20, 200)))
        new = chance.choice(PIECES)
        rows = Lines(text)
        first, last = rows.position(start), rows.position(end)
        columns = rows.units(first, encoding), rows.units(last, encoding)
        # A place between CR and LF cannot be named: what is edited is what the protocol makes of it.
        start = rows.offset(rows.from_units(first.line, columns[0], encoding))
        end = rows.offset(rows.from_units(last.line, columns[1], encoding))
        changes.append((first.line, columns[0], last.line, columns[1], new))
        texts[name] = text[:start] + new + text[end:]
    it.change(name, *changes)


async def test_pulled_diagnostics_are_those_of_a_fresh_start(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    for encoding in ("utf-8", "utf-16"):
        chance = random.Random(encoding)
        async with editor(tmp_path, capabilities(encodings=(encoding,), pull=True)) as it:
            texts = dict(FILES)
            for name in texts:
                it.open(name)
            for _ in range(40):
                for _ in range(chance.randint(1, 8)):
                    edit(it, chance, texts, encoding)
                expected = fresh(tmp_path, texts, encoding)
                assert {name: lines((await it.pulled(name)).items) for name in texts} == expected
                if chance.random() < 0.3:
                    for name, text in FILES.items():
                        it.change(name, text)
                    texts = dict(FILES)


async def test_published_diagnostics_become_those_of_a_fresh_start(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    chance = random.Random(7)
    async with editor(tmp_path, PUSHES) as it:
        texts = dict(FILES)
        for name in texts:
            it.open(name)
        for _ in range(40):
            for _ in range(chance.randint(1, 8)):
                edit(it, chance, texts, "utf-8")
                if chance.random() < 0.3:
                    await asyncio.sleep(chance.random() / 100)
            expected = fresh(tmp_path, texts, "utf-8")
            shown = lambda: {name: lines(it.client.diagnostics.get(it.uri(name), ())) for name in FILES}  # noqa: E731
            await it.eventually(shown, lambda seen, wanted=expected: seen == wanted)  # type: ignore[misc]


async def test_texts_opened_and_closed_in_any_order_end_as_a_fresh_start(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    chance = random.Random(11)
    async with editor(tmp_path, PULLS) as it:
        texts = dict(FILES)
        opened: set[str] = set()
        for _ in range(150):
            name = chance.choice(sorted(FILES))
            if name not in opened:
                texts[name] = FILES[name].replace("item", chance.choice(("item", "itme")), 1)
                it.open(name, texts[name])
                opened.add(name)
            elif chance.random() < 0.5:
                it.close(name)
                texts[name] = FILES[name]
                opened.discard(name)
            else:
                edit(it, chance, {name: texts[name]}, "utf-8")
                it.change(name, texts[name])
            if chance.random() < 0.2:
                expected = fresh(tmp_path, texts, "utf-8")
                assert {name: lines((await it.pulled(name)).items) for name in texts} == expected
