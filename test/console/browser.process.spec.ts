import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser } from 'playwright-core';
import { PAGES } from '../../src/console/pages.js';
import { servingGolden, type Served } from './console-server.js';

/**
 * What only a browser can say of the pages. It needs Debian’s chromium: `.ci/run` installs it. CHROMIUM names another
 * one. Without any, this suite fails and says so.
 */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WIDTHS = [1280, 820, 390, 320];

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

describe('the pages in a browser', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    if (!existsSync(CHROMIUM))
      throw new Error(
        `There is no Chromium at ${CHROMIUM}: install Debian's chromium, or name one in CHROMIUM.`,
      );
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    served = await servingGolden('demo');
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const addresses = PAGES.map(({ path }) =>
    path.replace(':code', 'KET-01').replace(':animal', 'R15').replace(':number', '834'),
  );

  it.each(addresses)(
    '%s has no serious finding of axe and fits, at every width, light and dark',
    async (address) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
        const page = await context.newPage();
        const troubles: string[] = [];
        page.on('console', (message) => {
          if (message.type() === 'error') troubles.push(message.text());
        });
        page.on('request', (request) => {
          if (!request.url().startsWith(served.url)) troubles.push(`asked ${request.url()}`);
        });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(`${served.url}${address}${address.includes('KET') ? '?at=1000' : ''}`);
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          expect([address, width, overflow]).toEqual([address, width, 0]);
          await page.evaluate(AXE);
          const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Finding[] };
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          expect([address, width, serious.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([
            address,
            width,
            [],
          ]);
        }
        expect([address, troubles]).toEqual([address, []]);
        await context.close();
      }
    },
  );
});
