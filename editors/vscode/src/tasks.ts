/** Tasks: check a folder, build a plugin, run it. */

import * as vscode from "vscode";

import { readManifest } from "./manifest.ts";
import { folderOf, MANIFEST, manifests } from "./plugins.ts";
import { locate } from "./server.ts";

const TYPE = "dataflare";
/** The run is remembered: the server shows beside the functions what was called, and where it failed. */
const RUN = ["run", ".", "--remember"];

interface Definition extends vscode.TaskDefinition {
  readonly task: "check" | "build" | "run";
  /** The folder, relative to that of the workspace. */
  readonly path?: string;
}

export function provideTasks(): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TYPE, {
    async provideTasks() {
      const checks = (vscode.workspace.workspaceFolders ?? []).map((folder) =>
        made({ type: TYPE, task: "check" }, folder),
      );
      const others = (await manifests()).flatMap((manifest) => {
        const folder = vscode.workspace.getWorkspaceFolder(manifest);
        if (folder === undefined) return [];
        const below = vscode.workspace.asRelativePath(folderOf(manifest), false);
        const path = folder.uri.path === folderOf(manifest).path ? "." : below;
        return (["build", "run"] as const).map((task) => made({ type: TYPE, task, path }, folder));
      });
      return (await Promise.all([...checks, ...others])).filter((task) => task !== undefined);
    },
    resolveTask(task) {
      const folder = typeof task.scope === "object" ? task.scope : vscode.workspace.workspaceFolders?.[0];
      return folder && made(task.definition as Definition, folder);
    },
  });
}

async function made(definition: Definition, folder: vscode.WorkspaceFolder): Promise<vscode.Task | undefined> {
  const path = definition.path ?? ".";
  const where = vscode.Uri.joinPath(folder.uri, path);
  const name = path === "." ? definition.task : `${definition.task} ${path}`;
  const execution = await { check: checking, build: building, run: running }[definition.task](where, folder, path);
  if (execution === undefined) return undefined;
  // No matcher: what a check finds, the server shows already. `$dataflare` is there for tasks of the user's own.
  const task = new vscode.Task(definition, folder, name, "dataflare", execution, []);
  task.group = definition.task === "build" ? vscode.TaskGroup.Build : vscode.TaskGroup.Test;
  return task;
}

/** `dataflare-lsp check`; the paths that it prints are those of the workspace's folder. */
function checking(_: vscode.Uri, folder: vscode.WorkspaceFolder, path: string): vscode.ProcessExecution | undefined {
  return executing(["check", path], folder.uri);
}

/** `dataflare-lsp run`, with the records that the manifest names. */
function running(folder: vscode.Uri): vscode.ProcessExecution | undefined {
  return executing(RUN, folder);
}

function executing(words: readonly string[], folder: vscode.Uri): vscode.ProcessExecution | undefined {
  const program = locate();
  return "message" in program
    ? undefined
    : new vscode.ProcessExecution(program.path, [...words], { cwd: folder.fsPath });
}

/** The command of the manifest, in its folder. */
async function building(folder: vscode.Uri): Promise<vscode.ShellExecution | undefined> {
  try {
    const command = (await readManifest(vscode.Uri.joinPath(folder, MANIFEST))).build?.command;
    return command === undefined ? undefined : new vscode.ShellExecution(command, { cwd: folder.fsPath });
  } catch {
    return undefined; // No manifest, or none that can be read: the server says what is wrong with it.
  }
}

/** The task that feeds records to a plugin. */
export function runTask(program: string, manifest: vscode.Uri): vscode.Task {
  return processTask(`run ${vscode.workspace.asRelativePath(folderOf(manifest))}`, folderOf(manifest), program, RUN, "run");
}

/** A task that runs a program once, by a command. */
export function processTask(
  name: string,
  folder: vscode.Uri,
  program: string,
  words: readonly string[],
  task: string,
): vscode.Task {
  return new vscode.Task(
    { type: TYPE, task },
    vscode.workspace.getWorkspaceFolder(folder) ?? vscode.TaskScope.Workspace,
    name,
    "dataflare",
    new vscode.ProcessExecution(program, [...words], { cwd: folder.fsPath }),
    [],
  );
}
