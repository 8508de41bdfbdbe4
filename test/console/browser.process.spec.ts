import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import jsqr from 'jsqr';
import type { Browser } from 'playwright-core';
import { PAGES } from '../../src/console/pages.js';
import { compiledSources } from '../support/compiled.js';
import { closeContext, expectAccessible, startBrowser } from './browser.js';
import { servingPlayedLedger, type PlayedLedger } from './played-ledger.js';
import { servingGolden, signedIn, type Served } from './console-server.js';

describe('the pages in a browser', () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    browser = await startBrowser();
    served = await servingGolden('demo');
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  // Those of people are looked at where there are people, and this study has no inspection.
  const addresses = PAGES.filter(({ path }) => !/:person|findings/.test(path)).map(({ of, path }) => {
    const address = path
      .replace(':code', 'KET-01')
      .replace(':animal', 'R15')
      .replace(':number', '834')
      .replace(':command', 'score-welfare');
    return of === 'study' ? `${address}?at=1000` : address;
  });

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
        await page.goto(`${served.url}${address}`);
        await expectAccessible(page, address);
        expect([address, troubles]).toEqual([address, []]);
        await closeContext(context);
      }
    },
  );
});

it.each(['/findings/20', '/quality', '/review', '/records/11'])(
  '%s of a governed study has no serious finding of axe and fits, at every width, light and dark',
  async (path) => {
    const [browser, served] = await Promise.all([startBrowser(), servingGolden('governed')]);
    const reader = await signedIn(served.url, 'qa-1');
    const address = `/studies/GOV-01${path}`;
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const troubles: string[] = [];
      // The site of that ledger is another address than the one at which it is served here.
      await context.route('**', async (route) => {
        const { origin, pathname, search } = new URL(route.request().url());
        if (origin !== reader.origin) troubles.push(`asked ${origin}`);
        if (pathname.endsWith('/feed')) return route.abort();
        const { status, headers, text } = await reader.get(pathname + search, {
          Accept: route.request().headers()['accept'] ?? '*/*',
        });
        return route.fulfill({ status, headers, body: text });
      });
      expect((await page.goto(reader.origin + address))!.status()).toBe(200);
      await expectAccessible(page, address);
      expect([address, troubles]).toEqual([address, []]);
      await closeContext(context);
    }
    await browser.close();
    await served.close();
  },
);

it('the code on a label is read off a screen, light and dark, and off paper', async () => {
  const [browser, served] = await Promise.all([startBrowser(), servingGolden('demo')]);
  for (const emulated of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { media: 'print' }] as const) {
    const page = await browser.newPage();
    await page.emulateMedia(emulated);
    await page.goto(`${served.url}/studies/KET-01/animals/R15/label`);
    const picture = await page.locator('.qr').screenshot();
    await page.goto('about:blank');
    const { pixels, width, height } = await page.evaluate(pixelsOf, picture.toString('base64'));
    const decode = jsqr as unknown as typeof jsqr.default;
    expect(decode(Uint8ClampedArray.from(pixels.split(','), Number), width, height)?.data).toBe(
      `${served.url}/studies/KET-01/bench/animals/R15`,
    );
    await page.close();
  }
  await browser.close();
  await served.close();
});

/** Runs in the browser. One text of numbers: an array of so many takes the driver a minute. */
async function pixelsOf(png: string) {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const { width, height } = image;
  const canvas = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')!;
  canvas.drawImage(image, 0, 0);
  return { pixels: canvas.getImageData(0, 0, width, height).data.join(','), width, height };
}

describe('the built program in a browser', () => {
  let browser: Browser;
  let ledger: PlayedLedger;
  let url: string;
  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingPlayedLedger();
    ({ url } = ledger);
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  // What a reader waits for is what one page loads: the frame, the script of the page, and what the two share.
  it('loads at most 60 kB of script on any page, of 110 kB in all', () => {
    const folder = join(compiledSources(), 'console', 'client');
    const scripts = new Map(
      readdirSync(folder)
        .filter((name) => name.endsWith('.js'))
        .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
    const loaded = (name: string, with_ = new Set<string>()): Set<string> => {
      if (with_.has(name)) return with_;
      with_.add(name);
      for (const [other] of scripts.get(name)!.matchAll(/(?<=\/)(shared-\w+|frame)\.js(?=")/g))
        loaded(other, with_);
      return with_;
    };
    const bytesOf = (names: Iterable<string>): number =>
      [...names].reduce((sum, name) => sum + Buffer.byteLength(scripts.get(name)!), 0);
    const pages = [...scripts.keys()].filter((name) => !name.startsWith('shared-'));
    expect(pages).toEqual(expect.arrayContaining(['frame.js', 'threshold.js', 'sign.js']));
    for (const name of pages) expect(bytesOf(loaded(name, loaded('frame.js')))).toBeLessThanOrEqual(60_000);
    expect(bytesOf(scripts.keys())).toBeLessThanOrEqual(110_000);
  });

  it.each(['', '/animals/R01'])('is read after three requests: /studies/IMP-01%s', async (path) => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${url}/studies/IMP-01${path}`, { waitUntil: 'load' });
    // Page, style sheet and script; the icon and the feed are not waited for.
    expect(requests.filter((address) => !/\.svg$|\/feed\?/.test(address))).toHaveLength(3);
    await page.close();
  });

  it('checks a log from its beginning, where no record was yet', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/studies/IMP-01/verify?at=0`);
    await page.getByText('What this page shows, 0 records, is how that state begins.').waitFor();
    await page.close();
  });

  it('shows another tree size from the keyboard', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/studies/IMP-01`);
    await page.getByLabel('Tree size').first().focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/\?at=\d+$/);
    expect(await page.locator('.known').textContent()).toMatch(/^As recorded at \d+ of \d+/);
    await page.close();
  });

  it('announces what others record, and moves nothing until it is asked to', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/studies/IMP-01`);
    const before = await page.locator('main').innerHTML();
    const sent = await fetch(`${url}/api/v1/studies/IMP-01/commands/record-body-weight`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: 'R01', data: { weight: { value: '250.0', unit: 'g' } } }),
    });
    expect(sent.status).toBe(201);
    const news = page.getByRole('button', { name: '1 new record' });
    await news.waitFor();
    expect(await page.locator('main').innerHTML()).toBe(before);
    await news.click();
    await page.getByText('weighed 250.0 g').waitFor();
    await page.close();
  });

  it('checks the proof of a record in the browser, and says so where the bytes are others', async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/studies/IMP-01/records/2`);
    await page.getByText('These bytes are record 2 of this log').waitFor();
    await page.route('**/records/2', async (route) => {
      const answer = await route.fetch();
      const html = (await answer.text()).replace(
        '&quot;sequence&quot;:&quot;0000000002',
        '&quot;sequence&quot;:&quot;0000000003',
      );
      await route.fulfill({ response: answer, body: html });
    });
    await page.reload();
    await page.getByText('Record 2 does not verify').waitFor();
    await page.close();
  });
});
