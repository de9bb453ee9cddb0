/** The view of a plugin's figures while it is debugged: what the adapter's event `dataflare/metrics` says, over time. */

import * as vscode from "vscode";

import { TYPE } from "./debugging.ts";
import type { Metrics } from "./metricsView.ts";

const EVENT = "dataflare/metrics";
/** How many events are kept to be shown. */
const MOST = 600;

export function showMetrics(extension: vscode.Uri): vscode.Disposable {
  let history: Metrics[] = [];
  let view: vscode.Webview | undefined;
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(shown) {
      view = shown.webview;
      view.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, "dist")] };
      view.onDidReceiveMessage(() => view?.postMessage(history)); // The page is ready.
      shown.onDidDispose(() => {
        view = undefined;
      });
      view.html = page(view, vscode.Uri.joinPath(extension, "dist", "metricsView.js"));
    },
  };
  const show = (events: Metrics[]): void => {
    history = events;
    void view?.postMessage(history);
  };
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider("dataflare.metrics", provider),
    vscode.debug.onDidStartDebugSession(({ type }) => {
      if (type !== TYPE) return;
      show([]);
      void vscode.commands.executeCommand("setContext", "dataflare.debugged", true);
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, body, session }) => {
      if (session.type === TYPE && event === EVENT) show([...history, body as Metrics].slice(-MOST));
    }),
  );
}

function page(view: vscode.Webview, script: vscode.Uri): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${view.cspSource}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>
  body { padding: 0 12px; color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 8px 0; align-items: center; }
  dt { color: var(--vscode-descriptionForeground); }
  dd { margin: 0; display: flex; gap: 8px; align-items: center; font-variant-numeric: tabular-nums; }
  dd span { min-width: 5em; white-space: nowrap; }
  svg { flex: 1; height: 22px; min-width: 40px; max-width: 240px; }
  polyline { fill: none; stroke: var(--vscode-charts-blue); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
</style>
</head>
<body>
<p id="none">The figures of the plugin appear here while it is debugged.</p>
<dl id="figures"></dl>
<script src="${view.asWebviewUri(script).toString()}"></script>
</body>
</html>`;
}
