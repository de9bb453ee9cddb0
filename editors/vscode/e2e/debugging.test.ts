/** Debugging in the real workbench, with the real adapter and a real plugin. */

import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Browser } from "playwright-core";

import { CodeServer } from "./codeServer.ts";
import { PATH, SETTINGS } from "./settings.ts";
import { browser, Workbench } from "./workbench.ts";
import { plugin, REPOSITORY, write } from "./workspaces.ts";

suite("a plugin is debugged", () => {
  let chromium: Browser;
  let server: CodeServer;
  before(async () => {
    chromium = await browser();
    server = await CodeServer.start({ path: PATH, settings: SETTINGS, trust: false });
  });
  after(async () => {
    await server.stop();
    await chromium.close();
  });

  /** The plugin of the documentation with three records, and with the interfaces of the host beside its WIT. */
  function withRecords(): string {
    const folder = plugin();
    // A busy machine may need longer than the manifest allows.
    const manifest = readFileSync(join(folder, "dataflare.toml"), "utf8").replace('timeout = "100ms"', 'timeout = "30s"');
    const records = ["one", "two", "three"].map((payload, index) => JSON.stringify({ id: String(index), payload }));
    write(folder, {
      "dataflare.toml": `${manifest}\n[debug]\ninput = "samples/records.ndjson"\n`,
      "samples/records.ndjson": records.join("\n"),
    });
    cpSync(join(REPOSITORY, "wit"), join(folder, "wit", "deps", "dataflare-core"), { recursive: true });
    return folder;
  }

  /** Stopped at the host call, for the first record. */
  async function stopped(bench: Workbench): Promise<void> {
    await bench.openFile("host.wit");
    await bench.placeAfter("increment-counter");
    await bench.press("F9");
    await bench.page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified").first().waitFor();
    await bench.press("F5");
    await at(bench, "metrics.increment-counter", "record 0");
  }

  /** Wait until the top frame is a function, and the entry call that of a record. */
  async function at(bench: Workbench, top: string, record: string): Promise<void> {
    const frames = bench.page.locator(".debug-call-stack .monaco-list-row");
    await bench.until(`${top} for ${record}`, async () => {
      const names = await frames.allInnerTexts();
      const first = names.find((name) => !name.includes("Paused") && !name.includes("Running"));
      return (first ?? "").includes(top) && names.some((name) => name.includes(record));
    });
  }

  test("without a launch configuration, at a host call, forwards and backwards", () =>
    Workbench.inside(chromium, server.url, withRecords(), async (bench) => {
      await bench.page.setViewportSize({ width: 1200, height: 760 });
      await stopped(bench);
      await bench.until("the values in the text", async () => (await bench.text()).includes('name = "records'));
      await openArguments(bench);
      await bench.picture("debug");

      await bench.press("F5");
      await at(bench, "metrics.increment-counter", "record 1");
      await bench.page.getByRole("button", { name: "Step Back" }).click();
      await bench.until("an earlier stop", async () => !(await inRecord(bench, "record 1")) || !(await isTop(bench)));
      await bench.page.getByRole("button", { name: "Reverse" }).click();
      await at(bench, "metrics.increment-counter", "record 0");

      await bench.press("Shift+F5");
      await bench.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
    }));

  test("by a configuration that was generated", () => {
    const folder = withRecords();
    return Workbench.inside(chromium, server.url, folder, async (bench) => {
      await bench.openFile("dataflare.toml");
      await bench.run("DataFlare: Generate a Launch Configuration");
      await bench.activeTab("launch.json").waitFor();
      await bench.until("the configuration", async () => (await bench.text()).includes('"name": "Debug acme:pass-through"'));
      await bench.press("F5");
      await bench.page.locator(".repl .monaco-list-row").filter({ hasText: '2: success({id: "2"' }).waitFor();
    });
  });

  test("by a breakpoint in the WIT of its component", () =>
    Workbench.inside(chromium, server.url, withRecords(), async (bench) => {
      await bench.openFile("dataflare.toml");
      await bench.status(/dataflare-lsp \S+ is running/).waitFor();
      await bench.run("DataFlare: Show the WIT of a Component");
      await bench.activeTab("plugin.wasm.wit").waitFor();
      await bench.placeAfter("increment-counter");
      await bench.press("F9");
      await bench.page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified").first().waitFor();
      await bench.press("F5");
      await at(bench, "metrics.increment-counter", "record 0");
    }));

  test("with the argument that the host sees changed, and with its figures shown", () =>
    Workbench.inside(chromium, server.url, withRecords(), async (bench) => {
      await bench.page.setViewportSize({ width: 1200, height: 900 });
      await stopped(bench);
      await openArguments(bench);
      const variables = bench.page.locator(".debug-variables .monaco-list-row");
      await variables.filter({ hasText: /^value/ }).dblclick();
      await bench.page.locator(".debug-variables .inputBoxContainer input").fill("5");
      await bench.press("Enter");
      await variables.filter({ hasText: /^value =\s*5/ }).waitFor();
      await bench.run("Focus on Plugin Metrics View");
      const page = bench.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
      await page.locator("dd").filter({ hasText: "paused" }).waitFor();
      await bench.press("F5");
      await at(bench, "metrics.increment-counter", "record 1");
      await page.locator("dt:text-is('Records') + dd").filter({ hasText: /^1$/ }).waitFor();
      await bench.picture("metrics");
      await bench.run("Remove All Breakpoints");
      await bench.press("F5");
      await bench.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
      await bench.run("Debug Console: Focus on Debug Console View");
      for (const record of ["0", "1", "2"]) {
        await bench.page.locator(".repl .monaco-list-row").filter({ hasText: `${record}: success({id: "${record}"` }).waitFor();
      }
    }));

  async function openArguments(bench: Workbench): Promise<void> {
    const variables = bench.page.locator(".debug-variables .monaco-list-row");
    const scope = variables.filter({ hasText: "Arguments" });
    await scope.waitFor();
    if ((await scope.getAttribute("aria-expanded")) !== "true") await scope.click();
    await variables.filter({ hasText: /^value/ }).waitFor();
  }

  async function isTop(bench: Workbench): Promise<boolean> {
    const names = await bench.page.locator(".debug-call-stack .monaco-list-row").allInnerTexts();
    return names.slice(0, 2).some((name) => name.includes("metrics.increment-counter"));
  }

  async function inRecord(bench: Workbench, record: string): Promise<boolean> {
    const names = await bench.page.locator(".debug-call-stack .monaco-list-row").allInnerTexts();
    return names.some((name) => name.includes(record));
  }
});
