import { View } from '../../src/study/projections/projection.js';
import { responderStatus } from '../../src/study/projections/responder-status.projection.js';
import { sentence } from '../../src/console/words/sentence.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import type { Study } from '../../src/study/study.js';
import { because, corrected, day, measured, motorThreshold, ready, stimulated, type Run } from './bench.js';
import type { Body, Given, Sent } from './specification.js';

/** Settings of a stimulation: each is judged by itself, and a sham is never the response. */

const WHY = 'As it was';
const { frequency, pulseWidth, duration, amplitudeFraction } = exampleProtocol.stimulation!;
const NONE = { amplitude: { value: '0', unit: 'mA' } };

const compared: Partial<ProtocolInput> = {
  stimulation: {
    duration: duration!,
    settings: [
      { id: 'tonic', frequency: frequency!, pulseWidth: pulseWidth!, amplitudeFraction: amplitudeFraction! },
      {
        id: 'burst',
        amplitudeFraction: amplitudeFraction!,
        frequency: { value: '40', unit: 'Hz' },
        pulseWidth: pulseWidth!,
        burst: { pulses: 5, frequency: { value: '500', unit: 'Hz' } },
        dutyCycle: { on: { value: '20', unit: 's' }, off: { value: '40', unit: 's' } },
      },
      { id: 'sham', sham: true },
    ],
    crossOver: { periods: 3, washoutHours: '48' },
  },
};
const burst = {
  frequency: { value: '40', unit: 'Hz' },
  burst: { pulses: 5, frequency: { value: '500', unit: 'Hz' } },
  dutyCycle: { on: { value: '20', unit: 's' }, off: { value: '40', unit: 's' } },
};

const statusIn = (study: Study) => responderStatus.project(new View(study)).subjects[0]!;

/** Records n to n + 4: a run before the stimulation, the stimulation, and its three runs. */
function course(so: Given, on: number, data: Body, outcome: Run): Given {
  const session = so.study.size + 1;
  const minutes: [string, number][] = [
    ['10:15', 15],
    ['10:30', 30],
    ['10:45', 45],
  ];
  return so.and(
    measured('low', day(on, '09:30')),
    because(WHY, stimulated(day(on), data)),
    ...minutes.map(([clock, minute]) => measured(outcome, day(on, clock), { session, minute })),
  );
}

describe('a sham', () => {
  const shamFirst = (changes: Partial<ProtocolInput>, sham: Body = NONE): Given =>
    course(course(ready(changes), 18, sham, 'low'), 20, {}, 'high');

  it('without current is judged as any stimulation by the first reading of a protocol with one setting', () => {
    expect(statusIn(shamFirst({}).study)).toMatchObject({ scs: 'non-responder' });
    expect(statusIn(shamFirst({}).study)).not.toHaveProperty('settings');
  });

  it('is never the response by the second reading: the relief two days later is', () => {
    const { scs, verdicts } = statusIn(shamFirst({ reading: 2 }).study);

    expect(scs).toBe('responder');
    expect(verdicts.scs.evidence).toEqual([15, 16, 17, 18]);
  });

  it('alone is no treatment to judge', () => {
    const so = course(ready({ reading: 2 }), 18, NONE, 'high');

    expect(statusIn(so.study).verdicts.scs).toMatchObject({ holds: null, why: 'not-treated-yet' });
  });

  it('by a correction is none any more', () => {
    const so = course(ready({ reading: 2 }), 18, NONE, 'high');
    const { body } = stimulated(day(18));
    const correction = corrected(11, {
      subject: 'R01',
      occurredAt: day(18),
      corrected: body['data'] as Body,
    });

    expect(statusIn(so.and(correction).study).scs).toBe('responder');
  });

  it('of a setting is never the response, whatever the reading', () => {
    const so = course(
      course(ready(compared), 18, { setting: 'sham', ...NONE }, 'high'),
      20,
      { setting: 'tonic' },
      'low',
    );

    expect(statusIn(so.study)).toMatchObject({
      scs: 'non-responder',
      settings: [
        { setting: 'tonic', sham: false, scs: 'non-responder', combination: null },
        { setting: 'burst', sham: false, scs: null, combination: null },
        { setting: 'sham', sham: true, scs: 'responder', combination: null },
      ],
    });
  });
});

describe('a setting', () => {
  const both = (): Given =>
    course(
      course(ready(compared), 18, { setting: 'tonic' }, 'low'),
      20,
      { setting: 'burst', ...burst },
      'high',
    );

  it('has a verdict of its own, on its own records', () => {
    const { settings } = statusIn(both().study);

    expect(settings).toMatchObject([
      { setting: 'tonic', scs: 'non-responder', verdicts: { scs: { evidence: [10, 11, 12, 13] } } },
      { setting: 'burst', scs: 'responder', verdicts: { scs: { evidence: [15, 16, 17, 18] } } },
      { setting: 'sham', scs: null, verdicts: { scs: { why: 'not-treated-yet' } } },
    ]);
  });

  it('is told with its bursts and its duty cycle', () => {
    const { study } = both();

    const said = sentence(new View(study), study.records.at(16)!).filter((one) => typeof one === 'string');

    expect(said.join('')).toContain(
      'by the setting burst at 0.18 mA, 40 Hz, 0.2 ms, bursts of 5 pulses at 500 Hz, 20 s on and 40 s off',
    );
  });

  it.each([
    [undefined, 'The protocol has several settings'],
    ['high-rate', 'The protocol has no setting high-rate'],
  ])('%s is refused', (setting, why) => {
    const { message } = ready(compared)
      .when('ApplySCS', stimulated(day(18), { setting }).body)
      .then.refused('setting-unknown', 'data.setting');

    expect(message).toContain(why);
  });
});

describe('a cross-over', () => {
  const first = (): Given =>
    ready(compared).and(
      because(WHY, stimulated(day(18), { setting: 'tonic' })),
      motorThreshold(day(20, '08:00')),
    );
  const flagsOf = (so: Given, when: string, data: Body): readonly string[] =>
    (so.when('ApplySCS', because(WHY, stimulated(when, data)).body).record.data.flags as string[]) ?? [];

  it.each([
    [day(20, '09:59'), true],
    [day(20, '10:00'), false],
  ])('carries the period before over to one that begins at %s: %s', (when, carried) => {
    expect(flagsOf(first(), when, { setting: 'burst', ...burst }).includes('carry-over')).toBe(carried);
  });

  it('has a wash-out between periods, not within one', () => {
    expect(flagsOf(first(), day(19), { setting: 'tonic' })).not.toContain('carry-over');
  });

  it('has no more periods than are planned', () => {
    const period = (on: number, setting: string, data: Body = {}): Sent =>
      because(WHY, stimulated(day(on), { setting, ...data }));
    const so = first().and(period(21, 'burst', burst), period(24, 'sham', NONE));

    expect(flagsOf(so, day(24, '15:00'), { setting: 'sham', ...NONE })).not.toContain(
      'stimulation-off-protocol',
    );
    expect(flagsOf(so, day(27), { setting: 'tonic' })).toContain('stimulation-off-protocol');
    expect(statusIn(so.study).periods).toEqual([
      { setting: 'tonic', records: [10], washoutHours: null },
      { setting: 'burst', records: [12], washoutHours: 72 },
      { setting: 'sham', records: [13], washoutHours: 72 },
    ]);
  });
});
