/** The client of the language server, in a module of its own: it is large, and loaded once the editor has gone on. */

import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";

import { SCHEME } from "./server.ts";

export type Client = LanguageClient;

interface Channels {
  readonly output: vscode.LogOutputChannel;
  readonly trace: vscode.LogOutputChannel;
}

/** A client that starts a program as the server, and says how that one is. */
export function clientOf(
  program: string,
  { output, trace }: Channels,
  changed: (state: "starting" | "running" | "stopped") => void,
): LanguageClient {
  const server = { command: program, args: ["serve"] };
  const client = new LanguageClient("dataflare", "DataFlare", server, {
    documentSelector: [
      { scheme: "file", language: "wit" },
      { scheme: "untitled", language: "wit" },
      { scheme: SCHEME, language: "wit" },
      { scheme: "file", pattern: "**/dataflare.toml" },
    ],
    outputChannel: output,
    traceOutputChannel: trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // With the settings, so that they count from the first answer on.
    initializationOptions: () => ({
      virtualDocuments: true,
      commands: ["dataflare.runPlugin", "dataflare.debugPlugin", "dataflare.replayPlugin"],
      dataflare: vscode.workspace.getConfiguration("dataflare"),
    }),
  });
  client.onDidChangeState(({ newState }) => {
    changed(newState === State.Running ? "running" : newState === State.Starting ? "starting" : "stopped");
  });
  return client;
}
