// Run tests, bundled by esbuild: `npm test` those that need no editor, `npm run e2e` those in the workbench.
// What follows is for node's test runner: `npm run e2e -- --test-name-pattern=hover`.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const [folder, ...options] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
const outdir = `out/${folder}`;
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
const run = spawnSync(process.execPath, ["--test", "--test-reporter=spec", "--test-timeout=1200000", ...options, ...bundles], { stdio: "inherit" });
process.exit(run.status ?? 1);
