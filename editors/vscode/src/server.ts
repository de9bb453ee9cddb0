/** The running language server: started, watched, restarted, asked. */

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";

import type { Client } from "./client.ts";
import { findServer, type Missing, onPath, type Program } from "./finding.ts";
import { versionProblem } from "./versions.ts";

export const SCHEME = "dataflare-wit";

/** How the server is, for people to see. */
export type Condition =
  | { readonly kind: "untrusted" }
  | { readonly kind: "missing"; readonly message: string }
  | { readonly kind: "starting"; readonly program: Program }
  | { readonly kind: "running"; readonly program: Program; readonly version: string; readonly warning?: string }
  | { readonly kind: "failed"; readonly program: Program; readonly message: string }
  | { readonly kind: "stopped" };

export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("DataFlare", { log: true });
  private readonly trace = vscode.window.createOutputChannel("DataFlare Trace", { log: true });
  private readonly changed = new vscode.EventEmitter<Condition>();
  readonly onDidChange = this.changed.event;
  private current: Condition = { kind: "stopped" };
  private client: Client | undefined;
  /** What was asked for last: starts and stops follow one another. */
  private turn: Promise<void> = Promise.resolve();

  get condition(): Condition {
    return this.current;
  }

  /** Start the server, anew where it runs. Nothing starts in a folder that is not trusted. */
  start(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      if (!vscode.workspace.isTrusted) {
        this.become({ kind: "untrusted" });
        return;
      }
      const program = locate();
      if ("message" in program) {
        this.output.warn(program.message);
        this.become({ kind: "missing", message: program.message });
        return;
      }
      await this.run(program);
    });
  }

  /** The client of a server that runs, once it does; undefined where none can. */
  async ready(): Promise<Client | undefined> {
    await this.turn;
    return this.client?.isRunning() === true ? this.client : undefined;
  }

  /** Ask the server. Throws where there is none, in words for the user. */
  async ask<Answer>(method: string, parameters: object): Promise<Answer> {
    const client = await this.ready();
    if (client === undefined) throw new Error(explanation(this.current));
    return client.sendRequest<Answer>(method, parameters);
  }

  stop(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.become({ kind: "stopped" });
    });
  }

  dispose(): void {
    this.changed.dispose();
    this.output.dispose();
    this.trace.dispose();
  }

  private async run(program: Program): Promise<void> {
    this.output.info(`Starting ${program.path}, found ${FOUND[program.from]}.`);
    this.become({ kind: "starting", program });
    const { clientOf } = await import("./client.ts");
    // A server that has died is started again by its client, a few times.
    const client = clientOf(program.path, { output: this.output, trace: this.trace }, (state) => {
      if (this.client !== client) return;
      if (state === "running") this.running(client, program);
      else if (state === "starting") this.become({ kind: "starting", program });
      else this.become({ kind: "failed", program, message: "The language server has stopped." });
    });
    this.client = client;
    try {
      await client.start();
    } catch (failure) {
      const message = `${program.path} does not start: ${String(failure)}`;
      this.output.error(message);
      this.become({ kind: "failed", program, message });
    }
  }

  private running(client: Client, program: Program): void {
    const version = client.initializeResult?.serverInfo?.version;
    const warning = versionProblem(version);
    this.output.info(`The server is of version ${version ?? "unknown"}.`);
    if (warning !== undefined) this.output.warn(warning);
    this.become({
      kind: "running",
      program,
      version: version ?? "unknown",
      ...(warning === undefined ? {} : { warning }),
    });
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (failure) {
      // It had not started, or is gone already.
      this.output.debug(`The server did not end in order: ${String(failure)}`);
    }
  }

  private become(condition: Condition): void {
    this.current = condition;
    this.changed.fire(condition);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }
}

const FOUND = { setting: "by the setting", workspace: "in the workspace", PATH: "on PATH" } as const;

/** The server that is to be run. */
export function locate(): Program | Missing {
  return findServer({
    setting: vscode.workspace.getConfiguration("dataflare").get("server.path", ""),
    folders: (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => uri.fsPath),
    home: homedir(),
    ...MACHINE,
  });
}

/** The program of a name on PATH. */
export function program(name: string): string | undefined {
  return onPath(name, MACHINE);
}

const MACHINE = { path: process.env["PATH"] ?? "", windows: process.platform === "win32", isProgram };

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A condition in a sentence. */
export function explanation(condition: Condition): string {
  switch (condition.kind) {
    case "untrusted":
      return "The language server runs once the folder is trusted.";
    case "starting":
      return "The language server is starting.";
    case "running":
      return condition.warning ?? `dataflare-lsp ${condition.version} is running.`;
    case "stopped":
      return "The language server is not running.";
    case "missing":
    case "failed":
      return condition.message;
  }
}
