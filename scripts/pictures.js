// Makes the pictures of docs/pictures/: serves the demo, opens its pages in Chromium, and takes them. The animals of the demo
// are dead, so the bench is that of a simulated study that begins now; its study is archived, so what is to be signed is the demo
// up to its closing. Chromium is Debian's, or the one that CHROMIUM names; without one it says so and makes nothing.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { withPalette } from './palette-png.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

/** File, address, width and height of the window in CSS pixels, colour scheme; keys that are pressed first. */
const PICTURES = [
  ['studies', '/', 1180, 460, 'light'],
  ['study', '/studies/KET-01', 1180, 1240, 'light'],
  ['animals', '/studies/KET-01/animals', 1180, 1240, 'light'],
  ['animal', '/studies/KET-01/animals/R02', 1180, 1460, 'light'],
  ['animal-past', '/studies/KET-01/animals/R15?at=869', 1180, 1000, 'light'],
  ['animal-phone', '/studies/KET-01/animals/R02', 390, 1400, 'light'],
  ['timeline', '/studies/KET-01/timeline', 1180, 1000, 'light'],
  ['records', '/studies/KET-01/records', 1180, 1000, 'light'],
  ['record', '/studies/KET-01/records/869', 1180, 1240, 'dark'],
  ['welfare', '/studies/KET-01/welfare', 1180, 1240, 'light'],
  ['verify', '/studies/KET-01/verify', 1180, 1240, 'light'],
  ['files', '/studies/KET-01/files', 1180, 1000, 'light'],
  ['laboratory', '/lab', 1180, 1000, 'dark'],
  ['people', '/people', 1180, 760, 'light'],
  ['signed', '/studies/KET-01/records/471', 1180, 1140, 'light'],
  ['review', '/studies/KET-01/review?at=528', 1180, 1250, 'light'],
];

/** Where the people of the demo sign in, and who signs. */
const SITE = 'http://localhost:3000';
const DIRECTOR = 'sd-01';
const toBeSigned = (record) => [
  ['sign', `/studies/KET-01/sign?records=${record}&meaning=closed`, 820, 1180, 'light'],
];

const AT_BENCH = [
  ['bench-today', '/studies/SIM-01/bench', 820, 560, 'light'],
  ['bench-run', '/studies/SIM-01/bench/threshold?animal=R01&paw=ipsilateral', 820, 900, 'light', 'oxox'],
];

if (!existsSync(CHROMIUM)) {
  process.stderr.write(`There is no Chromium at ${CHROMIUM}: install one, or name it in CHROMIUM.\n`);
  process.exit(1);
}
const data = mkdtempSync(join(tmpdir(), 'study-ledger-pictures-'));
const launch = (...args) => chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] });
const browser = await launch();
try {
  const demo = join(data, 'demo');
  execFileSync(process.execPath, [cli, 'demo', '--data', demo, '--no-serve']);
  await take(demo, PICTURES);
  await take(played('bench', await beginning()), AT_BENCH);
  const { lines, record } = untilClosing();
  await take(played('closing', lines), toBeSigned(record), DIRECTOR);
} finally {
  await browser.close();
  rmSync(data, { recursive: true });
}

/** A simulated ledger of these commands. */
function played(name, lines) {
  const [ledger, commands] = [join(data, name), join(data, `${name}.ndjson`)];
  writeFileSync(commands, lines);
  execFileSync(process.execPath, [cli, 'play', commands, '--data', ledger, '--simulated']);
  return ledger;
}

/** @param person who is signed in, if anybody is: at the address of the site, which leads to the server then */
async function take(ledger, pictures, person) {
  const server = spawn(process.execPath, [cli, 'serve', '--data', ledger, '--port', '0']);
  let taker = browser;
  try {
    const address = await addressOf(server);
    const url = person === undefined ? address : SITE;
    if (person !== undefined)
      taker = await launch(`--host-resolver-rules=MAP ${new URL(SITE).host} ${new URL(address).host}`);
    const context = await taker.newContext();
    if (person !== undefined) await signIn(await context.newPage(), url, person);
    for (const [name, path, width, height, colorScheme, keys = ''] of pictures) {
      const page = await context.newPage();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      await page.goto(`${url}${path}`, { waitUntil: 'load' });
      if (keys !== '') await page.locator('.stage:focus').waitFor();
      for (const key of keys) await page.keyboard.press(key);
      if (person !== undefined) await page.locator('[data-shown]:not([hidden])').waitFor();
      writeFileSync(join(root, 'docs', 'pictures', `${name}.png`), withPalette(await page.screenshot()));
      await page.close();
    }
    await context.close();
  } finally {
    if (taker !== browser) await taker.close();
    server.kill();
  }
}

async function signIn(page, url, person) {
  await page.goto(`${url}/sign-in`);
  const status = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/v1/sign-in/simulated', { method: 'POST', headers, body })).status;
  }, JSON.stringify({ person }));
  if (status !== 201) throw new Error(`${person} could not sign in: ${status}`);
  await page.close();
}

/** The commands of the demo until its study is closed, and the number of the record that says so. */
function untilClosing() {
  const lines = readFileSync(join(root, 'examples', 'reference-study.ndjson'), 'utf8').split('\n');
  const until = lines.slice(0, lines.findIndex((line) => line.includes('"CloseStudy"')) + 1);
  const record = until.filter((line) => line.includes('"study":')).length - 1;
  return { lines: `${until.join('\n')}\n`, record };
}

/** The examples of the commands that a study begins with, as `study-ledger play` takes them. */
async function beginning() {
  const { commandNamed } = await import(join(root, 'dist', 'study', 'catalogue.js'));
  const animals = ['R01', 'R02', 'R03', 'R04', 'R05', 'R06'];
  const bodies = [
    ['RegisterStudy', { data: { title: 'Simulated: the first day of a study', director: 'sd-01' } }],
    ['ApproveProtocol', {}],
    ...animals.map((subject) => ['EnrolSubject', { subject }]),
  ];
  const lines = bodies.map(([command, body]) => ({
    command,
    id: randomUUID(),
    study: 'SIM-01',
    actor: 'sd-01',
    role: 'study-director',
    ...commandNamed(command).example,
    ...body,
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

async function addressOf({ stdout }) {
  for await (const line of createInterface({ input: stdout })) {
    const found = /listening on (\S+)/.exec(line);
    if (found) return found[1];
  }
  throw new Error('The server ended before it listened.');
}
