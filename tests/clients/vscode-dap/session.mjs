// A debug session through VS Code's own test client: `node session.mjs NAME`, with what it is about in the environment.
//
// It prints one line of JSON for each thing that a user would see. The tests beside it say what those should be.

import debugadapter from "@vscode/debugadapter-testsupport";
import { copyFileSync } from "node:fs";

const { DebugClient } = debugadapter;
const { PYTHON, ADAPTER, PLUGIN, INPUT, WIT, LINE, REBUILT } = process.env;
const line = Number(LINE);
const client = new DebugClient(PYTHON, ADAPTER, "dataflare");
client.defaultTimeout = 60_000;

const show = (what, value) => console.log(JSON.stringify({ [what]: value }));
const outputs = [];
client.on("output", (event) => outputs.push([event.body.category, event.body.output.trimEnd()]));

/** Everything that was written to a category since the last time. */
function said(category) {
  const found = outputs.filter(([of]) => of === category).map(([, text]) => text);
  outputs.length = 0;
  return found;
}

async function launch(configuration, prepare = async () => {}) {
  const initialized = client.waitForEvent("initialized");
  await client.initializeRequest({
    adapterID: "dataflare", linesStartAt1: true, columnsStartAt1: true, pathFormat: "path", supportsVariableType: true,
  });
  const launched = client.launchRequest({ program: PLUGIN, input: INPUT, ...configuration });
  await Promise.race([initialized, launched]);
  await prepare();
  await client.configurationDoneRequest({});
  await launched;
}

/** Send a request, and give where the plugin stops then. */
async function stop(request) {
  const stopped = client.waitForEvent("stopped");
  await request();
  return (await stopped).body;
}

const thread = { threadId: 1 };
const go = () => stop(() => client.continueRequest(thread));
const into = () => stop(() => client.stepInRequest(thread));
const next = () => stop(() => client.nextRequest(thread));
const failures = () => client.setExceptionBreakpointsRequest({ filters: ["trap", "limit"] });
const back = () => stop(() => client.stepBackRequest(thread));
const start = () => stop(() => client.reverseContinueRequest(thread));

const breakAt = (more = {}) =>
  client.setBreakpointsRequest({ source: { path: WIT }, breakpoints: [{ line, ...more }] });

async function frames() {
  const { body } = await client.stackTraceRequest({ ...thread, startFrame: 0, levels: 50 });
  return body.stackFrames;
}

async function scope(name) {
  const [top] = await frames();
  const { body } = await client.scopesRequest({ frameId: top.id });
  return body.scopes.find((one) => one.name === name).variablesReference;
}

async function variables(name) {
  const reference = typeof name === "number" ? name : await scope(name);
  const { body } = await client.variablesRequest({ variablesReference: reference });
  return body.variables;
}

const plain = (found) => Object.fromEntries(found.map((one) => [one.name, one.value]));

const sessions = {
  async travel() {
    const stopped = client.waitForEvent("stopped");
    await launch({}, async () => {
      const { body } = await breakAt();
      show("breakpoint", body.breakpoints.map(({ verified, line }) => ({ verified, line })));
    });
    show("first", (await stopped).body.reason);
    const where = await frames();
    show("top", where[0].name);
    show("guest", where.some((frame) => frame.name.includes("process") && frame.presentationHint !== "label"));
    show("lines", where.filter((frame) => frame.source?.path?.endsWith("debugged.c")).map((frame) => frame.line));
    show("arguments", plain(await variables("Arguments")));
    show("record", plain(await variables("Record")));

    await breakAt({ condition: "record_index == 2" });
    show("conditional", (await go()).reason);
    show("arguments", plain(await variables("Arguments")));

    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "configuration.get" }] });
    show("function breakpoint", (await go()).reason);
    await into();
    show("answer", plain(await variables("Result")));
    await client.setVariableRequest({
      variablesReference: await scope("Result"), name: "result", value: 'some("first ")',
    });
    said("result");
    await breakAt();
    await client.setFunctionBreakpointsRequest({ breakpoints: [] });
    await go();
    show("results", said("result"));

    show("back", (await back()).reason);
    await breakAt({ condition: "false" });
    show("at the start", (await start()).reason);
    show("top", (await frames())[0].name);
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "configuration.get", hitCondition: "1" }] });
    await go();
    await into();
    await client.setVariableRequest({
      variablesReference: await scope("Result"), name: "result", value: 'some("second ")',
    });
    said("result");
    const ended = client.waitForEvent("terminated");
    await client.continueRequest(thread);
    await ended;
    show("results", said("result"));
  },

  async trap() {
    const stopped = client.waitForEvent("stopped");
    await launch({}, failures);
    const { body } = await stopped;
    show("stopped", [body.reason, body.text]);
    const info = await client.exceptionInfoRequest(thread);
    show("trap", info.body.exceptionId);
    show("stderr", JSON.stringify(info.body).includes("cannot go on"));
    show("backtrace", (info.body.details?.stackTrace ?? "") !== "");
    show("back", (await back()).reason);
  },

  async time() {
    const stopped = client.waitForEvent("stopped");
    await launch({ limits: { timeout: "500ms" } }, failures);
    show("stopped", (await stopped).body.text);
  },

  async memory() {
    const stopped = client.waitForEvent("stopped");
    await launch({ limits: { memory: "40MiB", timeout: "60s" } }, failures);
    show("stopped", (await stopped).body.text);
  },

  async pause() {
    const logged = client.waitForEvent("output");
    await launch({}, () => client.setExceptionBreakpointsRequest({ filters: [] }));
    await logged;
    const body = await stop(() => client.pauseRequest(thread));
    show("paused", body.reason);
    show("frames", (await frames()).length > 1);
    show("back", (await back()).reason);
  },

  async plain() {
    const stopped = client.waitForEvent("stopped");
    await launch({}, async () => { await breakAt(); });
    await stopped;
    show("arguments", plain(await variables("Arguments")));
    show("top", (await frames())[0].name);
    const ended = client.waitForEvent("terminated");
    await client.continueRequest(thread);
    await ended;
    show("result", said("result"));
  },

  async restart() {
    const stopped = client.waitForEvent("stopped");
    await launch({}, async () => { await breakAt(); });
    await stopped;
    show("before", plain(await variables("Arguments")).message);
    copyFileSync(REBUILT, `${PLUGIN}/plugin.wasm`);
    await stop(() => client.restartRequest({}));
    show("after", plain(await variables("Arguments")).message);
  },
};

await client.start();
try {
  await sessions[process.argv[2]]();
} finally {
  await client.stop();
}
