/** The extension in the real workbench: what its user does, and what comes of it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { createVSIX } from "@vscode/vsce";
import type { Browser } from "playwright-core";

import { CodeServer } from "./codeServer.ts";
import { PATH, SETTINGS } from "./settings.ts";
import { browser, Workbench } from "./workbench.ts";
import { build, copyOf, folderOf, ORDERS, plugin, PROGRAM, write } from "./workspaces.ts";

const RUNNING = /dataflare-lsp \S+ is running/;
let chromium: Browser;
before(async () => {
  chromium = await browser();
});
after(() => chromium.close());

suite("in a trusted folder", () => {
  let server: CodeServer;
  before(async () => {
    server = await CodeServer.start({ path: PATH, settings: SETTINGS, trust: false });
  });
  after(() => server.stop());

  /** A workbench with a folder open; closed at the end. */
  function inside(folder: string, work: (bench: Workbench) => Promise<void>): Promise<void> {
    return Workbench.inside(chromium, server.url, folder, work);
  }

  test("mistakes of all files are shown", () =>
    inside(copyOf("examples/mistakes"), async (bench) => {
      await bench.openFile("orders.wit");
      await bench.squiggles("error").first().waitFor();
      const rows = await bench.problems();
      await rows.filter({ hasText: "type `household` contains itself" }).waitFor();
      await rows.filter({ hasText: "borrowed-result" }).waitFor();
      await bench.picture("diagnostics");
    }));

  test("mistakes appear and vanish with edits", () =>
    inside(folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.squiggles("error").waitFor();
      await bench.placeAfter("data-recrod");
      await bench.press("Backspace", "Backspace", "Backspace");
      await bench.type("ord");
      await bench.squiggles("error").waitFor({ state: "detached" });
      await bench.press("Backspace");
      await bench.squiggles("error").waitFor();
    }));

  test("completion inserts a type and its use", () =>
    inside(folderOf({ ...ORDERS, "api.wit": "interface api {\n    read: func() -> ;\n}\n" }), async (bench) => {
      await bench.openFile("api.wit");
      await bench.status(RUNNING).waitFor();
      await bench.placeAfter("-> ");
      await bench.type("data-r");
      const row = bench.page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: "data-record" });
      await row.waitFor();
      await bench.picture("completion");
      await bench.press("Enter");
      await bench.until("the use", async () => (await bench.text()).includes("use types.{data-record};"));
      assert.match(await bench.text(), /read: func\(\) -> data-record;/);
      await bench.squiggles("error").waitFor({ state: "detached" });
    }));

  test("hover says what a name means", () =>
    inside(folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.squiggles("error").waitFor();
      await bench.placeAfter("{data-rec");
      const hover = await bench.hover("One record.");
      assert.match((await hover.innerText()).replaceAll("\u00a0", " "), /record data-record/);
    }));

  test("hover says what an interface of the platform is for", () =>
    inside(plugin(), async (bench) => {
      await bench.openFile("world.wit");
      await bench.status(RUNNING).waitFor();
      await bench.placeAfter("export dataflare:core/data-proc");
      await bench.until("a picture of the hover", async () => {
        const hover = await bench.hover("Handles one record at a time.");
        await bench.picture("hover");
        return hover.isVisible();
      });
    }));

  test("a definition opens in its file", () =>
    inside(folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.squiggles("error").waitFor();
      await bench.placeAfter("{data-rec");
      await bench.press("F12");
      await bench.activeTab("types.wit").waitFor();
      await bench.page.getByLabel(/^Ln 6, Col 12/).first().waitFor();
    }));

  test("saving formats", () =>
    inside(
      folderOf({
        ".vscode/settings.json": '{"[wit]": {"editor.formatOnSave": true}, "dataflare.format.indent": 2}',
        "types.wit": "package corp:app;\ninterface types {\n        type id=u64;\n}\n",
      }),
      async (bench) => {
        await bench.openFile("types.wit");
        await bench.status(RUNNING).waitFor();
        await bench.press("Control+S");
        await bench.until("the layout", async () => (await bench.text()).includes("\n  type id = u64;\n"));
      },
    ));

  test("the outline lists what a file has", () =>
    inside(folderOf(ORDERS), async (bench) => {
      await bench.openFile("types.wit");
      await bench.status(RUNNING).waitFor();
      await bench.run("Explorer: Focus on Outline View");
      const outline = bench.page.locator(".outline-pane .monaco-list-row");
      for (const name of ["types", "data-record"]) await outline.filter({ hasText: name }).first().waitFor();
      await bench.picture("outline");
    }));

  test("a quick fix mends a mistake", () =>
    inside(folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.squiggles("error").waitFor();
      await bench.placeAfter("data-rec" + "rod");
      await bench.press("Control+.");
      const action = bench.page.locator(".action-widget .monaco-list-row").filter({ hasText: "data-record" });
      await action.first().waitFor();
      await bench.picture("quick-fix");
      await action.first().click();
      await bench.squiggles("error").waitFor({ state: "detached" });
      assert.match(await bench.text(), /option<data-record>/);
    }));

  test("words have the colours of what they mean", () =>
    inside(folderOf(ORDERS), async (bench) => {
      // Before the server has answered there is the grammar's colour, so keywords never look like names.
      await bench.openFile("api.wit");
      const colours = async (word: string): Promise<string> =>
        bench.lines().locator("span > span").filter({ hasText: new RegExp(`^${word}$`) }).first()
          .evaluate((span) => getComputedStyle(span).color);
      assert.notEqual(await colours("interface"), await colours("data-record"));
    }));

  test("a manifest is judged and completed", () =>
    inside(plugin(), async (bench) => {
      await bench.openFile("dataflare.toml");
      await bench.status(RUNNING).waitFor();
      await bench.placeAfter('kind = "processor');
      await bench.press("Backspace");
      await bench.squiggles("error").first().waitFor();
      await bench.press(...Array<string>(8).fill("Backspace"));
      await bench.press("Control+Space");
      const row = bench.page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: "aggregator" });
      await row.waitFor();
      await bench.picture("manifest-completion");
      await bench.page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: "processor" }).first().click();
      await bench.squiggles("error").first().waitFor({ state: "detached" });
      assert.match(await bench.text(), /kind = "processor"/);
    }));

  test("a component opens as its WIT, with navigation", () =>
    inside(plugin(), async (bench) => {
      await bench.page.keyboard.press("Control+P");
      await bench.page.locator(".quick-input-widget input.input").fill("build/plugin.wasm");
      await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "plugin.wasm" }).first().click();
      await bench.activeTab("plugin.wasm").waitFor();
      await bench.page.getByRole("button", { name: "Open Anyway" }).click();
      await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "WIT of a Component" }).click();
      await bench.activeTab("plugin.wasm.wit").waitFor();
      await bench.until("the WIT", async () => (await bench.text()).includes("export dataflare:core/data-processor@1.0.0;"));
      assert.equal(await bench.page.locator(".tab").count(), 1);
      await bench.placeAfter("export dataflare:core/data-proc");
      await bench.press("F12");
      await bench.page.getByLabel(/^Ln (?!1,)\d+, Col/).first().waitFor();
      await bench.picture("component-wit");
    }));

  test("a component that does not fit is marked in the manifest, until it is built anew", () => {
    const folder = plugin((text) => text.replaceAll('(field "timestamp" u64)', '(field "timestamp" s64)'));
    return inside(folder, async (bench) => {
      await bench.openFile("dataflare.toml");
      await bench.squiggles("error").first().waitFor();
      await bench.placeAfter('path = "build/plu');
      await bench.hover("field `timestamp` is s64, the world wants u64");
      await bench.picture("component-mismatch");
      await bench.press("Escape");
      build(folder);
      await bench.squiggles("error").first().waitFor({ state: "detached" });
    });
  });

  test("a plugin is validated and started on demand", () =>
    inside(plugin(), async (bench) => {
      await bench.openFile("dataflare.toml");
      await bench.status(RUNNING).waitFor();
      await bench.run("DataFlare: Validate Plugin and See Whether It Starts");
      await bench.notification(/`plugin.wasm` is valid, agrees with its WIT and its manifest and starts in/).waitFor();
      await bench.picture("validated");
    }));

  test("a package is compared with a released version", () => {
    const folder = folderOf(ORDERS);
    const git = (...words: string[]): void => {
      execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...words], { cwd: folder, stdio: "pipe" });
    };
    write(folder, { "api.wit": ORDERS["api.wit"]?.replace("recrod", "record") ?? "" });
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "First");
    git("tag", "v1.0.0");
    write(folder, { "api.wit": "interface api {\n    use types.{data-record};\n}\n" });
    return inside(folder, async (bench) => {
      await bench.openFile("api.wit");
      await bench.status(RUNNING).waitFor();
      await bench.run("DataFlare: Compare with a Released Version");
      await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "v1.0.0" }).click();
      await bench.until("the comparison", async () => (await bench.terminals()).includes("1 major change calls for 2.0.0"));
      await bench.picture("comparison");
    });
  });

  test("a task checks the folder", () =>
    inside(copyOf("examples/mistakes"), async (bench) => {
      await bench.status(RUNNING).waitFor();
      await bench.runTask("dataflare", "check");
      await bench.until("the check", async () => (await bench.terminals()).includes("6 errors in 2 files"));
      await bench.picture("task");
    }));

  test("a task builds the plugin as its manifest says", () => {
    const folder = plugin((text) => text.replaceAll('(field "timestamp" u64)', '(field "timestamp" s64)'));
    const manifest = readFileSync(join(folder, "dataflare.toml"), "utf8");
    write(folder, { "dataflare.toml": manifest.replace(/^command = .*$/m, 'command = "cp good.wasm build/plugin.wasm"') });
    build(folder, (text) => text, "good.wasm");
    return inside(folder, async (bench) => {
      await bench.openFile("dataflare.toml");
      await bench.squiggles("error").first().waitFor();
      await bench.runTask("dataflare", "build");
      await bench.squiggles("error").first().waitFor({ state: "detached" });
    });
  });

  test("a task of the user's own marks what the problem matcher finds", () => {
    const folder = copyOf("examples/mistakes");
    const task = { label: "lint", type: "process", command: PROGRAM, args: ["check"], problemMatcher: "$dataflare" };
    write(folder, {
      ".vscode/settings.json": '{"dataflare.diagnostics.enable": false}',
      ".vscode/tasks.json": JSON.stringify({ version: "2.0.0", tasks: [task] }),
    });
    return inside(folder, async (bench) => {
      await bench.status(RUNNING).waitFor();
      await bench.run("Tasks: Run Task");
      await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "lint" }).first().click();
      await bench.page.locator("[id='status.problems'][aria-label='Errors: 6']").waitFor();
      const rows = await bench.problems();
      await rows.filter({ hasText: "cyclic-type" }).filter({ hasText: "[Ln 9, Col 23]" }).waitFor();
    });
  });

  test("the server is installed by the command that the user has seen", () => {
    const folder = folderOf({
      ...ORDERS,
      ".vscode/settings.json": '{"dataflare.server.path": "~/bin/dataflare-lsp"}',
      "clone/pyproject.toml": '[project]\nname = "dataflare-lsp"\n',
    });
    return inside(folder, async (bench) => {
      await bench.notification("/bin/dataflare-lsp, and there is no such program").getByRole("button", { name: "Install…" }).click();
      const path = bench.page.locator(".quick-input-widget input.input");
      await bench.until("the dialog", async () => (await path.inputValue()) === `${folder}/`);
      await path.fill(`${folder}/clone/`);
      await bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "types.wit" }).waitFor({ state: "detached" });
      await bench.page.getByRole("button", { name: "Install from Here" }).click();
      const way = bench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: `pipx install --force ${folder}/clone` });
      await way.waitFor();
      await bench.picture("install");
      await way.click();
      await bench.status(RUNNING).waitFor();
    });
  });

  test("settings reach the server", () => {
    const folder = folderOf(ORDERS);
    return inside(folder, async (bench) => {
      await bench.openFile("api.wit");
      await bench.squiggles("error").waitFor();
      write(folder, { ".vscode/settings.json": '{"dataflare.diagnostics.enable": false}' });
      await bench.squiggles("error").waitFor({ state: "detached" });
    });
  });

  test("a server that was killed is started again, and can be restarted", () =>
    inside(folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.squiggles("error").waitFor();
      const first = await server.only("dataflare-lsp serve");
      process.kill(first, "SIGKILL");
      await bench.until("another server", async () => (await server.only("dataflare-lsp serve")) !== first);
      await bench.status(RUNNING).waitFor();
      await bench.placeAfter("data-recrod");
      await bench.press("Backspace", "Backspace", "Backspace");
      await bench.type("ord");
      await bench.squiggles("error").waitFor({ state: "detached" });
      const second = await server.only("dataflare-lsp serve");
      await bench.run("DataFlare: Restart Server");
      await bench.until("a third server", async () => (await server.only("dataflare-lsp serve")) !== second);
      await bench.press("Backspace");
      await bench.squiggles("error").waitFor();
    }));

  test("a server that is not there is offered, and found once its path is right", () => {
    const folder = folderOf({ ...ORDERS, ".vscode/settings.json": '{"dataflare.server.path": "/nowhere/dataflare-lsp"}' });
    return inside(folder, async (bench) => {
      await bench.notification("The setting dataflare.server.path names /nowhere/dataflare-lsp").waitFor();
      await bench.picture("missing");
      write(folder, { ".vscode/settings.json": JSON.stringify({ "dataflare.server.path": PROGRAM }) });
      await bench.status(RUNNING).waitFor();
    });
  });

  test("a server that is too old is said to be", () => {
    const old = `#!${process.execPath}
      process.stdin.once("data", () => {
        const text = JSON.stringify({ jsonrpc: "2.0", id: 0, result: { capabilities: {}, serverInfo: { name: "dataflare-lsp", version: "0.0.9" } } });
        process.stdout.write("Content-Length: " + text.length + "\\r\\n\\r\\n" + text);
        process.stdin.resume();
        process.stdin.on("end", () => process.exit(0));
      });
    `;
    const folder = folderOf({ ...ORDERS, ".venv/bin/dataflare-lsp": old });
    chmodSync(join(folder, ".venv/bin/dataflare-lsp"), 0o755);
    return inside(folder, async (bench) => {
      await bench.notification("The language server is of version 0.0.9; 0.1.0 or newer is needed.").waitFor();
      await bench.picture("outdated");
    });
  });
});

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

suite("in a folder that is not trusted, beside WIT IDL", () => {
  let server: CodeServer;
  before(async () => {
    server = await CodeServer.start({
      path: PATH,
      settings: { ...SETTINGS, "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
      trust: true,
      others: [await neighbour()],
    });
  });
  after(() => server.stop());

  test("the user is told once of the other extension, and chooses which one formats", async () => {
    const told = "WIT IDL is installed, too.";
    await Workbench.inside(chromium, server.url, folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.notification(told).getByRole("button", { name: "Format with DataFlare" }).click();
      const settings = join(server.home, "user", "User", "settings.json");
      await bench.until("the setting", () => Promise.resolve(readFileSync(settings, "utf8").includes('"dataflare.dataflare"')));
    });
    await Workbench.inside(chromium, server.url, folderOf(ORDERS), async (bench) => {
      await bench.openFile("api.wit");
      await bench.run("DataFlare: Validate Plugin");
      await bench.notification("There is no dataflare.toml").waitFor();
      assert.equal(await bench.notification(told).count(), 0);
    });
  });

  test("nothing runs until it is", async () => {
    const trap = `#!/bin/sh\necho ran >>"$(dirname "$0")/ran"\nexec ${PROGRAM} "$@"\n`;
    const folder = folderOf({ ...ORDERS, ".venv/bin/dataflare-lsp": trap });
    chmodSync(join(folder, ".venv/bin/dataflare-lsp"), 0o755);
    await Workbench.inside(chromium, server.url, folder, async (bench) => {
      await bench.openFile("api.wit");
      await bench.status(/runs once the folder is trusted/).waitFor();
      await bench.run("DataFlare: Restart Server");
      await bench.run("DataFlare: Validate Plugin");
      await bench.notification("There is no dataflare.toml").waitFor();
      assert.deepEqual([existsSync(join(folder, ".venv/bin/ran")), server.all("dataflare-lsp serve")], [false, []]);
      await bench.picture("untrusted");

      await bench.run("Workspaces: Manage Workspace Trust");
      await bench.page.locator(".workspace-trust-editor").getByText("Trust", { exact: true }).first().click();
      await bench.status(RUNNING).waitFor();
      assert.equal(readFileSync(join(folder, ".venv/bin/ran"), "utf8"), "ran\n");
    });
  });
});
