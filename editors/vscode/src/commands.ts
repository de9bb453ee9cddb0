/** The commands of the palette and of the menus. */

import * as vscode from "vscode";

import { message, viewOf } from "./componentWit.ts";
import { debugPlugin, generateLaunchConfiguration } from "./debugging.ts";
import { chooseServer, installServer } from "./installing.ts";
import { readManifest } from "./manifest.ts";
import { folderOf, MANIFEST, manifestOf, theManifest } from "./plugins.ts";
import { revision } from "./revisions.ts";
import { locate, SCHEME, type Server } from "./server.ts";
import { processTask, runTask } from "./tasks.ts";

export function registerCommands(server: Server): vscode.Disposable {
  const commands: Record<string, (file?: vscode.Uri) => unknown> = {
    restartServer: () => server.start(),
    showOutput: () => {
      server.output.show();
    },
    installServer: () => installServer(server),
    chooseServer,
    validatePlugin: (file) => validate(server, file, false),
    startPlugin: (file) => validate(server, file, true),
    showComponentWit: (file) => showComponentWit(server, file),
    compare: () => compare(),
    runPlugin: (file) => runPlugin(file),
    debugPlugin: (file) => debugPlugin(file),
    replayPlugin: (file) => debugPlugin(file, { replay: true }),
    generateLaunchConfiguration: () => generateLaunchConfiguration(),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`dataflare.${name}`, async (file: unknown) => {
        try {
          // From menus as what VS Code has for a file, from code lenses as text.
          await run(file instanceof vscode.Uri ? file : typeof file === "string" ? vscode.Uri.parse(file) : undefined);
        } catch (failure) {
          void vscode.window.showErrorMessage(`DataFlare: ${message(failure)}`);
        }
      }),
    ),
  );
}

interface Verdict {
  readonly ok: boolean;
  readonly diagnostics: number;
  readonly message: string;
}

async function validate(server: Server, file: vscode.Uri | undefined, instantiate: boolean): Promise<void> {
  const subject = file ?? (await theManifest());
  if (subject === undefined) return;
  const verdict = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: "Validating" },
    () =>
      server.ask<Verdict>("workspace/executeCommand", {
        command: "dataflare.validate",
        arguments: [subject.toString(), { instantiate }],
      }),
  );
  if (verdict.ok && verdict.diagnostics === 0) {
    void vscode.window.showInformationMessage(`DataFlare: ${verdict.message}`);
    return;
  }
  const show = "Show Problems";
  const tell = verdict.ok ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  const chosen = await (verdict.diagnostics > 0
    ? tell(`DataFlare: ${verdict.message}`, show)
    : tell(`DataFlare: ${verdict.message}`));
  if (chosen === show) await vscode.commands.executeCommand("workbench.actions.view.problems");
}

async function showComponentWit(server: Server, file: vscode.Uri | undefined): Promise<void> {
  const subject = file ?? (await theManifest());
  if (subject === undefined) return;
  const document = await vscode.workspace.openTextDocument(await viewOf(server, subject));
  await vscode.window.showTextDocument(document);
}

/** Feed the records that its manifest names to a plugin, and remember the run: `dataflare-lsp run`. */
async function runPlugin(file: vscode.Uri | undefined): Promise<void> {
  const manifest = (file && (await manifestOf(file))) ?? (await theManifest());
  if (manifest === undefined) return;
  const program = locate();
  if ("message" in program) throw new Error(program.message);
  await vscode.tasks.executeTask(runTask(program.path, manifest));
}

/** Compare the WIT of the open file, or of the plugin, with what it was in a revision: `dataflare-lsp compat`. */
async function compare(): Promise<void> {
  const folder = await packageFolder();
  if (folder === undefined) return;
  const program = locate();
  if ("message" in program) throw new Error(program.message);
  const old = await revision(folder);
  if (old === undefined) return;
  const task = processTask(`compare with ${old}`, folder, program.path, ["compat", `git:${old}`, "."], "compare");
  await vscode.tasks.executeTask(task);
}

async function packageFolder(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === "file" && active.path.endsWith(".wit")) return folderOf(active);
  if (active?.scheme === SCHEME) {
    throw new Error("This WIT is that of a component. Open a .wit file of the package that is to be compared.");
  }
  const manifest = await theManifest();
  if (manifest === undefined) return undefined;
  const { world } = await readManifest(manifest);
  if (world?.wit === undefined) throw new Error(`${MANIFEST} does not say under world.wit where the plugin's WIT is.`);
  return vscode.Uri.joinPath(folderOf(manifest), world.wit);
}
