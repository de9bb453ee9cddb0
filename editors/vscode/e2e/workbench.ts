/** A workbench in a browser, driven by what a user does, and read by what a user sees. */

import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

export const SCREENSHOTS = process.env["DATAFLARE_LSP_SCREENSHOTS"] ?? "out/screenshots";
/** Long enough for a busy machine; what is there is seen at once. */
const PATIENCE = 30_000;

export async function browser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
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

const VIEWPORT = { width: 960, height: 600 };

/** Note in the document when an element was there first, in milliseconds since 1970. */
function watch({ selector }: { selector: string }): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector(selector) === null) return;
    observer.disconnect();
    document.documentElement.dataset["shown"] = String(Date.now());
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}

export class Workbench {
  private constructor(readonly page: Page) {}

  /**
   * Do something in a workbench with a folder open. What the user saw last is kept where it fails.
   * `watched` is an element whose coming is noted.
   */
  static async inside(browser: Browser, url: string, folder: string, work: (bench: Workbench) => Promise<void>, watched?: { selector: string }): Promise<void> {
    const bench = await Workbench.open(browser, url, folder, watched);
    try {
      await work(bench);
    } catch (failure) {
      await bench.picture(`failed-${basename(dirname(folder))}`);
      throw failure;
    } finally {
      await bench.page.close();
    }
  }

  private static async open(browser: Browser, url: string, folder: string, watched?: { selector: string }): Promise<Workbench> {
    // One context for all: what the workbench is made of is fetched and compiled once. Folders share no state.
    const context =
      browser.contexts()[0] ?? (await browser.newContext({ viewport: VIEWPORT, reducedMotion: "reduce" }));
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    if (watched !== undefined) await page.addInitScript(watch, watched);
    await page.goto(`${url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .part.statusbar").waitFor();
    return new Workbench(page);
  }

  /** Keep a picture of what the user sees. */
  async picture(name: string, of: Page | Locator = this.page): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await of.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled", caret: "hide" });
  }

  async run(command: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.fill(`>${command}`);
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: command }).first().click();
  }

  async runTask(type: string, name: string): Promise<void> {
    await this.run("Tasks: Run Task");
    for (const text of [type, name]) {
      await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first().click();
    }
  }

  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.page.locator(".quick-input-widget input.input").fill(path);
    const name = path.split("/").at(-1) ?? path;
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: name }).first().click();
    await this.activeTab(name).waitFor();
    await this.lines().first().waitFor();
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
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
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
}
