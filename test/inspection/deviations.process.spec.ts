/** What an inspector asks of deviations (21 CFR 58.33, 58.35, 58.130): they are unplanned, and no amendments. */
import { at, because, catheter, day, dosed, enrolled, weighed } from '../study/bench.js';
import { acknowledged, closing } from '../study/governed.js';
import { signs } from '../study/signing.js';
import { sent } from '../study/specification.js';
import { ok } from '../support/people.js';
import { Laboratory, begunSigned, codeOf, wordsOf } from './inspected.js';

let lab: Laboratory;
/** Given: #5 a dose, #6 the next one twenty hours later: the washout of the protocol is a day. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(...begunSigned, enrolled('R01'), at(day(1), catheter()), dosed(day(2, '12:00')));
}, 60_000);
afterAll(() => lab.close());

const missed = because(
  'The observer was ill',
  sent('RecordDeviation', { data: { what: 'No thresholds were measured', animals: ['R01'] } }, day(14)),
);

describe('an inspector who asks where the deviation is', () => {
  it('of a dose that came too early finds it in the record, which was not taken without a reason [R32]', async () => {
    const early = dosed(day(3, '08:00'));
    expect(codeOf(await lab.attempt(early))).toBe('reason-required');
    await lab.play(because('The animal house closes at noon', early));
    expect((await lab.records())[6]!.data['flags']).toEqual(
      expect.arrayContaining(['deviation', 'washout-short']),
    );
  });

  it('of a von Frey day that was missed finds a record that says so, of which animals and why [R32]', async () => {
    await lab.play(missed);
    expect((await lab.records())[7]).toMatchObject({
      type: 'DeviationRecorded',
      reason: 'The observer was ill',
      data: {
        what: 'No thresholds were measured',
        animals: ['R01'],
        flags: ['deviation', 'not-as-planned'],
      },
    });
    expect(await lab.studyPage('inspector-1', '/records?question=deviations')).toContain(
      'A deviation was recorded of R01: No thresholds were measured.',
    );
  });
});

describe('an inspector who asks what came of a deviation', () => {
  const pack = async (): Promise<string> => wordsOf(await lab.file('inspector-1', 'data-pack.html'));

  it('finds the study not closed before its director has assessed each and signed that [R32]', async () => {
    expect(await pack()).toContain('not assessed by the study director');
    const refused = await lab.attempt({ ...closing, clock: day(15) });
    expect(JSON.stringify(refused.body)).toContain('deviations-open');
    // Nobody else assesses it.
    expect(codeOf(await lab.attempt(acknowledged(7, { impact: 'minor' }, 'tech-1')))).toBe('not-permitted');
    await lab.play(
      acknowledged(6),
      acknowledged(7, { impact: 'major', action: 'R01 is left out of day 14' }),
    );
    expect(JSON.stringify((await lab.attempt(closing)).body)).toContain('deviations-open');
    await lab.play(signs('sd-01', 'acknowledged', [8, 9]));
    expect(JSON.stringify((await lab.attempt(closing)).body)).not.toContain('deviations-open');
  });

  it('reads it with its impact, what was done and who signed, where quality assurance and the final report have it [R32]', async () => {
    const told =
      /deviation #7: No thresholds were measured \(R01\) reason: The observer was ill; assessed: No effect on the outcome; impact on integrity: major; done about it: R01 is left out of day 14; acknowledged by Name of sd-01 \(sd-01, director\), .*: valid/;
    expect(await pack()).toMatch(told);
    expect(wordsOf(await lab.file('qa-1', 'report.html'))).toContain('No thresholds were measured (R01)');
    expect(await lab.studyPage('qa-1', '/review')).toMatch(/Deviations: 2 .*#6 .*#7 .*The observer was ill/);
  });

  it('finds no amendment in them: the protocol is the same version [R32]', async () => {
    await lab.play(weighed(day(16)));
    const records = await lab.records();
    expect(records.filter(({ type }) => type === 'ProtocolAmended')).toEqual([]);
    expect(records.at(-1)!.protocolversion).toBe(1);
    expect((await lab.verified()).wrong).toEqual([]);
  });
});

it('whoever works at the bench finds the form of a deviation from the page of the day', async () => {
  const client = await lab.as('tech-1');
  const { text } = ok(await client.get('/studies/KET-01/bench', { Accept: 'text/html' }));
  expect(text).toContain('href="/studies/KET-01/bench/enter/record-deviation"');
  const form = await lab.studyPage('tech-1', '/bench/enter/record-deviation');
  expect(form).toContain('What was done otherwise than the protocol plans, or not done.');
});
