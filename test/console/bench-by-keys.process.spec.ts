import type { Browser, Locator, Page } from 'playwright-core';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { until } from '../support/until.js';
import { startBrowser } from './browser.js';
import { Hand, inWords, type Moves } from './hand.js';
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
  const newest = async (): Promise<Stored> =>
    read<Stored>(staff.technician, `/studies/${CODE}/records/${(await size()) - 1}`);

  it('takes a run of eight touches', async () => {
    const before = await size();
    await page.goto(`${bench}/threshold?animal=R01&paw=ipsilateral`);
    await page.locator('.stage').waitFor();
    await hand.press(...'oooxoxox', 'Enter');
    await until(async () => (await size()) > before);
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
    // The route is what the protocol leaves open.
    await hand.type('i');
    await hand.tabTo(field('data.lot'));
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

  it('takes few strokes', () => {
    process.stdout.write(`${[...counts].map(([what, moves]) => `${what}: ${inWords(moves)}`).join('\n')}\n`);
    for (const [what, most] of Object.entries(MOST_STROKES))
      expect(`${what}: ${Math.max(most, counts.get(what)?.strokes ?? Infinity)}`).toBe(`${what}: ${most}`);
  });
});
