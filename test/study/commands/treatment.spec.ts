import {
  about,
  at,
  because,
  begun,
  catheter,
  day,
  dosed,
  electrode,
  ligated,
  measured,
  motorThreshold,
  ready,
  sideEffects,
  stimulated,
} from '../bench.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import type { Body, Given } from '../specification.js';

const why = 'As it happened';
const designation = (dose: string, evidence: number[]) =>
  about('R01', 'DesignateSubEffectiveDose', { dose: { value: dose, unit: 'ug' }, evidence });

describe('a stimulation', () => {
  const flags = (study: Given, data: Body, when = day(18)) =>
    study.when('ApplySCS', because(why, stimulated(when, data)).body).then;

  it('by the protocol, of a hypersensitive animal, needs no reason', () => {
    ready()
      .when('ApplySCS', stimulated(day(18)).body)
      .then.flags();
  });

  it('needs an electrode', () => {
    begun()
      .when('ApplySCS', stimulated(day(18)).body)
      .then.refused('no-electrode', 'subject');
  });

  it('is refused without a reason where it departs from the protocol, and the refusal says how', () => {
    const { message } = ready()
      .when('ApplySCS', stimulated(day(18), { frequency: { value: '60', unit: 'Hz' } }).body)
      .then.refused('reason-required', 'reason');
    expect(message).toContain('stimulation-off-protocol');
  });

  it.each([
    ['another frequency', { frequency: { value: '60', unit: 'Hz' } }],
    ['another pulse width', { pulseWidth: { value: '0.3', unit: 'ms' } }],
    ['another duration', { duration: { value: '20', unit: 'min' }, outcome: 'aborted' }],
  ])('with %s departs from the protocol', (_, data) => {
    flags(ready(), data).flags('deviation', 'stimulation-off-protocol');
  });

  it('is compared in the same unit, whatever was read', () => {
    const data = { pulseWidth: { value: '200', unit: 'us' }, frequency: { value: '0.05', unit: 'kHz' } };
    ready()
      .when('ApplySCS', stimulated(day(18), data).body)
      .then.flags();
  });

  it.each([
    // 60 to 70 % of 0.27 mA
    ['0.162', true],
    ['0.1619', false],
    ['0.189', true],
    ['0.1891', false],
  ])('at %s mA is within the range of the motor threshold: %s', (value, within) => {
    const expected = within ? [] : ['amplitude-off-target', 'deviation'];
    flags(ready(), { amplitude: { value, unit: 'mA' } }).flags(...expected);
  });

  it('is measured against the latest motor threshold of that day, where it was read', () => {
    flags(ready(), {}, day(19)).flags('deviation', 'no-motor-threshold-that-day');
    flags(
      ready().and(motorThreshold(day(18, '09:30'), { amplitude: { value: '0.4', unit: 'mA' } })),
      {},
    ).flags('amplitude-off-target', 'deviation');
    // 00:30 on the 21st in Maastricht is still the 20th, 23:30, in UTC.
    flags(ready().and(motorThreshold('2026-03-20T23:30:00Z')), {}, '2026-03-21T00:40:00+01:00').flags(
      'deviation',
      'no-motor-threshold-that-day',
    );
  });

  it('of an animal that was not judged hypersensitive departs from the protocol', () => {
    const unjudged = begun().and(ligated(), at(day(17), electrode()), motorThreshold(day(18, '09:00')));
    flags(unjudged, {}).flags('deviation', 'not-judged-hypersensitive');
  });

  it('outside the plausible range is flagged, whatever its fraction', () => {
    const study = ready().and(motorThreshold(day(18, '09:30'), { amplitude: { value: '0.9', unit: 'mA' } }));
    study
      .when('ApplySCS', stimulated(day(18), { amplitude: { value: '0.6', unit: 'mA' } }).body)
      .then.flags('amplitude-out-of-range', 'implausible');
  });

  it('that follows a dose names an earlier one of the same animal, and needs a designated dose', () => {
    const study = ready().and(dosed(day(18, '09:30')));
    for (const follows of [5, 9, 77])
      flags(study, { follows }).refused('administration-unknown', 'data.follows');
    flags(study, { follows: 10 }, day(18, '09:20')).refused('administration-unknown', 'data.follows');
    flags(study, { follows: 10 }).flags('deviation', 'no-designated-dose');
    study
      .and(because(why, at(day(18, '09:50'), designation('30', [10]))))
      .when('ApplySCS', stimulated(day(18), { follows: 10 }).body)
      .then.flags();
  });
});

describe('a dose', () => {
  const flags = (study: Given, data: Body, when = day(19)) =>
    study.when('AdministerKetamine', because(why, dosed(when, data)).body).then;

  it('by the protocol needs no reason', () => {
    ready()
      .when('AdministerKetamine', dosed(day(19)).body)
      .then.flags();
  });

  it.each([
    ['30.0', 'ug', true],
    ['0.03', 'mg', true],
    ['35', 'ug', false],
    ['30', 'ug/kg', false],
    // 96 µg/kg × 312.5 g = 30 µg
    ['96', 'ug/kg', true],
  ])('of %s %s is on the ladder: %s', (value, unit, on) => {
    flags(ready(), { dose: { value, unit } }).flags(...(on ? [] : ['deviation', 'dose-off-ladder']));
  });

  it('is on a ladder per body weight where the weight says so', () => {
    const doses = [{ value: '100', unit: 'ug/kg' }];
    const study = ready({ titration: { ...exampleProtocol.titration, doses: doses as never } });
    flags(study, { dose: { value: '31.25', unit: 'ug' } }).flags();
    flags(study, { dose: { value: '30', unit: 'ug' } }).flags('deviation', 'dose-off-ladder');
  });

  it('in another volume departs from the protocol', () => {
    flags(ready(), { volume: { value: '0.010', unit: 'mL' } }).flags();
    flags(ready(), { volume: { value: '12', unit: 'uL' } }).flags('deviation', 'volume-off-protocol');
  });

  it('given before the washout was over is recorded as a deviation, with a reason [R14 R32]', () => {
    const study = ready().and(dosed(day(19)));
    study.when('AdministerKetamine', dosed(day(20, '09:59')).body).then.refused('reason-required', 'reason');
    flags(study, {}, day(20, '09:59')).flags('deviation', 'washout-short');
    study.when('AdministerKetamine', dosed(day(20)).body).then.flags();
  });

  it('needs a catheter where it is intrathecal', () => {
    const study = begun().and(ligated());
    flags(study, {}).flags('deviation', 'no-catheter');
    flags(study, { route: 'intraperitoneal' }).flags();
    flags(study.and(at(day(18), catheter())), {}).flags();
  });

  it('before a stimulation needs a designated dose', () => {
    flags(ready(), { purpose: 'combination' }).flags('deviation', 'no-designated-dose');
  });

  it('from an expired lot departs from the protocol, not on its last day [R38]', () => {
    flags(ready(), { expiry: '2026-03-20' }).flags('deviation', 'lot-expired');
    flags(ready(), { expiry: '2026-03-21' }).flags();
  });

  it('worked out with a weight that no such animal has is flagged', () => {
    const data = { bodyWeight: { value: '3.125', unit: 'kg' } };
    ready()
      .when('AdministerKetamine', dosed(day(19), data).body)
      .then.flags('body-weight-out-of-range', 'implausible');
  });

  it('is not worked out with a weight of nothing', () => {
    ready()
      .when('AdministerKetamine', dosed(day(19), { bodyWeight: { value: '0', unit: 'g' } }).body)
      .then.refused('field-invalid', 'data.bodyWeight.value');
  });
});

describe('a side-effect score', () => {
  const study = ready().and(stimulated(day(18, '09:10')), dosed(day(19)));
  const score = (data: Body, when = day(19, '10:15')) =>
    study.when('ScoreSideEffects', at(when, about('R01', 'ScoreSideEffects', { after: 10, ...data })).body)
      .then;

  it('is of an earlier dose or stimulation of the same animal', () => {
    const later = at(day(18, '09:25'), about('R01', 'ScoreSideEffects', { after: 10 }));
    study.when('ScoreSideEffects', because('Sheet found', later).body).then.flags('late');
    score({ after: 11 }).flags();
    for (const after of [2, 9, 88]) score({ after }).refused('session-unknown', 'data.after');
    ready()
      .and(dosed(day(19)))
      .when(
        'ScoreSideEffects',
        because(why, at(day(18), about('R01', 'ScoreSideEffects', { after: 10 }))).body,
        day(20),
      )
      .then.refused('session-unknown', 'data.after');
  });

  it.each([
    ['on another scale', { scale: 'tarlov' }, 'scale-unknown', 'data.scale'],
    [
      'on an unknown item',
      { scores: [{ item: 'salivation', score: 0 }] },
      'item-unknown',
      'data.scores[0].item',
    ],
    [
      'beyond an item’s end',
      { scores: [{ item: 'ataxia', score: 4 }] },
      'score-too-high',
      'data.scores[0].score',
    ],
    [
      'twice on one item',
      {
        scores: [
          { item: 'ataxia', score: 0 },
          { item: 'ataxia', score: 1 },
        ],
      },
      'item-twice',
      'data.scores[1].item',
    ],
  ])('is refused %s', (_, data, code, field) => {
    score(data).refused(code, field);
  });
});

describe('the designation of a dose', () => {
  /** Record 10 the dose, then the course over its window: without effect where it stays low. */
  const course = (study: Given, runs: readonly ('low' | 'high')[], score?: number) =>
    study.and(
      measured('low', day(19, '09:30')),
      dosed(day(19)),
      ...runs.map((run, index) =>
        measured(run, day(19, ['10:15', '10:30', '11:00'][index] as string), {
          session: 11,
          minute: [15, 30, 60][index],
        }),
      ),
      ...(score === undefined ? [] : [sideEffects(day(19, '11:10'), 11, score, 70)]),
    );
  const designated = (study: Given, dose = '30', evidence = [11]) =>
    study.when(
      'DesignateSubEffectiveDose',
      because(why, at(day(19, '12:00'), designation(dose, evidence))).body,
    ).then;

  it('on a course without effect and without side effects is supported', () => {
    const study = course(ready(), ['low', 'low', 'low'], 0);
    study.when('DesignateSubEffectiveDose', at(day(19, '12:00'), designation('30', [11])).body).then.flags();
    designated(study, '0.03', [11]).flags('designation-unsupported', 'deviation');
  });

  it('of an effective dose is a deviation', () => {
    designated(course(ready(), ['low', 'high', 'low'], 0)).flags(
      'designated-dose-effective',
      'designation-unsupported',
      'deviation',
    );
  });

  it('of a dose with side effects is a deviation', () => {
    designated(course(ready(), ['low', 'low', 'low'], 1)).flags(
      'designated-dose-with-side-effects',
      'designation-unsupported',
      'deviation',
    );
  });

  it.each([
    ['nobody scored side effects', course(ready(), ['low', 'low', 'low'])],
    ['the course is incomplete', course(ready(), ['low', 'low'], 0)],
  ])('is unsupported where %s', (_, study) => {
    designated(study).flags('designation-unsupported', 'deviation');
  });

  it('is unsupported where the evidence is of another dose', () => {
    designated(course(ready(), ['low', 'low', 'low'], 0), '40').flags('designation-unsupported', 'deviation');
  });

  it('cites earlier administrations of the same animal', () => {
    const study = course(ready(), ['low', 'low', 'low'], 0);
    designated(study, '30', [11, 9]).refused('administration-unknown', 'data.evidence[1]');
    designated(study, '30', [99]).refused('administration-unknown', 'data.evidence[0]');
  });
});
