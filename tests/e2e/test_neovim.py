"""The real Neovim with the real server: what a user of `editors/neovim` sees."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pynvim
import pytest
from support.plugin_builds import plugin

REPOSITORY = Path(__file__).parents[2]
EDITOR = REPOSITORY / "editors" / "neovim"

INIT = """
vim.opt.runtimepath:prepend(vim.env.DATAFLARE_EDITOR)
vim.g.dataflare_lsp = { vim.env.DATAFLARE_PYTHON, "-m", "dataflare_lsp", "serve" }
vim.o.swapfile = false
vim.lsp.enable("dataflare")
vim.api.nvim_create_autocmd("LspAttach", {
  callback = function(event)
    vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
  end,
})
"""

TYPES = """package corp:app@1.0.0;

/// What flows through the pipeline.
interface types {
  /// One record.
  record data-record {
    id: string,
  }
}
"""

API = """interface api {
  use types.{data-record};

  read: func() -> option<data-recrod>;
}
"""


class Editor:
    """A running Neovim."""

    def __init__(self, folder: Path) -> None:
        nvim = _binary()
        home = folder.parent / "home"
        home.mkdir()
        init = home / "init.lua"
        init.write_text(INIT, encoding="utf-8")
        environment = {
            **os.environ,
            "DATAFLARE_EDITOR": str(EDITOR),
            "DATAFLARE_PYTHON": sys.executable,
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
        }
        os.environ.update(environment)
        self.nvim = pynvim.attach("child", argv=[nvim, "--embed", "--headless", "-u", str(init), "-i", "NONE"])
        self.folder = folder
        self.nvim.command(f"cd {folder}")

    def open(self, name: str) -> None:
        self.nvim.command(f"edit {self.folder / name}")

    def lua(self, code: str, *arguments: object) -> Any:
        return self.nvim.exec_lua(code, *arguments)

    def wait(self, what: str, condition: Callable[[], Any], seconds: float = 30) -> Any:
        """What `condition` gives once it gives something; the editor goes on meanwhile."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.05)
        messages = self.nvim.command_output("messages")
        log = Path(self.lua("return vim.lsp.get_log_path()"))
        said = log.read_text(encoding="utf-8")[-3000:] if log.exists() else ""
        raise AssertionError(f"waited in vain for {what}\n{messages}\n{said}")

    def diagnostics(self) -> list[tuple[int, int, str, str]]:
        """The current buffer's diagnostics: 1-based line and column, code, message."""
        found = self.lua("return vim.diagnostic.get(0)")
        return sorted((d["lnum"] + 1, d["col"] + 1, d["code"], d["message"].split("\n")[0]) for d in found)

    def lines(self) -> list[str]:
        return list(self.nvim.current.buffer[:])

    def place(self, line: int, column: int) -> None:
        """Put the cursor on a 1-based line and column."""
        self.nvim.current.window.cursor = (line, column - 1)


def _binary() -> str:
    beside = Path(sys.executable).with_name("nvim.exe" if os.name == "nt" else "nvim")
    return str(beside) if beside.exists() else shutil.which("nvim") or "nvim"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "")  # restored afterwards
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "types.wit").write_text(TYPES, encoding="utf-8")
    (folder / "api.wit").write_text(API, encoding="utf-8")
    editor = Editor(folder)
    yield editor
    try:
        editor.nvim.command("qall!")
    except (OSError, EOFError):
        pass
    editor.nvim.close()


def test_a_mistake_appears_and_vanishes_with_the_edit(editor: Editor) -> None:
    editor.open("api.wit")
    assert editor.nvim.eval("&filetype") == "wit"
    found = editor.wait("diagnostics", editor.diagnostics)
    assert found == [(4, 26, "unresolved-name", "no type `data-recrod` in interface `api`")]
    editor.nvim.current.buffer[3] = "  read: func() -> option<data-record>;"
    editor.wait("the mistake to vanish", lambda: not editor.diagnostics())


def test_a_type_is_completed_and_its_use_added(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    editor.nvim.current.buffer[:] = ["interface other {", "  read: func() -> ;", "}"]
    editor.place(2, 19)
    editor.nvim.feedkeys(editor.nvim.replace_termcodes("idata-r<C-x><C-o>", True, False, True), "nt")
    words = editor.wait(
        "the menu", lambda: [item["word"] for item in editor.nvim.eval("complete_info(['items']).items")]
    )
    assert words == ["data-record"]
    editor.nvim.input("<C-y>")
    editor.wait("the `use`", lambda: any("use types.{data-record};" in line for line in editor.lines()))
    editor.nvim.input("<Esc>")
    editor.wait("the completed line", lambda: "  read: func() -> data-record;" in editor.lines())
    editor.wait("a clean file", lambda: not editor.diagnostics())


def test_hover_shows_the_signature_and_the_documentation(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    editor.place(2, 15)
    editor.lua("vim.lsp.buf.hover()")

    def floating() -> str:
        return str(
            editor.lua("""
              for _, window in ipairs(vim.api.nvim_list_wins()) do
                if vim.api.nvim_win_get_config(window).relative ~= "" then
                  return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), "\\n")
                end
              end
              return ""
            """)
        )

    shown = editor.wait("the hover", floating)
    assert "record data-record" in shown
    assert "One record." in shown


def test_definition_jumps_into_the_other_file(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    editor.place(2, 15)
    editor.lua("vim.lsp.buf.definition()")
    editor.wait("the other file", lambda: editor.nvim.current.buffer.name.endswith("types.wit"))
    assert tuple(editor.nvim.current.window.cursor) == (6, 9)


def test_the_outline_is_a_tree(editor: Editor) -> None:
    editor.open("types.wit")
    editor.wait("the server", lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })"))
    editor.lua("vim.lsp.buf.document_symbol()")
    names = editor.wait("the outline", lambda: [item["text"] for item in editor.lua("return vim.fn.getloclist(0)")])
    assert any("data-record" in name for name in names)


def test_formatting_lays_the_file_out(editor: Editor) -> None:
    (editor.folder / "api.wit").write_text("interface   api{a:func( x:u32 )->string;}\n", encoding="utf-8")
    editor.open("api.wit")
    editor.wait("the server", lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })"))
    editor.lua("vim.lsp.buf.format({ timeout_ms = 20000 })")
    assert editor.lines() == ["interface api {", "    a: func(x: u32) -> string;", "}"]


def test_a_quick_fix_mends_the_mistake(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    editor.place(4, 28)
    editor.lua(
        "vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.kind == 'quickfix' end })"
    )
    editor.wait("the mended line", lambda: editor.lines()[3] == "  read: func() -> option<data-record>;")
    editor.wait("a clean file", lambda: not editor.diagnostics())


def test_a_file_changed_on_disk_is_noticed(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    renamed = TYPES.replace("data-record", "data-recrod")
    (editor.folder / "types.wit").write_text(renamed, encoding="utf-8")
    found = editor.wait("the other mistake", lambda: [d for d in editor.diagnostics() if d[0] == 2])
    assert found == [(2, 14, "unresolved-name", "no type `data-record` in interface `types`")]


def test_the_server_ends_with_the_editor(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    process = editor.lua("return vim.fn.getpid()")
    children = [int(pid) for pid in editor.nvim.api.get_proc_children(process)]
    assert children
    try:
        editor.nvim.command("qall!")
    except (OSError, EOFError):
        pass
    end = time.monotonic() + 20
    while any(_alive(pid) for pid in children):
        assert time.monotonic() < end, "the server outlived the editor"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return False
    return status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_health_check_finds_the_server(editor: Editor) -> None:
    program = shutil.which("dataflare-lsp", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("the console script is not installed beside this Python")
    editor.lua("vim.g.dataflare_lsp = ...", program)
    editor.nvim.command("checkhealth dataflare")
    report = editor.wait("the report", lambda: "\n".join(editor.lines()) if len(editor.lines()) > 4 else "")
    assert "ERROR" not in report
    assert "server 0." in report


def test_the_queries_are_those_of_the_grammar() -> None:
    ours = {path.name: path.read_text(encoding="utf-8") for path in (EDITOR / "queries" / "wit").iterdir()}
    grammar = REPOSITORY / "grammars" / "tree-sitter-wit" / "queries"
    assert ours == {path.name: path.read_text(encoding="utf-8") for path in grammar.iterdir()}


def test_a_manifest_is_served_and_other_toml_is_not(editor: Editor) -> None:
    (editor.folder / "dataflare.toml").write_text(
        'manifest-version = 1\n[plugin]\nname = "corp:app"\nversion = "1.0.0"\nkind = "procesor"\n', encoding="utf-8"
    )
    (editor.folder / "Cargo.toml").write_text("[package]\n", encoding="utf-8")
    editor.open("dataflare.toml")
    found = editor.wait("diagnostics", editor.diagnostics)
    assert [(line, column, code) for line, column, code, _ in found] == [(5, 8, "invalid-value")]
    editor.open("Cargo.toml")
    assert editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def test_a_component_is_validated_and_shown_as_wit(editor: Editor) -> None:
    plugin(editor.folder)
    editor.open("dataflare.toml")
    editor.wait("the server", lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })"))
    editor.nvim.command("DataflareValidate")
    editor.wait("the verdict", lambda: "`plugin.wasm` is valid and agrees" in editor.nvim.command_output("messages"))
    editor.nvim.command("DataflareShowWit")
    editor.wait("the WIT", lambda: editor.nvim.current.buffer.name.startswith("dataflare-wit:"))
    editor.wait("its text", lambda: "  export dataflare:core/data-processor@1.0.0;" in editor.lines())
    assert not editor.nvim.eval("&modifiable")
    row = next(number for number, line in enumerate(editor.lines(), 1) if "use types.{data-record}" in line)
    editor.place(row, editor.lines()[row - 1].index("data-record") + 1)
    editor.wait("the server there", lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })"))
    editor.lua("vim.lsp.buf.definition()")
    editor.wait("the record", lambda: editor.nvim.current.line.strip() == "record data-record {")
    editor.nvim.command(f"edit {editor.folder / 'Cargo.toml'}")
    assert editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })") == 0


def attached(editor: Editor) -> None:
    editor.wait("the server", lambda: editor.lua("return #vim.lsp.get_clients({ bufnr = 0 })"))


def asked(editor: Editor, method: str, extra: dict[str, Any] | None = None) -> Any:
    """What the server answers about the place of the cursor, for what Neovim has no command for."""
    return editor.lua(
        """
        local method, extra = ...
        local client = vim.lsp.get_clients({ bufnr = 0 })[1]
        local given = vim.lsp.util.make_position_params(0, client.offset_encoding)
        local answer = client:request_sync(method, vim.tbl_extend("force", given, extra), 20000, 0)
        return answer and answer.result
        """,
        method,
        extra or {},
    )


def test_a_type_leads_to_its_definition(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    editor.nvim.current.buffer[3] = "  read: func(one: data-record);"
    editor.place(4, 15)
    editor.lua("vim.lsp.buf.type_definition()")
    editor.wait("the other file", lambda: editor.nvim.current.buffer.name.endswith("types.wit"))
    assert tuple(editor.nvim.current.window.cursor) == (6, 9)


def test_names_are_coloured_by_what_they_are(editor: Editor) -> None:
    editor.open("types.wit")
    attached(editor)

    def colour() -> list[str]:
        return [str(token["type"]) for token in editor.lua("return vim.lsp.semantic_tokens.get_at_pos(0, 5, 12) or {}")]

    assert editor.wait("the colours", colour) == ["struct"]


def test_only_the_selected_lines_are_laid_out(editor: Editor) -> None:
    (editor.folder / "api.wit").write_text("interface api {\n a:func();\n b:func();\n}\n", encoding="utf-8")
    editor.open("api.wit")
    attached(editor)
    editor.lua("vim.lsp.buf.format({ timeout_ms = 20000, range = { start = { 2, 0 }, ['end'] = { 2, 9 } } })")
    assert editor.lines()[1:3] == ["    a: func();", " b:func();"]


def test_typing_a_brace_lays_its_lines_out(editor: Editor) -> None:
    """Neovim 0.11 has no client for this, so it is asked for."""
    (editor.folder / "api.wit").write_text("interface api {\n a:func();\n}\n", encoding="utf-8")
    editor.open("api.wit")
    attached(editor)
    typed = {"ch": "}", "position": {"line": 2, "character": 1}, "options": {"tabSize": 4, "insertSpaces": True}}
    edits = asked(editor, "textDocument/onTypeFormatting", typed)
    assert edits


def test_all_mistakes_are_mended_at_once(editor: Editor) -> None:
    editor.open("api.wit")
    editor.wait("diagnostics", editor.diagnostics)
    editor.lua("vim.lsp.buf.code_action({ apply = true, context = { only = { 'source.fixAll' }, diagnostics = {} } })")
    editor.wait("the mended line", lambda: editor.lines()[3] == "  read: func() -> option<data-record>;")


def test_mistakes_in_files_that_are_not_open_are_known(editor: Editor) -> None:
    editor.open("types.wit")
    attached(editor)
    report = asked(editor, "workspace/diagnostic", {"previousResultIds": []})
    found = {item["uri"].rpartition("/")[2]: [one["code"] for one in item["items"]] for item in report["items"]}
    assert found["api.wit"] == ["unresolved-name"]


def test_a_manifest_is_completed_explained_and_linked(editor: Editor) -> None:
    plugin(editor.folder)
    editor.open("dataflare.toml")
    attached(editor)
    row = next(number for number, line in enumerate(editor.lines(), 1) if line.startswith("kind"))
    editor.place(row, 1)
    assert "processor" in str(asked(editor, "textDocument/hover"))
    editor.nvim.current.buffer.append("[debug]")
    editor.nvim.current.buffer.append("in")
    editor.place(len(editor.lines()), 2)
    editor.nvim.feedkeys(editor.nvim.replace_termcodes("A<C-x><C-o>", True, False, True), "nt")
    words = editor.wait(
        "the menu", lambda: [item["word"] for item in editor.nvim.eval("complete_info(['items']).items")]
    )
    assert words == ["input"]
    editor.nvim.input("<Esc>")
    links = asked(editor, "textDocument/documentLink")
    assert [Path(link["target"]).name for link in links] == ["plugin.wasm"]


@pytest.mark.parametrize("first", [True, False])
def test_opening_a_component_shows_its_wit(editor: Editor, first: bool) -> None:
    plugin(editor.folder)
    if not first:
        editor.open("dataflare.toml")
        attached(editor)
    (component,) = (editor.folder / "build").glob("*.wasm")
    editor.open(f"build/{component.name}")
    editor.wait("the WIT", lambda: editor.nvim.current.buffer.name.startswith("dataflare-wit:"))
    editor.wait("its text", lambda: "  export dataflare:core/data-processor@1.0.0;" in editor.lines())
    assert not editor.nvim.eval("&modifiable")
    assert editor.lua("return #vim.lsp.get_clients({ name = 'dataflare' })") == 1
    listed = [Path(buffer.name).name for buffer in editor.nvim.buffers if buffer.name.startswith("/")]
    assert component.name not in listed


def test_opening_webassembly_without_wit_shows_its_bytes(editor: Editor) -> None:
    binary = b"\0asm\1\0\0\0"
    (editor.folder / "core.wasm").write_bytes(binary)
    editor.open("core.wasm")
    editor.wait("the bytes", lambda: editor.nvim.eval("&binary"))
    assert editor.lines()[0].startswith("\0asm")
    editor.nvim.command("write!")
    assert (editor.folder / "core.wasm").read_bytes() == binary


DAP = """
package.preload["dap"] = function()
  return { adapters = {}, configurations = { toml = { { type = "other" } } } }
end
"""


def test_nvim_dap_is_told_of_the_debugger(editor: Editor) -> None:
    """With a stand-in for its two tables: nvim-dap is in no package registry."""
    editor.nvim.exec_lua(DAP)
    plugin(editor.folder)
    editor.open("dataflare.toml")
    editor.open("types.wit")
    types = "return vim.tbl_map(function(one) return one.type end, require('dap').configurations[...])"
    assert editor.lua(types, "wit") == ["dataflare"]
    assert editor.lua(types, "toml") == ["other", "dataflare"]
    started = editor.lua("""
      local started
      require("dap").adapters.dataflare(function(adapter) started = adapter end, {})
      return started
    """)
    assert started == {"type": "executable", "command": sys.executable, "args": ["-m", "dataflare_lsp", "dap"]}
    assert editor.lua("return require('dap').configurations.wit[1].program()") == str(editor.folder)


def test_a_plugin_is_run_and_what_it_called_is_shown(editor: Editor) -> None:
    plugin(editor.folder)
    (editor.folder / "records.ndjson").write_text('{"payload": "a"}\n{"payload": "b"}\n')
    with (editor.folder / "dataflare.toml").open("a") as manifest:
        manifest.write('[debug]\ninput = "records.ndjson"\n')
    editor.nvim.exec_lua(DAP.replace("adapters = {}", "adapters = {}, run = function(given) started = given end"))
    editor.open("wit/world.wit")
    attached(editor)
    editor.lua("vim.lsp.inlay_hint.enable(true)")
    titles = """
      vim.lsp.codelens.refresh({ bufnr = 0 })
      return vim.tbl_map(function(lens) return lens.command and lens.command.title end, vim.lsp.codelens.get(0))
    """
    editor.wait("lenses", lambda: sorted(editor.lua(titles)) == ["Debug", "Debug", "▶ Run"])
    window = editor.nvim.current.window
    run = "for _, lens in ipairs(vim.lsp.codelens.get(0)) do if lens.command.title == ... then "
    run += "vim.lsp.get_clients({ bufnr = 0 })[1]:exec_cmd(lens.command, { bufnr = 0 }) return end end"
    editor.lua(run, "▶ Run")
    editor.wait("the run", lambda: "2 records: 2 handed on" in "\n".join(editor.lines()))
    editor.nvim.current.window = window
    hints = "return vim.tbl_map(function(one) return one.inlay_hint.label end, vim.lsp.inlay_hint.get({ bufnr = 0 }))"
    shown = editor.wait("hints", lambda: editor.lua(hints))
    assert [one.partition(",")[0] for one in shown] == ["2 calls", "2 calls"]
    editor.wait("a lens more", lambda: "Replay" in editor.lua(titles))
    editor.lua(run, "Replay")
    started = editor.lua("return started")
    assert (started["program"], started["replay"]) == (str(editor.folder), True)


def test_without_nvim_dap_nothing_is_said(editor: Editor) -> None:
    editor.open("types.wit")
    attached(editor)
    assert editor.nvim.command_output("messages") == ""


@pytest.mark.parametrize(
    "topic", ["dataflare", "g:dataflare_lsp", "g:dataflare_show_wit", ":DataflareShowWit", "dataflare-debugging"]
)
def test_there_is_help(editor: Editor, tmp_path: Path, topic: str) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(EDITOR, copied)
    editor.lua("vim.opt.runtimepath:prepend(...)", str(copied))
    editor.nvim.command(f"helptags {copied / 'doc'}")
    editor.nvim.command(f"help {topic}")
    assert editor.nvim.current.buffer.name.endswith("dataflare.txt")
