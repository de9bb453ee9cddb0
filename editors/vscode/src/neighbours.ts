/** The extension "WIT IDL", which serves the same language: the user is told once which one does what. */

import * as vscode from "vscode";

const NEIGHBOUR = "bytecodealliance.wit-idl";
const OURS = "dataflare.dataflare";
const TOLD = "dataflare.toldOfWitIdl";

export async function tellOfNeighbour(context: vscode.ExtensionContext): Promise<void> {
  if (vscode.extensions.getExtension(NEIGHBOUR) === undefined || context.globalState.get(TOLD) === true) return;
  await context.globalState.update(TOLD, true);
  const format = "Format with DataFlare";
  const show = "Show WIT IDL";
  const chosen = await vscode.window.showInformationMessage(
    "WIT IDL is installed, too. Let DataFlare check, complete and format WIT while you type, and WIT IDL generate " +
      "bindings. Both colour WIT, and WIT IDL checks it on save, so a mistake may be shown twice.",
    format,
    show,
  );
  if (chosen === format) {
    const configuration = vscode.workspace.getConfiguration("editor", { languageId: "wit" });
    await configuration.update("defaultFormatter", OURS, vscode.ConfigurationTarget.Global, true);
  } else if (chosen === show) {
    await vscode.commands.executeCommand("extension.open", NEIGHBOUR);
  }
}
