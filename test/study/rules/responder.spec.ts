import { RESPONDER_PRESETS, type ResponderRule } from '../../../src/study/protocol/rules.js';
import { Chart } from '../../../src/study/rules/chart.js';
import { judgeResponse } from '../../../src/study/rules/responder.js';
import type { Fact } from '../../../src/study/study.js';
import { dose, history, ligation, protocols, run, session, type Changes, type Run } from './facts.js';

/** A shipped rule that is content with one point and a reference of any age, so that cases stay small. */
function preset(name: string, changes: Partial<ResponderRule> = {}): Changes {
  const { referenceWithinMinutes: _, ...rule } = RESPONDER_PRESETS[name] as ResponderRule;
  return { responder: { ...rule, minPoints: 1, ...changes } };
}

/** Records 1 to 3 the baselines and the ligation, 4 the run before stimulation 5, 6 and 7 its runs at 15 and 30 min. */
const treated = (baseline: Run, before: Run, ...points: Run[]): Fact[] => [
  run(1, '2026-03-01', baseline),
  run(2, '2026-03-02', baseline),
  ligation(3),
  run(4, '2026-03-18T09:00', before),
  session(5, '2026-03-18T10:00'),
  ...points.map((point, index) =>
    run(6 + index, `2026-03-18T10:${[15, 30, 45][index]}`, point, {
      session: 5,
      minute: [15, 30, 45][index],
    }),
  ),
];
const scs = (facts: Fact[], changes: Changes = preset('A')) =>
  judgeResponse('scs', new Chart(history(...facts), protocols(changes)));

describe('preset A, a rise of at least 0.2 log units', () => {
  it('is met by 4.3 to 4.7 at its best minute', () => {
    const verdict = scs(treated('de', 'bc', 'cd', 'de'));
    expect(verdict).toMatchObject({ holds: true, why: null, borderline: false, evidence: [4, 5, 6, 7] });
    expect(verdict.value).toBeCloseTo(0.4, 12);
    expect(verdict.margin).toBeCloseTo(0.2, 12);
  });

  it.each<[Run, Run[], boolean | null, number | null, boolean]>([
    ['bc', ['cd', 'bc'], true, 0, true],
    ['bc', ['bc', 'bc'], false, -0.2, false],
    // Relief is an increase: a fall of 0.4 is none.
    ['de', ['bc'], false, -0.6, false],
    // From at most 4.0 to 4.3: at least 0.3.
    ['<', ['bc'], true, 0.1, false],
    ['<', ['ab'], null, null, false],
    ['<', ['<'], null, null, false],
    // To at least 4.8.
    ['cd', ['>'], true, 0.1, false],
    ['de', ['>'], null, null, false],
    ['>', ['de'], false, -0.3, false],
    // One point settles it whatever the other is.
    ['de', ['bc', '>'], null, null, false],
    ['bc', ['>', '<'], true, 0.3, false],
  ])(
    'from %s over %j is %s with a margin of %s, borderline %s',
    (before, points, holds, margin, borderline) => {
      const verdict = scs(treated('de', before, ...points));
      expect(verdict).toMatchObject({ holds, borderline });
      if (margin === null) expect(verdict).toMatchObject({ margin: null, why: 'bound-does-not-settle' });
      else expect(verdict.margin).toBeCloseTo(margin, 12);
    },
  );
});

describe('preset B, at least 50 % reversal', () => {
  it.each<[Run, Run, Run, boolean | null, number | null]>([
    // (4.5 − 4.3) / (4.7 − 4.3)
    ['de', 'bc', 'cd', true, 50],
    ['de', 'bc', 'bc', false, 0],
    ['de', 'ab', 'bc', false, 100 / 3],
    ['de', 'bc', 'de', true, 100],
    ['cd', 'bc', 'de', true, 200],
  ])('from a baseline of %s: %s to %s is %s, %d per cent', (baseline, before, point, holds, value) => {
    const verdict = scs(treated(baseline, before, point), preset('B'));
    expect(verdict).toMatchObject({ holds, evidence: [1, 2, 4, 5, 6] });
    expect(verdict.value).toBeCloseTo(value ?? NaN, 9);
  });

  it('is not known where the animal had not fallen', () => {
    for (const [baseline, before] of [
      ['bc', 'bc'],
      ['bc', 'de'],
      ['<', 'de'],
    ] as [Run, Run][]) {
      expect(scs(treated(baseline, before, 'de'), preset('B'))).toMatchObject({
        holds: null,
        why: 'denominator-not-positive',
        value: null,
        evidence: [1, 2, 4, 5, 6],
      });
    }
  });

  it('is settled by a bound in one direction', () => {
    // Before at most 4.0, baseline 4.7, after 4.7: 100 % whatever it was.
    expect(scs(treated('de', '<', 'de'), preset('B'))).toMatchObject({ holds: true, value: 100 });
    // After 4.5 the share lies between 71.4 % and, the lower it was, 100 %.
    const partly = scs(treated('de', '<', 'cd'), preset('B'));
    expect(partly).toMatchObject({ holds: true, value: null });
    expect(partly.between?.[0]).toBeCloseTo(500 / 7, 9);
    expect(partly.between?.[1]).toBeCloseTo(100, 9);
    // Baseline above 4.8, before 4.3, after 4.5: between 0 and 40 %.
    expect(scs(treated('>', 'bc', 'cd'), preset('B'))).toMatchObject({ holds: false });
    expect(scs(treated('>', 'bc', '>'), preset('B'))).toMatchObject({
      holds: null,
      why: 'bound-does-not-settle',
    });
  });

  it('needs baselines', () => {
    const facts = treated('de', 'bc', 'cd').filter(({ number }) => number !== 1);
    expect(scs(facts, preset('B'))).toMatchObject({ holds: null, why: 'no-baseline' });
  });
});

describe('preset C, back to the baseline less 0.2 log units', () => {
  it.each<[Run, Run, boolean | null, number]>([
    ['de', 'de', true, 0.2],
    ['de', 'cd', true, 0],
    ['de', 'bc', false, -0.2],
    ['cd', '>', true, 0.5],
  ])('from a baseline of %s to %s is %s with a margin of %d', (baseline, point, holds, margin) => {
    const verdict = scs(treated(baseline, 'bc', point), preset('C'));
    expect(verdict).toMatchObject({ holds, limit: -0.2, evidence: [1, 2, 5, 6] });
    expect(verdict.margin).toBeCloseTo(margin, 12);
  });

  it('is not met by a bound below the baseline, and not settled by a baseline without end', () => {
    expect(scs(treated('de', 'bc', '<'), preset('C')).holds).toBe(false);
    expect(scs(treated('>', 'bc', '>'), preset('C')).holds).toBeNull();
    // A baseline above 4.8 is not reached by 4.5: at most −0.3.
    expect(scs(treated('>', 'bc', 'cd'), preset('C'))).toMatchObject({ holds: false });
  });

  it('needs baselines', () => {
    const facts = treated('de', 'bc', 'cd').filter(({ number }) => number > 2);
    expect(scs(facts, preset('C'))).toMatchObject({ holds: null, why: 'no-reference', evidence: [5, 6] });
  });
});

describe('the shipped rules', () => {
  it('ask for both points of their window, and a reference of the last three hours', () => {
    for (const responder of ['A', 'B', 'C']) {
      expect(scs(treated('de', 'bc', 'de'), { responder }).why).toBe('too-few-points');
      expect(scs(treated('de', 'bc', 'de', 'cd'), { responder }).holds).toBe(true);
      expect(RESPONDER_PRESETS[responder]).toMatchObject({ referenceWithinMinutes: 180, minPoints: 2 });
    }
  });
});

describe('other metrics', () => {
  it('per cent of the maximum possible effect, in grams: 1.9953 to 5.0119 of 15 g is 23.2 %', () => {
    const mpe = preset('A', { metric: 'percent-mpe', limit: '20', borderline: '5', cutOffGrams: '15' });
    const verdict = scs(treated('de', 'bc', 'de'), mpe);
    expect(verdict).toMatchObject({ holds: true, borderline: true });
    expect(verdict.value).toBeCloseTo((100 * (5.01187 - 1.99526)) / (15 - 1.99526), 3);
    // From at most 1 g to at least 6.31 g: 37.9 % or more.
    const bounds = scs(treated('de', '<', '>'), mpe);
    expect(bounds.holds).toBe(true);
    expect(bounds.between?.[0]).toBeCloseTo((100 * 5.30957) / 14, 3);
    expect(bounds.between?.[1]).toBeNull();
    const low = preset('A', { metric: 'percent-mpe', limit: '20', cutOffGrams: '1.5' });
    expect(scs(treated('de', 'bc', 'de'), low).why).toBe('denominator-not-positive');
  });

  it('per cent of the baseline in grams: 3.1623 of 5.0119 g is 63.1 %', () => {
    const share = preset('A', { metric: 'percent-pre-lesion', limit: '60', borderline: '5' });
    const verdict = scs(treated('de', 'bc', 'cd'), share);
    expect(verdict).toMatchObject({ holds: true, borderline: true, evidence: [1, 2, 4, 5, 6] });
    expect(verdict.value).toBeCloseTo(63.0957, 3);
    expect(scs(treated('de', 'bc', '<'), share)).toMatchObject({ holds: false, value: null });
  });

  it('grams: 3.1623 less 1.9953 is 1.167 g', () => {
    const grams = preset('A', { metric: 'grams', limit: '1', borderline: '0.1' });
    const verdict = scs(treated('de', 'bc', 'cd'), grams);
    expect(verdict).toMatchObject({ holds: true, borderline: false });
    expect(verdict.value).toBeCloseTo(1.16702, 4);
  });
});

describe('the points of a session', () => {
  it.each<[ResponderRule['aggregate'], number, boolean]>([
    ['any', 0.4, true],
    ['max', 0.4, true],
    ['mean', 0.2, true],
    ['last', 0, false],
  ])('are aggregated by %s', (aggregate, value, holds) => {
    const verdict = scs(treated('de', 'bc', 'de', 'bc'), preset('A', { aggregate }));
    expect(verdict.holds).toBe(holds);
    expect(verdict.value).toBeCloseTo(value, 12);
  });

  it('are the runs that name it at a minute of the window, of the paw that was operated', () => {
    const facts = [
      ...treated('de', 'bc', 'bc'),
      run(20, '2026-03-18T10:45', 'de', { session: 5, minute: 45 }),
      run(21, '2026-03-18T10:30', 'de', { session: 4, minute: 30 }),
      run(22, '2026-03-18T10:30', 'de', { session: 5 }),
      run(23, '2026-03-18T10:30', 'de', { session: 5, minute: 30, paw: 'contralateral' }),
      run(24, '2026-03-18T10:30', '-', { session: 5, minute: 30 }),
    ];
    expect(scs(facts)).toMatchObject({ holds: false, evidence: [4, 5, 6] });
  });

  it('are too few where a minute is missing, and one repeated does not stand for it', () => {
    const both = preset('A', { minPoints: 2 });
    expect(scs(treated('de', 'bc', 'de'), both)).toMatchObject({
      holds: null,
      why: 'too-few-points',
      evidence: [5],
    });
    const twice = [
      ...treated('de', 'bc', 'de'),
      run(20, '2026-03-18T10:16', 'de', { session: 5, minute: 15 }),
    ];
    expect(scs(twice, both).why).toBe('too-few-points');
    expect(scs(treated('de', 'bc', 'de', 'de'), both).holds).toBe(true);
  });
});

describe('the reference', () => {
  it('is the last run up to the stimulation, or at its minute 0 or before', () => {
    const facts = treated('de', 'ab', 'cd');
    const between = [...facts, run(20, '2026-03-18T09:50', 'bc')];
    expect(scs(between)).toMatchObject({ evidence: [5, 6, 20] });
    const zero = [...facts, run(20, '2026-03-18T10:00', 'cd', { session: 5, minute: 0 })];
    expect(scs(zero)).toMatchObject({ holds: false, evidence: [5, 6, 20] });
    const during = [...facts, run(20, '2026-03-18T10:00', 'cd', { session: 5, minute: 1 })];
    expect(scs(during).evidence).toEqual([4, 5, 6]);
  });

  it('is missing where nothing was measured before', () => {
    const facts = treated('de', 'bc', 'cd').filter(({ number }) => number >= 5);
    expect(scs(facts)).toMatchObject({ holds: null, why: 'no-reference', evidence: [5, 6] });
  });

  it('is missing where the last run is older than the rule allows', () => {
    const facts = treated('de', 'bc', 'cd');
    const within = (referenceWithinMinutes: number) => scs(facts, preset('A', { referenceWithinMinutes }));
    expect(within(60)).toMatchObject({ holds: true, evidence: [4, 5, 6] });
    expect(within(59)).toMatchObject({ holds: null, why: 'no-reference', evidence: [5, 6] });
  });

  it('before the drug is before the dose that the stimulation follows', () => {
    const facts = [
      run(4, '2026-03-18T08:00', 'bc'),
      dose(5, '2026-03-18T09:00'),
      run(6, '2026-03-18T09:30', 'cd', { session: 5, minute: 30 }),
      session(7, '2026-03-18T10:00', { follows: 5 }),
      run(8, '2026-03-18T10:15', 'de', { session: 7, minute: 15 }),
    ];
    const combination = (reference: ResponderRule['reference']) =>
      judgeResponse('combination', new Chart(history(...facts), protocols(preset('A', { reference }))));
    expect(combination('pre-drug')).toMatchObject({ evidence: [4, 5, 7, 8] });
    expect(combination('pre-drug').value).toBeCloseTo(0.4, 12);
    expect(combination('pre-stimulation')).toMatchObject({ evidence: [5, 6, 7, 8] });
    expect(combination('pre-stimulation').value).toBeCloseTo(0.2, 12);
    expect(judgeResponse('scs', new Chart(history(...facts), protocols())).why).toBe('not-treated-yet');
  });
});

describe('the session judged', () => {
  const second = (outcome = 'completed') => [
    session(30, '2026-03-20T10:00', { outcome }),
    run(31, '2026-03-20T10:15', 'bc', { session: 30, minute: 15 }),
  ];

  it('is the first completed one, or the last', () => {
    const facts = [...treated('de', 'bc', 'de'), ...second()];
    expect(scs(facts)).toMatchObject({ holds: true, evidence: [4, 5, 6] });
    expect(scs(facts, preset('A', { judged: 'last-completed' }))).toMatchObject({
      holds: false,
      evidence: [6, 30, 31],
    });
  });

  it('is none that was aborted', () => {
    const facts = [
      ...treated('de', 'bc', 'de').filter(({ number }) => number !== 5),
      session(5, '2026-03-18T10:00', { outcome: 'aborted' }),
    ];
    expect(scs(facts)).toMatchObject({ holds: null, why: 'session-aborted', evidence: [5] });
    expect(scs([...facts, ...second()])).toMatchObject({ holds: false, evidence: [6, 30, 31] });
  });

  it('is none without its points', () => {
    const facts = [...treated('de', 'bc'), ...second()];
    expect(scs(facts)).toMatchObject({ holds: false, evidence: [4, 30, 31] });
    expect(scs(treated('de', 'bc'))).toMatchObject({ holds: null, why: 'too-few-points', evidence: [5] });
  });

  it('is judged by the rule of its own protocol version', () => {
    const facts = [
      ...treated('de', 'bc').filter(({ number }) => number !== 5),
      session(5, '2026-03-18T10:00', { outcome: 'aborted' }),
      session(30, '2026-03-20T10:00', {}, { version: 2 }),
      run(31, '2026-03-20T10:15', 'cd', { session: 30, minute: 15 }, { version: 2 }),
    ];
    const stricter = preset('A', { limit: '0.3', version: 2 });
    const verdict = judgeResponse('scs', new Chart(history(...facts), protocols(preset('A'), stricter)));
    expect(verdict).toMatchObject({ holds: false, limit: 0.3, rule: { version: 2 } });
  });

  it('is cited by the correction that holds', () => {
    const facts = treated('de', 'bc', 'de').map((one) => ({ ...one, holder: one.number + 1000 }));
    expect(scs(facts)).toMatchObject({ holds: true, evidence: [1004, 1005, 1006] });
  });

  it('is not there yet', () => {
    expect(scs(treated('de', 'bc').slice(0, 4))).toMatchObject({
      holds: null,
      why: 'not-treated-yet',
      evidence: [],
    });
  });
});
