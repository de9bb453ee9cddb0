// Run the TypeScript of a folder, bundled by esbuild: `test` what needs no editor, `e2e` what is done in the workbench.
// What follows is for node's test runner: `npm run e2e -- --test-name-pattern=hover`. `measure` and `missing`, which lie
// beside `e2e`'s, are no tests.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const [what, ...options] = process.argv.slice(2);
const isProgram = what === "measure" || what === "missing";
const folder = isProgram ? "e2e" : what;
const names = isProgram ? [`${what}.ts`] : readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
const outdir = `out/${what}`;
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => `${folder}/${name}`),
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
const bundles = names.map((name) => `${outdir}/${name.replace(/ts$/, "mjs")}`);
// One file after the other: workbenches side by side take each other's time, and code-server is built once.
const runner = isProgram ? [] : ["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-timeout=1200000", ...options];
const run = spawnSync(process.execPath, [...runner, ...bundles], { stdio: "inherit" });
process.exit(run.status ?? 1);
