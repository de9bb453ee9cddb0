/** Installing the server, where there is none or an old one: offered, shown, and run when the user says so. */

import * as vscode from "vscode";

import { type Condition, program, type Server } from "./server.ts";

const PACKAGE = "dataflare-lsp";

/** Say, once for each thing that is wrong, that the server is missing, too old, or does not start. */
export function offerHelp(server: Server): vscode.Disposable {
  let told = "";
  return server.onDidChange((condition) => {
    const message = trouble(condition);
    if (message === undefined || message === told) return;
    told = message;
    void tell(condition, message);
  });
}

function trouble(condition: Condition): string | undefined {
  switch (condition.kind) {
    case "missing":
    case "failed":
      return condition.message;
    case "running":
      return condition.warning;
    case "untrusted":
    case "starting":
    case "stopped":
      return undefined;
  }
}

async function tell(condition: Condition, message: string): Promise<void> {
  const actions = {
    "Install…": "dataflare.installServer",
    "Choose Its Path": "dataflare.chooseServer",
    "Show Output": "dataflare.showOutput",
  };
  const offered =
    condition.kind === "failed"
      ? (["Show Output", "Choose Its Path"] as const)
      : (["Install…", "Choose Its Path"] as const);
  const chosen = await vscode.window.showWarningMessage(message, ...offered);
  if (chosen !== undefined) await vscode.commands.executeCommand(actions[chosen]);
}

export async function chooseServer(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettings", "dataflare.server.path");
}

/** Ask how to install it, show the command, and run it in a terminal that stays. */
export async function installServer(server: Server): Promise<void> {
  const ways = (
    [
      ["uv", ["tool", "install", "--upgrade", PACKAGE]],
      ["pipx", ["install", "--force", PACKAGE]],
    ] as const
  ).flatMap(([name, words]) => {
    const path = program(name);
    return path === undefined ? [] : [{ label: [name, ...words].join(" "), path, words: [...words] }];
  });
  if (ways.length === 0) {
    await tell(
      { kind: "missing", message: "" },
      `Neither uv nor pipx is on PATH. Install one of them, or install ${PACKAGE} with pip and name its path.`,
    );
    return;
  }
  const way = await vscode.window.showQuickPick(ways, {
    title: "Install the language server",
    placeHolder: "The command that you choose is run in a terminal",
  });
  if (way === undefined) return;
  const task = new vscode.Task(
    { type: "process" },
    vscode.TaskScope.Workspace,
    `install ${PACKAGE}`,
    "dataflare",
    new vscode.ProcessExecution(way.path, way.words),
  );
  const execution = await vscode.tasks.executeTask(task);
  const ended = vscode.tasks.onDidEndTaskProcess((event) => {
    if (event.execution !== execution) return;
    ended.dispose();
    if (event.exitCode === 0) void server.start();
  });
}
