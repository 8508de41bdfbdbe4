// Makes the pictures of docs/pictures/ from the demo: serves it, opens its pages in Chromium, and takes them. Chromium is
// Debian's, or the one that CHROMIUM names; without one it says so and makes nothing.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

/** File, address, width and height of the window in CSS pixels, colour scheme. */
const PICTURES = [
  ['studies', '/', 1180, 460, 'light'],
  ['study', '/studies/KET-01', 1180, 1240, 'light'],
  ['animals', '/studies/KET-01/animals', 1180, 1240, 'light'],
  ['animal', '/studies/KET-01/animals/R02', 1180, 1460, 'light'],
  ['animal-past', '/studies/KET-01/animals/R15?at=834', 1180, 1000, 'light'],
  ['animal-phone', '/studies/KET-01/animals/R02', 390, 1400, 'light'],
  ['timeline', '/studies/KET-01/timeline', 1180, 1000, 'light'],
  ['records', '/studies/KET-01/records', 1180, 1000, 'light'],
  ['record', '/studies/KET-01/records/834', 1180, 1240, 'dark'],
  ['welfare', '/studies/KET-01/welfare', 1180, 1240, 'light'],
  ['verify', '/studies/KET-01/verify', 1180, 1240, 'light'],
  ['files', '/studies/KET-01/files', 1180, 1000, 'light'],
  ['laboratory', '/lab', 1180, 1000, 'dark'],
  ['people', '/people', 1180, 760, 'light'],
];

if (!existsSync(CHROMIUM)) {
  process.stderr.write(`There is no Chromium at ${CHROMIUM}: install one, or name it in CHROMIUM.\n`);
  process.exit(1);
}
const data = mkdtempSync(join(tmpdir(), 'study-ledger-pictures-'));
execFileSync(process.execPath, [cli, 'demo', '--data', join(data, 'ledger'), '--no-serve']);
const server = spawn(process.execPath, [cli, 'serve', '--data', join(data, 'ledger'), '--port', '0']);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  const url = await addressOf(server);
  for (const [name, address, width, height, colorScheme] of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${url}${address}`, { waitUntil: 'load' });
    await page.screenshot({ path: join(root, 'docs', 'pictures', `${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(data, { recursive: true });
}

async function addressOf({ stdout }) {
  for await (const line of createInterface({ input: stdout })) {
    const found = /listening on (\S+)/.exec(line);
    if (found) return found[1];
  }
  throw new Error('The server ended before it listened.');
}
