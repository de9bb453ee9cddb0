/** The few values of `dataflare.toml` that a task or a session starts from; the server judges the rest. */

import { parse } from "smol-toml";
import * as vscode from "vscode";

export interface Manifest {
  readonly plugin?: { readonly name?: string };
  readonly world?: { readonly wit?: string };
  readonly build?: { readonly command?: string };
}

/** The manifest on the disk. Throws where it is no TOML, in words for the user. */
export async function readManifest(file: vscode.Uri): Promise<Manifest> {
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  return manifestOf(text);
}

export function manifestOf(text: string): Manifest {
  const tables = parse(text);
  const name = textAt(tables, "plugin", "name");
  const wit = textAt(tables, "world", "wit");
  const command = textAt(tables, "build", "command");
  return {
    ...(name === undefined ? {} : { plugin: { name } }),
    ...(wit === undefined ? {} : { world: { wit } }),
    ...(command === undefined ? {} : { build: { command } }),
  };
}

function textAt(tables: Record<string, unknown>, table: string, key: string): string | undefined {
  const found = tables[table];
  if (typeof found !== "object" || found === null) return undefined;
  const value = (found as Record<string, unknown>)[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
