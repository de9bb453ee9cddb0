/** Debugging: the adapter is the server's own program, and F5 works without a launch configuration. */

import { relative } from "node:path";
import * as vscode from "vscode";

import { readManifest } from "./manifest.ts";
import { folderOf, manifestOf, manifests, theManifest } from "./plugins.ts";
import { locate, SCHEME } from "./server.ts";

export const TYPE = "dataflare";

export function provideDebugging(): vscode.Disposable {
  const adapters: vscode.DebugAdapterDescriptorFactory = {
    createDebugAdapterDescriptor({ workspaceFolder }) {
      const program = locate();
      if ("message" in program) throw new Error(program.message);
      const folder = workspaceFolder?.uri.fsPath;
      return new vscode.DebugAdapterExecutable(program.path, ["dap"], folder === undefined ? {} : { cwd: folder });
    },
  };
  const provideDebugConfigurations = async (
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> => {
    const all = (await manifests()).filter(
      (manifest) => folder === undefined || vscode.workspace.getWorkspaceFolder(manifest)?.index === folder.index,
    );
    return Promise.all(all.map((manifest) => configurationOf(folderOf(manifest), folder)));
  };
  const resolveDebugConfiguration = async (
    folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> => {
    if (given["program"] !== undefined) return given;
    const program = await meant();
    if (program === undefined) return undefined;
    // Without a launch.json, F5 gives a configuration whose words are empty.
    const words = Object.entries(given).filter(([, value]) => value !== undefined && value !== "");
    return { ...(await configurationOf(program, folder)), ...Object.fromEntries(words) };
  };
  // In WIT a name goes on after `-`, so what is pointed at is the whole of it.
  const expressions: vscode.EvaluatableExpressionProvider = {
    provideEvaluatableExpression(document, position) {
      const range = document.getWordRangeAtPosition(position);
      return range && new vscode.EvaluatableExpression(range);
    },
  };
  const values: vscode.InlineValuesProvider = {
    provideInlineValues(document, _, { stoppedLocation }) {
      return parameters(document, stoppedLocation.start.line).map(
        (range) => new vscode.InlineValueVariableLookup(range, document.getText(range), true),
      );
    },
  };
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, adapters),
    vscode.debug.registerDebugConfigurationProvider(TYPE, { provideDebugConfigurations, resolveDebugConfiguration }),
    vscode.debug.registerDebugConfigurationProvider(
      TYPE,
      { provideDebugConfigurations },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.languages.registerEvaluatableExpressionProvider("wit", expressions),
    vscode.languages.registerInlineValuesProvider("wit", values),
  );
}

/** What is debugged where nothing else is said: the component that is open, or the plugin of the open file. */
async function meant(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === SCHEME && (await manifestOf(active)) === undefined) {
    return active.with({ scheme: "file", path: active.path.replace(/\.wit$/, "") });
  }
  const manifest = await theManifest();
  return manifest && folderOf(manifest);
}

async function configurationOf(
  program: vscode.Uri,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<vscode.DebugConfiguration> {
  const inside = folder && relative(folder.uri.fsPath, program.fsPath).replaceAll("\\", "/");
  const path =
    inside === undefined || inside.startsWith("..")
      ? program.fsPath
      : ["${workspaceFolder}", inside].filter((part) => part !== "").join("/");
  return { type: TYPE, request: "launch", name: `Debug ${await nameOf(program)}`, program: path };
}

async function nameOf(program: vscode.Uri): Promise<string> {
  const last = program.path.split("/").at(-1) ?? "plugin";
  try {
    return (await readManifest(vscode.Uri.joinPath(program, "dataflare.toml"))).plugin?.name ?? last;
  } catch {
    return last; // A component by itself, or a manifest with a mistake: its folder has a name, too.
  }
}

/** Where the parameters of the function stand that begins in a line. */
function parameters(document: vscode.TextDocument, line: number): vscode.Range[] {
  const last = Math.min(line + 20, document.lineCount - 1);
  const text = document.getText(new vscode.Range(line, 0, last, document.lineAt(last).text.length));
  const list = /\bfunc\s*\(([^)]*)\)/d.exec(text.slice(0, text.indexOf(";") + 1));
  const start = list?.indices?.[1]?.[0];
  if (list?.[1] === undefined || start === undefined) return [];
  const offset = document.offsetAt(new vscode.Position(line, 0)) + start;
  return [...list[1].matchAll(/%?[A-Za-z][\w-]*(?=\s*:)/g)].map((name) => {
    const begin = offset + name.index;
    return new vscode.Range(document.positionAt(begin), document.positionAt(begin + name[0].length));
  });
}

/** Debug a plugin, or the one of the open file; `more` goes into its configuration. */
export async function debugPlugin(file: vscode.Uri | undefined, more: object = {}): Promise<void> {
  const program = file === undefined ? await meant() : await programOf(file);
  if (program === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(program);
  await vscode.debug.startDebugging(folder, { ...(await configurationOf(program, folder)), ...more });
}

/** The folder of a plugin, or a component by itself. */
async function programOf(file: vscode.Uri): Promise<vscode.Uri> {
  const manifest = await manifestOf(file);
  return manifest === undefined ? file : folderOf(manifest);
}

/** Add a configuration for the plugin to launch.json, and show it. */
export async function generateLaunchConfiguration(): Promise<void> {
  const program = await meant();
  const folder = program && vscode.workspace.getWorkspaceFolder(program);
  if (program === undefined || folder === undefined) return;
  const launch = vscode.workspace.getConfiguration("launch", folder);
  const there = launch.get<vscode.DebugConfiguration[]>("configurations", []);
  const added = await configurationOf(program, folder);
  if (!there.some(({ name }) => name === added.name)) {
    await launch.update("configurations", [...there, added], vscode.ConfigurationTarget.WorkspaceFolder);
  }
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, ".vscode", "launch.json"));
}
