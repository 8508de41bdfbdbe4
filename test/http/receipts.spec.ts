import { v4 } from 'uuid';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite.js';
import { freshFolder } from '../support/folders.js';
import { touches } from '../study/bench.js';
import { exampleOf, serving, withAnimal, type Serving } from './test-server.js';

const DAY_MS = 86_400_000;
const HIGH = '2O 4O 6O 8X 6O 8X 6O 8X';
const LOW = '2X 1X 0.6O 1X 0.6O 1X 0.6O';

function run(of: string): object {
  const { subject, data } = exampleOf('RecordThreshold') as { subject: string; data: object };
  return { subject, data: { ...data, touches: touches(of) } };
}

/** Records 3 to 5: two baselines of R01 and the ligation. Two weeks later is now. */
async function ligated(server: Serving): Promise<void> {
  await withAnimal(server);
  for (const [name, body] of [
    ['RecordThreshold', run(HIGH)],
    ['RecordThreshold', run(HIGH)],
    ['LigateNerve', exampleOf('LigateNerve')],
  ] as const) {
    server.time.ms += DAY_MS;
    expect((await server.send(name, body)).status).toBe(201);
  }
  server.time.ms += 14 * DAY_MS;
}

const folder = freshFolder('http');
const open = () => serving({ store: openSqliteStore(folder, { create: true, holder: 'test' }) });

describe('the answer to a command', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await open();
    await ligated(server);
  });
  afterAll(() => server.close());

  const key = v4();
  let first: string;

  it('tells the threshold of a run and the verdict that it made', async () => {
    const answer = await server.send('RecordThreshold', run(LOW), { key });
    expect(answer.body).toMatchObject({
      treeSize: 7,
      threshold: { status: 'estimated', grams: expect.closeTo(0.74, 1), bound: null },
      verdicts: [{ subject: 'R01', question: 'hypersensitive', before: 'not known', after: 'yes' }],
    });
    expect(answer.body).not.toHaveProperty('flags');
    expect(answer.body).not.toHaveProperty('dose');
    first = answer.text;
  });

  it('tells the flags, of a correction those of what it states, and the verdict that it turns', async () => {
    const corrected = { ...(run('2O 4O 6O 8X 6O 8X') as { data: object }).data };
    const occurredAt = new Date(server.time.ms).toISOString();
    const data = { target: { number: 6 }, subject: 'R01', occurredAt, corrected };
    const { body } = await server.send('CorrectRecord', { reason: 'Read from the wrong line', data });
    expect(body).toMatchObject({
      flags: ['stopped-early'],
      threshold: { status: 'estimated' },
      verdicts: [{ question: 'hypersensitive', before: 'yes', after: 'no' }],
    });
  });

  it('tells the dose, and the hours since the dose before', async () => {
    const dose = async () => {
      const reason = 'The catheter was not entered';
      return (await server.send('AdministerKetamine', { ...exampleOf('AdministerKetamine'), reason })).body;
    };
    expect(await dose()).toMatchObject({
      flags: expect.arrayContaining(['deviation', 'no-catheter']),
      dose: { microgram: 30, microgramPerKg: 96, washoutHours: null },
    });
    server.time.ms += DAY_MS - 60_000;
    const second = await dose();
    expect(second.flags).toContain('washout-short');
    expect(second.dose.washoutHours).toBeCloseTo(23 + 59 / 60, 10);
  });

  it('tells the record that it repeats', async () => {
    const occurredAt = new Date(server.time.ms).toISOString();
    const weight = { ...exampleOf('RecordBodyWeight'), occurredAt };
    const { body } = await server.send('RecordBodyWeight', weight);
    expect(body).not.toHaveProperty('otherRecord');
    expect((await server.send('RecordBodyWeight', weight)).body.code).toBe('reason-required');
    const again = await server.send('RecordBodyWeight', { ...weight, reason: 'Weighed by two people' });
    expect(again.body).toMatchObject({ flags: ['query', 'same-as'], otherRecord: body.records[0].number });
  });

  it('is the same again after later records, while others are answered, and after a restart', async () => {
    const again = () => server.send('RecordThreshold', run(LOW), { key });
    const answers = await Promise.all([
      again(),
      ...Array.from({ length: 8 }, () => server.send('RecordThreshold', run(HIGH))),
      again(),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect([answers[0]!.text, answers.at(-1)!.text]).toEqual([first, first]);
    const protocol = exampleOf('AmendProtocol');
    expect((await server.send('AmendProtocol', protocol)).status).toBe(201);
    expect((await again()).text).toBe(first);
    await server.close();
    server = await open();
    expect((await again()).text).toBe(first);
  });
});
