/** What an inspector asks of single records: instruments, treatments, corrections in print, bias, scans, and who had access. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { about, at, because, corrected, day, enrolled } from '../study/bench.js';
import { by, signs } from '../study/signing.js';
import { sent, type Sent } from '../study/specification.js';
import { fire, stopIdleClients } from '../http/test-server.js';
import { ok } from '../support/people.js';
import { Laboratory, begunSigned, codeOf, type StoredFact, wordsOf } from './inspected.js';

let lab: Laboratory;
/** Given: #3 and #4 two animals. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(
    ...begunSigned,
    enrolled('R01'),
    at(
      '2026-03-02T08:30:00Z',
      about('R02', 'EnrolSubject', { identification: { method: 'ear-tag', mark: '1202' } }),
    ),
  );
}, 60_000);
afterAll(() => {
  stopIdleClients();
  return lab.close();
});

/** The tidy table, a row an object. */
async function table(): Promise<Record<string, string>[]> {
  return parse(await lab.file('inspector-1', 'table.csv'), { columns: true });
}

describe('an inspector who finds a balance whose calibration is overdue', () => {
  const weighedWith = (when: string, calibrationDue: string, grams: string): Sent => {
    const instrument = { id: 'BAL-2', calibration: 'C-114', calibrationDue };
    return at(when, about('R01', 'RecordBodyWeight', { weight: { value: grams, unit: 'g' }, instrument }));
  };

  it('is told which data it gave since, each a deviation with its reason [R15]', async () => {
    await lab.play(weighedWith(day(1), '2026-03-03', '243.70'));
    const overdue = weighedWith(day(2), '2026-03-03', '244.00');
    expect(codeOf(await lab.attempt(overdue))).toBe('reason-required');
    await lab.play(because('Calibrated tomorrow', overdue), weighedWith(day(3), '2027-03-05', '244.30'));
    const page = await lab.studyPage('inspector-1', '/records?flag=calibration-overdue');
    expect(page).toMatch(/1 record .* #6 R01 weighed 244.00 g\. .*“Calibrated tomorrow”/);
    const used = (await lab.records()).filter(
      ({ data }) => (data['instrument'] as { id?: string } | undefined)?.id === 'BAL-2',
    );
    expect(used.map(({ sequence, data }) => [Number(sequence), data['flags']])).toEqual([
      [5, undefined],
      [6, ['calibration-overdue', 'deviation']],
      [7, undefined],
    ]);
  });
});

describe('an inspector who picks a treated animal', () => {
  it('reads what it was given, who ordered it and who gave it [R39]', async () => {
    const given = {
      kind: 'analgesia',
      agent: 'buprenorphine',
      dose: '0.03 mg/kg',
      orderedBy: 'vet-1',
      because: 7,
    };
    const [number] = (await lab.play(at(day(4), about('R01', 'RecordIntervention', given)))) as [number];
    const page = await lab.studyPage('inspector-1', `/records/${number}`);
    for (const part of ['buprenorphine', '0.03 mg/kg', 'ordered by vet-1', 'By tech-1, technician'])
      expect(page).toContain(part);
    expect(await lab.studyPage('inspector-1', '/animals/R01')).toContain('buprenorphine');
  });
});

describe('an inspector who prints a value that was corrected', () => {
  it('reads old and new value, who corrected it, when and why, and under which root [R3 R45]', async () => {
    const change = corrected(7, { corrected: { weight: { value: '234.30', unit: 'g' } } });
    const [number] = (await lab.play({ ...by('sd-01', change), clock: day(5) })) as [number];
    const report = wordsOf(await lab.file('inspector-1', 'report.html'));
    expect(report).toMatch(new RegExp(`#${number} .*#7.*244\\.30? ?g.*234\\.30? ?g.*sd-01.*Copied wrongly`));
    expect(report).toMatch(/tree size 10: records 0 to 9, .* Root [A-Za-z0-9+/]{43}=/);
    // In the table a corrected value names the record that it first stood in.
    const weights = (await table()).filter(({ kind }) => kind === 'weight');
    expect(weights.map(({ record, records, body_weight_g: g }) => [record, records, g])).toEqual([
      ['5', '5', '243.70'],
      ['6', '6', '244.00'],
      [`${number}`, `7 ${number}`, '234.30'],
    ]);
  });
});

describe('an inspector who asks how bias was controlled', () => {
  it('reads who observed blinded, and that an animal was left out after unblinding [R51]', async () => {
    const left = { afterUnblinding: true, prespecified: false };
    await lab.play(
      at(day(6), about('R01', 'RecordThreshold', { blinded: true, observedBy: 'tech-2' })),
      by('sd-01', at(day(7), about('R02', 'ExcludeSubject', left))),
    );
    const rows = await table();
    expect(rows.find(({ kind }) => kind === 'run')).toMatchObject({ observed_by: 'tech-2', blinded: 'TRUE' });
    expect(rows.find(({ kind }) => kind === 'exclusion')).toMatchObject({
      subject: 'R02',
      after_unblinding: 'TRUE',
      prespecified: 'FALSE',
      reason: 'Never became hypersensitive',
      actor: 'sd-01',
    });
    expect(rows.filter(({ kind }) => kind === 'animal')).toMatchObject([
      { subject: 'R01', excluded: 'FALSE' },
      { subject: 'R02', excluded: 'TRUE' },
    ]);
  });
});

describe('an inspector who asks for the paper', () => {
  it('has the scan byte for byte, under the digest that somebody signed [R53]', async () => {
    const scan = Buffer.from('%PDF-1.7 the sheet of the animal room, scanned');
    const sha256 = createHash('sha256').update(scan).digest('hex');
    const client = await lab.as('tech-1');
    const path = `/api/v1/studies/KET-01/attachments/${sha256}`;
    const headers = { Host: 'ledger.lab.example', Origin: client.origin, Cookie: client.cookie };
    const put = await fire(lab.server.port, 'PUT', path, { headers, body: scan });
    expect(put.status).toBe(201);
    const data = {
      sha256,
      size: scan.length,
      mediaType: 'application/pdf',
      name: 'Sheet 12.pdf',
      kind: 'raw-data',
    };
    const [number] = (await lab.play(sent('AddAttachment', { data }, day(8)))) as [number];
    await lab.play(signs('tech-1', 'authored', number));
    const taken = ok(await (await lab.as('inspector-1')).get(path)).body as unknown as Buffer;
    expect(createHash('sha256').update(taken).digest('hex')).toBe(sha256);
    expect(await lab.studyPage('inspector-1', `/records/${number}`)).toMatch(
      /tech-1, technician\) authored .*✓ valid/,
    );
  });
});

describe('an inspector who asks who had access on a day', () => {
  it('is shown it as of that moment, whatever was granted later, and reads the grant in the log [R13 R17]', async () => {
    const { records } = ok(await (await lab.as('inspector-1')).get('/api/v1/lab/records?limit=500'))
      .body as unknown as { records: { number: number; record: StoredFact }[] };
    const granted = records.find(
      ({ record: { type, data } }) => type === 'RoleGranted' && data['person'] === 'qa-1',
    )!;
    expect(granted.record).toMatchObject({ actor: 'admin-1', data: { role: 'quality' } });
    const admin = await lab.as('admin-1');
    const heldAt = async (size: number): Promise<unknown> => {
      const { body } = ok(await admin.get(`/api/v1/lab/people?at=${size}`));
      const people = body['people'] as { person: string; roles: object[] }[];
      return people.find(({ person }) => person === 'qa-1')!.roles;
    };
    expect(await heldAt(granted.number)).toEqual([]);
    expect(await heldAt(granted.number + 1)).toMatchObject([{ role: 'quality', holds: true }]);
  });
});
