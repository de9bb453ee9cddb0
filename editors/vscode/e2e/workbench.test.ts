/** The extension in the real workbench: what its user does, and what comes of it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { createVSIX } from "@vscode/vsce";

import { desk } from "./desk.ts";
import { build, copyOf, counting, folderOf, ORDERS, plugin, PROGRAM, write } from "./workspaces.ts";

const RUNNING = /dataflare-lsp \S+ is running/;

suite("in a trusted folder", () => {
  const at = desk();

  test("mistakes of all files are shown", at.alone(copyOf("examples/mistakes"), async (bench) => {
    await bench.openFile("orders.wit");
    await bench.squiggles("error").first().waitFor();
    const rows = await bench.problems();
    await rows.filter({ hasText: "type `household` contains itself" }).waitFor();
    await rows.filter({ hasText: "borrowed-result" }).waitFor();
    await bench.picture("diagnostics");
  }));

  test("mistakes appear and vanish with edits", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").waitFor();
    await bench.placeAfter("data-recrod");
    await bench.press("Backspace", "Backspace", "Backspace");
    await bench.type("ord");
    await bench.squiggles("error").waitFor({ state: "detached" });
    await bench.press("Backspace");
    await bench.squiggles("error").waitFor();
  }));

  const unfinished = { ...ORDERS, "api.wit": "interface api {\n    read: func() -> ;\n}\n" };
  test("completion inserts a type and its use", at.shared(folderOf(unfinished), async (bench) => {
    await bench.openFile("api.wit");
    await bench.status(RUNNING).waitFor();
    await bench.placeAfter("-> ");
    await bench.type("data-r");
    await bench.suggestion("data-record").waitFor();
    await bench.picture("completion");
    await bench.press("Enter");
    await bench.until("the use", async () => (await bench.text()).includes("use types.{data-record};"));
    assert.match(await bench.text(), /read: func\(\) -> data-record;/);
    await bench.squiggles("error").waitFor({ state: "detached" });
  }));

  test("hover says what a name means", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").waitFor();
    await bench.placeAfter("{data-rec");
    const hover = await bench.hover("One record.");
    assert.match((await hover.innerText()).replaceAll("\u00a0", " "), /record data-record/);
  }));

  test("hover says what an interface of the platform is for", at.alone(plugin(), async (bench) => {
    await bench.openFile("wit/world.wit");
    await bench.status(RUNNING).waitFor();
    await bench.placeAfter("export dataflare:core/data-proc");
    await bench.until("a picture of the hover", async () => {
      const hover = await bench.hover("Handles one record at a time.");
      await bench.picture("hover");
      return hover.isVisible();
    });
  }));

  test("a definition opens in its file", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").waitFor();
    await bench.placeAfter("{data-rec");
    await bench.press("F12");
    await bench.activeTab("types.wit").waitFor();
    await bench.page.getByLabel(/^Ln 6, Col 12/).first().waitFor();
    await bench.picture("definition");
  }));

  const unformatted = folderOf({
    ".vscode/settings.json": '{"[wit]": {"editor.formatOnSave": true}, "dataflare.format.indent": 2}',
    "types.wit": "package corp:app;\ninterface types {\n        type id=u64;\n}\n",
  });
  test("saving formats", at.alone(unformatted, async (bench) => {
    await bench.openFile("types.wit");
    await bench.status(RUNNING).waitFor();
    // The editor knows of the formatter a moment after the server runs, and does not show it.
    await bench.until("the layout", async () => {
      await bench.press("Control+S");
      return (await bench.text()).includes("\n  type id = u64;\n");
    });
    await bench.picture("formatted");
  }));

  test("the outline lists what a file has", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("types.wit");
    await bench.status(RUNNING).waitFor();
    await bench.run("Explorer: Focus on Outline View");
    const outline = bench.page.locator(".outline-pane .monaco-list-row");
    for (const name of ["types", "data-record"]) await outline.filter({ hasText: name }).first().waitFor();
    await bench.picture("outline");
  }));

  test("a quick fix mends a mistake", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").waitFor();
    await bench.placeAfter("data-recrod");
    await bench.press("Control+.");
    const action = bench.page.locator(".action-widget .monaco-list-row").filter({ hasText: "data-record" });
    await action.first().waitFor();
    await bench.picture("quick-fix");
    await action.first().click();
    await bench.squiggles("error").waitFor({ state: "detached" });
    assert.match(await bench.text(), /option<data-record>/);
  }));

  test("words have the colours of what they mean", at.shared(folderOf(ORDERS), async (bench) => {
    // Before the server has answered there is the grammar's colour, so keywords never look like names.
    await bench.openFile("api.wit");
    const colours = async (word: string): Promise<string> =>
      bench.lines().locator("span > span").filter({ hasText: new RegExp(`^${word}$`) }).first()
        .evaluate((span) => getComputedStyle(span).color);
    assert.notEqual(await colours("interface"), await colours("data-record"));
  }));

  test("a manifest is judged and completed", at.shared(plugin(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.status(RUNNING).waitFor();
    await bench.placeAfter('kind = "processor');
    await bench.press("Backspace");
    await bench.squiggles("error").first().waitFor();
    await bench.picture("manifest-mistake");
    await bench.press(...Array<string>(8).fill("Backspace"));
    await bench.press("Control+Space");
    await bench.suggestion("aggregator").waitFor();
    await bench.picture("manifest-completion");
    await bench.suggestion("processor").click();
    await bench.squiggles("error").first().waitFor({ state: "detached" });
    assert.match(await bench.text(), /kind = "processor"/);
  }));

  test("a component opens as its WIT, with navigation", at.shared(plugin(), async (bench) => {
    await bench.find("build/plugin.wasm");
    await bench.activeTab("plugin.wasm").waitFor();
    await bench.page.getByRole("button", { name: "Open Anyway" }).click();
    await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "WIT of a Component" }).click();
    await bench.activeTab("plugin.wasm.wit").waitFor();
    await bench.until("the WIT", async () => (await bench.text()).includes("export dataflare:core/data-processor@1.0.0;"));
    await bench.until("one tab", async () => (await bench.page.locator(".tab").count()) === 1);
    await bench.placeAfter("export dataflare:core/data-proc");
    await bench.press("F12");
    await bench.page.getByLabel(/^Ln (?!1,)\d+, Col/).first().waitFor();
    await bench.picture("component-wit");
  }));

  test("a component that does not fit is marked in the manifest, until it is built anew", at.alone(misbuilt(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.squiggles("error").first().waitFor();
    await bench.placeAfter('path = "build/plu');
    await bench.hover("field `timestamp` is s64, the world wants u64");
    await bench.picture("component-mismatch");
    await bench.press("Escape");
    build(bench.folder);
    await bench.squiggles("error").first().waitFor({ state: "detached" });
  }));

  test("a plugin is validated and started on demand", at.shared(plugin(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.status(RUNNING).waitFor();
    await bench.run("DataFlare: Validate Plugin and See Whether It Starts");
    await bench.notification(/`plugin.wasm` is valid, agrees with its WIT and its manifest and starts in/).waitFor();
    await bench.picture("validated");
  }));

  test("a lens runs the plugin with its records", at.shared(counting(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.page.locator(".codelens-decoration a").filter({ hasText: "Run" }).click();
    await bench.until("the run", async () => (await bench.terminals()).includes("3 records: 3 handed on"));
    await bench.picture("run");
  }));

  test("a package is compared with a released version", at.shared(released(), async (bench) => {
    await bench.openFile("api.wit");
    await bench.status(RUNNING).waitFor();
    await bench.run("DataFlare: Compare with a Released Version…");
    await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "v1.0.0" }).click();
    await bench.until("the comparison", async () => (await bench.terminals()).includes("1 major change calls for 2.0.0"));
    await bench.picture("comparison");
  }));

  test("a type is renamed in all files", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").first().waitFor();
    await bench.placeAfter("{data-rec");
    await bench.press("F2");
    const box = bench.page.locator(".rename-box input");
    await box.fill("order");
    await bench.picture("rename");
    await bench.press("Enter");
    await bench.until("the new name", async () => (await bench.text()).includes("use types.{order};"));
    await bench.openFile("types.wit");
    await bench.until("the new name there", async () => (await bench.text()).includes("record order {"));
  }));

  test("a task checks the folder", at.alone(copyOf("examples/mistakes"), async (bench) => {
    await bench.status(RUNNING).waitFor();
    await bench.runTask("check");
    await bench.until("the check", async () => (await bench.terminals()).includes("6 errors in 2 files"));
    await bench.picture("task");
  }));

  test("a task builds the plugin as its manifest says", at.shared(rebuilt(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.squiggles("error").first().waitFor();
    await bench.runTask(`build ${basename(bench.folder)}`);
    await bench.squiggles("error").first().waitFor({ state: "detached" });
    await bench.picture("built");
  }));

  const tasks = [{ label: "lint", type: "process", command: PROGRAM, args: ["check"], problemMatcher: "$dataflare" }];
  const linted = copyOf("examples/mistakes", {
    ".vscode/settings.json": '{"dataflare.diagnostics.enable": false}',
    ".vscode/tasks.json": JSON.stringify({ version: "2.0.0", tasks }),
  });
  test("a task of the user's own marks what the problem matcher finds", at.alone(linted, async (bench) => {
    await bench.status(RUNNING).waitFor();
    await bench.run("Tasks: Run Task");
    await bench.choose("lint");
    await bench.page.locator("[id='status.problems'][aria-label='Errors: 6']").waitFor();
    const rows = await bench.problems();
    await rows.filter({ hasText: "cyclic-type" }).filter({ hasText: "[Ln 9, Col 23]" }).waitFor();
    await bench.picture("matched");
  }));

  const cloned = folderOf({
    ...ORDERS,
    ".vscode/settings.json": '{"dataflare.server.path": "~/bin/dataflare-lsp"}',
    "clone/pyproject.toml": '[project]\nname = "dataflare-lsp"\n',
  });
  test("the server is installed by the command that the user has seen", at.alone(cloned, async (bench) => {
    const { folder } = bench;
    await bench.notification("/bin/dataflare-lsp, and there is no such program").getByRole("button", { name: "Install…" }).click();
    const path = bench.page.locator(".quick-input-widget input.input");
    await bench.until("the dialog", async () => (await path.inputValue()) === `${folder}/`);
    await path.fill(`${folder}/clone/`);
    await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "types.wit" }).waitFor({ state: "detached" });
    const way = bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: `pipx install --force ${folder}/clone` });
    // The dialog takes no answer while it lists a folder, and does not show whether it still does.
    const here = bench.page.getByRole("button", { name: "Install from Here" });
    await bench.until("the command", async () => {
      if (await here.isVisible()) await here.click({ timeout: 1000 }).catch(() => undefined);
      return way.isVisible();
    });
    await bench.picture("install");
    await way.click();
    await bench.status(RUNNING).waitFor();
  }));

  test("settings reach the server", at.alone(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").waitFor();
    write(bench.folder, { ".vscode/settings.json": '{"dataflare.diagnostics.enable": false}' });
    await bench.squiggles("error").waitFor({ state: "detached" });
  }));

  test("a server that was killed is started again, and can be restarted", at.shared(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.squiggles("error").waitFor();
    const first = await at.server.only("dataflare-lsp serve");
    process.kill(first, "SIGKILL");
    await bench.until("another server", async () => (await at.server.only("dataflare-lsp serve")) !== first);
    await bench.status(RUNNING).waitFor();
    await bench.picture("started-again");
    await bench.placeAfter("data-recrod");
    await bench.press("Backspace", "Backspace", "Backspace");
    await bench.type("ord");
    await bench.squiggles("error").waitFor({ state: "detached" });
    const second = await at.server.only("dataflare-lsp serve");
    await bench.run("DataFlare: Restart Server");
    await bench.until("a third server", async () => (await at.server.only("dataflare-lsp serve")) !== second);
    await bench.press("Backspace");
    await bench.squiggles("error").waitFor();
  }));

  const nowhere = { ...ORDERS, ".vscode/settings.json": '{"dataflare.server.path": "/nowhere/dataflare-lsp"}' };
  test("a server that is not there is offered, and found once its path is right", at.alone(folderOf(nowhere), async (bench) => {
    await bench.notification("The setting dataflare.server.path names /nowhere/dataflare-lsp").waitFor();
    await bench.picture("missing");
    write(bench.folder, { ".vscode/settings.json": JSON.stringify({ "dataflare.server.path": PROGRAM }) });
    await bench.status(RUNNING).waitFor();
  }));

  const old = `#!${process.execPath}
    process.stdin.once("data", () => {
      const text = JSON.stringify({ jsonrpc: "2.0", id: 0, result: { capabilities: {}, serverInfo: { name: "dataflare-lsp", version: "0.0.9" } } });
      process.stdout.write("Content-Length: " + text.length + "\\r\\n\\r\\n" + text);
      process.stdin.resume();
      process.stdin.on("end", () => process.exit(0));
    });
  `;
  test("a server that is too old is said to be", at.alone(withServer(old), async (bench) => {
    await bench.notification("The language server is of version 0.0.9; 0.1.0 or newer is needed.").waitFor();
    await bench.picture("outdated");
  }));
});

suite("in a folder that is not trusted, beside WIT IDL", () => {
  const at = desk({
    trust: true,
    settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
    others: async () => [await neighbour()],
  });
  const told = "WIT IDL is installed, too.";

  test("the user is told of the other extension, and chooses which one formats", at.alone(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.notification(told).getByRole("button", { name: "Format with DataFlare" }).click();
    const settings = join(at.server.home, "user", "User", "settings.json");
    await bench.until("the setting", () => Promise.resolve(readFileSync(settings, "utf8").includes('"dataflare.dataflare"')));
  }));

  test("the user is told once", at.alone(folderOf(ORDERS), async (bench) => {
    await bench.openFile("api.wit");
    await bench.run("DataFlare: Validate Plugin");
    await bench.notification("There is no dataflare.toml").waitFor();
    assert.equal(await bench.notification(told).count(), 0);
  }));

  const trap = `#!/bin/sh\necho ran >>"$(dirname "$0")/ran"\nexec ${PROGRAM} "$@"\n`;
  test("nothing runs until it is", at.alone(withServer(trap), async (bench) => {
    const ran = join(bench.folder, ".venv/bin/ran");
    await bench.openFile("api.wit");
    await bench.status(/runs once the folder is trusted/).waitFor();
    await bench.run("DataFlare: Restart Server");
    await bench.run("DataFlare: Validate Plugin");
    await bench.notification("There is no dataflare.toml").waitFor();
    assert.deepEqual([existsSync(ran), at.server.all("dataflare-lsp serve")], [false, []]);
    await bench.picture("untrusted");

    await bench.press("F5");
    const question = bench.page.locator(".monaco-dialog-box").filter({ hasText: "Do you trust the authors" });
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    assert.deepEqual([existsSync(ran), at.server.all("dataflare-lsp dap")], [false, []]);

    await bench.status(/runs once the folder is trusted/).click();
    await bench.page.locator(".workspace-trust-editor").getByText("Trust", { exact: true }).first().click();
    await bench.status(RUNNING).waitFor();
    assert.equal(readFileSync(ran, "utf8"), "ran\n");
  }));
});

/** A plugin whose component has another type than its world. */
function misbuilt(): string {
  return plugin((text) => text.replaceAll('(field "timestamp" u64)', '(field "timestamp" s64)'));
}

/** A plugin whose component has another type than its world until it is built. */
function rebuilt(): string {
  const folder = misbuilt();
  const manifest = readFileSync(join(folder, "dataflare.toml"), "utf8");
  write(folder, { "dataflare.toml": manifest.replace(/^command = .*$/m, 'command = "cp good.wasm build/plugin.wasm"') });
  build(folder, (text) => text, "good.wasm");
  return folder;
}

/** A package with a released version, and a function less since then. */
function released(): string {
  const folder = folderOf({ ...ORDERS, "api.wit": ORDERS["api.wit"]?.replace("recrod", "record") ?? "" });
  const git = (...words: string[]): void => {
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...words], { cwd: folder, stdio: "pipe" });
  };
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "First");
  git("tag", "v1.0.0");
  write(folder, { "api.wit": "interface api {\n    use types.{data-record};\n}\n" });
  return folder;
}

/** A folder with a server of its own. */
function withServer(script: string): string {
  const folder = folderOf({ ...ORDERS, ".venv/bin/dataflare-lsp": script });
  chmodSync(join(folder, ".venv/bin/dataflare-lsp"), 0o755);
  return folder;
}

/** Stands for the extension "WIT IDL": its name, and the language that it serves. */
async function neighbour(): Promise<string> {
  const contents = {
    name: "wit-idl",
    publisher: "bytecodealliance",
    version: "0.0.1",
    engines: { vscode: "^1.100.0" },
    contributes: { languages: [{ id: "wit", extensions: [".wit"] }] },
  };
  const cwd = folderOf({ "package.json": JSON.stringify(contents), "README.md": "# A stand-in\n" });
  const packagePath = join(cwd, "wit-idl.vsix");
  await createVSIX({ cwd, packagePath, allowMissingRepository: true, skipLicense: true, dependencies: false });
  return packagePath;
}
