// Makes the pictures of docs/pictures/: serves the demo, opens its pages in Chromium, and takes them. The animals of the demo
// are dead, so the bench is that of a simulated study that begins now. Chromium is Debian's, or the one that CHROMIUM names;
// without one it says so and makes nothing.
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

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
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  const demo = join(data, 'demo');
  execFileSync(process.execPath, [cli, 'demo', '--data', demo, '--no-serve']);
  await take(demo, PICTURES);
  const bench = join(data, 'bench');
  const commands = join(data, 'bench.ndjson');
  writeFileSync(commands, await beginning());
  execFileSync(process.execPath, [cli, 'play', commands, '--data', bench, '--simulated']);
  await take(bench, AT_BENCH);
} finally {
  await browser.close();
  rmSync(data, { recursive: true });
}

async function take(ledger, pictures) {
  const server = spawn(process.execPath, [cli, 'serve', '--data', ledger, '--port', '0']);
  try {
    const url = await addressOf(server);
    for (const [name, address, width, height, colorScheme, keys = ''] of pictures) {
      const page = await browser.newPage({
        viewport: { width, height },
        colorScheme,
        reducedMotion: 'reduce',
      });
      await page.goto(`${url}${address}`, { waitUntil: 'load' });
      if (keys !== '') await page.locator('.stage:focus').waitFor();
      for (const key of keys) await page.keyboard.press(key);
      await page.screenshot({ path: join(root, 'docs', 'pictures', `${name}.png`) });
      await page.close();
    }
  } finally {
    server.kill();
  }
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
