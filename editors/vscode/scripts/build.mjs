// Bundle the extension and the page of its view into dist: `npm run build`.
import { copyFile } from "node:fs/promises";
import { build } from "esbuild";

const common = { bundle: true, minify: true, legalComments: "none", logLevel: "warning", outdir: "dist" };
await build({
  ...common,
  entryPoints: ["src/extension.ts"],
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
});
await build({ ...common, entryPoints: ["src/metricsView.ts"], platform: "browser", target: "es2022", format: "iife" });
await copyFile("../../LICENSE", "LICENSE");
