/** What an inspector asks of quality assurance (21 CFR 58.35). */
import { FILES } from '../../src/exports/files.js';
import { ok } from '../support/people.js';
import { corrected, day, enrolled, weighed } from '../study/bench.js';
import { by, signs } from '../study/signing.js';
import { sent, type Sent } from '../study/specification.js';
import { Laboratory, begunSigned, codeOf, type StoredFact, wordsOf } from './inspected.js';

const TEXT = 'The drape was missing during the second surgery';
const inspected = (phase: string, on: string, clock: string, findings = TEXT): Sent =>
  by('qa-1', sent('RecordInspection', { data: { phase, on, findings } }, clock));
const reported = (number: number, to: string, on: string, clock: string): Sent =>
  by('qa-1', sent('ReportInspection', { data: { target: { number }, to, on } }, clock));

let lab: Laboratory;
/** Given: #5 and #9 inspections, the first reported to both, the second to the director alone; both signed. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(
    ...begunSigned,
    enrolled('R01'),
    weighed(day(1)),
    inspected('Surgery', '2026-03-03', day(2)),
    signs('qa-1', 'inspected', 5),
    reported(5, 'director', '2026-03-05', day(3)),
    reported(5, 'management', '2026-03-07', day(6)),
    inspected('Data', '2026-03-09', day(7), 'Two weights on one line'),
    signs('qa-1', 'inspected', 9),
    reported(9, 'director', '2026-03-10', day(8)),
  );
}, 60_000);
afterAll(() => lab.close());

/** From the records alone, as somebody with a pencil has it. */
function datesIn(records: readonly StoredFact[]): string[] {
  return records
    .filter(({ type }) => type === 'InspectionRecorded')
    .map((inspection) => {
      const number = Number(inspection.sequence);
      const { phase, on } = inspection.data as Record<string, string>;
      const to = (whom: string): string => {
        const report = records.find(
          ({ type, data }) =>
            type === 'InspectionReported' &&
            data['to'] === whom &&
            (data['target'] as { number: number }).number === number,
        );
        return report ? `${report.data['on'] as string} (#${Number(report.sequence)})` : 'not reported yet';
      };
      return `#${number} ${phase} ${on} ${inspection.actor} ${to('director')} ${to('management')}`;
    });
}

describe('an inspector who reads the statement of quality assurance', () => {
  it('comes to the same dates from the records alone [R34]', async () => {
    const dates = datesIn(await lab.records());
    expect(dates).toEqual([
      '#5 Surgery 2026-03-03 qa-1 2026-03-05 (#7) 2026-03-07 (#8)',
      '#9 Data 2026-03-09 qa-1 2026-03-10 (#11) not reported yet',
    ]);
    const statement = wordsOf(await lab.file('inspector-1', 'quality-statement.html'));
    for (const line of dates) expect(statement).toContain(line);
    expect(statement).toContain('Not yet reported to both: #9. The statement is not complete.');
    expect(statement).toMatch(/#5 Name of qa-1 \(qa-1, quality\) inspected .* valid/);
  });

  it('finds the statement complete once all is reported, and as it was before at an earlier tree size [R34]', async () => {
    await lab.play(reported(9, 'management', '2026-03-12', day(10)));
    const statement = wordsOf(await lab.file('inspector-1', 'quality-statement.html'));
    expect(statement).toContain('Every inspection was reported to the study director and to management.');
    for (const line of datesIn(await lab.records())) expect(statement).toContain(line);
    const client = await lab.as('inspector-1');
    const then = ok(await client.get('/api/v1/studies/KET-01/files/quality-statement.html?at=12')).text;
    expect(then).toContain('The statement is not complete.');
  });

  it('finds that quality assurance took no part in the study, and that nobody else inspects it [R34]', async () => {
    for (const command of [weighed(day(11)), corrected(4, { corrected: { comment: 'Other' } })])
      expect(codeOf(await lab.attempt(by('qa-1', command)))).toBe('not-permitted');
    for (const person of ['sd-01', 'tech-1', 'mgr-1'])
      expect(codeOf(await lab.attempt(by(person, inspected('Surgery', '2026-03-04', day(11)))))).toBe(
        'not-permitted',
      );
    const admin = await lab.as('admin-1');
    const grant = { person: 'tech-1', role: 'quality', study: 'KET-01', conflict: 'small-laboratory' };
    expect(codeOf(await admin.lab('GrantRole', grant))).toBe('role-conflict');
  });
});

describe('an inspector who takes out everything there is', () => {
  it('has the days and phases of the inspections, and no word of what was found [R35]', async () => {
    const client = await lab.as('inspector-1');
    const texts: [string, string][] = [];
    for (const { name } of FILES) {
      const { body, text } = ok(await client.get(`/api/v1/studies/KET-01/files/${name}`));
      texts.push([name, text ?? (body as unknown as Buffer).toString('latin1')]);
    }
    for (const path of ['/records?limit=500', '/projections/quality-assurance', '/projections/audit-trail'])
      texts.push([path, JSON.stringify(await lab.read('inspector-1', path))]);
    for (const path of ['', '/quality', '/records', '/records/5', '/review', '/timeline'])
      texts.push([path, await lab.studyPage('inspector-1', path)]);
    for (const [name, text] of texts) {
      expect([name, text]).not.toEqual([name, expect.stringContaining('drape')]);
      expect([name, text]).not.toEqual([name, expect.stringContaining('one line')]);
    }
    const statement = texts.find(([name]) => name === 'quality-statement.html')![1];
    for (const part of ['Surgery', '2026-03-03', '2026-03-05', '2026-03-07'])
      expect(statement).toContain(part);
  });

  it('is refused what was found, as everybody is but quality assurance [R35]', async () => {
    const path = '/api/v1/studies/KET-01/records/5/findings';
    for (const person of ['inspector-1', 'sd-01', 'mgr-1', 'admin-1'] as const) {
      const answer = await (await lab.as(person)).get(path);
      // Who may not read it is not told whether there is anything to read.
      expect([person, codeOf(answer)]).toEqual([
        person,
        expect.stringMatching(/^(not-permitted|study-unknown)$/),
      ]);
      expect(answer.text).not.toContain('drape');
    }
    expect((await (await lab.as('qa-1')).get(path)).body).toMatchObject({ findings: TEXT });
  });
});
