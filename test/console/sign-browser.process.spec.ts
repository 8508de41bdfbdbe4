import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { commandNamed } from '../../src/study/catalogue.js';
import { PAYLOAD_TYPE } from '../../src/study/signatures/statement.js';
import { preAuthenticationEncoding } from '../../src/tlog/dsse.js';
import { expectAccessible, startBrowser } from './browser.js';
import {
  record,
  recordsSince,
  servingRealLedger,
  staffed,
  type RealLedger,
  type Staff,
} from './real-ledger.js';

const STUDY = 'KET-01';

interface Prepared {
  payload: string;
  options: { challenge: string };
}

/** Signing in a browser with Chromium’s virtual security keys, on a ledger that is not simulated. */
describe('signing by passkey', () => {
  let browser: Browser;
  let ledger: RealLedger;
  let staff: Staff;
  let page: Page;
  let base: string;

  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingRealLedger();
    staff = await staffed(browser, ledger);
    ({ page } = staff.director);
    base = `${ledger.url}/studies/${STUDY}`;
    const { data } = commandNamed('RegisterStudy')!.example as { data: object };
    const registration = { data: { ...data, director: 'sd-01' } };
    await record(staff.director, STUDY, 'register-study', registration);
    await record(staff.director, STUDY, 'approve-protocol', commandNamed('ApproveProtocol')!.example);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  const openToSign = (meaning: string) => page.goto(`${base}/sign?records=1&meaning=${meaning}`);
  const signing = () => page.getByRole('button', { name: 'Sign with the passkey' });
  const signatures = async () =>
    (await recordsSince(staff.director, STUDY, 0)).filter((one) => one.record.type === 'SignatureApplied')
      .length;

  it('comes after one has stated, once, that a signature binds', async () => {
    await openToSign('approved');
    await page.getByRole('main').getByRole('link', { name: 'your page' }).click();
    await page.getByRole('button', { name: 'I state this' }).click();
    await page.getByText('You stated this on').waitFor();
    expect(await page.getByRole('button', { name: 'I state this' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go on to sign' }).click();
    await page.getByRole('heading', { name: 'Sign as approved' }).waitFor();
  });

  it('shows the bytes that are signed, and is done by the keyboard alone', async () => {
    await openToSign('approved');
    await page.getByRole('heading', { name: 'The bytes that are signed' }).waitFor();
    await page.getByText('Name of sd-01 (sd-01, director)').waitFor();
    await expectAccessible(page, '/sign');
    await signing().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/records/2`);
    await page.getByText('✓ valid').first().waitFor();
  });

  it('signs once where the button is pressed twice', async () => {
    const before = await signatures();
    await openToSign('authored');
    await signing().dblclick();
    await page.waitForURL(`${base}/records/*`);
    expect(await signatures()).toBe(before + 1);
  });

  it('leads back to where one came from, which says what was signed', async () => {
    const bench = `/studies/${STUDY}/bench`;
    await page.goto(`${base}/sign?records=1&meaning=authored&next=${encodeURIComponent(bench)}`);
    await signing().click();
    await page.waitForURL(`${ledger.url}${bench}?recorded=*`);
    await page.getByText('Recorded as').waitFor();
  });

  it('does not lead to another site afterwards, whatever address it was opened by', async () => {
    for (const next of [`/studies/${STUDY}/../..//evil.example/`, '//evil.example/', '\\\\evil.example']) {
      await page.goto(`${base}/sign?records=1&meaning=authored&next=${encodeURIComponent(next)}`);
      await signing().click();
      await page.waitForURL(`${base}/records/*`);
    }
  });

  it.each([
    [
      'another challenge',
      (prepared: Prepared) => {
        prepared.options.challenge = createHash('sha256').update('another').digest('base64url');
      },
    ],
    [
      'another statement, with its own challenge',
      (prepared: Prepared) => {
        const shown = Buffer.from(prepared.payload, 'base64').toString();
        const other = Buffer.from(shown.replace('"meaning":"approved"', '"meaning":"closed"'));
        expect(other.toString()).not.toBe(shown);
        prepared.payload = other.toString('base64');
        prepared.options.challenge = createHash('sha256')
          .update(preAuthenticationEncoding(PAYLOAD_TYPE, other))
          .digest('base64url');
      },
    ],
  ])('is refused by the page where the server asks for %s', async (_, alter) => {
    const before = await signatures();
    await page.route('**/signatures/prepare', async (route) => {
      const response = await route.fetch();
      const prepared = (await response.json()) as Prepared;
      alter(prepared);
      await route.fulfill({ response, json: prepared });
    });
    await openToSign('approved');
    await page.getByText('The ledger asks for another signature than the one on this page').waitFor();
    expect(await signing().isDisabled()).toBe(true);
    await page.unroute('**/signatures/prepare');
    expect(await signatures()).toBe(before);
  });

  it('a form that was opened before the study was closed is shown again, and asks whether it was found after closing', async () => {
    const { page: form } = staff.technician;
    await form.goto(`${base}/bench/enter/enrol-subject`);
    await form.locator('[name=subject]').fill('R01');
    await form.locator('[name="data.strain"]').fill('Sprague-Dawley');
    for (const [name, value] of [
      ['species', 'rat'],
      ['sex', 'male'],
    ]) {
      const field = form.locator(`[name="data.${name}"]`);
      if ((await field.evaluate((one) => one.tagName)) === 'SELECT') await field.selectOption(value!);
      else await field.fill(value!);
    }
    await record(staff.director, STUDY, 'close-study', { data: { outcome: 'completed' } });
    await form.getByRole('button', { name: 'Record', exact: true }).click();
    const tick = form.getByLabel('It happened before the study was closed');
    await tick.waitFor();
    expect(await form.locator('[name=subject]').inputValue()).toBe('R01');
    await expectAccessible(form, '/bench/enter');
    expect(await tick.isChecked()).toBe(false);
  });
});
