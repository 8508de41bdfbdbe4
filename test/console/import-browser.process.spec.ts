import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { API, STUDY, layout, studyFolder } from '../http/imports/import-server.js';
import { compiledSources } from '../support/compiled.js';
import { expectAccessible, startBrowser } from './browser.js';

/** A sheet that is dropped onto the page of an import, in a browser, on the built program with its thread that reads sheets. */
describe('a sheet in a browser', () => {
  let browser: Browser;
  let program: ChildProcess;
  let url = '';
  let page: Page;
  const amiss: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
    const serve = [join(compiledSources(), 'cli.js'), 'serve', '--data', await studyFolder(), '--port', '0'];
    program = spawn(process.execPath, serve, { env: { ...process.env, TZ: 'Europe/Amsterdam' } });
    for await (const line of createInterface({ input: program.stdout! })) {
      url = /listening on (\S+)/.exec(line)?.[1] ?? '';
      if (url !== '') break;
    }
    page = await browser.newPage();
    page.on('console', (said) => said.type() === 'error' && amiss.push(said.text()));
    page.on('pageerror', (error) => amiss.push(String(error)));
    page.on('request', (request) => !request.url().startsWith(url) && amiss.push(request.url()));
    await page.goto(`${url}/studies/${STUDY}/import`);
  });
  afterAll(async () => {
    await browser?.close();
    program?.kill();
  });

  const size = async (): Promise<number> =>
    ((await (await fetch(`${url}${API}`)).json()) as { treeSize: number }).treeSize;
  const isDue = () => page.getByText('to be said', { exact: true });

  it('is dropped, and its columns are shown with what they seem to be', async () => {
    await expectAccessible(page, 'begin');
    const { bytes } = layout('one-run-a-row.csv');
    const held = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'runs.csv', { type: 'text/csv' }));
      return transfer;
    }, bytes.toString());
    await page.dispatchEvent('main', 'drop', { dataTransfer: held });
    await page.waitForURL(/\?file=[0-9a-f]{64}$/);
    expect(await page.getByLabel('What “Weight (g)” is').inputValue()).toBe('weight');
    expect(await page.getByRole('button', { name: /^Record/ }).count()).toBe(0);
    await expectAccessible(page, 'columns');
  });

  it('shows its rows as soon as what was open is said, and keeps the focus', async () => {
    const zone = page.getByLabel('Time zone of the times');
    expect(await zone.inputValue()).toBe('Europe/Amsterdam');
    await zone.fill('UTC');
    await page.locator('select[name=paw]').selectOption('ipsilateral');
    await page.getByText('7 rows are refused').waitFor();
    // The last thing that is said: the field is not left.
    await page.getByLabel('Why the rows are entered late').focus();
    await page.keyboard.type('Entered from the sheet of the room');
    await page.getByText('R01 weighed 243.70 g.').waitFor();
    expect(await isDue().count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('reason');
    await page.keyboard.type(', by hand');
    await page.locator('[name=reason][value$=", by hand"]').waitFor();
    // What somebody makes of a column changes the rows at once.
    await page.getByLabel('What “Weight (g)” is').selectOption('ignore');
    await page.getByText('5 rows would be recorded').waitFor();
    await page.getByLabel('What “Weight (g)” is').selectOption('weight');
    await page.getByText('7 rows would be recorded').waitFor();
    await expectAccessible(page, 'rows');
  });

  it('is recorded once, however often the button is pressed, and hands out its mapping', async () => {
    const before = await size();
    await page.getByRole('button', { name: 'Record 7 rows' }).dblclick();
    await page.waitForURL(/\?recorded=/);
    expect(await size()).toBe(before + 8);
    await page.reload();
    await page.goBack();
    await page.getByText('The file is not here any more').waitFor();
    await page.goForward();
    expect(await size()).toBe(before + 8);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'download it' }).click();
    expect((await download).suggestedFilename()).toBe('runs.json');
    await expectAccessible(page, 'recorded');
    expect(amiss).toEqual([]);
  });

  it('takes a sheet of doses, whose rows are ticked as such, and leaves a row out', async () => {
    const doses = [
      'Rat,Date,Time,Dose (µg/kg),BW (g),Volume [µL],Route',
      'R01,2026-02-10,09:40,25,251.5,10,it',
      'R09,2026-02-10,10:10,25,240,10,it',
    ].join('\n');
    await page.goto(`${url}/studies/${STUDY}/import`);
    await page.setInputFiles('input[name=file]', {
      name: 'doses.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(doses),
    });
    await page.waitForURL(/\?file=/);
    await page.getByText('The rows are doses, operations').click();
    await page.getByLabel('Record a dose of ketamine').check();
    await page.locator('select[name="w.G.it"]').waitFor();
    expect(await page.getByLabel('What “Dose (µg/kg)” is').inputValue()).toBe('AdministerKetamine.dose');
    expect(await page.locator('select[name="u.D"]').inputValue()).toBe('ug/kg');
    await expectAccessible(page, 'ticked');
    await page.getByLabel('What “BW (g)” is').selectOption('AdministerKetamine.bodyWeight');
    await page
      .locator('select[name="m.E"] option:checked', { hasText: 'ketamine' })
      .waitFor({ state: 'attached' });
    await page.locator('select[name="w.G.it"]').selectOption('intrathecal');
    await page.locator('[name="v.AdministerKetamine.purpose"]').selectOption('titration');
    await page.locator('[name=reason]').fill('Entered from the sheet of the room');
    await page.getByText('1 row is refused').waitFor();
    await page.getByText('Leave rows out', { exact: true }).click();
    await page.getByLabel('Rows to leave out').fill('3');
    await page.getByLabel('Why they are left out').fill('Animal of another study');
    await expectAccessible(page, 'leave-out');
    await page.getByRole('button', { name: 'Leave these rows out' }).click();
    await page.getByText('1 left out with a reason').waitFor();
    await expectAccessible(page, 'left-out');
    const before = await size();
    await page.getByRole('button', { name: 'Record 1 row' }).click();
    await page.waitForURL(/\?recorded=/);
    expect(await size()).toBe(before + 2);
    expect(amiss).toEqual([]);
  });
});
