/** A workbench in a browser, driven by what a user does, and read by what a user sees. */

import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

export const SCREENSHOTS = process.env["DATAFLARE_LSP_SCREENSHOTS"] ?? "out/screenshots";
/** Long enough for a busy machine; what is there is seen at once. */
const PATIENCE = 30_000;

/** The Chromium that there is, or Chrome: named by CHROMIUM, or on PATH. */
export function chromiumPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  const found = ["chromium", "google-chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.env["CHROMIUM"] ?? found.find((path) => existsSync(path));
}

export async function browser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath() ?? "chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const VIEWPORT: Size = { width: 960, height: 600 };

/** What is a text and nothing more, but for the space beside an icon. */
function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replaceAll(/[^\w\s]/g, "\\$&")}\\s*$`);
}

/** Note in the document when an element was there first, in milliseconds since 1970. */
function watch({ selector }: { selector: string }): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector(selector) === null) return;
    observer.disconnect();
    document.documentElement.dataset["shown"] = String(Date.now());
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}

/**
 * Do without the worker that makes an app of code-server. The pages of views wait for one of their own, and sometimes in vain
 * where another one has the page already: they look for what is being installed after it has been.
 */
function withoutWorker(): void {
  const { serviceWorker } = navigator;
  const register = serviceWorker.register.bind(serviceWorker);
  serviceWorker.register = (script, options) =>
    String(script).endsWith("/out/browser/serviceWorker.js") ? Promise.reject(new Error("not wanted")) : register(script, options);
}

interface Options {
  readonly size?: Size;
  /** An element whose coming is noted. */
  readonly watched?: { readonly selector: string };
}

export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly opened: string,
    private readonly within: string,
  ) {}

  /** A new workbench with a folder open. */
  static async open(context: BrowserContext, url: string, folder: string, { size = VIEWPORT, watched }: Options = {}): Promise<Workbench> {
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    await page.setViewportSize(size);
    await page.addInitScript(withoutWorker);
    if (watched !== undefined) await page.addInitScript(watch, watched);
    await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .part.statusbar").waitFor();
    return new Workbench(page, folder, "");
  }

  /** The same workbench, for work in a folder beneath the one that is open. */
  in(folder: string): Workbench {
    return new Workbench(this.page, this.opened, folder);
  }

  /** Where the files of the test are. */
  get folder(): string {
    return join(this.opened, this.within);
  }

  /** Keep a picture of what the user sees. */
  async picture(name: string, of: Page | Locator = this.page): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await of.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled", caret: "hide" });
  }

  /** Run the command of a title. The palette has what there was when it opened, so it is opened until the command is there. */
  async run(title: string): Promise<void> {
    await this.until(`the command "${title}"`, async () => {
      await this.page.keyboard.press("F1");
      await this.page.locator(".quick-input-widget input.input").fill(`>${title}`);
      return this.choice(title).waitFor({ timeout: 3000 }).then(() => true, () => false);
    });
    await this.choose(title);
  }

  /** Run a task of the extension. */
  async runTask(name: string): Promise<void> {
    await this.run("Tasks: Run Task");
    await this.choose("dataflare");
    await this.choose(`dataflare: ${name}`);
  }

  /** Open a file of the test's folder in the text editor. */
  async openFile(path: string): Promise<void> {
    await this.find(path);
    await this.activeTab(basename(path)).waitFor();
    await this.lines().first().waitFor();
    await this.focused();
  }

  /** Open a file of the test's folder, whatever shows it. */
  async find(path: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.page.locator(".quick-input-widget input.input").fill(join(this.within, path));
    await this.choose(basename(path), this.within);
  }

  /**
   * Choose by the keyboard what has a label, and some words more, as soon as it is offered. What is offered may move at any
   * time, and with it what the mouse would meet.
   */
  async choose(label: string, more = ""): Promise<void> {
    const wanted = this.choice(label, more);
    const focused = wanted.and(this.page.locator(".focused"));
    await wanted.waitFor();
    await this.until(`${label} to be chosen`, async () => {
      if ((await focused.count()) > 0) return true;
      await this.press("ArrowDown");
      return false;
    });
    await this.press("Enter");
  }

  /** What is offered first under a label, with some words more. */
  private choice(label: string, more = ""): Locator {
    const rows = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: more });
    return rows.filter({ has: this.page.locator(".label-name").filter({ hasText: exactly(label) }) }).first();
  }

  /** Wait until keys go to the active editor: what asks for something gives the focus back after it has gone. */
  private async focused(): Promise<void> {
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  }

  activeTab(name: string): Locator {
    return this.page.locator(".tab.active").filter({ hasText: name });
  }

  /** The lines of the active editor that are on the screen. */
  lines(): Locator {
    return this.page.locator(".editor-group-container.active .view-lines .view-line");
  }

  /** The text of the active editor that is on the screen. */
  async text(): Promise<string> {
    const lines = await this.lines().evaluateAll((found) =>
      found
        .map((line) => [Number.parseFloat((line as HTMLElement).style.top), line.textContent] as const)
        .sort(([left], [right]) => left - right)
        .map(([, text]) => text),
    );
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Put the cursor on a 1-based line and column. */
  async place(line: number, column: number): Promise<void> {
    await this.page.keyboard.press("Control+G");
    await this.page.locator(".quick-input-widget input.input").fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.focused();
  }

  /** Put the cursor to the right of the first `text`. */
  async placeAfter(text: string): Promise<void> {
    const found = (await this.text()).split("\n").flatMap((line, index) => {
      const at = line.indexOf(text);
      return at < 0 ? [] : [{ line: index + 1, column: at + text.length + 1 }];
    });
    const [first] = found;
    if (first === undefined) throw new Error(`\`${text}\` is not on the screen:\n${await this.text()}`);
    await this.place(first.line, first.column);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 15 });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Wait until something is so; what the user sees is kept and said where it does not come about. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (!(await isSo())) {
      if (Date.now() > end) {
        throw new Error(`waited in vain for ${what}; the editor shows:\n${await this.text()}`);
      }
      await this.page.waitForTimeout(50);
    }
  }

  /** Ask what is at the cursor, again where the editor took the answer away: it does when a file is coloured anew. */
  async hover(text: string): Promise<Locator> {
    const found = this.page.locator(".monaco-hover:visible").filter({ hasText: text });
    await this.page.mouse.move(0, 0); // away from where the answer appears
    await this.until(`the hover with "${text}"`, async () => {
      await this.press("Control+K", "Control+I");
      await found.waitFor({ timeout: 2000 }).catch(() => undefined);
      return found.isVisible();
    });
    return found;
  }

  /** What completion offers first of all that has some words in it. */
  suggestion(text: string): Locator {
    return this.page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: text }).first();
  }

  /** What all terminals show. */
  async terminals(): Promise<string> {
    const rows = await this.page.locator(".terminal .xterm-rows").allTextContents();
    return rows.join("\n").replaceAll("\u00a0", " ");
  }

  /** The status item of the extension. */
  status(label: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ has: this.page.getByLabel(label) });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-list-item").filter({ hasText: text });
  }

  squiggles(kind: "error" | "warning" | "info" | "hint"): Locator {
    return this.page.locator(`.editor-group-container.active .squiggly-${kind}`);
  }

  /** The rows of the view Problems, which is opened where it is not. */
  async problems(): Promise<Locator> {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible())) await this.run("Problems: Focus on Problems View");
    await panel.waitFor();
    return panel.locator(".monaco-list-row");
  }

  /** Close what is open, whether it was changed or not. */
  async tidy(): Promise<void> {
    const tabs = this.page.locator(".tab");
    for (let open = await tabs.count(); open > 0; open = await tabs.count()) {
      const before = open;
      await this.run("View: Revert and Close Editor");
      await this.until("an editor to close", async () => (await tabs.count()) < before);
    }
    if (await this.page.locator(".part.panel").isVisible()) await this.run("View: Hide Panel");
    if ((await this.page.locator(".notification-list-item").count()) > 0) await this.run("Notifications: Clear All Notifications");
  }
}
