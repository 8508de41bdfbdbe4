import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = process.env['STUDY_LEDGER_PICTURES'];
const WIDTHS = [1280, 390];

let taken = 0;

/** Keeps how a page looks, wide and narrow, in the folder that STUDY_LEDGER_PICTURES names; does nothing without it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (FOLDER === undefined || FOLDER === '') return;
  mkdirSync(FOLDER, { recursive: true });
  const size = page.viewportSize();
  const number = String(++taken).padStart(2, '0');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(FOLDER, `${number}-${name}-${width}.png`), fullPage: true });
  }
  if (size) await page.setViewportSize(size);
}
