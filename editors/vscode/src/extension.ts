/** The extension: finds and runs the language server, and adds what only VS Code can show. Knows nothing of WIT. */

import * as vscode from "vscode";

import { registerCommands } from "./commands.ts";
import { provideWit } from "./componentWit.ts";
import { provideDebugging } from "./debugging.ts";
import { offerHelp } from "./installing.ts";
import { showMetrics } from "./metrics.ts";
import { tellOfNeighbour } from "./neighbours.ts";
import { Server } from "./server.ts";
import { showStatus } from "./status.ts";
import { provideTasks } from "./tasks.ts";

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const started = new Server();
  server = started;
  context.subscriptions.push(
    started,
    showStatus(started),
    offerHelp(started),
    registerCommands(started),
    provideWit(started),
    provideTasks(),
    provideDebugging(),
    showMetrics(context.extensionUri),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.start()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("dataflare.server")) void started.start();
    }),
    started.onDidChange(({ kind }) => {
      void vscode.commands.executeCommand("setContext", "dataflare.serverRunning", kind === "running");
    }),
  );
  // What follows takes longer than the editor should wait for.
  void started.start();
  void tellOfNeighbour(context);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
