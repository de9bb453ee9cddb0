/** The status item: how the server is, and what can be done about it. */

import * as vscode from "vscode";

import { type Condition, explanation, type Server } from "./server.ts";

export function showStatus(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("dataflare.server", vscode.StatusBarAlignment.Right, 90);
  item.name = "DataFlare";
  const show = (condition: Condition): void => {
    const look = LOOKS[condition.kind === "running" && condition.warning !== undefined ? "outdated" : condition.kind];
    item.text = `$(${look.icon}) DataFlare`;
    item.backgroundColor = look.background && new vscode.ThemeColor(`statusBarItem.${look.background}Background`);
    item.command = look.command;
    item.tooltip = tooltip(condition);
    item.accessibilityInformation = { label: `DataFlare: ${explanation(condition)}`, role: "button" };
    item.show();
  };
  show(server.condition);
  return vscode.Disposable.from(item, server.onDidChange(show));
}

interface Look {
  readonly icon: string;
  /** What a click does. */
  readonly command: string;
  readonly background?: "error" | "warning";
}

const LOOKS: Record<Condition["kind"] | "outdated", Look> = {
  untrusted: { icon: "shield", command: "workbench.trust.manage" },
  missing: { icon: "cloud-download", command: "dataflare.installServer", background: "warning" },
  starting: { icon: "sync~spin", command: "dataflare.showOutput" },
  running: { icon: "check", command: "dataflare.showOutput" },
  outdated: { icon: "warning", command: "dataflare.installServer", background: "warning" },
  failed: { icon: "error", command: "dataflare.showOutput", background: "error" },
  stopped: { icon: "circle-slash", command: "dataflare.restartServer" },
};

function tooltip(condition: Condition): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: ["dataflare.restartServer", "dataflare.showOutput", "dataflare.installServer"] };
  text.appendText(explanation(condition));
  if ("program" in condition) text.appendMarkdown("\n\n").appendText(condition.program.path);
  text.appendMarkdown("\n\n[Restart](command:dataflare.restartServer) · [Show output](command:dataflare.showOutput)");
  if (condition.kind === "missing") text.appendMarkdown(" · [Install…](command:dataflare.installServer)");
  return text;
}
