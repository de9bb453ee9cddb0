/** Debugging in the real workbench, with the real adapter and real plugins. */

import { suite, test } from "node:test";
import type { Locator } from "playwright-core";

import { desk } from "./desk.ts";
import type { Workbench } from "./workbench.ts";
import { counting, naming } from "./workspaces.ts";

/** The interfaces of the host, beside the WIT of a plugin. */
const HOST = "wit/deps/dataflare-core/host.wit";

suite("a plugin is debugged", () => {
  const at = desk({ size: { width: 1200, height: 900 } });

  test("without a launch configuration, at a host call, forwards and backwards", at.alone(counting(), async (bench) => {
    await breakpoint(bench, HOST, "increment-counter");
    await bench.press("F5");
    await stopped(bench, "metrics.increment-counter", "record 0");
    await bench.until("the values in the text", async () => (await bench.text()).includes('name = "records'));
    await value(bench, "Arguments", "value", "1");
    await bench.picture("debug");

    await bench.press("F5");
    await stopped(bench, "metrics.increment-counter", "record 1");
    await bench.page.getByRole("button", { name: "Step Back" }).click();
    await stopped(bench, "data-processor.process", "record 1");
    await bench.picture("debug-step-back");
    await bench.page.getByRole("button", { name: "Reverse" }).click();
    await stopped(bench, "metrics.increment-counter", "record 0");

    await bench.press("Shift+F5");
    await ended(bench);
  }, { width: 1200, height: 760 }));

  test("with another answer of the host, and so with another result", at.shared(naming(), async (bench) => {
    await breakpoint(bench, HOST, "log");
    await bench.press("F5");
    await stopped(bench, "logging.log", "record 0");
    await value(bench, "Arguments", "message", '"naming"');
    await bench.picture("answer-1-stop");

    await bench.press("F10");
    await stopped(bench, "configuration.get", "record 0");
    await bench.press("F11");
    await change(bench, "Result", "result", 'some("usual")', 'some("changed")');
    await bench.picture("answer-2-changed");

    await bench.press("F10");
    await stopped(bench, "data-processor.process", "record 0");
    await value(bench, "Result", "result", 'success({id: "changed"');
    await bench.picture("answer-3-result");

    await bench.page.getByRole("button", { name: "Step Back" }).click();
    await stopped(bench, "configuration.get", "record 0");
    await change(bench, "Result", "result", 'some("changed")', 'some("once more")');
    await bench.picture("answer-4-step-back");

    await bench.press("F5");
    await stopped(bench, "logging.log", "record 1");
    await bench.run("Remove All Breakpoints");
    await bench.press("F5");
    await ended(bench);
    await bench.run("Debug Console: Focus on Debug Console View");
    await said(bench, "From here on it is another run").waitFor();
    await said(bench, '0: success({id: "once more"').waitFor();
    for (const record of ["1", "2"]) await said(bench, `${record}: success({id: "usual"`).waitFor();
    await bench.picture("answer-5-output");
  }));

  test("once it was run from its lens, with what it called beside it", at.shared(counting(), async (bench) => {
    const lens = (title: string): Locator => bench.page.locator(".codelens-decoration a").filter({ hasText: title });
    await bench.openFile("wit/world.wit");
    await lens("Run").click();
    await bench.until("the run", async () => (await bench.terminals()).includes("3 records: 3 handed on"));
    await bench.until("the calls", async () => (await bench.text()).includes("3 calls, mean"));
    await lens("Replay").waitFor();
    await bench.picture("last-run", bench.page.locator(".part.editor"));
    await lens("Replay").click();
    await bench.run("Debug Console: Focus on Debug Console View");
    await said(bench, '2: success({id: "2"').waitFor();
    await ended(bench);
  }));

  test("by a configuration that was generated", at.alone(counting(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.run("DataFlare: Generate a Launch Configuration");
    await bench.activeTab("launch.json").waitFor();
    await bench.until("the configuration", async () => (await bench.text()).includes('"name": "Debug acme:pass-through"'));
    await bench.picture("launch");
    await bench.press("F5");
    await said(bench, '2: success({id: "2"').waitFor();
    await ended(bench);
  }));

  test("by a breakpoint in the WIT of its component", at.shared(counting(), async (bench) => {
    await bench.openFile("dataflare.toml");
    await bench.status(/dataflare-lsp \S+ is running/).waitFor();
    await bench.run("DataFlare: Show the WIT of a Component");
    await bench.activeTab("plugin.wasm.wit").waitFor();
    await mark(bench, "increment-counter");
    await bench.press("F5");
    await stopped(bench, "metrics.increment-counter", "record 0");
    await bench.picture("debug-component");
    await bench.run("Remove All Breakpoints");
    await bench.press("F5");
    await ended(bench);
  }));

  test("with the argument that the host sees changed, and with its figures shown", at.shared(counting(), async (bench) => {
    await breakpoint(bench, HOST, "increment-counter");
    await bench.press("F5");
    await stopped(bench, "metrics.increment-counter", "record 0");
    await change(bench, "Arguments", "value", "1", "5");
    await bench.run("Run and Debug: Focus on Plugin Metrics View");
    const page = bench.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
    await page.locator("dd").filter({ hasText: "paused" }).waitFor();
    await bench.press("F5");
    await stopped(bench, "metrics.increment-counter", "record 1");
    await page.locator("dt:text-is('Records') + dd").filter({ hasText: /^1$/ }).waitFor();
    await bench.picture("metrics");
    await bench.run("Remove All Breakpoints");
    await bench.press("F5");
    await ended(bench);
    await bench.run("Debug Console: Focus on Debug Console View");
    for (const record of ["0", "1", "2"]) await said(bench, `${record}: success({id: "${record}"`).waitFor();
  }));
});

/** Set a breakpoint on a function of a file. */
async function breakpoint(bench: Workbench, file: string, name: string): Promise<void> {
  await bench.openFile(file);
  await mark(bench, name);
}

/** Set a breakpoint on a function of the text that is shown. */
async function mark(bench: Workbench, name: string): Promise<void> {
  await bench.placeAfter(`${name}: func`);
  await bench.press("F9");
  await bench.page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified").first().waitFor();
}

/** Wait until the top frame is a function, and the entry call that of a record. */
async function stopped(bench: Workbench, top: string, record: string): Promise<void> {
  const frames = bench.page.locator(".debug-call-stack .monaco-list-row");
  await bench.until(`${top} for ${record}`, async () => {
    const names = await frames.allInnerTexts();
    const first = names.find((name) => !name.includes("Paused") && !name.includes("Running"));
    return (first ?? "").includes(top) && names.some((name) => name.includes(record));
  });
}

async function ended(bench: Workbench): Promise<void> {
  await bench.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
}

/** What is said in the console. */
function said(bench: Workbench, text: string): Locator {
  return bench.page.locator(".repl .monaco-list-row").filter({ hasText: text });
}

/** Wait until a variable has a value that begins as given; its scope is opened where it is not. Gives its row. */
async function value(bench: Workbench, scope: string, name: string, begin: string): Promise<Locator> {
  const rows = bench.page.locator(".debug-variables .monaco-list-row");
  const closed = rows.filter({ hasText: new RegExp(`^${scope}$`) }).and(bench.page.locator("[aria-expanded=false]"));
  await bench.until(`${name} = ${begin}`, async () => {
    const shown = (await rows.allInnerTexts()).map((row) => row.replace(/\s*=\s*/, " = "));
    if (shown.some((row) => row.startsWith(`${name} = ${begin}`))) return true;
    if ((await closed.count()) > 0) await closed.click();
    return false;
  });
  return rows.filter({ hasText: new RegExp(`^${name} =`) });
}

/** Give a variable, whose value begins as given, another value. */
async function change(bench: Workbench, scope: string, name: string, begin: string, to: string): Promise<void> {
  const row = await value(bench, scope, name, begin);
  await row.dblclick();
  await bench.page.locator(".debug-variables .inputBoxContainer input").fill(to);
  await bench.press("Enter");
  await value(bench, scope, name, to);
}
