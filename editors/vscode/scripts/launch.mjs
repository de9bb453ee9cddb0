// Put the schema of launch configurations into package.json: `dataflare-lsp schema launch | node scripts/launch.mjs`.
import { readFileSync, writeFileSync } from "node:fs";

const { properties } = JSON.parse(readFileSync(0, "utf8"));
const contents = JSON.parse(readFileSync("package.json", "utf8"));
contents.contributes.debuggers[0].configurationAttributes.launch = { properties };
writeFileSync("package.json", JSON.stringify(contents, undefined, 2) + "\n");
