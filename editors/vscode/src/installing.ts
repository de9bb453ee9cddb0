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

/**
 * Ask what to install it from and how, show the command, and run it in a terminal that stays.
 *
 * The package is not published, so it is installed from a clone of its repository, which the user names.
 */
export async function installServer(server: Server): Promise<void> {
  const tools = ["uv", "pipx"].filter((name) => program(name) !== undefined);
  if (tools.length === 0) {
    const message = `Neither uv nor pipx is on PATH. Install one of them, or ${PACKAGE} by hand, and name its path.`;
    await tell({ kind: "missing", message }, message);
    return;
  }
  const [clone] =
    (await vscode.window.showOpenDialog({
      title: `The clone of the repository of ${PACKAGE}`,
      openLabel: "Install from Here",
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (clone === undefined) return;
  if (!(await isSource(clone))) {
    throw new Error(`${clone.fsPath} is no clone of ${PACKAGE}: its pyproject.toml is not there, or of another project.`);
  }
  const ways = tools.map((name) => {
    const words = name === "uv" ? ["tool", "install", "--force", clone.fsPath] : ["install", "--force", clone.fsPath];
    return { label: [name, ...words].join(" "), name, words };
  });
  const way = await vscode.window.showQuickPick(ways, {
    title: "Install the language server",
    placeHolder: "The command that you choose is run in a terminal",
  });
  const path = way && program(way.name);
  if (path === undefined) return;
  const task = new vscode.Task(
    { type: "process" },
    vscode.TaskScope.Workspace,
    `install ${PACKAGE}`,
    "dataflare",
    new vscode.ProcessExecution(path, way?.words ?? []),
    [],
  );
  const execution = await vscode.tasks.executeTask(task);
  const ended = vscode.tasks.onDidEndTaskProcess((event) => {
    if (event.execution !== execution) return;
    ended.dispose();
    if (event.exitCode === 0) void server.start();
  });
}

async function isSource(folder: vscode.Uri): Promise<boolean> {
  try {
    const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, "pyproject.toml"));
    return new TextDecoder().decode(text).includes(`name = "${PACKAGE}"`);
  } catch {
    return false;
  }
}
