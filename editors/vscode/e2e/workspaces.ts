/** The folders that the tests open. */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

export const REPOSITORY = resolve("../..");

/** The server under test: named by DATAFLARE_LSP, or in the virtual environment of the repository. */
export const PROGRAM = process.env["DATAFLARE_LSP"] ?? join(REPOSITORY, ".venv", "bin", "dataflare-lsp");
if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: install the package there, or name it in DATAFLARE_LSP`);

export type Files = Readonly<Record<string, string>>;

const made: string[] = [];
process.on("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A new folder of some name with some files, gone when the tests are. */
export function folderOf(files: Files, name = "orders"): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "dataflare-folder-")));
  made.push(parent);
  const folder = join(parent, name);
  mkdirSync(folder);
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A copy of a folder of the repository, with some files more. */
export function copyOf(path: string, files: Files = {}): string {
  const folder = folderOf({}, basename(path));
  cpSync(join(REPOSITORY, path), folder, { recursive: true });
  write(folder, files);
  return folder;
}

/** The plugin of the documentation, built; `changed` changes the text of the component. */
export function plugin(changed: (text: string) => string = (text) => text): string {
  const folder = copyOf("docs/examples/pass-through");
  build(folder, changed);
  return folder;
}

/** Write the component anew, as builds do: all at once. */
export function build(
  folder: string,
  changed: (text: string) => string = (text) => text,
  to = "build/plugin.wasm",
): void {
  const text = changed(readFileSync(join(folder, "plugin.wat"), "utf8"));
  const binary = python("import sys, wasmtime; sys.stdout.buffer.write(wasmtime.wat2wasm(sys.stdin.read()))", text);
  mkdirSync(join(folder, "build"), { recursive: true });
  writeFileSync(join(folder, "build", "new"), binary);
  renameSync(join(folder, "build", "new"), join(folder, to));
}

/** What a script of the server's own Python prints. */
function python(script: string, input = ""): Buffer {
  const program = join(dirname(realpathSync(dirname(PROGRAM))), "bin", "python");
  return execFileSync(program, ["-c", script], { input, cwd: join(REPOSITORY, "tests") });
}

/** The plugin of the documentation with three records, and with the interfaces of the host beside its WIT. */
export function counting(): string {
  const folder = plugin();
  // A busy machine may need longer than the manifest allows.
  const manifest = readFileSync(join(folder, "dataflare.toml"), "utf8").replace('timeout = "100ms"', 'timeout = "30s"');
  const records = ["one", "two", "three"].map((payload, index) => JSON.stringify({ id: String(index), payload }));
  write(folder, {
    "dataflare.toml": `${manifest}\n[debug]\ninput = "samples/records.ndjson"\n`,
    "samples/records.ndjson": records.join("\n"),
  });
  cpSync(join(REPOSITORY, "wit"), join(folder, "wit", "deps", "dataflare-core"), { recursive: true });
  return folder;
}

/** A plugin that gives records back under the id that is its setting `name`, and logs that it does. */
export function naming(): string {
  const folder = counting();
  const manifest = readFileSync(join(folder, "dataflare.toml"), "utf8");
  const imports = ["logging", "configuration"].map((name) => `    import dataflare:core/${name}@1.0.0;\n`);
  const world = readFileSync(join(folder, "wit", "world.wit"), "utf8");
  write(folder, {
    "plugin.wat": python("from support.handmade import naming; print(naming())").toString(),
    "dataflare.toml": `${manifest.replace('host = ["metrics"]', 'host = ["logging", "configuration"]')}\n[config.default]\nname = "usual"\n`,
    "wit/world.wit": world.replace(/^ *import .*\n/m, imports.join("")),
  });
  build(folder);
  return folder;
}

/** Two files, the second of which has a mistake. */
export const ORDERS: Files = {
  "types.wit": `package corp:app@1.0.0;

/// What flows through the pipeline.
interface types {
    /// One record.
    record data-record {
        id: string,
    }
}
`,
  "api.wit": `interface api {
    use types.{data-record};

    read: func() -> option<data-recrod>;
}
`,
};
