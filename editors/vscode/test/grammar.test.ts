/** The first paint: the grammar's colours are those that the server will say, word by word. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { after, before, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver-protocol/node";
import textmate, { type IGrammar } from "vscode-textmate";
import oniguruma from "vscode-oniguruma";

import { PROGRAM, REPOSITORY } from "../e2e/workspaces.ts";

/** What the grammar calls that which the server's legend calls so. */
const SCOPES: Record<string, RegExp> = {
  namespace: /^entity\.name\.(namespace|type)/,
  type: /^(entity\.name\.type|support\.type)/,
  class: /^entity\.name\.type/,
  enum: /^entity\.name\.type/,
  interface: /^entity\.name\.(type\.interface|type)/,
  struct: /^entity\.name\.type/,
  parameter: /^variable\.parameter/,
  property: /^variable\.other\.property/,
  enumMember: /^variable\.other\.enummember/,
  function: /^entity\.name\.function/,
  method: /^entity\.name\.function/,
  keyword: /^(keyword|support\.type|constant\.language)/,
  modifier: /^keyword/,
  comment: /^comment/,
  string: /^(string|constant)/,
  number: /^constant\.numeric/,
  operator: /^keyword\.operator/,
  decorator: /^(entity\.name\.function\.decorator|punctuation\.definition\.decorator)/,
  variable: /^(variable|constant)/,
};

interface Token {
  readonly line: number;
  readonly start: number;
  readonly length: number;
  readonly type: string;
}

suite("the grammar agrees with the server", () => {
  let grammar: IGrammar;
  let server: MessageConnection;
  let legend: string[];
  const child = spawn(PROGRAM, ["serve"], { stdio: ["pipe", "pipe", "inherit"] });

  before(async () => {
    grammar = await loaded("languages/wit.tmLanguage.json");
    server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    server.listen();
    const answer = await server.sendRequest<{ capabilities: { semanticTokensProvider: { legend: { tokenTypes: string[] } } } }>(
      "initialize",
      { processId: process.pid, rootUri: null, capabilities: {} },
    );
    legend = answer.capabilities.semanticTokensProvider.legend.tokenTypes;
    await server.sendNotification("initialized", {});
  });
  after(async () => {
    await server.sendRequest("shutdown");
    await server.sendNotification("exit");
    server.dispose();
  });

  async function said(file: string, text: string): Promise<Token[]> {
    const uri = pathToFileURL(file).toString();
    await server.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "wit", version: 1, text } });
    const { data } = await server.sendRequest<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument: { uri } });
    await server.sendNotification("textDocument/didClose", { textDocument: { uri } });
    let [line, start] = [0, 0];
    return Array.from({ length: data.length / 5 }, (_, index) => {
      const [down = 0, right = 0, length = 0, type = 0] = data.slice(5 * index);
      [line, start] = [line + down, down === 0 ? start + right : right];
      return { line, start, length, type: legend[type] ?? "" };
    });
  }

  const files = [
    ...beneath(join(REPOSITORY, "wit")),
    ...beneath(join(REPOSITORY, "examples")),
    ...beneath(join(REPOSITORY, "tests", "toolchains")),
    resolve("test/everything.wit"),
  ];
  for (const file of files) {
    test(file.slice(REPOSITORY.length + 1), async () => {
      const text = readFileSync(file, "utf8");
      const lines = text.split("\n");
      const scopes = painted(grammar, lines);
      const others = (await said(file, text)).flatMap((token) => {
        const scope = scopes[token.line]?.[token.start] ?? "";
        if (SCOPES[token.type]?.test(scope)) return [];
        const word = lines[token.line]?.slice(token.start, token.start + token.length) ?? "";
        return [`${basename(file)}:${token.line + 1}:${token.start + 1} \`${word}\` is ${token.type}, painted ${scope}`];
      });
      assert.deepEqual(others, []);
    });
  }
});

/** The innermost scope of each character. */
function painted(grammar: IGrammar, lines: readonly string[]): string[][] {
  let stack = textmate.INITIAL;
  return lines.map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.flatMap(({ startIndex, endIndex, scopes }) =>
      Array<string>(endIndex - startIndex).fill(
        // Inside of a comment, all is comment.
        scopes.find((scope) => scope.startsWith("comment")) ?? scopes.at(-1) ?? "",
      ),
    );
  });
}

async function loaded(path: string): Promise<IGrammar> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  const bytes = readFileSync(wasm);
  await oniguruma.loadWASM(bytes);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(JSON.parse(readFileSync(path, "utf8")) as never),
  });
  const grammar = await registry.loadGrammar("source.wit");
  if (grammar === null) throw new Error(`${path} is no grammar`);
  return grammar;
}

function beneath(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".wit") && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

