import type { Browser, Locator, Page } from 'playwright-core';
import { until } from '../support/until.js';
import { startBrowser } from './browser.js';
import { Hand, Keyboard, inWords, type Moves } from './hand.js';
import { outboxOf } from './network-cut.js';
import { picture } from './pictures.js';
import {
  recordsSince,
  servingRealLedger,
  staffed,
  type RealLedger,
  type Staff,
  type Stored,
} from './real-ledger.js';

const CODE = 'DAY-01';
const ANIMALS = ['R01', 'R02', 'R03', 'R04', 'R05', 'R06'];
const ZONE = 'Europe/Amsterdam';
const SHEET_ANIMALS = Array.from({ length: 20 }, (_, index) => `R${String(index + 7).padStart(2, '0')}`);

interface Way {
  readonly hand: typeof Hand;
  /** Whether the network fails during a run, a round of weights and a stimulation. */
  readonly isCut: boolean;
}

const WAYS: readonly (readonly [string, Way])[] = [
  ['by clicks and keys', { hand: Hand, isCut: false }],
  ['by a keyboard alone', { hand: Keyboard, isCut: false }],
  ['with the network cut three times', { hand: Hand, isCut: true }],
];

/**
 * The first day of a study: a director and a technician, from the list of studies that is empty to the study that is closed.
 * Nothing is recorded through the interface for programs; what the ledger holds is read there.
 */
describe.each(WAYS)('the first day of a study %s', (way, { hand: Person, isCut }) => {
  let browser: Browser;
  let ledger: RealLedger;
  let staff: Staff;
  let director: Hand;
  let technician: Hand;
  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingRealLedger();
    staff = await staffed(browser, ledger);
    director = new Person(staff.director.page);
    technician = new Person(staff.technician.page);
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  const button = ({ page }: Hand, name: string | RegExp): Locator =>
    page.getByRole('button', { name, exact: true });
  const link = ({ page }: Hand, name: string | RegExp): Locator =>
    page.getByRole('link', { name, exact: true });
  const field = ({ page }: Hand, name: string): Locator => page.locator(`[name="${name}"]`);
  const records = (): Promise<readonly Stored[]> => recordsSince(staff.technician, CODE, 0);
  const ofType = async (type: string): Promise<readonly Stored[]> =>
    (await records()).filter(({ record }) => record.type === type);
  const recorded = ({ page }: Hand): Promise<void> => page.locator('.recorded').waitFor();
  const all = async (type: string, count: number): Promise<void> =>
    until(async () => (await ofType(type)).length >= count);
  const counts = new Map<string, Moves>();
  const count = (what: string, hand: Hand): unknown => counts.set(what, hand.counted());
  const look = (page: Page, name: string): Promise<void> =>
    way === WAYS[0]![0] ? picture(page, name) : Promise.resolve();

  /** From now on the network fails, where it is cut on this day. What is returned mends it once so many entries wait. */
  async function cut({ page }: Hand, entries = 1): Promise<() => Promise<void>> {
    if (!isCut) return () => Promise.resolve();
    await page.context().setOffline(true);
    return async () => {
      await until(async () => (await outboxOf(page).getByText('waits').count()) === entries);
      await page.context().setOffline(false);
      await outboxOf(page).getByText('recorded as').first().waitFor();
    };
  }

  it('begins with a study that the director registers', async () => {
    await director.tap(link(director, /^Start a study|Start the first study|Register/));
    await look(director.page, 'start-a-study');
    await director.write(field(director, 'study'), CODE);
    await director.write(field(director, 'data.title'), 'SCS after sub-effective ketamine');
    await director.write(field(director, 'data.ethicsApproval'), 'AVD-2026-17');
    await director.choose(field(director, 'from'), 'reference-example');
    await director.tap(button(director, 'Register the study'));
    await director.page.getByRole('heading', { name: `The protocol of ${CODE}` }).waitFor();
  });

  it('gets its protocol from a template, with the numbers decided', async () => {
    await look(director.page, 'protocol');
    await director.tap(director.page.locator('#part-hypersensitivity > summary'));
    await director.write(director.page.locator('#part-hypersensitivity').getByLabel('From day'), '0');
    await director.tap(director.page.getByLabel(/are decided for this study/));
    await director.tap(button(director, 'Approve the protocol'));
    await all('ProtocolApproved', 1);
    const [approved] = await ofType('ProtocolApproved');
    expect(approved!.record).toMatchObject({ actor: 'sd-01' });
  });

  it('gets six animals', async () => {
    const hand = technician;
    await hand.tap(link(hand, 'Study Ledger'));
    await hand.tap(link(hand, new RegExp(CODE)));
    await hand.tap(link(hand, 'Bench'));
    await look(hand.page, 'today-empty');
    await hand.tap(link(hand, 'Enrol the first one'));
    await hand.write(field(hand, 'subject'), 'R01');
    await hand.write(field(hand, 'data.species'), 'Rattus norvegicus');
    await hand.write(field(hand, 'data.strain'), 'Crl:CD(SD)');
    await hand.choose(field(hand, 'data.sex'), { label: 'Male' });
    for (const next of ANIMALS.slice(1)) {
      await hand.tap(button(hand, 'Record, and another animal'));
      await hand.page.locator(`[name=subject][value=${next}]`).waitFor();
    }
    await hand.tap(button(hand, 'Record'));
    await hand.page.getByRole('heading', { name: 'R06', exact: true }).waitFor();
    const enrolled = await ofType('SubjectEnrolled');
    expect(enrolled.map(({ record }) => [record.subject, record.actor])).toEqual(
      ANIMALS.map((id) => [id, 'tech-1']),
    );
  });
  it('has its baselines measured, both paws in turn', async () => {
    const hand = technician;
    await hand.tap(link(hand, 'Bench').first());
    await look(hand.page, 'today');
    for (const animal of ['R01', 'R02'])
      for (let run = 1; run <= 2; run++) {
        await hand.tap(link(hand, 'Bench').first());
        await hand.tap(link(hand, new RegExp(`^${animal}`)).first());
        if (new URL(hand.page.url()).pathname.endsWith(animal))
          await hand.tap(link(hand, /Baseline/).first());
        await hand.page.locator('.stage:focus').waitFor();
        hand.counted();
        await hand.press(...'ooox');
        const mend = animal === 'R02' && run === 2 ? await cut(hand) : undefined;
        await hand.press(...'oxox');
        await look(hand.page, 'run');
        await hand.press('Enter');
        count('run', hand);
        await (mend && isCut ? mend() : recorded(hand));
      }
    const runs = await ofType('ThresholdRecorded');
    expect(runs.map(({ record: { subject, data } }) => [subject, data['paw'], data.flags])).toEqual(
      ['R01', 'R01', 'R02', 'R02'].map((id, index) => [
        id,
        'ipsilateral',
        isCut && index === 3 ? ['delayed-entry'] : undefined,
      ]),
    );
  });

  /** Opens an animal at the bench by its name, and what can be done there. */
  async function open(hand: Hand, animal: string, what?: string): Promise<void> {
    await hand.tap(link(hand, 'Bench').first());
    await hand.write(hand.page.getByLabel('Animal, or scan its label'), animal);
    await hand.press('Enter');
    await hand.page.getByRole('heading', { name: animal, exact: true }).waitFor();
    if (what !== undefined) await hand.tap(link(hand, what).last());
  }

  it('is operated: six ligations', async () => {
    const hand = technician;
    for (const animal of ANIMALS) {
      await open(hand, animal, 'Operation on the nerve');
      await hand.choose(field(hand, 'data.side'), 'left');
      // From the second animal on the form knows it.
      if (animal === 'R01') await hand.write(field(hand, 'data.nerve'), 'sciatic');
      await hand.choose(field(hand, 'data.procedure'), 'partial-ligation');
      await hand.tap(button(hand, 'Record'));
      await recorded(hand);
    }
    const ligated = await ofType('NerveLigated');
    expect(ligated.map(({ record: { subject, data } }) => [subject, data['side'], data['nerve']])).toEqual(
      ANIMALS.map((id) => [id, 'left', 'sciatic']),
    );
  });

  it('is weighed in one round', async () => {
    const hand = technician;
    await hand.tap(link(hand, 'Bench').first());
    await hand.tap(link(hand, 'Weigh one after another').first());
    await hand.expectFocus();
    hand.counted();
    let mend: (() => Promise<void>) | undefined;
    for (const [index] of ANIMALS.entries()) {
      if (index === 3) {
        await all('BodyWeightRecorded', index);
        mend = await cut(hand, ANIMALS.length - index);
      }
      await hand.type(`25${index}.5`);
      await hand.press('Enter');
    }
    count('round of six weights', hand);
    await mend?.();
    await all('BodyWeightRecorded', ANIMALS.length);
    await look(hand.page, 'weights');
  });

  it('is measured again, and found hypersensitive', async () => {
    const hand = technician;
    for (const animal of ['R01', 'R02']) {
      await open(hand, animal, 'Threshold, ipsilateral paw');
      await hand.page.locator('.stage:focus').waitFor();
      await hand.press(...'xoxoxx', 'Enter');
      await recorded(hand);
    }
    await hand.page
      .getByText(/Hypersensitive/)
      .first()
      .waitFor();
  });

  it('gets its electrode, its motor threshold, and is stimulated for half an hour', async () => {
    const hand = technician;
    await hand.page.clock.install();
    await open(hand, 'R01', 'Electrode');
    await hand.choose(field(hand, 'data.action'), 'implanted');
    await hand.write(field(hand, 'data.model'), 'quadripolar lead');
    await hand.write(field(hand, 'data.level'), 'T13');
    await hand.tap(button(hand, 'Record'));
    await recorded(hand);
    await hand.tap(link(hand, 'Stimulation').last());
    await hand.tap(link(hand, 'Determine the motor threshold first'));
    await hand.write(field(hand, 'data.amplitude.value'), '0.28');
    await hand.tap(button(hand, 'Record'));
    await hand.page.getByRole('heading', { name: 'Stimulation: R01' }).waitFor();
    await look(hand.page, 'stimulation');
    await hand.tap(button(hand, 'Begin the stimulation'));
    const mend = await cut(hand);
    await hand.page.clock.fastForward('30:05');
    await hand.tap(button(hand, 'It has ended'));
    // The server knows nothing of the half hour that the clock was set on.
    await hand.page.clock.setSystemTime(Date.now());
    await hand.tap(button(hand, 'Record').last());
    await mend();
    await all('SCSApplied', 1);
    const [stimulated, ...others] = await ofType('SCSApplied');
    expect(others).toEqual([]);
    expect(stimulated!.record).toMatchObject({
      subject: 'R01',
      actor: 'tech-1',
      data: { outcome: 'completed', duration: { value: '30', unit: 'min' } },
    });
  });

  it('gets a dose', async () => {
    const hand = technician;
    await open(hand, 'R02', 'Dose of ketamine');
    hand.counted();
    await hand.choose(field(hand, 'data.route'), 'intrathecal');
    await look(hand.page, 'dose');
    await hand.tap(button(hand, 'Record'));
    // It departs from the protocol: the page says how, and takes a reason.
    await hand.page
      .getByText(/through a catheter that is not on record/)
      .first()
      .waitFor();
    await hand.write(field(hand, 'reason'), 'given by lumbar puncture');
    await hand.tap(button(hand, 'Record'));
    count('dose, with its reason', hand);
    await recorded(hand);
    const [dosed, ...others] = await ofType('KetamineAdministered');
    expect(others).toEqual([]);
    expect(dosed!.record).toMatchObject({
      subject: 'R02',
      actor: 'tech-1',
      reason: 'given by lumbar puncture',
      data: {
        dose: { value: '10', unit: 'ug' },
        bodyWeight: { value: '251.5', unit: 'g' },
        flags: ['deviation', 'no-catheter'],
      },
    });
  });

  it('has one record corrected: one thing is changed, with a reason', async () => {
    const hand = technician;
    hand.counted();
    await open(hand, 'R06');
    const enrolled = (await ofType('SubjectEnrolled')).at(-1)!;
    await hand.tap(link(hand, `#${enrolled.number}`).first());
    await hand.tap(link(hand, 'Correct'));
    await hand.write(field(hand, 'data.strain'), 'Crl:WI');
    await hand.write(field(hand, 'reason'), 'The strain of the other cage was typed');
    await hand.tap(button(hand, 'Show what changes'));
    await hand.page.locator('[name=confirm]').waitFor();
    await look(hand.page, 'correction');
    await hand.tap(hand.page.locator('[name=confirm]'));
    await until(async () => (await ofType('RecordCorrected')).length > 0);
    count('correction, from Today, with its reason', hand);
    expect(counts.get('correction, from Today, with its reason')!.taps).toBeLessThanOrEqual(8);
    const [corrected, ...others] = await ofType('RecordCorrected');
    expect(others).toEqual([]);
    expect(corrected!.record).toMatchObject({
      subject: 'R06',
      actor: 'tech-1',
      reason: 'The strain of the other cage was typed',
      data: {
        target: { number: enrolled.number },
        corrected: { species: 'Rattus norvegicus', strain: 'Crl:WI', sex: 'male' },
      },
    });
  });

  it('gets twenty animals more from a sheet', async () => {
    const hand = technician;
    await hand.tap(link(hand, 'Import'));
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: ZONE,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const [date, time] = clock.format(Date.now()).split(' ');
    const rows = SHEET_ANIMALS.map((id) => `${id},${date},${time},Rattus norvegicus,Crl:CD(SD),male`);
    const buffer = Buffer.from(['Animal,Date,Time,Species,Strain,Sex', ...rows].join('\n'));
    const file = hand.page.locator('input[type=file][name=file]');
    // What a keyboard opens from here is the browser’s own.
    await hand.tabTo(file);
    await file.setInputFiles({ name: 'animals.csv', mimeType: 'text/csv', buffer });
    await hand.page.waitForURL(/file=/);
    await hand.write(hand.page.getByLabel('Time zone of the times'), ZONE);
    await hand.press('Tab');
    await hand.page.getByRole('button', { name: 'Record 20 rows' }).waitFor();
    await look(hand.page, 'import');
    await hand.tap(hand.page.getByRole('button', { name: 'Record 20 rows' }));
    await hand.page.waitForURL(/recorded=/);
    const imported = (await ofType('SubjectEnrolled')).slice(ANIMALS.length);
    expect(imported.map(({ record: { subject, actor } }) => [subject, actor])).toEqual(
      SHEET_ANIMALS.map((id) => [id, 'tech-1']),
    );
    for (const { record } of imported) expect(record.data.flags).toEqual(['imported']);
  });

  it('is closed by its director', async () => {
    const hand = director;
    await hand.tap(link(hand, 'Bench').first());
    await hand.tap(link(hand, 'Close the study'));
    await hand.choose(field(hand, 'data.outcome'), 'terminated');
    await hand.tap(button(hand, 'Record'));
    await hand.page.getByText('The study is closed: nothing is due any more.').waitFor();
    await look(hand.page, 'closed');
  });

  it('holds each fact once, by who stated it', async () => {
    const held = await records();
    const told = new Map<string, number>();
    for (const { record } of held) {
      const what = `${record.type} by ${record.actor}`;
      told.set(what, (told.get(what) ?? 0) + 1);
    }
    expect(Object.fromEntries(told)).toEqual({
      'StudyOpened by sd-01': 1,
      'ProtocolApproved by sd-01': 1,
      'SubjectEnrolled by tech-1': 26,
      'ThresholdRecorded by tech-1': 6,
      'NerveLigated by tech-1': 6,
      'BodyWeightRecorded by tech-1': 6,
      'ElectrodeImplanted by tech-1': 1,
      'MotorThresholdDetermined by tech-1': 1,
      'SCSApplied by tech-1': 1,
      'KetamineAdministered by tech-1': 1,
      'RecordCorrected by tech-1': 1,
      'ImportMappingSaved by tech-1': 1,
      'StudyClosed by sd-01': 1,
    });
    const late = held.filter(({ record }) => record.data.flags?.includes('delayed-entry'));
    expect(late.map(({ record: { type } }) => type)).toEqual(
      isCut ? ['ThresholdRecorded', ...Array<string>(3).fill('BodyWeightRecorded'), 'SCSApplied'] : [],
    );
  });

  it('takes few strokes', () => {
    const told = [...counts].map(([what, moves]) => `${way}: ${what}: ${inWords(moves)}`);
    process.stdout.write(`${told.join('\n')}\n`);
    const { strokes, taps } = counts.get('run')!;
    expect([strokes, taps]).toEqual([9, 0]);
    if (Person === Keyboard) expect([...counts.values()].map((moves) => moves.taps)).toEqual([0, 0, 0, 0]);
  });
});
