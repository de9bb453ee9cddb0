/** Where the language server is: in the setting, else in the workspace's virtual environment, else on PATH. */

import { delimiter, join } from "node:path";

/** What there is to look at; of the machine, so that tests can make one up. */
export interface Surroundings {
  /** The setting `dataflare.server.path`; empty where the user has not chosen. */
  readonly setting: string;
  /** The folders of the workspace, as paths. */
  readonly folders: readonly string[];
  readonly home: string;
  /** The environment variable PATH. */
  readonly path: string;
  readonly windows: boolean;
  /** Whether there is a file that can be run. */
  readonly isProgram: (file: string) => boolean;
}

/** The program, and where it was found. */
export interface Program {
  readonly path: string;
  readonly from: "setting" | "workspace" | "PATH";
}

/** There is none; `message` says where it was looked for. */
export interface Missing {
  readonly message: string;
}

export function findServer(around: Surroundings): Program | Missing {
  if (around.setting.trim() !== "") {
    const path = expanded(around.setting.trim(), around);
    return around.isProgram(path)
      ? { path, from: "setting" }
      : { message: `The setting dataflare.server.path names ${path}, and there is no such program.` };
  }
  for (const folder of around.folders) {
    for (const environment of [".venv", "venv"]) {
      const path = around.windows
        ? join(folder, environment, "Scripts", "dataflare-lsp.exe")
        : join(folder, environment, "bin", "dataflare-lsp");
      if (around.isProgram(path)) return { path, from: "workspace" };
    }
  }
  const path = onPath("dataflare-lsp", around);
  return path !== undefined
    ? { path, from: "PATH" }
    : { message: "dataflare-lsp is neither in the workspace's virtual environment nor on PATH." };
}

/** The program of a name on PATH. Relative entries are passed over: they would be found in the workspace. */
export function onPath(
  name: string,
  { path, windows, isProgram }: Pick<Surroundings, "path" | "windows" | "isProgram">,
): string | undefined {
  return path
    .split(windows ? ";" : delimiter)
    .filter((folder) => (windows ? /^([A-Za-z]:[\\/]|\\\\)/.test(folder) : folder.startsWith("/")))
    .map((folder) => join(folder, windows ? `${name}.exe` : name))
    .find(isProgram);
}

function expanded(path: string, { home, folders }: Surroundings): string {
  return path
    .replace(/^~(?=$|[\\/])/, () => home)
    .replaceAll("${workspaceFolder}", () => folders[0] ?? "");
}
