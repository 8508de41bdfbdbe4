import request from 'supertest';
import { v4, v7 } from 'uuid';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { START, exampleOf, serving, withAnimal, type Serving } from './test-server.js';

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
    // The time stands in a picker, and is read back to the letter.
    const local = AT.replace(/:00Z$/, '');
    for (const value of [id, '243.70', local]) expect(text).toContain(`value="${value}"`);
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

  it('is not recorded where it is discarded without saying when it was made', async () => {
    const before = await last();
    const { status, body } = await post({ id: v7(), discard: 'Wrong animal' });
    expect([status, body]).toEqual([422, expect.objectContaining({ field: 'enteredAt' })]);
    expect(await last()).toEqual(before);
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

describe('a treatment that a browser kept', () => {
  const MINUTE = 60_000;
  const DOSE = '/bench/dose?animal=R01&substance=ketamine';
  const fields = {
    subject: 'R01',
    'data.dose.value': '10',
    'data.dose.unit': 'ug',
    'data.bodyWeight.value': '312.5',
    'data.bodyWeight.unit': 'g',
    'data.volume.value': '10',
    'data.volume.unit': 'uL',
    'data.purpose': 'titration',
    'data.route': 'intrathecal',
  };
  let server: Serving;
  beforeAll(async () => {
    server = await serving({ clock: { ms: START } });
    for (const [name, more] of [
      ['RegisterStudy', {}],
      ['ApproveProtocol', { data: { protocol: exampleProtocol } }],
      ['EnrolSubject', { subject: 'R01' }],
      ['ImplantCatheter', { subject: 'R01' }],
    ] as const)
      expect((await server.send(name, { ...exampleOf(name), ...more })).status).toBe(201);
  });
  afterAll(() => server.close());
  const post = (path: string, pairs: Record<string, string>, accept = 'application/json') =>
    request(server.url)
      .post(`/studies/KET-01${path}`)
      .set('Accept', accept)
      .type('form')
      .send(new URLSearchParams(pairs).toString());
  const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();
  const codeOf = ({ status, body }: { status: number; body: unknown }) => [
    status,
    (body as { code?: string }).code,
  ];
  const recordsIn = ({ body }: { body: unknown }) => (body as { records: unknown }).records;

  it('is judged by what holds when it happened, and not by what became of the animal since', async () => {
    const lost = { ...fields, id: v7() };
    const first = await post(DOSE, lost);
    expect(codeOf(first)).toEqual([201, undefined]);
    server.time.ms = START + 10 * MINUTE;
    const died = await server.send('EuthaniseSubject', { ...exampleOf('EuthaniseSubject'), subject: 'R01' });
    expect([died.status, died.text]).toEqual([201, expect.anything()]);
    // Recorded before, its answer lost.
    expect(recordsIn(await post(DOSE, { ...lost, enteredAt: at(0) }))).toEqual(recordsIn(first));
    // Given before the death, sent after it.
    const before = { ...fields, id: v7(), enteredAt: at(5), reason: 'Second step on one day' };
    expect(codeOf(await post(DOSE, before))).toEqual([201, undefined]);
    const after = { ...fields, id: v7(), enteredAt: at(10), reason: 'Second step on one day' };
    server.time.ms = START + 20 * MINUTE;
    expect(codeOf(await post(DOSE, after))).toEqual([409, 'subject-dead']);
    // What was typed is on the form again.
    const shown = await post(DOSE, { ...after, show: 'again' }, 'text/html');
    expect([shown.status, shown.text.includes(`value="${after.id}"`)]).toEqual([200, true]);
  });

  it.each([
    ['of a dead animal', DOSE, {}],
    [
      'of a substance that the protocol does not give',
      '/bench/dose?animal=R01&substance=x',
      { 'data.substance': 'x' },
    ],
    ['of an animal that is not there', '/bench/dose?animal=R99&substance=ketamine', { subject: 'R99' }],
    ['of a stimulation', '/bench/stimulation?animal=R01', {}],
    [
      'of readings that are not there',
      '/bench/stimulation?animal=R01',
      { session: '99', assign: '98', 'minute.98': '15' },
    ],
    ['of a record that is not there', '/records/999/correct', {}],
  ])('can be given up: %s', async (_, path, more) => {
    const id = v7();
    const kept = { ...fields, ...more, id, 'id.98': id, enteredAt: at(15) };
    expect((await post(path, kept)).status).toBeGreaterThanOrEqual(400);
    expect(codeOf(await post(path, { ...kept, discard: 'Wrong animal' }))).toEqual([201, undefined]);
    expect(codeOf(await post(path, kept))[1]).toMatch(/entry-discarded|record-unknown|field-missing/);
  });

  it('says to a program where the form says nothing yet', async () => {
    const answer = await post(DOSE, { ...fields, id: v7(), 'work-out': 'yes' });
    expect(codeOf(answer)).toEqual([422, 'field-missing']);
  });
});

describe('a form of several commands that a browser kept', () => {
  it('gives its reason for lateness to those that are late and nothing else', async () => {
    const server = await serving({ clock: { ms: START } });
    await withAnimal(server);
    await server.send('EnrolSubject', { ...exampleOf('EnrolSubject'), subject: 'R02' });
    const post = (path: string, pairs: Record<string, string>) =>
      request(server.url)
        .post(`/studies/KET-01/bench/${path}`)
        .set('Accept', 'application/json')
        .type('form')
        .send(new URLSearchParams(pairs).toString());
    server.time.ms = START + 9 * 3_600_000;
    // R02 was weighed then already: once more is a query, which its person explains.
    const before = { ...WEIGHT, subject: 'R02', id: v7(), enteredAt: AT, reason: 'From paper' };
    expect((await post('enter/record-body-weight', before)).status).toBe(201);
    const ids = [v7(), v7()] as const;
    const form = { 'R01.id': ids[0], 'R01.weight': '243.70', 'R02.id': ids[1], 'R02.weight': '243.70' };
    const kept = { ...form, enteredAt: AT, lateBecause: 'No connection' };
    // Sent again, it is answered in the same way and records nothing more.
    for (let tries = 0; tries < 2; tries++)
      expect((await post('weights', kept)).body).toMatchObject({ code: 'reason-required' });
    const { body } = await server.get('/api/v1/studies/KET-01/records');
    const made = (body as { records: { record: Record<string, unknown> }[] }).records
      .map(({ record }) => record)
      .filter(({ type }) => type === 'BodyWeightRecorded');
    expect(made.map(({ subject, reason }) => [subject, reason])).toEqual([
      ['R02', 'From paper'],
      ['R01', 'No connection'],
    ]);
    await server.close();
  });
});
