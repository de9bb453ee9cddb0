/** The WIT of binaries, as read-only documents of the scheme `dataflare-wit`; a component opens as one. */

import * as vscode from "vscode";

import { SCHEME, type Server } from "./server.ts";

interface Shown {
  /** The WIT; null where there is none, and `message` says why. */
  readonly text: string | null;
  /** The URI of the document that shows it. */
  readonly uri?: string;
  readonly message?: string;
}

/** The document that shows a binary, or the component of a manifest. Throws in words for the user. */
export async function viewOf(server: Server, file: vscode.Uri): Promise<vscode.Uri> {
  const shown = await server.ask<Shown>("dataflare/componentWit", { uri: file.toString() });
  if (shown.text === null || shown.uri === undefined) throw new Error(shown.message ?? "There is no WIT here.");
  return vscode.Uri.parse(shown.uri, true);
}

export function provideWit(server: Server): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const refresh = (file: vscode.Uri): void => {
    changed.fire(file.with({ scheme: SCHEME, path: `${file.path}.wit` }));
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.{wasm,wat}");
  const documents: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      try {
        const shown = await server.ask<Shown>("dataflare/componentWit", { uri: uri.toString() });
        return shown.text ?? `// There is no WIT to show: ${shown.message ?? "the file has none"}.\n`;
      } catch (failure) {
        return `// There is no WIT to show: ${message(failure)}\n`;
      }
    },
  };
  // A document that was asked for before the server ran is asked for again.
  const again = server.onDidChange(({ kind }) => {
    if (kind !== "running") return;
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === SCHEME) changed.fire(document.uri);
    }
  });
  const editor: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    async resolveCustomEditor({ uri }, panel) {
      // A custom editor would be a picture of WIT. The text editor has hover and navigation, so it takes over.
      const column = panel.viewColumn ?? vscode.ViewColumn.Active;
      const view = uri.with({ scheme: SCHEME, path: `${uri.path}.wit` });
      const document = await vscode.workspace.openTextDocument(view);
      await vscode.window.showTextDocument(document, { viewColumn: column, preview: false });
      panel.dispose();
    },
  };
  return vscode.Disposable.from(
    changed,
    watcher,
    watcher.onDidChange(refresh),
    watcher.onDidCreate(refresh),
    watcher.onDidDelete(refresh),
    again,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, documents),
    vscode.window.registerCustomEditorProvider("dataflare.component", editor),
  );
}

export function message(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
