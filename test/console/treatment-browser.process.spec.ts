import { v4 } from 'uuid';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { routeOf } from '../../src/study/catalogue.js';
import { exampleOf } from '../http/test-server.js';
import { until } from '../support/until.js';
import { closeContext, expectAccessible, startBrowser } from './browser.js';
import { outboxOf } from './network-cut.js';
import { servingPlayedLedger, type PlayedLedger } from './played-ledger.js';

const MINUTE = 60_000;
const STUDY = '/studies/IMP-01';
const BENCH = `${STUDY}/bench`;
const q = (text: string) => {
  const [value, unit] = text.split(' ');
  return { value, unit };
};

interface Stored {
  readonly number: number;
  readonly record: {
    readonly type: string;
    readonly subject: string;
    readonly reason?: string;
    readonly time: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** Treatments and welfare at the bench with Chromium, on the built program. The clock of the page is set, never waited for. */
describe('treatment in a browser', () => {
  let browser: Browser;
  let ledger: PlayedLedger;
  let url: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingPlayedLedger();
    ({ url } = ledger);
    for (let animal = 3; animal <= 10; animal++)
      await made('EnrolSubject', `R${String(animal).padStart(2, '0')}`);
    for (const animal of ['R01', 'R02', 'R03', 'R04']) {
      await made('ImplantElectrode', animal);
      await made('ImplantCatheter', animal);
      await made('DetermineMotorThreshold', animal, {
        frequency: q('50 Hz'),
        pulseWidth: q('0.2 ms'),
        amplitude: q('0.28 mA'),
      });
    }
    for (let animal = 1; animal <= 10; animal++)
      await made('RecordBodyWeight', `R${String(animal).padStart(2, '0')}`, {
        weight: q(`${300 + animal}.0 g`),
      });
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 820, height: 1180 } });
    page = await context.newPage();
  });
  afterEach(() => closeContext(context));

  /** Records something as a program does. */
  async function made(name: string, subject: string, facts?: object): Promise<void> {
    const example = exampleOf(name) as { data: object };
    const response = await fetch(`${url}/api/v1${STUDY}/commands/${routeOf(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': v4() },
      body: JSON.stringify({ ...example, subject, reason: 'As it was', data: facts ?? example.data }),
    });
    if (response.status !== 201) throw new Error(`${name}: ${await response.text()}`);
  }
  const records = async (since: number): Promise<readonly Stored[]> => {
    const all: Stored[] = [];
    for (let number = since; number < (await size()); number++)
      all.push((await (await fetch(`${url}/api/v1${STUDY}/records/${number}`)).json()) as Stored);
    return all;
  };
  const size = async (): Promise<number> =>
    ((await (await fetch(`${url}/api/v1${STUDY}`)).json()) as { treeSize: number }).treeSize;
  const field = (name: string) => page.locator(`[name="${name}"]`);
  const way = (name: string) => page.locator(`[data-way="${name}"] input`).first();

  it('a round of ten weights is digits and Enter for each, and nothing else', async () => {
    const before = await size();
    await page.goto(`${url}${BENCH}/weights`);
    let strokes = 0;
    const press = async (key: string): Promise<void> => {
      await page.keyboard.press(key);
      strokes++;
    };
    for (let animal = 1; animal <= 10; animal++) {
      for (const digit of String(302 + animal)) await press(digit);
      await press('Enter');
    }
    await page.locator('.round li.done').nth(9).waitFor();
    expect(strokes).toBe(40);
    const made = await records(before);
    expect(
      made.map(({ record }) => `${record.subject} ${(record.data['weight'] as { value: string }).value}`),
    ).toEqual(
      Array.from({ length: 10 }, (_, index) => `R${String(index + 1).padStart(2, '0')} ${303 + index}`),
    );
    // What is typed and not recorded is not lost by a link; once it is emptied, the link is followed.
    await page.reload();
    const weight = page.locator('.round input:not([type=hidden])').first();
    await weight.fill('30');
    const away = page.getByRole('link', { name: 'Records', exact: true });
    await away.click();
    await page.getByText('1 typed and not recorded: R01. Record or empty it before you leave').waitFor();
    await weight.fill('');
    await away.click();
    await page.waitForURL(/\/records$/);
  });

  it('says of a weight at once what it means; a slip is asked about, and an endpoint leads to its decision', async () => {
    const before = await size();
    await page.goto(`${url}${BENCH}/weights`);
    await page.keyboard.type('3030');
    const row = page.locator('[data-animal="R01"]');
    await row.getByText('Outside the plausible 100 to 700 g').waitFor();
    await page.keyboard.press('Enter');
    // Nothing is recorded, and the next animal has the focus. The slip is put right.
    await row.getByText('Not recorded: outside the plausible 100 to 700 g, say why.').waitFor();
    expect(await size()).toBe(before);
    await row.getByLabel('R01', { exact: true }).fill('231');
    await row.getByText('a humane endpoint is reached').waitFor();
    await page.keyboard.press('Enter');
    expect(await size()).toBe(before);
    await field('R01.reason').fill('weighed twice');
    await page.keyboard.press('Enter');
    await row.getByText(`Recorded as #${before}: 231 g.`).waitFor();
    await row.getByText('states a weight that is far from the last one on record').waitFor();
    expect(await row.getByRole('link', { name: 'Correct' }).getAttribute('href')).toBe(
      `${STUDY}/records/${before}/correct`,
    );
    expect(await row.getByRole('link', { name: 'Weigh again' }).getAttribute('href')).toBe(
      `${BENCH}/enter/record-body-weight?animal=R01`,
    );
    await row.getByRole('link', { name: /Endpoint reached/ }).click();
    await page.getByRole('heading', { name: /Decide about a humane endpoint/ }).waitFor();
    expect(await field('data.reachedBy').inputValue()).toBe(String(before));
    expect((await records(before))[0]!.record).toMatchObject({ subject: 'R01', reason: 'weighed twice' });
  });

  it('what is typed for the next animal never ends in the row or the reason of another', async () => {
    const before = await size();
    await page.goto(`${url}${BENCH}/weights`);
    const row = (animal: string) => page.locator(`[data-animal="${animal}"]`);
    const typed = async (text: string) => {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    await field('R04.weight').focus();
    await typed('3050');
    await typed('306,5');
    await row('R05').getByText('Recorded as').waitFor();
    expect(await field('R04.reason').inputValue()).toBe('');
    expect((await records(before)).map(({ record }) => [record.subject, record.data['weight']])).toEqual([
      ['R05', q('306.5 g')],
    ]);
    await page.getByText('1 of 10 recorded. 1 typed and not recorded: R04.').waitFor();
    // A number is no reason, by Enter or by the button.
    await field('R04.reason').focus();
    await typed('307');
    await row('R04').getByText('the reason is “307”, that is a number: say why in words').waitFor();
    await page.getByRole('button', { name: 'Record all that are filled in' }).click();
    expect(await size()).toBe(before + 1);
    // The row before goes on to it, and what is typed replaces what stood there.
    await field('R03.weight').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('305');
    expect(await field('R04.weight').inputValue()).toBe('305');
    await field('R04.weight').fill('3050');
    await field('R04.reason').fill('on the scales with its cage');
    await page.getByRole('button', { name: 'Record all that are filled in' }).click();
    await row('R04').getByText('3050 g. This record states a body weight outside').waitFor();
    expect((await records(before + 1))[0]!.record).toMatchObject({
      subject: 'R04',
      reason: 'on the scales with its cage',
    });
    await page.getByText('2 of 10 recorded.', { exact: true }).waitFor();
    // The one after the last is the button.
    await field('R10.weight').focus();
    await typed('9');
    await typed('315');
    expect(await field('R10.weight').inputValue()).toBe('9');
    expect(await size()).toBe(before + 2);
  });

  it('lets the others follow whichever reading of a dose is typed, and keeps what was typed to the letter', async () => {
    await page.goto(`${url}${BENCH}/dose?animal=R02`);
    const shown = async () =>
      Promise.all(['amount', 'perWeight', 'volume', 'concentration'].map((name) => way(name).inputValue()));
    // 304 g today, 10 µL by the protocol.
    expect(await shown()).toEqual(['10', '32.9', '10', '1']);
    await way('concentration').fill('2.0');
    expect(await shown()).toEqual(['10', '32.9', '5', '2.0']);
    await way('perWeight').fill('100');
    expect(await shown()).toEqual(['30.4', '100', '15.2', '2.0']);
    await way('volume').fill('15');
    await way('amount').fill('30.0');
    expect(await shown()).toEqual(['30.0', '98.7', '15', '2.0']);
    expect(await page.locator('[data-mismatch]').textContent()).toBe('');
    await way('volume').fill('10');
    expect(await page.locator('[data-mismatch]').textContent()).toBe(
      '30.0 µg is stated, and 2.0 mg/mL × 10 µL is 20 µg.',
    );
    await way('concentration').fill('');
    expect(await shown()).toEqual(['30.0', '98.7', '10', '3']);

    const before = await size();
    await field('data.route').selectOption('intrathecal');
    await field('reason').fill('of an example');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/recorded=/);
    const { data: dose } = (await records(before))[0]!.record;
    expect(dose).toMatchObject({ dose: q('30.0 ug'), volume: q('10 uL'), bodyWeight: q('304 g') });
    // Nobody typed a concentration.
    expect(dose).not.toHaveProperty('concentration');
  });

  it('the clock of a stimulation goes on when its page is loaded again, pauses with a reason, and fills in its form', async () => {
    const before = await size();
    await page.clock.install();
    await page.goto(`${url}${BENCH}/stimulation?animal=R01`);
    await page.getByText('0.60–0.70 × 0.28 mA = 0.168–0.196 mA').waitFor();
    expect(await page.locator('[data-ended]').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Begin the stimulation' }).click();
    await page.clock.fastForward(12 * MINUTE);
    await page.getByText('12:00 of 30:00').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.clock.fastForward(MINUTE);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Say why it was paused.').waitFor();
    await page.keyboard.type('lead loose');
    await page.getByRole('button', { name: 'Go on' }).click();

    expect(page.url()).toContain('begun=');
    await page.reload();
    await page.clock.fastForward(3 * MINUTE);
    await page.getByText('15:00 of 30:00').waitFor();
    await page.getByRole('link', { name: 'Reading at 15 min: due now' }).click();
    await page.waitForURL(/\/bench\/threshold\?animal=R01&minute=15/);
    for (const key of ['o', 'x', 'x', 'x', 'x', 'x', 'Enter']) await page.keyboard.press(key);
    await page.waitForURL(/recorded=/);
    await page.getByRole('link', { name: /Stimulation of R01: .* Back to its clock/ }).click();

    await page.clock.fastForward(15 * MINUTE);
    await page.getByText('The planned time is over').waitFor();
    await page.getByRole('button', { name: 'It has ended' }).click();
    expect(await field('data.duration.value').inputValue()).toBe('30');
    expect(await field('data.interruptions').inputValue()).toBe(
      'Paused at 12:00 min for 1:00 min: lead loose.',
    );
    await field('reason').fill('not judged hypersensitive in this example');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/session=/);
    const [reading, stimulation] = await records(before);
    expect(stimulation!.record).toMatchObject({
      type: 'SCSApplied',
      data: { outcome: 'completed', duration: q('30 min'), amplitude: q('0.18 mA') },
    });
    expect(reading!.record).toMatchObject({ type: 'ThresholdRecorded', data: { minute: 15 } });
    expect(reading!.record.data).not.toHaveProperty('session');

    await page.getByRole('button', { name: 'They belong to this stimulation' }).click();
    await until(async () => (await records(before)).length > 2);
    await page.getByText('✓ 15 min').waitFor();
    expect((await records(before))[2]!.record).toMatchObject({
      type: 'RecordCorrected',
      data: { target: { number: reading!.number }, corrected: { session: stimulation!.number, minute: 15 } },
    });
    // The clock is done with.
    await page.goBack();
    await page.getByText('30 min, completed.').waitFor();
    await page.goto(`${url}${BENCH}/stimulation?animal=R01`);
    await page.getByRole('button', { name: 'Begin the stimulation' }).waitFor();
  });

  it('a stimulation that is recorded does not begin again, whatever the clock of the device says', async () => {
    const before = await size();
    await page.clock.install({ time: Date.now() + 180 * MINUTE });
    await page.goto(`${url}${BENCH}/stimulation?animal=R03`);
    const begin = page.getByRole('button', { name: 'Begin the stimulation' });
    const begunMs = Date.now();
    await begin.click();
    const running = page.url();
    await page.clock.fastForward(15 * MINUTE);
    await page.getByRole('link', { name: 'Reading at 15 min: due now' }).click();
    // The reading is taken while there is no connection.
    await page.getByRole('link', { name: /Stimulation of R03: 15:\d\d\. Back to its clock/ }).waitFor();
    await context.setOffline(true);
    for (const key of ['o', 'x', 'x', 'x', 'x', 'x', 'Enter']) await page.keyboard.press(key);
    await outboxOf(page).getByText('waits').waitFor();
    await context.setOffline(false);
    await outboxOf(page).getByText('recorded as').waitFor();
    await page.getByRole('link', { name: /Back to its clock/ }).click();
    await page.clock.fastForward(15 * MINUTE);
    await page.getByRole('button', { name: 'It has ended' }).click();
    await field('reason').fill('not judged hypersensitive in this example');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/session=/);
    const [reading, stimulation] = await records(before);
    expect(Math.abs(Date.parse(stimulation!.record.time) - begunMs)).toBeLessThan(MINUTE);
    expect(reading!.record.data).toHaveProperty('enteredAt');

    // The reading can be named to it, although it was entered without a connection.
    await page.getByRole('button', { name: 'They belong to this stimulation' }).click();
    await page.getByText('✓ 15 min').waitFor();
    expect((await records(before))[2]!.record.data).toMatchObject({
      target: { number: reading!.number },
      corrected: { session: stimulation!.number, minute: 15 },
    });

    // Back to the page on which it ran, in this tab and in another one.
    for (const tab of [page, await (await browser.newContext()).newPage()]) {
      await tab.goto(running);
      await tab.getByText('30 min, completed.').waitFor();
      expect(await tab.getByRole('button', { name: 'Begin the stimulation' }).count()).toBe(0);
      await tab.goto(`${url}${BENCH}`);
      expect(await tab.getByText('Back to its clock').count()).toBe(0);
    }
    await page.goto(`${url}${BENCH}/stimulation?animal=R03`);
    await begin.waitFor();
  });

  it('a stimulation that waits for the connection does not begin again, and goes back to what was recorded', async () => {
    const before = await size();
    await page.goto(`${url}${BENCH}/stimulation?animal=R04`);
    const begin = page.getByRole('button', { name: 'Begin the stimulation' });
    await begin.click();
    const running = page.url();
    await page.getByText(/^0:0[2-9] of 30:00$/).waitFor();
    await page.getByRole('button', { name: 'Stop early' }).click();
    await page.keyboard.type('vocalised');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByText('It is kept on this device and not yet recorded. Another one can begin.').waitFor();
    await begin.waitFor();
    expect(page.url()).not.toContain('begun=');
    // What is typed for another one begins none.
    await field('data.device').fill('the other stimulator');
    expect(page.url()).not.toContain('begun=');
    await context.setOffline(false);
    await outboxOf(page).getByText('recorded as').waitFor();
    expect((await records(before)).map(({ record }) => record.type)).toEqual(['SCSApplied']);
    await page.goto(running);
    await page.getByText(/ min, aborted\.$/).waitFor();
  });

  it('a stimulation that is stopped early says when and why', async () => {
    const before = await size();
    await page.clock.install();
    await page.goto(`${url}${BENCH}/stimulation?animal=R02`);
    const begin = page.getByRole('button', { name: 'Begin the stimulation' });
    // It had a dose a moment ago: whether it follows that is chosen by a person.
    await begin.click();
    await page.getByText('Choose first whether it is alone or follows a dose.').waitFor();
    expect(await page.locator('[name="data.follows"]:checked').count()).toBe(0);
    await page.getByLabel(/^after 30\.0 µg ketamine \(#\d+, .* ago\)$/).waitFor();
    await page.locator('[name="data.follows"][value=""]').check({ force: true });
    await begin.click();
    await page.clock.fastForward(7.35 * MINUTE);
    await page.getByText('7:21 of 30:00').waitFor();
    expect(await page.getByRole('button', { name: 'It has ended' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Stop early' }).click();
    await page.keyboard.type('vocalised');
    expect(await field('data.outcome').inputValue()).toBe('aborted');
    expect(await field('data.duration.value').inputValue()).toMatch(/^7\.3[5-9]$/);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/session=/);
    const { reason, data } = (await records(before))[0]!.record;
    expect([reason, data['outcome'], data['follows']]).toEqual(['vocalised', 'aborted', undefined]);
    expect((data['duration'] as { value: string }).value).toMatch(/^7\.3[5-9]$/);
    expect(data['interruptions']).toMatch(/^Stopped at 7:2\d min: vocalised\.$/);
  });

  it('a score sheet is filled in by keys; the sum and the endpoint are said before it is recorded', async () => {
    const before = await size();
    await page.goto(`${url}${BENCH}/enter/score-welfare?animal=R03`);
    await page.locator('[name="data.scores[0].score"]').first().focus();
    for (const key of [
      'ArrowRight',
      'ArrowRight',
      'ArrowRight',
      'Tab',
      'Space',
      'Tab',
      'ArrowRight',
      'ArrowRight',
      'ArrowRight',
    ])
      await page.keyboard.press(key);
    await page.getByText('Sum 6.').waitFor();
    await page
      .getByText('a humane endpoint is reached', { exact: false })
      .or(page.getByText('A humane endpoint is reached'))
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/recorded=/);
    expect((await records(before))[0]!.record.data).toMatchObject({
      scores: [
        { item: 'posture', score: 3 },
        { item: 'wound', score: 0 },
        { item: 'autotomy', score: 3 },
      ],
    });
  });

  it('without a script a round and a dose are recorded as well', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    page = await plain.newPage();
    const before = await size();
    await page.goto(`${url}${BENCH}/weights`);
    await field('R09.weight').fill('315.5');
    await field('R10.weight').fill('316.5');
    await page.getByRole('button', { name: 'Record all that are filled in' }).click();
    await page.getByText('316.5 g, today').waitFor();
    expect((await records(before)).map(({ record }) => record.subject)).toEqual(['R09', 'R10']);
    await page.goto(`${url}${BENCH}/stimulation?animal=R02`);
    expect(await page.getByRole('button', { name: 'Begin the stimulation' }).isVisible()).toBe(false);
    expect(await field('data.duration.value').isVisible()).toBe(true);
    await plain.close();
  });

  it.each([
    '/weights',
    '/dose?animal=R02',
    '/stimulation?animal=R02',
    '/enter/score-welfare?animal=R02',
    '/enter/euthanise-subject?animal=R02',
  ])('%s has no serious finding of axe and targets of 48 pixels', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const other = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
      page = await other.newPage();
      await page.goto(`${url}${BENCH}${path}`);
      await expectAccessible(page, path);
      await other.close();
    }
    page = await context.newPage();
    await page.goto(`${url}${BENCH}${path}`);
    const small =
      await page.evaluate(`[...document.querySelectorAll('.bench :is(button, select, input:not([type=hidden], [type=radio], [type=checkbox]), .picks span, .picks a)')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 47.9)
      .map((one) => one.outerHTML.slice(0, 80))`);
    expect([path, small]).toEqual([path, []]);
  });
});
