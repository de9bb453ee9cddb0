/** What the tests of a suite work at: a code-server, a browser, and one workbench for all that need none of their own. */

import { renameSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, type TestContext } from "node:test";
import type { Browser, BrowserContext } from "playwright-core";

import { CodeServer } from "./codeServer.ts";
import { PATH, SETTINGS } from "./settings.ts";
import { browser, type Size, VIEWPORT, Workbench } from "./workbench.ts";
import { folderOf } from "./workspaces.ts";

interface Setup {
  /** Whether folders are not trusted until the user says so. */
  readonly trust?: boolean;
  readonly settings?: object;
  /** Extensions to have beside the one under test. */
  readonly others?: () => Promise<readonly string[]>;
  readonly size?: Size;
}

type Work = (bench: Workbench) => Promise<void>;
type Test = (context: TestContext) => Promise<void>;

/** A desk for the suite that asks for it, from before its first test until after its last. */
export function desk(setup: Setup = {}): Desk {
  const made = new Desk(setup);
  before(() => made.open());
  after(() => made.close());
  return made;
}

export class Desk {
  private started: { readonly server: CodeServer; readonly browser: Browser } | undefined;
  private context: BrowserContext | undefined;
  /** What the workbench that stays has open: the folders of its tests lie in it, from the start. */
  private readonly room = folderOf({}, "plugins");
  private folders = 0;
  private kept: Workbench | undefined;

  constructor(private readonly setup: Setup) {}

  /**
   * A test in the workbench that stays open, which is most of what a test costs. Its folder, `bench.folder`, is moved there.
   * What it leaves open is closed; one that fails leaves nothing to the next.
   */
  shared(folder: string, work: Work): Test {
    const name = `${basename(folder)}-${String(++this.folders).padStart(2, "0")}`;
    renameSync(folder, join(this.room, name));
    return async (context) => {
      this.kept ??= await this.bench(this.room);
      const bench = this.kept.in(name);
      await bench.page.bringToFront(); // Another one may have covered it.
      await this.watched(context.name, bench, async () => {
        await work(bench);
        await bench.tidy();
      });
    };
  }

  /** A test in a workbench of its own, with a folder open. */
  alone(folder: string, work: Work, size?: Size): Test {
    return async (context) => {
      const bench = await this.bench(folder, size);
      await this.watched(context.name, bench, () => work(bench));
      await bench.page.close();
    };
  }

  get server(): CodeServer {
    if (this.started === undefined) throw new Error("the suite has not begun");
    return this.started.server;
  }

  async open(): Promise<void> {
    const { trust = false, settings = {}, others } = this.setup;
    const server = await CodeServer.start({
      path: PATH,
      settings: { ...SETTINGS, ...settings },
      trust,
      others: (await others?.()) ?? [],
    });
    this.started = { server, browser: await browser() };
  }

  async close(): Promise<void> {
    await this.started?.browser.close();
    await this.started?.server.stop();
  }

  /** One context for all: what the workbench is made of is fetched and compiled once. Folders share no state. */
  private async bench(folder: string, size = this.setup.size ?? VIEWPORT): Promise<Workbench> {
    if (this.started === undefined) throw new Error("the suite has not begun");
    this.context ??= await this.started.browser.newContext({ reducedMotion: "reduce" });
    return Workbench.open(this.context, this.started.server.url, folder, { size });
  }

  /** Keep what the user saw last where something fails; what the browser knows of the folder is forgotten then. */
  private async watched(name: string, bench: Workbench, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (failure) {
      await bench.picture(`failed-${name.replaceAll(/\W+/g, "-")}`);
      await this.context?.close();
      this.context = undefined;
      this.kept = undefined;
      throw failure;
    }
  }
}
