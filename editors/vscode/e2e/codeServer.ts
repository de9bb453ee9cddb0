/** code-server, which is VS Code served to a browser: built once from the npm registry, kept, and run. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { beneath } from "./processes.ts";

const VERSION = "4.139.1";
/** The major version of Node.js that code-server runs in. */
const NODE = "24";
/** The npm that builds it: one that asks which packages may run scripts. */
const NPM = "11.19.1";

const cache = process.env["DATAFLARE_LSP_CI_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "dataflare-lsp-ci");
const kept = join(cache, `code-server-${VERSION}`);

export const isBuilt = existsSync(kept);

/** What is kept of code-server, built where it is not there yet: some minutes, and a few hundred megabytes. */
export function built(): string {
  if (existsSync(kept)) return kept;
  const making = `${kept}.${process.pid}`;
  for (const folder of ["node", "server"]) {
    mkdirSync(join(making, folder), { recursive: true });
    writeFileSync(join(making, folder, "package.json"), '{"private": true}');
  }
  const npm = (folder: string, ...words: string[]): void => {
    const path = [join(nodeOf(making), "bin"), join(making, "node", "node_modules", ".bin"), process.env["PATH"]];
    const env = { ...process.env, PATH: path.join(":"), npm_config_nodedir: nodeOf(making) };
    const ended = spawnSync("npm", [...words, "--no-audit", "--no-fund"], { cwd: join(making, folder), env, stdio: ["ignore", "ignore", "inherit"] });
    if (ended.status !== 0) throw new Error(`npm ${words.join(" ")} failed in ${join(making, folder)}`);
  };
  try {
    npm("node", "install", `node@${NODE}`, `npm@${NPM}`);
    npm("server", "install", "--ignore-scripts", `code-server@${VERSION}`);
    const code = join("server", "node_modules", "code-server", "lib", "vscode");
    for (const folder of [code, join(code, "extensions")]) npm(folder, "install", "--omit=dev", "--ignore-scripts");
    npm(code, "install-scripts", "approve", "--all");
    npm(code, "rebuild");
    renameSync(making, kept);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return kept;
}

function nodeOf(folder: string): string {
  return join(folder, "node", "node_modules", "node", "node_modules", `node-linux-${process.arch}`);
}

interface Setup {
  readonly path: string;
  readonly settings: object;
  readonly trust: boolean;
  readonly others?: readonly string[];
}

/** A running code-server, with homes of its own. */
export class CodeServer {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    readonly home: string,
  ) {}

  /** Install the extension, and others, and serve. `trust`: folders are not trusted until the user says so. */
  static async start({ path, settings, trust, others = [] }: Setup): Promise<CodeServer> {
    const home = mkdtempSync(join(tmpdir(), "dataflare-workbench-"));
    mkdirSync(join(home, "user", "User"), { recursive: true });
    writeFileSync(join(home, "user", "User", "settings.json"), JSON.stringify(settings));
    // The editor takes its environment from the user's login shell.
    writeFileSync(join(home, ".bash_profile"), `export PATH='${path}'\n`);
    const entry = join(built(), "server", "node_modules", "code-server", "out", "node", "entry.js");
    const node = join(nodeOf(kept), "bin", "node");
    const folders = ["--user-data-dir", join(home, "user"), "--extensions-dir", join(home, "extensions")];
    const env = { ...process.env, PATH: path, HOME: home, SHELL: "/bin/bash", XDG_CONFIG_HOME: join(home, "config"), XDG_DATA_HOME: join(home, "data") };
    for (const extension of [resolve("dist/dataflare.vsix"), ...others]) {
      const installed = spawnSync(node, [entry, ...folders, "--install-extension", extension], { env, encoding: "utf8" });
      if (installed.status !== 0) throw new Error(`${extension} was not installed: ${installed.stdout}${installed.stderr}`);
    }
    const rest = ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check"];
    if (!trust) rest.push("--disable-workspace-trust");
    const child = spawn(node, [entry, ...folders, ...rest], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const said: string[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      const url = /HTTP server listening on (\S+)/.exec(line)?.[1];
      if (url === undefined) continue;
      child.stdout.resume();
      return new CodeServer(url.replace(/\/$/, ""), child, home);
    }
    throw new Error(`code-server did not start:\n${said.join("\n")}`);
  }

  /** The processes that it has started whose command has some words in it. */
  all(words: string): number[] {
    return this.child.pid === undefined ? [] : beneath(this.child.pid, words);
  }

  /** The one process of these that there is; waited for, since others may be ending. */
  async only(words: string): Promise<number> {
    for (;;) {
      const [one, ...others] = this.all(words);
      if (one !== undefined && others.length === 0) return one;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** End it with all that it started. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.pid !== undefined && this.child.exitCode === null) {
      process.kill(-this.child.pid, "SIGTERM");
      await ended;
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
