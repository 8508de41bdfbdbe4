import type { Browser, Locator, Page } from 'playwright-core';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { until } from '../support/until.js';
import { startBrowser } from './browser.js';
import { Hand, inWords, type Moves } from './hand.js';
import { loseAnswers, outboxOf } from './network-cut.js';
import {
  read,
  record,
  recordsSince,
  servingRealLedger,
  staffed,
  type RealLedger,
  type Staff,
  type Stored,
} from './real-ledger.js';

const CODE = 'KEYS-01';
/** By keys alone, where the page is open. */
const MOST_STROKES = { 'run of eight touches': 10, 'weights of ten animals': 60, dose: 4 };
const ANIMALS = Array.from({ length: 10 }, (_, index) => `R${String(index + 1).padStart(2, '0')}`);

/** The bench by a keyboard alone, then with the network cut, in the session of a technician. */
describe('the bench by keys', () => {
  let browser: Browser;
  let ledger: RealLedger;
  let staff: Staff;
  let hand: Hand;
  let page: Page;
  let bench: string;
  const counts = new Map<string, Moves>();
  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingRealLedger();
    staff = await staffed(browser, ledger);
    const { director, technician } = staff;
    await record(director, CODE, 'register-study', { data: { title: 'By keys', director: 'sd-01' } });
    await record(director, CODE, 'approve-protocol', { data: { protocol: exampleProtocol } });
    const enrolment = commandNamed('EnrolSubject')!.example;
    for (const subject of ANIMALS) await record(technician, CODE, 'enrol-subject', { ...enrolment, subject });
    for (const name of ['ImplantElectrode', 'ImplantCatheter', 'DetermineMotorThreshold'])
      await record(
        technician,
        CODE,
        name.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase(),
        commandNamed(name)!.example,
      );
    await record(technician, CODE, 'implant-catheter', {
      ...commandNamed('ImplantCatheter')!.example,
      subject: 'R02',
    });
    page = technician.page;
    hand = new Hand(page);
    bench = `${ledger.url}/studies/${CODE}/bench`;
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  const field = (name: string): Locator => page.locator(`[name="${name}"]`);
  const size = async (): Promise<number> =>
    (await read<{ treeSize: number }>(staff.technician, `/studies/${CODE}`)).treeSize;
  const since = (number: number): Promise<readonly Stored[]> => recordsSince(staff.technician, CODE, number);
  const link = (name: string | RegExp): Locator =>
    page.locator('main').getByRole('link', { name, exact: typeof name === 'string' });
  /** Today, and from there the animal, by its name. */
  const goTo = async (animal: string): Promise<void> => {
    await hand.fill(page.locator('main [name=q]'), animal);
    await hand.press('Enter');
    await page.getByRole('heading', { name: animal, exact: true }).waitFor();
  };
  const newest = async (): Promise<Stored> =>
    read<Stored>(staff.technician, `/studies/${CODE}/records/${(await size()) - 1}`);

  it('takes a run of eight touches', async () => {
    const before = await size();
    await page.goto(`${bench}/threshold?animal=R01&paw=ipsilateral`);
    await page.locator('.stage').waitFor();
    await hand.press(...'oooxoxox', 'Enter');
    await until(async () => (await size()) > before);
    // Until the page knows that the run is recorded, it asks whoever leaves it.
    await page.waitForURL(/recorded=/);
    const { record: run } = await newest();
    const touches = run.data['touches'] as readonly { filament: string; response: string }[];
    expect(touches.map(({ filament, response }) => filament + response).join(' ')).toBe(
      '2O 4O 6O 8X 6O 8X 6O 8X',
    );
    counts.set('run of eight touches', hand.counted());
  });

  it('weighs ten animals in one round', async () => {
    const before = await size();
    await page.goto(`${bench}/weights`);
    await hand.expectFocus();
    for (const [index] of ANIMALS.entries()) {
      await hand.type(`24${index}.5`);
      await hand.press('Enter');
    }
    await until(async () => (await size()) >= before + ANIMALS.length);
    counts.set('weights of ten animals', hand.counted());
    const weighed = await since(before);
    expect(weighed.map(({ record: { subject, data } }) => [subject, data['weight']])).toEqual(
      ANIMALS.map((id, index) => [id, { value: `24${index}.5`, unit: 'g' }]),
    );
  });

  it('gives a dose', async () => {
    await page.goto(`${bench}/dose?animal=R01`);
    await hand.expectFocus();
    // Nothing is left open: the route is that of the catheter on record.
    expect(await page.evaluate('document.activeElement.name')).toBe('data.bodyWeight.value');
    await hand.press('Enter');
    await page.waitForURL(/recorded=/);
    counts.set('dose', hand.counted());
    expect((await newest()).record).toMatchObject({
      type: 'KetamineAdministered',
      actor: 'tech-1',
      data: {
        dose: { value: '10', unit: 'ug' },
        route: 'intrathecal',
        bodyWeight: { value: '240.5', unit: 'g' },
      },
    });
  });

  it('goes from Today to an animal, its run and back, and corrects the run from its record', async () => {
    const before = await size();
    await page.goto(bench);
    // What is typed, or read from a label, opens an animal at once.
    await page.locator('main [name=q]:focus').waitFor();
    await goTo('R03');
    await hand.enter(link(/threshold/i).first());
    await page.locator('.stage:focus').waitFor();
    await hand.expectFocus();
    await hand.press(...'oxoxox', 'Enter');
    await page.waitForURL(/recorded=/);
    await page.locator('.stage:focus').waitFor();
    // It stands above the run, which has the focus.
    await hand.tabTo(link('Bench'));
    await hand.press('Enter');
    await goTo('R03');
    await hand.enter(link(`#${before}`).first());
    await hand.enter(link('Correct'));
    await hand.tabTo(field('data.touches[5].response'));
    await hand.type('o');
    await hand.fill(field('reason'), 'The last touch was entered for another');
    await hand.enter(page.getByRole('button', { name: 'Show what changes' }));
    await field('confirm').waitFor();
    await hand.expectFocus();
    await hand.enter(field('confirm'));
    await page.waitForURL(new RegExp(`records/${before + 1}$`));
    const [run, correction, ...others] = await since(before);
    expect([run!.record, others]).toMatchObject([{ type: 'ThresholdRecorded', subject: 'R03' }, []]);
    const touches = run!.record.data['touches'] as readonly object[];
    expect(correction!.record).toMatchObject({
      type: 'RecordCorrected',
      actor: 'tech-1',
      reason: 'The last touch was entered for another',
      data: {
        target: { number: before },
        corrected: { touches: touches.with(5, { ...touches[5], response: 'O' }) },
      },
    });
  });

  it('loses the network three times in a day, and records each entry once', async () => {
    const before = await size();
    const [offline, recorded] = [
      (is: boolean) => page.context().setOffline(is),
      () => outboxOf(page).getByText('recorded as').waitFor(),
    ];
    const waits = () => outboxOf(page).getByText('waits').waitFor();

    await page.goto(`${bench}/enter/record-body-weight?animal=R02`);
    await offline(true);
    await hand.fill(field('data.weight.value'), '251.5');
    await hand.press('Enter');
    await waits();
    await hand.expectFocus();
    await offline(false);
    await recorded();

    await page.goto(`${bench}/dose?animal=R02`);
    await hand.tabTo(field('data.route'));
    await hand.type('i');
    await hand.tabTo(field('data.lot'));
    const heal = await loseAnswers(page);
    await hand.press('Enter');
    await waits();
    expect((await newest()).record).toMatchObject({ type: 'KetamineAdministered', subject: 'R02' });
    await heal();
    await recorded();

    await page.goto(`${bench}/threshold?animal=R02&paw=ipsilateral`);
    await page.locator('.stage:focus').waitFor();
    await hand.press(...'oxo');
    await offline(true);
    await hand.press(...'xox', 'Enter');
    await waits();
    await offline(false);
    await recorded();

    const made = await since(before);
    expect(made.map(({ record: { type, subject, data } }) => [type, subject, data.flags ?? []])).toEqual([
      ['BodyWeightRecorded', 'R02', ['delayed-entry']],
      ['KetamineAdministered', 'R02', []],
      ['ThresholdRecorded', 'R02', ['delayed-entry']],
    ]);
    expect(made.map(({ record }) => record.data['enteredAt'] !== undefined)).toEqual([true, false, true]);
  });

  it('opens the animal of a label by its address, after whoever scans it has signed in', async () => {
    await page.goto(`${ledger.url}/studies/${CODE}/animals/R03/label`);
    const address = (await page.locator('.address').textContent())!;
    await page.context().clearCookies();
    await page.goto(address);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(address);
    await page.getByRole('heading', { name: 'R03', exact: true }).waitFor();
  });

  it('takes few strokes', () => {
    process.stdout.write(`${[...counts].map(([what, moves]) => `${what}: ${inWords(moves)}`).join('\n')}\n`);
    for (const [what, most] of Object.entries(MOST_STROKES))
      expect(`${what}: ${Math.max(most, counts.get(what)?.strokes ?? Infinity)}`).toBe(`${what}: ${most}`);
  });
});
