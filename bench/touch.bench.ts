import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { benchFolder, median, p95, type Ratio } from './measure.js';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = `${CHECKOUT}/dist/cli.js`;

/** A device that is four times slower than this one. */
const THROTTLING = 4;
const RUNS = 12;
const TOUCHES = ['o', 'x', 'o', 'x', 'o', 'x'];
/** Handled by a handler that writes one number, and by nothing else. */
const EMPTY_KEY = 'q';
const PAUSE_MS = 80;
const MOST_MS = 50;

const ENTRIES = 20;
const MOST_SEEN_MS = 2_000;

/**
 * From a key to the painted touch, by the event timing of Chromium’s trace, against a handler in the same page that writes
 * a number and does nothing else; and from an entry of one person to the page of another.
 */
export async function benchTouch(): Promise<Ratio[]> {
  if (!existsSync(CHROMIUM)) {
    process.stderr.write(`touch: skipped: there is no Chromium at ${CHROMIUM}\n`);
    return [];
  }
  const folder = benchFolder();
  const study = `${CHECKOUT}/examples/import/study.ndjson`;
  execFileSync(process.execPath, [CLI, 'play', study, '--data', `${folder.path}/ledger`, '--simulated']);
  const { child, url } = await serve(`${folder.path}/ledger`);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const { touches, empty } = await measured(browser, url);
    const [ours, bare] = [median(touches), median(empty)];
    const tail = p95(touches);
    const seen = Math.max(...(await followed(browser, url)));
    return [
      {
        what: `from key to painted touch at ${THROTTLING} × CPU throttling`,
        against: 'an empty handler that paints',
        ours,
        bare,
        unit: 'ms',
        ratio: ours / bare,
        bound: { atMost: 3 },
      },
      {
        what: `from key to painted touch at ${THROTTLING} × CPU throttling`,
        against: `${MOST_MS} ms`,
        ours,
        bare: MOST_MS,
        unit: 'ms',
        ratio: ours / MOST_MS,
        bound: { atMost: 1 },
      },
      {
        what: `from key to painted touch at ${THROTTLING} × CPU throttling, p95`,
        against: `${MOST_MS} ms`,
        ours: tail,
        bare: MOST_MS,
        unit: 'ms',
        ratio: tail / MOST_MS,
        bound: { atMost: 1 },
      },
      {
        what: `until the page of an animal shows what another person enters, the slowest of ${ENTRIES}`,
        against: `${MOST_SEEN_MS} ms`,
        ours: seen,
        bare: MOST_SEEN_MS,
        unit: 'ms',
        ratio: seen / MOST_SEEN_MS,
        bound: { atMost: 1 },
      },
    ];
  } finally {
    await browser.close();
    child.kill();
    folder.remove();
  }
}

async function serve(data: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [CLI, 'serve', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error('serve did not listen');
}

async function measured(browser: Browser, url: string): Promise<{ touches: number[]; empty: number[] }> {
  const [touches, empty]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    const context = await browser.newContext({ viewport: { width: 820, height: 1180 } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLING });
    await page.goto(`${url}/studies/IMP-01/bench/threshold?animal=R01&paw=ipsilateral`);
    await page.locator('.stage').waitFor();
    await page.evaluate(addEmptyHandler(EMPTY_KEY));
    await browser.startTracing(page, { categories: ['devtools.timeline'] });
    for (const key of TOUCHES) {
      await stroke(page, key);
      await stroke(page, EMPTY_KEY);
    }
    const found = keydownsOf(await browser.stopTracing());
    if (found.length !== 2 * TOUCHES.length) throw new Error(`the trace has ${found.length} keys`);
    // Touches and empty strokes take turns, so that both meet the same load of the machine.
    found.forEach((ms, index) => (index % 2 === 0 ? touches : empty).push(ms));
    await context.close();
  }
  return { touches, empty };
}

/** From when an entry is sent until the page of somebody else says that it is recorded, ms. */
async function followed(browser: Browser, url: string): Promise<number[]> {
  const page = await browser.newPage();
  const study = `${url}/api/v1/studies/IMP-01`;
  const isFollowing = page.waitForResponse((answer) => answer.url().includes('/feed?'));
  await page.goto(`${url}/studies/IMP-01/bench/animals/R01`);
  await isFollowing;
  const { treeSize } = (await (await fetch(study)).json()) as { treeSize: number };
  const taken: number[] = [];
  for (let number = treeSize; number < treeSize + ENTRIES; number++) {
    const start = performance.now();
    const sent = await fetch(`${study}/commands/record-body-weight`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: 'R01', data: { weight: { value: '250.0', unit: 'g' } } }),
    });
    if (sent.status !== 201) throw new Error(await sent.text());
    await page.locator(`[data-live=newest] a[href$="/records/${number}"]`).first().waitFor();
    taken.push(performance.now() - start);
  }
  await page.close();
  return taken;
}

async function stroke(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  // On a busy machine the paint is late.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await page.waitForTimeout(PAUSE_MS);
}

function addEmptyHandler(key: string): string {
  return `{
    const place = document.createElement('p');
    // In sight: what is not painted is not timed.
    document.querySelector('.stage').before(place);
    let count = 0;
    addEventListener('keydown', (event) => {
      if (event.key === '${key}') place.textContent = String(++count);
    });
  }`;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly args: { readonly data?: { readonly type: string; readonly duration: number } };
}

/** How long each key took until its effect was presented, ms, in their order. */
function keydownsOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  return traceEvents
    .filter(({ name, ph, args }) => name === 'EventTiming' && ph === 'b' && args.data?.type === 'keydown')
    .sort((a, b) => a.ts - b.ts)
    .map(({ args }) => args.data!.duration);
}
