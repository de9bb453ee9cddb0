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
    const manifest = readFileSync(join(folder, "dataflare.toml"), "utf8");
    const records = ["one", "two", "three"].map((payload, index) => JSON.stringify({ id: String(index), payload }));
    write(folder, {
      "dataflare.toml": `${manifest}\n[debug]\ninput = "samples/records.ndjson"\n`,
      "samples/records.ndjson": records.join("\n"),
    });
    cpSync(join(REPOSITORY, "wit"), join(folder, "wit", "deps", "dataflare-core"), { recursive: true });
    return folder;
  }

  test("without a launch configuration, at a host call, forwards and backwards", () =>
    Workbench.inside(chromium, server.url, withRecords(), async (bench) => {
      await bench.openFile("host.wit");
      await bench.placeAfter("increment-counter");
      await bench.press("F9");
      await bench.page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified").first().waitFor();
      await bench.press("F5");
      await bench.page.locator(".debug-toolbar").waitFor();
      await bench.page.locator(".debug-top-stack-frame-line").first().waitFor();
      await bench.page.waitForTimeout(3000);
      await bench.picture("debug");
      console.log(await bench.page.locator(".debug-variables .monaco-list-row").allInnerTexts());
      console.log(await bench.page.locator(".debug-toolbar [role=button]").evaluateAll((b) => b.map((e) => e.getAttribute("aria-label"))));
      console.log(await bench.page.locator(".debug-pane, .pane-header").allInnerTexts());
    }));
});
