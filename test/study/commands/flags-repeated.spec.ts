import fc from 'fast-check';
import { findRecordBehindFlags } from '../../../src/study/commands/common/other-record.js';
import { runs } from '../../support/effort.js';
import {
  about,
  at,
  because,
  begun,
  catheter,
  corrected,
  day,
  died,
  dosed,
  electrode,
  measured,
  motorThreshold,
  ready,
  sideEffects,
  stimulated,
  voided,
  weighed,
  type Run,
} from '../bench.js';
import { sent, type Given, type Sent } from '../specification.js';

const why = 'Both are meant';

/** What is sent a second time, and the flags that it is then given beside those of the first time. */
const again = (study: Given, { name, body }: Sent) =>
  study.when(name, because(why, { name, body }).body).then;

describe('what is recorded a second time', () => {
  it.each([
    ['a run', measured('low', day(18, '11:00'))],
    ['a motor threshold', motorThreshold(day(18, '09:30'))],
    ['a weight', weighed(day(18, '11:00'))],
    ['a welfare score', at(day(18, '11:00'), about('R01', 'ScoreWelfare'))],
    ['a stimulation', stimulated(day(18))],
    ['a repair of the electrode', at(day(18, '16:00'), electrode('R01', { action: 'repaired' }))],
    ['a catheter', at(day(18, '16:00'), catheter())],
  ])('as %s, is asked about', (_, first) => {
    const { name, body } = first;
    const once = ready().and(first);
    once.when(name, body).then.refused('reason-required', 'reason');
    again(once, first).flags('query', 'same-as');
  });

  it('as a dose or a score of side effects, is asked about', () => {
    const dose = because(why, dosed(day(20)));
    const once = ready().and(dose, because(why, sideEffects(day(20, '10:15'), 10)));
    expect(once.when('AdministerKetamine', dose.body).record.data.flags).toContain('same-as');
    again(once, sideEffects(day(20, '10:15'), 10)).flags('query', 'same-as');
  });

  it('is the same whoever saw it, with which instrument, and in which unit', () => {
    const weight = { weight: { value: '0.2437', unit: 'kg' }, observedBy: 'tech-2', comment: 'Calm' };
    const second = at(day(5), about('R01', 'RecordBodyWeight', { ...weight, instrument: { id: 'BAL-9' } }));
    again(begun().and(weighed(day(5))), second).flags('query', 'same-as');
    again(begun().and(measured('low', day(5))), measured('low', day(5), { kit: 'K-2', blinded: true })).flags(
      'query',
      'same-as',
    );
  });

  it('contradicts where it says something else of the same animal, thing and instant', () => {
    again(begun().and(weighed(day(5))), weighed(day(5), '244.00')).flags('contradicts', 'query');
    again(begun().and(measured('low', day(5))), measured('middle', day(5))).flags('contradicts', 'query');
  });

  it.each([
    ['of the other paw', measured('low', day(5), { paw: 'contralateral' })],
    ['a second later', measured('low', '2026-03-07T10:00:01Z')],
    ['of another kind', weighed(day(5))],
  ])('is another fact where it is %s', (_, second) => {
    again(begun().and(measured('low', day(5))), second).flags();
  });

  it('is not compared where nobody says when it happened: the instant is then that of its arrival', () => {
    const { name, body } = about('R01', 'RecordBodyWeight');
    begun()
      .and(sent(name, body, day(5)))
      .when(name, body, day(5))
      .then.flags();
  });

  it('is not compared with what was withdrawn', () => {
    again(begun().and(weighed(day(5)), voided(3)), weighed(day(5))).flags();
  });

  it('names the session by what it states: one that was recorded twice is one session', () => {
    const run = (session: number) => measured('low', day(18, '10:15'), { session, minute: 15 });
    const once = ready().and(stimulated(day(18)), run(10), because(why, stimulated(day(18))));
    again(once, run(12)).flags('query', 'same-as');
  });

  describe('by a correction', () => {
    const weight = (value: string) => ({ weight: { value, unit: 'g' } });

    it('is not compared with the record that it corrects', () => {
      const correction = corrected(3, { subject: 'R01', occurredAt: day(5), corrected: weight('243.70') });
      begun()
        .and(weighed(day(5)))
        .when('CorrectRecord', correction.body)
        .then.flags();
    });

    it('is compared with all others, as the command would be', () => {
      const study = begun().and(weighed(day(5)), weighed(day(6), '250'));
      const move = (value: string) =>
        corrected(4, { subject: 'R01', occurredAt: day(5), corrected: weight(value) }).body;
      study.when('CorrectRecord', move('243.7')).then.flags('late', 'query', 'same-as');
      study.when('CorrectRecord', move('251')).then.flags('contradicts', 'late', 'query');
    });
  });

  it('is found again by its flags, with the number of the record that holds', () => {
    const to = (value: string) => ({
      subject: 'R01',
      occurredAt: day(5),
      corrected: { weight: { value, unit: 'g' } },
    });
    const study = begun().and(weighed(day(5)), corrected(3, to('244')));
    const { record } = study.when('RecordBodyWeight', because(why, weighed(day(5), '244')).body);
    expect(record.data.flags).toEqual(['query', 'same-as']);
    expect(findRecordBehindFlags(study.study, record)).toBe(4);
    const alike = study.when('EnrolSubject', because(why, about('r1', 'EnrolSubject')).body);
    expect(findRecordBehindFlags(study.study, alike.record)).toBe(2);
    const two = begun().and(weighed(day(5)), weighed(day(6), '251'));
    const correction = two.when('CorrectRecord', corrected(4, to('250')).body);
    expect(findRecordBehindFlags(two.study, correction.record)).toBe(3);
  });

  it('is same-as, contradicts or neither, whatever else is on record and in whatever order it came', () => {
    const outcome = fc.constantFrom<Run>('low', 'middle', 'high');
    const run = fc.record({
      outcome,
      paw: fc.constantFrom('ipsilateral', 'contralateral'),
      on: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 8 }), run, (others, one) => {
        const sentAs = (each: typeof one): Sent =>
          because(why, measured(each.outcome, day(3 + each.on), { paw: each.paw }));
        const { name, body } = sentAs(one);
        const flags =
          begun()
            .and(...others.map(sentAs))
            .when(name, body, day(9)).record.data.flags ?? [];
        const there = others.filter(({ paw, on }) => paw === one.paw && on === one.on);
        const isSame = there.some((other) => other.outcome === one.outcome);
        expect(flags.includes('same-as')).toBe(isSame);
        expect(flags.includes('contradicts')).toBe(!isSame && there.length > 0);
      }),
      runs(200),
    );
  });

  it('is asked about after the end of an animal as well', () => {
    const study = begun().and(weighed(day(5)), died(day(6)));
    expect(
      study.when('RecordBodyWeight', because(why, weighed(day(5))).body, day(6, '11:00')).record.data.flags,
    ).toContain('same-as');
  });
});
