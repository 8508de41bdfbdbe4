import {
  about,
  at,
  because,
  begun,
  closed,
  corrected,
  day,
  enrolled,
  exampleData,
  ligated,
  ready,
  stimulated,
  voided,
  weighed,
} from './bench.js';
import { sent, type Body, type Given } from './specification.js';

const bench = begun().and(weighed(day(4)));
const grams = (value: string): Body => ({
  subject: 'R01',
  occurredAt: day(4),
  corrected: { weight: { value, unit: 'g' } },
});
const weights = (study: Given, subject = 'R01') =>
  study
    .facts(subject)
    .filter(({ type }) => type === 'BodyWeightRecorded')
    .map(({ number, holder, data }) => [
      number,
      holder,
      (data as { weight: { value: string } }).weight.value,
    ]);
const voids = (study: Given, target: number) => study.when('VoidRecord', voided(target).body).then;

describe('a void', () => {
  it('withdraws a fact, which stays readable as a record [R3]', () => {
    const study = voids(bench, 3).records({
      type: 'RecordVoided',
      subject: 'R01',
      reason: 'Entered by mistake',
      data: { target: { number: 3, leaf: bench.leaf(3) } },
    });
    expect(weights(study)).toEqual([]);
    expect(study.study.supersededBy.get(3)).toBe(4);
    expect(study.study.records.at(3)).toBe(bench.study.records.at(3));
  });

  it('says why [R3]', () => {
    bench.when('VoidRecord', { data: { target: { number: 3 } } }).then.refused('reason-required', 'reason');
  });

  it('of a correction lets what that had replaced hold again', () => {
    const once = bench.and(corrected(3, grams('250')));
    const twice = once.and(corrected(3, { ...grams('251'), replaces: { number: 4 } }));
    expect(weights(twice)).toEqual([[3, 5, '251']]);
    const back = twice.and(voided(5));
    expect(weights(back)).toEqual([[3, 4, '250']]);
    expect(back.study.supersededBy).toEqual(
      new Map([
        [3, 4],
        [5, 6],
      ]),
    );
    const first = back.and(voided(4));
    expect(weights(first)).toEqual([[3, 3, '243.70']]);
    expect(first.study.supersededBy).toEqual(
      new Map([
        [5, 6],
        [4, 7],
      ]),
    );
    expect(weights(first.and(corrected(3, grams('252'))))).toEqual([[3, 8, '252']]);
  });

  it('of a corrected fact withdraws it with its corrections', () => {
    const study = bench.and(corrected(3, grams('250')), voided(3));
    expect(weights(study)).toEqual([]);
    expect(study.study.supersededBy).toEqual(
      new Map([
        [3, 4],
        [4, 5],
      ]),
    );
    voids(study, 4).refused('not-in-force', 'data.target');
    expect(voids(study, 3).refused('not-in-force', 'data.target').message).toContain('by record 5');
  });

  it('of a correction to another animal gives the fact back', () => {
    const two = bench.and(at(day(4, '10:30'), about('R02', 'EnrolSubject')));
    const moved = two.and(corrected(3, { ...grams('243.70'), subject: 'R02' }));
    expect([weights(moved), weights(moved, 'R02')]).toEqual([[], [[3, 5, '243.70']]]);
    const back = moved.and(voided(5));
    expect([weights(back), weights(back, 'R02')]).toEqual([[[3, 3, '243.70']], []]);
    voids(moved, 3).records({ subject: 'R02' });
  });

  it('is not voided itself, and not of a correction that another has replaced', () => {
    voids(bench.and(voided(3)), 4).refused('not-voidable', 'data.target');
    const twice = bench.and(
      corrected(3, grams('250')),
      corrected(3, { ...grams('251'), replaces: { number: 4 } }),
    );
    voids(twice, 4).refused('not-in-force', 'data.target');
  });

  it('is not of the registration or a protocol', () => {
    const amended = bench.and(
      because('Why not', sent('AmendProtocol', { data: exampleData('AmendProtocol') })),
    );
    for (const target of [0, 1, 4]) voids(amended, target).refused('not-voidable', 'data.target');
  });

  it('is not of an enrolment that others rest on', () => {
    voids(bench, 2).refused('others-rest-on-it', 'data.target');
    const gone = bench.and(voided(3), voided(2));
    expect(gone.study.subjects.has('R01')).toBe(false);
    gone.when('EnrolSubject', enrolled('R01').body).then.refused('reason-required', 'reason');
    gone.when('EnrolSubject', because('Was right after all', enrolled('R01')).body).then.flags('late');
  });

  it('looks for those others under the identifier that the enrolment has now', () => {
    const { body } = enrolled('R01');
    const renamed = begun().and(
      corrected(2, { subject: 'R02', occurredAt: body['occurredAt'], corrected: body['data'] }),
    );
    voids(renamed.and(weighed(day(4), '250', 'R02')), 2).refused('others-rest-on-it', 'data.target');
    voids(renamed.and(weighed(day(4), '250', 'R02')), 3).refused('others-rest-on-it', 'data.target');
    voids(renamed.and(because('New R01', enrolled('R01'))), 3).refused('subject-enrolled', 'data.target');
    expect([...voids(renamed, 3).records({ subject: 'R02' }).study.subjects.keys()]).toEqual(['R01']);
  });

  it('of a ligation leaves what rests on it', () => {
    const study = ready().and(stimulated(day(18)), voided(5));
    expect(study.facts('R01').map(({ type }) => type)).toContain('SCSApplied');
    expect(study.facts('R01').map(({ type }) => type)).not.toContain('NerveLigated');
  });

  it('of one record among many at the same time takes that one', () => {
    const study = begun().and(
      ...['1', '2', '3'].map((grams) => because('Weighed again', weighed(day(4), grams))),
      voided(4),
    );
    expect(weights(study).map(([number]) => number)).toEqual([3, 5]);
  });

  it('is refused of a record that is not there, or not the one that was seen', () => {
    voids(bench, 4).refused('record-unknown', 'data.target.number');
    bench
      .when('VoidRecord', { reason: 'mistyped', data: { target: { number: 3, leaf: bench.leaf(1) } } })
      .then.refused('leaf-mismatch', 'data.target.leaf');
  });

  it('is taken of a study that is closed', () => {
    voids(bench.and(closed), 3).records({});
  });
});

describe('an acknowledgement', () => {
  const late = bench.and(
    because('Sheet found', { ...weighed(day(4, '09:00')), clock: day(5) }),
    at(day(6), ligated()),
  );
  const acknowledges = (study: Given, target: Body) =>
    study.when('AcknowledgeDeviation', { data: { target, assessment: 'Without effect on the study' } }).then;

  it('names a record that is late or departs from the protocol', () => {
    acknowledges(late, { number: 4 }).records({
      type: 'DeviationAcknowledged',
      data: { target: { number: 4, leaf: late.leaf(4) } },
    });
    acknowledges(late, { number: 3 }).refused('no-deviation', 'data.target');
    acknowledges(late, { number: 4, leaf: late.leaf(3) }).refused('leaf-mismatch', 'data.target.leaf');
    acknowledges(late, { number: 40 }).refused('record-unknown', 'data.target.number');
  });

  it('is of what holds', () => {
    acknowledges(late.and(voided(4)), { number: 4 }).refused('not-in-force', 'data.target');
    acknowledges(late.and(voided(3)), { number: 6 }).refused('not-a-fact', 'data.target');
  });

  it('is taken of a study that is closed, and can be voided', () => {
    const seen = acknowledges(late.and(closed), { number: 4 }).records({});
    expect(
      seen
        .and(voided(7))
        .facts()
        .map(({ type }) => type),
    ).not.toContain('DeviationAcknowledged');
  });
});
