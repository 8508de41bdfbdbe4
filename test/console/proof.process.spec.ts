import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { closeContext, startBrowser } from './browser.js';

/** What the reader's own browser finds out about a server that lies. It needs the built program and Debian’s chromium. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

const RECORD = '/studies/KET-01/records/869';
const VERIFY = '/studies/KET-01/verify';

/** Another character of base64 at a place, so that what is altered is still well formed. */
function altered(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

interface Serving {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** The built program serves a ledger in a process of its own. */
async function serve(data: string): Promise<Serving> {
  const server = spawn(process.execPath, [CLI, 'serve', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    for (const stream of [server.stdout, server.stderr])
      createInterface(stream).on('line', (line) => {
        const found = /http:\/\/\S+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
  });
  return {
    url,
    stop() {
      server.kill('SIGTERM');
      return ended;
    },
  };
}

/** A simulated ledger of some commands of the reference study of before, whose people are only claimed, anchored after each part. */
async function play(data: string, parts: readonly (readonly string[])[]): Promise<void> {
  for (const [index, part] of parts.entries()) {
    const file = `${data}-${index}.ndjson`;
    writeFileSync(file, `${part.join('\n')}\n`);
    await promisify(execFile)(process.execPath, [CLI, 'play', file, '--data', data, '--simulated']);
  }
}

describe('a reader’s browser', () => {
  let folder: string;
  let server: Serving;
  let url: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  /** What the page says once it has checked. */
  const conclusion = async (place = '.evidence'): Promise<string> =>
    (await page.locator(`${place} .checked:has(.tick)`).innerText()).replaceAll(/\s+/g, ' ');
  const failing = async (place = '.evidence'): Promise<string> =>
    (await page.locator(`${place} .proof-steps > .fails`).allInnerTexts())
      .join(' | ')
      .replaceAll(/\s+/g, ' ');
  const answer = (pattern: string, change: (text: string) => string): Promise<unknown> =>
    page.route(pattern, async (route: Route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });
  const fetched = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'study-ledger-proof-'));
    await promisify(execFile)(process.execPath, [CLI, 'demo', '--data', join(folder, 'ledger')]);
    server = await serve(join(folder, 'ledger'));
    ({ url } = server);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => closeContext(context));

  it('checks the proof of a record, a tick a step, and says what it rests on', async () => {
    await page.goto(url + RECORD);
    expect(await conclusion()).toContain(
      'These bytes are record 869 of this log. Computed here, in your browser',
    );
    expect(await failing()).toBe('');
    expect(await page.locator('.path li').count()).toBe(12);
    expect(await page.locator('.path .tick.holds').count()).toBe(12);
    await page.goto(`${url}/studies/KET-01/records/0?at=1`);
    expect(await conclusion()).toContain('These bytes are record 0 of this log.');
  });

  it.each<[string, string, (text: string) => string, string]>([
    [
      'a response in the bytes of a record',
      `**${RECORD}`,
      (html) => html.replace(/(data-bytes[^>]*>[^<]*response&quot;:&quot;)O/, '$1X'),
      'but this page names',
    ],
    [
      'the proof of a record',
      '**/proof',
      (proof) => altered(proof, proof.indexOf('\n', proof.indexOf('index')) + 5),
      'do not lead to the root of the log at 1,766 records',
    ],
    [
      'the number in a proof',
      '**/proof',
      (proof) => proof.replace('index 869', 'index 870'),
      'The proof is for record 870.',
    ],
    [
      'the root that is signed',
      '**/proof',
      (proof) =>
        proof.replace(/(\n1766\n)(.)/, (_, size: string, one: string) => size + (one === 'A' ? 'B' : 'A')),
      'The signature under that state is not by the key that it names',
    ],
    [
      'the signer of the state',
      '**/proof',
      (proof) => proof.replace('— simulated.invalid/', '— other.invalid/'),
      'No key of simulated.invalid/ledger/study/KET-01 that this page knows signed that state.',
    ],
    [
      'the root that the page shows',
      `**${RECORD}?at=870`,
      (html) => html.replace(/data-root="./, (found) => altered(found, found.length - 1)),
      'are not of one log',
    ],
  ])('names a server that alters %s', async (_, pattern, change, told) => {
    await answer(pattern, change);
    await page.goto(`${url}${RECORD}${pattern.includes('?') ? '?at=870' : ''}`);
    expect(await conclusion()).toContain('Record 869 does not verify');
    expect(await failing()).toContain(told);
  });

  it('names a server that shows another record with the right proof of its own', async () => {
    const other = await fetched('/studies/KET-01/records/868');
    const part = (html: string, pattern: RegExp): string => pattern.exec(html)?.[0] ?? '';
    const [bytes, leaf] = [/data-bytes[^>]*>[^<]*/, /data-leaf="[^"]*"/];
    await answer(`**${RECORD}`, (html) =>
      html.replace(bytes, () => part(other, bytes)).replace(leaf, () => part(other, leaf)),
    );
    await page.route('**/records/869/proof', async (route) =>
      route.fulfill({ body: await fetched('/api/v1/studies/KET-01/records/868/proof') }),
    );
    await page.goto(url + RECORD);
    expect(await conclusion()).toContain('Record 869 does not verify');
    expect(await failing()).toContain('The bytes do not call themselves record 869 of KET-01.');
  });

  it('says where it has no Ed25519, and what it could check without', async () => {
    await page.addInitScript(
      'crypto.subtle.importKey = () => Promise.reject(new DOMException("no", "NotSupportedError"))',
    );
    await page.goto(url + RECORD);
    expect(await conclusion()).toContain(
      'These bytes are record 869 of this log, as far as this browser could check.',
    );
    expect(await page.locator('.proof-steps > .open').innerText()).toContain(
      'This browser has no Ed25519 here',
    );
  });

  it('checks the signed state and the anchors, and names a server that rewrote what it anchored', async () => {
    await page.goto(url + VERIFY);
    expect(await conclusion()).toContain('One log, signed. Computed here, in your browser');
    expect(await page.locator('[data-anchors] td').last().innerText()).toContain('the first');
    await page.goto(`${url}${VERIFY}?at=869`);
    expect(await conclusion()).toContain('One log, signed.');
    await answer(`**${VERIFY}`, (html) =>
      html.replace(/data-size="1766" data-root="./, 'data-size="1600" data-root="b'),
    );
    await page.goto(url + VERIFY);
    expect(await conclusion()).toContain('This log does not verify');
    expect(await failing()).toContain('1,600');
  });

  it('holds a paper against the log: part of it, changed, or longer than what is here', async () => {
    const root = async (size: number): Promise<string> =>
      (JSON.parse(await fetched(`/api/v1/studies/KET-01?at=${size}`)) as { root: string }).root;
    const compare = async (paper: string): Promise<string> => {
      await page.goto(url + VERIFY);
      await page.locator('textarea').fill(paper);
      await page.getByRole('button', { name: 'Compare' }).click();
      return conclusion('[data-compared]');
    };
    const paper = `869 ${await root(869)}`;
    expect(await compare(await fetched('/api/v1/studies/KET-01/checkpoint'))).toBe(
      '✓ holds: Yes: the paper states the first 1,766 records of this log. Computed here, in your browser.',
    );
    expect(await compare(paper)).toContain('Yes: the paper states the first 869 records of this log');
    expect(await compare(altered(paper, 10))).toContain('No: the paper is not part of this log');
    expect(await failing('[data-compared]')).toContain('one of the two was changed');
    expect(await compare(paper.replace('869', '1800'))).toContain('No: the paper is not part of this log');
    expect(await failing('[data-compared]')).toContain('records are missing here');
    await answer('**/consistency?*', (text) =>
      text.replace(
        /("proof":\[")(.)/,
        (_, before: string, one: string) => before + (one === 'A' ? 'B' : 'A'),
      ),
    );
    expect(await compare(paper)).toContain('No: the paper is not part of this log');
  });

  it('follows the anchors one by one, and names a laboratory that wrote its log anew and signed it', async () => {
    const former = new URL('../golden/commands-0.4/reference-study.ndjson.gz', import.meta.url);
    const commands = gunzipSync(readFileSync(former)).toString().split('\n').slice(0, 150);
    const [first, anew] = [join(folder, 'first'), join(folder, 'anew')];
    const parts = [commands.slice(0, 40), commands.slice(40, 90), commands.slice(90)];
    await play(first, parts);
    // The same laboratory, with the same keys, leaves one weighing out and signs what is left.
    await play(anew, [commands.slice(0, 80), commands.slice(81)]);
    const [honest, rewritten] = [await serve(first), await serve(anew)];

    await page.goto(honest.url + VERIFY);
    expect(await conclusion()).toContain('One log, signed.');
    expect(await failing()).toBe('');
    const cells = page.locator('[data-anchors] [data-size]');
    expect(await cells.allInnerTexts()).toEqual([
      expect.stringContaining('begins with the 90'),
      expect.stringContaining('begins with the 40'),
      expect.stringContaining('the first'),
    ]);
    await answer(`**${VERIFY}`, (html) =>
      html.replace(/data-size="90" data-root="./, (found) => altered(found, found.length - 1)),
    );
    await page.goto(honest.url + VERIFY);
    expect(await conclusion()).toContain('This log does not verify');
    expect(await failing()).toContain('The anchor of 90 records does not begin with the one of 40.');
    await page.unroute(`**${VERIFY}`);

    const paper = await (await fetch(`${honest.url}/api/v1/studies/KET-01/checkpoint`)).text();
    const older = await (await fetch(`${honest.url}/api/v1/studies/KET-01?at=90`)).json();
    await page.goto(rewritten.url + VERIFY);
    // By itself it is one log, signed: only who kept something can tell.
    expect(await conclusion()).toContain('One log, signed.');
    for (const kept of [paper, `90 ${(older as { root: string }).root}`]) {
      await page.locator('textarea').fill(kept);
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.locator('[data-compared] .checked.fails').waitFor();
      expect(await conclusion('[data-compared]')).toContain('No: the paper is not part of this log');
    }
    await Promise.all([honest.stop(), rewritten.stop()]);
  });

  it('is told by the server, which says so, where no script runs', async () => {
    const without = await browser.newContext({ javaScriptEnabled: false });
    const plain = await without.newPage();
    const note = await fetched('/api/v1/studies/KET-01/checkpoint');
    await plain.goto(url + VERIFY);
    await plain.locator('textarea').fill(note);
    await plain.getByRole('button', { name: 'Compare' }).click();
    expect(await plain.locator('.compared').innerText()).toBe(
      'This server says: It is the state of the first 1,766 records of this log. It is signed by a key of this log. Your browser computed nothing of it.',
    );
    await without.close();
  });
});
