/** Which plugin a command is about. */

import * as vscode from "vscode";

import { SCHEME } from "./server.ts";

export const MANIFEST = "dataflare.toml";

/** The manifests of the workspace, in order. */
export async function manifests(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(`**/${MANIFEST}`, "**/{node_modules,target,.venv,venv}/**", 500);
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** The manifest that a file belongs to: in its folder or the nearest above it, within the workspace. */
export async function manifestOf(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  const path = file.scheme === SCHEME ? file.with({ scheme: "file" }) : file;
  const above = (await manifests()).filter((manifest) => path.path.startsWith(folderOf(manifest).path + "/"));
  return above.sort((left, right) => right.path.length - left.path.length)[0];
}

/** The manifest meant by a command: that of the open file, the only one, or the one that the user picks. */
export async function theManifest(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const near = active && (await manifestOf(active));
  if (near !== undefined) return near;
  const all = await manifests();
  if (all.length === 0) {
    void vscode.window.showWarningMessage(`There is no ${MANIFEST} in the workspace, so there is no plugin.`);
    return undefined;
  }
  if (all.length === 1) return all[0];
  const picked = await vscode.window.showQuickPick(
    all.map((uri) => ({ label: vscode.workspace.asRelativePath(folderOf(uri)), uri })),
    { placeHolder: "Which plugin?" },
  );
  return picked?.uri;
}

export function folderOf(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(file, "..");
}
