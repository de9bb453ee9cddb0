import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { findServer, type Surroundings } from "../src/finding.ts";
import { versionProblem } from "../src/versions.ts";

/** A machine with some programs on it. */
function machine(programs: readonly string[], changes: Partial<Surroundings> = {}): Surroundings {
  return {
    setting: "",
    folders: ["/work/app", "/work/lib"],
    home: "/home/ada",
    path: "/usr/local/bin:bin:/usr/bin",
    windows: false,
    isProgram: (file) => programs.includes(file),
    ...changes,
  };
}

suite("the server is looked for", () => {
  const everywhere = ["/opt/dataflare-lsp", "/work/lib/.venv/bin/dataflare-lsp", "/usr/bin/dataflare-lsp"];

  test("in the setting first", () => {
    const found = findServer(machine(everywhere, { setting: "/opt/dataflare-lsp" }));
    assert.deepEqual(found, { path: "/opt/dataflare-lsp", from: "setting" });
  });

  test("then in the workspace, then on PATH", () => {
    assert.deepEqual(findServer(machine(everywhere)), { path: "/work/lib/.venv/bin/dataflare-lsp", from: "workspace" });
    const rest = machine(["/usr/bin/dataflare-lsp"]);
    assert.deepEqual(findServer(rest), { path: "/usr/bin/dataflare-lsp", from: "PATH" });
  });

  test("nowhere else once the setting names a program that is not there", () => {
    assert.deepEqual(findServer(machine(everywhere, { setting: "~/lsp" })), {
      message: "The setting dataflare.server.path names /home/ada/lsp, and there is no such program.",
    });
  });

  test("never by a relative entry of PATH, which the workspace could fill", () => {
    assert.ok("message" in findServer(machine(["bin/dataflare-lsp", "./bin/dataflare-lsp"])));
  });

  test("by what the setting's variables stand for", () => {
    for (const [setting, path] of [
      ["~/bin/lsp", "/home/ada/bin/lsp"],
      ["${workspaceFolder}/lsp", "/work/app/lsp"],
      [" /opt/a~b ", "/opt/a~b"],
    ] as const) {
      assert.deepEqual(findServer(machine([path], { setting })), { path, from: "setting" });
    }
  });
});

test("a server that is too old, or says nothing, is no good", () => {
  assert.equal(versionProblem("0.1.0"), undefined);
  assert.equal(versionProblem("0.1.1.dev3"), undefined);
  assert.equal(versionProblem("10.0.0"), undefined);
  assert.match(versionProblem("0.0.9") ?? "", /version 0\.0\.9; 0\.1\.0 or newer is needed/);
  assert.match(versionProblem(undefined) ?? "", /does not say which version it is/);
  assert.match(versionProblem("newest") ?? "", /does not say which version it is/);
});
