import request from 'supertest';
import { v4, v7 } from 'uuid';
import { START, serving, withAnimal } from './test-server.js';

const ENTER = '/studies/KET-01/bench/enter/record-body-weight';
const WEIGHT = { subject: 'R01', 'data.weight.value': '243.70', 'data.weight.unit': 'g' };
const AT = '2026-03-02T09:15:00Z';

describe('a form that a browser kept', () => {
  let server: Awaited<ReturnType<typeof serving>>;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(() => server.close());
  const post = (fields: Record<string, string>, accept = 'application/json') =>
    request(server.url)
      .post(ENTER)
      .set('Accept', accept)
      .type('form')
      .send(new URLSearchParams({ ...WEIGHT, ...fields }).toString());
  const last = async (): Promise<Record<string, unknown>> => {
    const { text } = await request(server.url).get('/api/v1/studies/KET-01/records');
    const { records } = JSON.parse(text) as { records?: { record: Record<string, unknown> }[] };
    return records!.at(-1)!.record;
  };

  it('is recorded as of when it was entered, where nobody said when it happened', async () => {
    server.time.ms = START + 30 * 60_000;
    const { status, body } = await post({ id: v7(), person: '', enteredAt: AT });
    expect([status, (body as { flags: string[] }).flags]).toEqual([201, ['delayed-entry']]);
    expect(await last()).toMatchObject({ time: AT, data: { enteredAt: AT, flags: ['delayed-entry'] } });
  });

  it('has its own reason before the one that it brings for lateness', async () => {
    server.time.ms = START + 9 * 3_600_000;
    const late = { enteredAt: AT, occurredAt: '2026-03-02T09:16:00Z' };
    expect((await post({ ...late, id: v7() })).body).toMatchObject({ code: 'reason-required' });
    await post({ ...late, id: v7(), lateBecause: 'No connection' });
    expect(await last()).toMatchObject({ reason: 'No connection', time: late.occurredAt });
    await post({ ...late, id: v7(), lateBecause: 'No connection', reason: 'Sheet found' });
    expect(await last()).toMatchObject({ reason: 'Sheet found' });
  });

  it('is not recorded for somebody else than who made it', async () => {
    const { status, body } = await post({ id: v7(), person: 'tech-1', enteredAt: AT });
    expect([status, body]).toEqual([409, expect.objectContaining({ code: 'person-other', field: 'person' })]);
  });

  it('is shown again as it was, and not recorded', async () => {
    const id = v7();
    const before = await last();
    const { status, text } = await post({ id, show: 'again', occurredAt: AT }, 'text/html');
    expect([status, await last()]).toEqual([200, before]);
    for (const value of [id, '243.70', AT]) expect(text).toContain(`value="${value}"`);
  });

  it.each([v4(), v7()])('is discarded once, under an id that follows from its own', async (id) => {
    server.time.ms = START + 10 * 3_600_000;
    const discard = { id, enteredAt: AT, discard: 'Wrong animal' };
    const first = await post(discard);
    expect(first.status).toBe(201);
    expect(await last()).toMatchObject({
      type: 'EntryDiscarded',
      reason: 'Wrong animal',
      data: { commandid: id, command: 'RecordBodyWeight', enteredAt: AT },
    });
    expect((await post(discard)).body).toMatchObject({
      records: (first.body as { records: unknown }).records,
    });
    expect((await post({ id, enteredAt: AT })).body).toMatchObject({ code: 'entry-discarded' });
  });

  it('is not discarded where it was recorded, and says by which record', async () => {
    const id = v7();
    const made = await post({ id, reason: 'Weighed again' });
    const [{ number }] = (made.body as { records: [{ number: number }] }).records;
    const { status, body } = await post({ id, enteredAt: AT, discard: 'Wrong animal', discardedAt: AT });
    expect([status, body]).toEqual([
      409,
      expect.objectContaining({
        code: 'entry-recorded',
        detail: `The entry was recorded as record ${number}: correct or void that record.`,
      }),
    ]);
  });
});
