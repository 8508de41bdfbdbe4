/** What an inspector asks of the review of the trail, and of second persons (EU GMP Annex 11, sections 6 and 9). */
import {
  about,
  approvedWith,
  at,
  because,
  catheter,
  corrected,
  day,
  died,
  enrolled,
  weighed,
} from '../study/bench.js';
import { acknowledged, closing, registeredGoverned, witnessed } from '../study/governed.js';
import { by, signs } from '../study/signing.js';
import { sent, type Sent } from '../study/specification.js';
import { Laboratory, codeOf } from './inspected.js';

const reviewing = (from: number, to: number, clock: string, actor = 'stat-1'): Sent =>
  by(actor, sent('ReviewTrail', { data: { from, to, findings: 'One weight is asked about' } }, clock));

let lab: Laboratory;
/** Given: #3 an animal, #4 its weight, #5 a catheter; that an animal is killed has to be witnessed. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(
    registeredGoverned,
    by('sd-01', approvedWith({ witnessed: ['EuthaniseSubject'] })),
    signs('sd-01', 'approved', 1, '2026-03-02T08:15:00Z'),
    enrolled('R01'),
    weighed(day(1), '243.70'),
    at(day(2), catheter()),
  );
}, 60_000);
afterAll(() => lab.close());

describe('an inspector who enters what cannot be right', () => {
  const flagsOf = async (number: number): Promise<unknown> => (await lab.records())[number]!.data['flags'];

  it('finds 3120 g flagged, and listed for the review [R9]', async () => {
    await lab.play(weighed(day(3), '3120'));
    expect(await flagsOf(6)).toEqual(['body-weight-out-of-range', 'implausible', 'weight-jump']);
    expect(await lab.studyPage('inspector-1', '/review')).toMatch(
      /Implausible, or queried: 1 .* #6 body weight recorded .* body weight out of range, weight jump/,
    );
  });

  it('gives ten times the dose only with a reason, as a deviation [R9]', async () => {
    const dosed = at(day(4), about('R01', 'AdministerKetamine', { dose: { value: '500', unit: 'ug' } }));
    expect(codeOf(await lab.attempt(dosed))).toBe('reason-required');
    await lab.play(because('As ordered by the veterinarian', dosed));
    expect(await flagsOf(7)).toEqual(expect.arrayContaining(['deviation', 'dose-off-ladder']));
    expect(await lab.studyPage('inspector-1', '/review')).toMatch(
      /Deviations: 1 .* #7 .*“As ordered by the veterinarian”/,
    );
  });
});

describe('an inspector who asks who witnessed', () => {
  it('is told that nobody has yet, and that it is not whoever did it [R9]', async () => {
    await lab.play(because('Endpoint', died(day(5))));
    expect(await lab.studyPage('inspector-1')).toMatch(/[Nn]obody .*witness.*8|record 8 .*witness/i);
    expect(codeOf(await lab.attempt(witnessed(8, 'tech-1')))).toBe('own-record');
    expect((await lab.attempt(closing)).text).toContain('witness');
  });

  it('reads who it was, and their signature, on the page of the record [R9]', async () => {
    await lab.play(witnessed(8, 'tech-2'), signs('tech-2', 'witnessed', 9));
    expect(await lab.studyPage('inspector-1', '/records/8')).toMatch(/tech-2/);
    expect(await lab.studyPage('inspector-1', '/records/9')).toMatch(
      /Name of tech-2 \(tech-2, technician\) witnessed .*✓ valid/,
    );
  });
});

describe('an inspector who asks for the last review', () => {
  it('is told its exact range, who made it and when, signed by somebody who made nothing in it [R8]', async () => {
    for (const maker of ['tech-1', 'sd-01'])
      expect(codeOf(await lab.attempt(reviewing(0, 8, day(6), maker)))).toBe('own-record');
    expect((await lab.attempt(closing)).text).toContain('record');
    await lab.play(reviewing(0, 8, day(7)));
    const [signature] = (await lab.play(signs('stat-1', 'reviewed', 11))) as [number];
    expect(await lab.studyPage('inspector-1', '/review')).toMatch(
      /Reviews .*#11 .*#0 to #8 .*stat-1 .*One weight is asked about/,
    );
    const { reviews } = await lab.read<{ reviews: object[] }>('inspector-1', '/projections/review');
    expect(reviews).toMatchObject([
      { record: 11, from: 0, to: 8, reviewer: 'stat-1', signature, status: 'valid' },
    ]);
  });

  it('finds a correction that was made after it: the review is superseded, and the study is not closed on it [R8]', async () => {
    await lab.play(acknowledged(7), signs('sd-01', 'acknowledged', 13));
    const [correction] = (await lab.play(
      by('sd-01', corrected(6, { corrected: { weight: { value: '312.0', unit: 'g' } } })),
    )) as [number];
    const page = await lab.studyPage('inspector-1', '/review');
    expect(page).toContain(`superseded by #${correction}`);
    expect(page).toMatch(new RegExp(`#${correction} .* changes #6, which stat-1 had reviewed before as #11`));
    expect(codeOf(await lab.attempt(closing))).toBe('review-missing');
    await lab.play(reviewing(correction, correction, day(9)));
    await lab.play(signs('stat-1', 'reviewed', correction + 1));
    expect(codeOf(await lab.attempt(closing))).toBe('taken');
    const { wrong, signatures } = await lab.verified();
    expect(wrong).toEqual([]);
    expect(signatures.filter(({ status }) => status !== 'valid')).toMatchObject([
      { record: 12, status: 'superseded', by: correction },
    ]);
  });
});
