/** What the extension costs: `npm run measure`. Prints a table; the targets are those of the project. */

import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext } from "playwright-core";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver-protocol/node";

import { CodeServer } from "./codeServer.ts";
import { PATH, SETTINGS } from "./settings.ts";
import { browser, Workbench } from "./workbench.ts";
import { copyOf, PROGRAM } from "./workspaces.ts";

const RUNS = 7;
/** How many mistakes the folder has. */
const MISTAKES = 6;

/** Milliseconds from the start of the server to its first diagnostics, asked by a client that does nothing else. */
async function bare(folder: string): Promise<number> {
  const start = Date.now();
  const child = spawn(PROGRAM, ["serve"], { stdio: ["pipe", "pipe", "inherit"] });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  server.listen();
  await server.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).toString(), name: "folder" }],
    capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
  });
  await server.sendNotification("initialized", {});
  const report = await server.sendRequest<{ items: { items: unknown[] }[] }>("workspace/diagnostic", { previousResultIds: [] });
  const time = Date.now() - start;
  if (report.items.flatMap(({ items }) => items).length !== MISTAKES) throw new Error("other mistakes than expected");
  await server.sendRequest("shutdown");
  await server.sendNotification("exit");
  server.dispose();
  return time;
}

interface Opening {
  /** From the start of the server to the first diagnostics on the screen. */
  readonly diagnostics: number;
  readonly activation: number;
}

async function opening(context: BrowserContext, server: CodeServer, folder: string): Promise<Opening> {
  const bench = await Workbench.open(context, server.url, folder, { watched: { selector: SHOWN } });
  await bench.page.locator(SHOWN).waitFor();
  const shown = await bench.page.evaluate(() => Number(document.documentElement.dataset["shown"]));
  await bench.page.setViewportSize({ width: 960, height: 2400 }); // only the rows on the screen can be read
  await bench.run("Developer: Show Running Extensions");
  const row = bench.page.locator(".runtime-extensions-editor .monaco-list-row").filter({ hasText: "DataFlare" });
  const activation = /Activation: (\d+)ms/.exec(await row.innerText())?.[1];
  await bench.page.close();
  return { diagnostics: shown - started(server.home), activation: Number(activation) };
}

const SHOWN = `[id="status.problems"][aria-label="Errors: ${MISTAKES}"]`;

/** When the extension started the server last, by its log. */
function started(home: string): number {
  const logs = readdirSync(join(home, "user", "logs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("DataFlare.log"))
    .map((name) => join(home, "user", "logs", name));
  const times = logs.flatMap((log) => [...readFileSync(log, "utf8").matchAll(/^(\S+ \S+) \[info\] Starting /gm)].map(([, time]) => Date.parse(time ?? "")));
  return Math.max(...times);
}

function row(what: string, values: readonly number[], unit: string, target: string): string {
  const sorted = values.toSorted((left, right) => left - right);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `| ${what} | ${median} ${unit} | ${least} to ${most} ${unit} | ${target} |`;
}

const server = await CodeServer.start({ path: PATH, settings: SETTINGS, trust: false });
const chromium = await browser();
const context = await chromium.newContext({ reducedMotion: "reduce" });
try {
  const folder = copyOf("examples/mistakes");
  const bares: number[] = [];
  const openings: Opening[] = [];
  await opening(context, server, folder); // what is read for the first time is not measured
  for (let run = 0; run < RUNS; run++) {
    bares.push(await bare(folder));
    openings.push(await opening(context, server, folder));
  }
  const beyond = openings.map(({ diagnostics }, index) => diagnostics - (bares[index] ?? 0));
  const load = loadavg().map((value) => value.toFixed(1));
  console.log(`Measured on ${availableParallelism()} cores, with a load of ${load.join(", ")} (1, 5, 15 minutes).\n`);
  console.log(`| ${RUNS} runs | median | from … to | target |\n|---|---|---|---|`);
  console.log(row("start of the server → its first diagnostics, without an editor", bares, "ms", ""));
  console.log(row("start of the server → diagnostics on the screen", openings.map(({ diagnostics }) => diagnostics), "ms", ""));
  console.log(row("the second beyond the first", beyond, "ms", "300 ms"));
  console.log(row("activation", openings.map(({ activation }) => activation), "ms", "100 ms"));
  console.log(row("`dataflare.vsix`", [Math.round(statSync("dist/dataflare.vsix").size / 1024)], "KiB", "1,024 KiB"));
} finally {
  await chromium.close();
  await server.stop();
}
