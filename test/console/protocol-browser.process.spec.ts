import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { studyLedger } from '../support/cli.js';
import { closeContext, expectAccessible, startBrowser } from './browser.js';
import { Hand } from './hand.js';
import { outboxOf } from './network-cut.js';
import { recordsSince, servingRealLedger, staffed, type RealLedger, type Staff } from './real-ledger.js';

const CODE = 'HAND-01';

/** A study is started in Chromium by its director, on the built program. */
describe('a study that is started in a browser', () => {
  let browser: Browser;
  let ledger: RealLedger;
  let staff: Staff;
  let page: Page;
  let hand: Hand;
  let protocol: string;
  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingRealLedger();
    staff = await staffed(browser, ledger);
    page = staff.director.page;
    hand = new Hand(page);
    protocol = `${ledger.url}/studies/${CODE}/protocol`;
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  const field = (name: string): Locator => page.locator(`[name="${name}"]`);
  const member = (path: string): Locator => field(`data.protocol.${path}`);
  const part = (id: string): Locator => page.locator(`#part-${id} > summary`);
  const said = (text: string): Promise<void> => page.locator('#beside', { hasText: text }).waitFor();
  const typedIn = async (): Promise<string> => member('hypersensitivity.limit').inputValue();

  it('is registered by keys, and begins with the reference study', async () => {
    await page.goto(ledger.url);
    await hand.tabTo(page.getByRole('link', { name: 'Start a study' }));
    await hand.press('Enter');
    await page.waitForURL(`${ledger.url}/studies/new`);
    await hand.fill(field('study'), CODE);
    await hand.fill(field('data.title'), 'Stimulation after ketamine');
    expect(await field('data.director').inputValue()).toBe('sd-01');
    await hand.fill(field('data.ethicsApproval'), 'DEC-2026-7');
    await hand.tabTo(field('from'));
    await hand.press('ArrowDown');
    await hand.tabTo(page.getByRole('button', { name: 'Register the study' }));
    await hand.press('Enter');
    await page.waitForURL(`${protocol}?from=reference-example&recorded=0`);
    await said('Nothing is missing, and nothing contradicts itself.');
    expect(await member('title').inputValue()).toBe('Stimulation after ketamine');
    expect(await member('licence.number').inputValue()).toBe('DEC-2026-7');
  });

  it('is not kept on the device where there is no connection: it could not be discarded in any study', async () => {
    await page.goto(`${ledger.url}/studies/new`);
    await field('study').fill('LOST-01');
    await field('data.title').fill('Without a connection');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Register the study' }).click();
    await page.getByText('The server does not answer. Nothing that you typed is lost').waitFor();
    expect(await field('study').inputValue()).toBe('LOST-01');
    expect(await outboxOf(page).isVisible()).toBe(false);
    await page.context().setOffline(false);
    await page.goto(`${protocol}?from=reference-example&recorded=0`);
    await said('Nothing is missing, and nothing contradicts itself.');
  });

  it('has words that follow the form, and says what is wrong where it was left', async () => {
    await hand.tabTo(part('hypersensitivity'));
    await hand.press('Enter');
    const label = page.locator('[data-field="data.protocol.hypersensitivity.limit"] > label');
    expect(await label.textContent()).toContain('an example: decide it yourself');
    await hand.fill(member('hypersensitivity.limit'), '0.31');
    await said('a fall of at least 0.31 log units from the baseline');
    await hand.fill(member('hypersensitivity.fromDay'), '900');
    await said('from day is 900: must be 365 or less');
    // Half typed is not wrong yet.
    expect(await page.locator('.part .refused').count()).toBe(0);
    await hand.press('Tab');
    await page.locator('#part-hypersensitivity .refused', { hasText: 'must be 365 or less' }).waitFor();
    expect(await page.locator('#state-hypersensitivity').textContent()).toBe('1 error');
    expect(await label.textContent()).not.toContain('example');
    await hand.tabTo(member('hypersensitivity.fromDay'));
    await hand.press('Control+A');
    await hand.type('14');
    await said('Nothing is missing, and nothing contradicts itself.');
    await page.locator('#part-hypersensitivity .refused').waitFor({ state: 'detached' });
  });

  it('gets a row more in place, and loses one', async () => {
    await hand.tabTo(part('side-effects'));
    await hand.press('Enter');
    const rows = page.locator('#part-side-effects ol.rows > li');
    const longer = page.locator('#part-side-effects button.longer');
    await hand.tabTo(longer);
    await hand.press('Enter');
    expect(await rows.count()).toBe(4);
    await hand.type('vocalisation');
    await hand.fill(member('sideEffects.items[3].label'), 'Vocalisation');
    await hand.fill(member('sideEffects.items[3].max'), '3');
    await said('Vocalisation (0 to 3)');
    await hand.tabTo(rows.nth(0).getByRole('button', { name: 'Remove' }));
    await hand.press('Enter');
    expect(await rows.count()).toBe(3);
    expect(await member('sideEffects.items[2].code').inputValue()).toBe('vocalisation');
    await page.locator('#beside', { hasNotText: 'Ataxia (0 to 3)' }).waitFor();
  });

  it('keeps a draft over a reload, and as a file for the command line', async () => {
    await page.reload();
    await page.getByText('This is the draft that you left on this device.').waitFor();
    expect(await typedIn()).toBe('0.31');
    expect(await page.locator('#part-side-effects ol.rows > li').count()).toBe(3);
    await page.locator('#beside summary', { hasText: 'As a file' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    const file = await download.path();
    expect((await studyLedger('protocol', 'check', file)).code).toBe(0);
    const text = readFileSync(file, 'utf8').replace('"0.31"', '"0.29"');
    await page.locator('summary', { hasText: 'Bring in a protocol' }).click();
    await page
      .getByLabel('Choose the file')
      .setInputFiles({ name: 'p.jsonc', mimeType: 'application/json', buffer: Buffer.from(text) });
    await page.waitForFunction(
      "document.querySelector('textarea[name=file]').value.includes('hypersensitivity')",
    );
    await page.getByRole('button', { name: 'Bring it in' }).click();
    await said('a fall of at least 0.29 log units');
    expect(await typedIn()).toBe('0.29');
  });

  it('is approved by its director, once', async () => {
    const approve = page.getByRole('button', { name: 'Approve the protocol' });
    await hand.tabTo(approve);
    await Promise.all([page.waitForURL(`${protocol}?recorded=1`), approve.dblclick()]);
    await page.getByText('Recorded as').waitFor();
    const records = await recordsSince(staff.director, CODE, 0);
    expect(records.map(({ record }) => [record.type, record.actor])).toEqual([
      ['StudyOpened', 'sd-01'],
      ['ProtocolApproved', 'sd-01'],
    ]);
    expect(records[1]!.record.data['protocol']).toMatchObject({
      title: 'Stimulation after ketamine',
      hypersensitivity: { limit: '0.29', fromDay: 14 },
      licence: { number: 'DEC-2026-7' },
    });
  });

  it('is amended by keys, with a reason, after the difference was seen', async () => {
    await hand.tabTo(page.getByRole('link', { name: 'Amend the protocol' }));
    await hand.press('Enter');
    await page.waitForURL(`${protocol}?amend=yes`);
    await said('Nothing yet: the form says what version 1 says.');
    await hand.tabTo(part('titration'));
    await hand.press('Enter');
    await hand.fill(member('titration.washoutHours'), '48');
    await page.locator('#beside ins', { hasText: 'at least 48 h apart' }).waitFor();
    expect(await page.locator('#beside del').first().textContent()).toContain('at least 24 h apart');
    await hand.fill(field('reason'), 'Advice of the welfare body');
    await hand.tabTo(page.getByRole('button', { name: 'Amend the protocol' }));
    await hand.press('Enter');
    await page.waitForURL(`${protocol}?recorded=2`);
    expect(await page.locator('main').textContent()).toContain('Advice of the welfare body');
    const [amended] = await recordsSince(staff.director, CODE, 2);
    expect(amended!.record).toMatchObject({
      type: 'ProtocolAmended',
      reason: 'Advice of the welfare body',
      data: {
        version: 2,
        protocol: { titration: { washoutHours: '48' }, hypersensitivity: { limit: '0.29' } },
      },
    });
  });

  it('tells a technician who approves it', async () => {
    const { page: other } = staff.technician;
    await other.goto(`${protocol}?amend=yes`);
    expect(await other.locator('.notice').textContent()).toContain('sd-01 directs this study');
    expect((await other.goto(`${ledger.url}/studies/new`))!.status()).toBe(403);
  });

  it('is started and amended without a script', async () => {
    const storageState = await page.context().storageState();
    const context = await browser.newContext({ javaScriptEnabled: false, storageState });
    const plain = await context.newPage();
    await plain.goto(`${ledger.url}/studies/new`);
    await plain.locator('[name=study]').fill('HAND-02');
    await plain.locator('[name="data.title"]').fill('Without a script');
    await plain.locator('[name=from]').selectOption(CODE);
    await plain.getByRole('button', { name: 'Register the study' }).click();
    await plain.locator('#part-titration > summary').click();
    await plain.locator('[name="data.protocol.titration.washoutHours"]').fill('72');
    // A part is switched off, and what is typed there is neither seen nor sent.
    await plain.locator('#part-side-effects > summary').click();
    await plain.locator('#part-side-effects .switch input').uncheck();
    expect(await plain.locator('#part-side-effects .fields').isVisible()).toBe(false);
    await plain.locator('button.preview').click();
    expect(await plain.locator('#beside').textContent()).toContain('at least 72 h apart');
    await plain.locator('#part-licence > summary').click();
    await plain.locator('[name="data.protocol.licence.number"]').fill('DEC-8');
    await plain.getByRole('button', { name: 'Approve the protocol' }).click();
    await plain.waitForURL(`${ledger.url}/studies/HAND-02/protocol?recorded=1`);
    const [, approved] = await recordsSince(staff.director, 'HAND-02', 0);
    const held = approved!.record.data['protocol'] as Record<string, unknown>;
    expect([held['title'], held['titration'], held['sideEffects']]).toEqual([
      'Without a script',
      expect.objectContaining({ washoutHours: '72' }),
      undefined,
    ]);
    await closeContext(context);
  });

  // The form is long, and axe takes a minute for it.
  it.each([
    ['/studies/new', ['light', 'dark']],
    [`/studies/${CODE}/protocol`, ['light', 'dark']],
    [`/studies/${CODE}/protocol?amend=yes`, ['dark']],
  ] as const)('has no serious finding of axe at %s, %p', async (path, schemes) => {
    const storageState = await page.context().storageState();
    for (const colorScheme of schemes) {
      const context = await browser.newContext({ colorScheme, storageState, reducedMotion: 'reduce' });
      const one = await context.newPage();
      await one.goto(`${ledger.url}${path}`);
      await one.evaluate(
        "for (const id of ['filaments', 'welfare']) document.getElementById(`part-${id}`)?.setAttribute('open', '')",
      );
      await expectAccessible(one, path);
      await closeContext(context);
    }
  });
});
