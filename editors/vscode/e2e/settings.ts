/** The user whose workbench it is: calm settings, and the programs that there are. */

import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";

import { folderOf, PROGRAM } from "./workspaces.ts";


export const SETTINGS = {
  "breadcrumbs.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  // The terminal as text, that tests can read.
  "terminal.integrated.gpuAcceleration": "off",
  "update.mode": "none",
  "window.menuBarVisibility": "compact",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Stands for pipx: "installs" the server under test where the user keeps programs. */
const PIPX = `#!/bin/sh
[ "$1 $2" = "install --force" ] && mkdir -p ~/bin && ln -sf ${PROGRAM} ~/bin/dataflare-lsp
`;
const tools = folderOf({ pipx: PIPX });
chmodSync(join(tools, "pipx"), 0o755);

/** PATH, with the server under test. */
export const PATH = `${dirname(PROGRAM)}:${tools}:${process.env["PATH"] ?? ""}`;
