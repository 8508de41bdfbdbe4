import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/**
 * What only a browser can say of the pages. It needs Debian’s chromium: `.ci/run` installs it. CHROMIUM names another
 * one. Without any, its suites fail and say so.
 */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Of what passes, axe would describe every element, and most of its time goes there. */
const VIOLATIONS = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)";

const WIDTHS = [1280, 820, 390, 320];

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Chromium, or a plain word that there is none. */
export function startBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(
      `There is no Chromium at ${CHROMIUM}: install Debian's chromium, or name one in CHROMIUM.`,
    );
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** Expects of a page, at every width, that it fits and that axe has nothing serious to say. */
export async function expectAccessible(page: Page, address: string): Promise<void> {
  await page.evaluate(AXE);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect([address, width, overflow]).toEqual([address, width, 0]);
    const violations = (await page.evaluate(VIOLATIONS)) as readonly Finding[];
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect([address, width, serious.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([
      address,
      width,
      [],
    ]);
  }
}

/**
 * Closes a context. Chromium may never say that it is closed, where the clock of a page was set or an answer is held: the
 * context then ends with the browser.
 */
export async function closeContext(context: BrowserContext): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, 20_000)));
  await Promise.race([context.close(), late]);
  clearTimeout(timer);
}
