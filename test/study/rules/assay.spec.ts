import fc from 'fast-check';
import type { Assay } from '../../../src/study/protocol/measurements.js';
import {
  RESPONDER_PRESETS,
  type HypersensitivityRule,
  type ResponderRule,
} from '../../../src/study/protocol/rules.js';
import { completeProtocol } from '../../../src/study/rules/complete-protocol.js';
import { Chart } from '../../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../../src/study/rules/hypersensitivity.js';
import { judgeResponse } from '../../../src/study/rules/responder.js';
import { judgeEffect } from '../../../src/study/rules/titration.js';
import type { Verdict } from '../../../src/study/rules/verdict.js';
import type { Fact } from '../../../src/study/study.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { runs } from '../../support/effort.js';
import { dose, fact, history, ligation, protocols, run, session, type Changes, type Run } from './facts.js';

/** Heat latency in seconds, stopped at 20 s; flinches, which are worsening; weight on the injured side. */
const ASSAYS: readonly Assay[] = [
  {
    id: 'heat-latency',
    title: 'Latency to withdraw from radiant heat',
    unit: 's',
    increase: 'relief',
    cutOff: '20',
    trials: { kind: 'value', aggregate: 'mean' },
    sites: ['left-hind-paw', 'right-hind-paw'],
  },
  {
    id: 'flinches',
    title: 'Flinches in five minutes',
    unit: '1',
    increase: 'worsening',
    trials: { kind: 'value', aggregate: 'sum' },
    sites: ['whole-animal'],
  },
  {
    id: 'weight-bearing',
    title: 'Share of weight on the injured side',
    unit: '%',
    increase: 'relief',
    trials: { kind: 'pair', aggregate: 'mean' },
    sites: ['hind-paws'],
  },
  {
    id: 'force',
    title: 'Force of withdrawal',
    unit: 'g',
    increase: 'relief',
    trials: { kind: 'value', aggregate: 'mean' },
    sites: ['left-hind-paw', 'right-hind-paw'],
  },
];

type Rule<R> = Partial<R> & { of: string };

function judging(
  hypersensitivity: Rule<HypersensitivityRule>,
  responder: Rule<ResponderRule>,
  changes: Changes = {},
): Changes {
  const { referenceWithinMinutes: _, ...example } = RESPONDER_PRESETS['A'] as ResponderRule;
  return {
    assays: [...ASSAYS],
    hypersensitivity: { ...exampleProtocol.hypersensitivity!, fromDay: 1, ...hypersensitivity },
    responder: { ...example, direction: 'FROM_ASSAY', minPoints: 1, ...responder },
    ...changes,
  };
}

const heat = judging(
  { of: 'heat-latency', metric: 'percent', limit: '30', borderline: '5' },
  { of: 'heat-latency', metric: 'difference', limit: '2', borderline: '0.5' },
);
const flinching = judging(
  { of: 'flinches', metric: 'difference', limit: '10', borderline: '2' },
  { of: 'flinches', metric: 'percent', limit: '50', borderline: '5' },
);

/** Trials as one text; `20>` was stopped at 20. */
function measurement(number: number, when: string, assay: string, trials: string, data: object = {}): Fact {
  const read = trials
    .split(' ')
    .map((text) => (text.endsWith('>') ? { value: text.slice(0, -1), censored: true } : { value: text }));
  const site = assay === 'flinches' ? 'whole-animal' : 'left-hind-paw';
  return fact('MeasurementRecorded', when, { assay, site, trials: read, ...data }, { number });
}

/** Records 1 and 2 the baselines, 3 the ligation on the left, 4 the test, 5 a stimulation, 6 its point. */
function treated(assay: string, baseline: string, test: string, point?: string): Fact[] {
  return history(
    measurement(1, '2026-03-01', assay, baseline),
    measurement(2, '2026-03-02', assay, baseline),
    ligation(3),
    measurement(4, '2026-03-18T09:00', assay, test),
    ...(point === undefined
      ? []
      : [
          session(5, '2026-03-18T10:00'),
          measurement(6, '2026-03-18T10:15', assay, point, { session: 5, minute: 15 }),
        ]),
  );
}

const judgedOn = (facts: Fact[], changes: Changes): { fell: Verdict; rose: Verdict } => {
  const chart = new Chart(facts, protocols(changes));
  return { fell: judgeHypersensitivity(chart), rose: judgeResponse('scs', chart) };
};

describe('a rule that names an assay', () => {
  it('given latencies of 10 s, then 6 s, when it asks for a loss of 30 %, then the animal is hypersensitive', () => {
    const { fell, rose } = judgedOn(treated('heat-latency', '9 11', '6', '7.5'), heat);
    expect(fell).toMatchObject({ holds: true, value: 40, margin: 10, evidence: [1, 2, 3, 4] });
    expect(rose).toMatchObject({ holds: false, value: 1.5, margin: -0.5, borderline: true });
    expect(rose.evidence).toEqual([4, 5, 6]);
  });

  it('given flinches, whose increase is worsening, then more of them are hypersensitivity and fewer relief', () => {
    const { fell, rose } = judgedOn(treated('flinches', '3 1', '10 10', '4 4'), flinching);
    expect(fell).toMatchObject({ holds: true, value: 16 });
    expect(rose).toMatchObject({ holds: true, value: 60, margin: 10 });
    const worse = judgedOn(treated('flinches', '3 1', '10 10', '20 10'), flinching).rose;
    expect(worse).toMatchObject({ holds: false, value: -50 });
  });

  it('judges absolute values at or below the limit where a fall is relief, and by the lowest of them', () => {
    const changes = judging(
      { of: 'flinches', metric: 'absolute', limit: '15' },
      { of: 'flinches', metric: 'absolute', limit: '5', aggregate: 'max' },
    );
    const facts = [
      ...treated('flinches', '2', '20', '4'),
      measurement(7, '2026-03-18T10:30', 'flinches', '12', { session: 5, minute: 30 }),
    ];
    const { fell, rose } = judgedOn(history(...facts), changes);
    expect(fell).toMatchObject({ holds: true, value: 20, margin: 5, evidence: [3, 4] });
    expect(rose).toMatchObject({ holds: true, value: 4, margin: 1 });
  });

  it('goes back to the baseline, or to the cut-off, in the unit of the assay', () => {
    const by = (metric: ResponderRule['metric'], assay = 'heat-latency'): number | null => {
      const [base, test, point] = assay === 'flinches' ? ['2', '20', '11'] : ['12', '8', '10'];
      const changes = judging({ of: assay, metric: 'difference', limit: '1' }, { of: assay, metric });
      return judgedOn(treated(assay, base!, test!, point), changes).rose.value;
    };
    expect(by('percent-reversal')).toBe(50);
    expect(by('percent-reversal', 'flinches')).toBe(50);
    expect(by('percent-mpe')).toBeCloseTo((100 * 2) / 12, 9);
    expect(by('percent-pre-lesion')).toBeCloseTo((100 * 10) / 12, 9);
  });

  it('has no share of nothing', () => {
    const changes = judging({ of: 'flinches', metric: 'percent' }, { of: 'flinches', metric: 'percent' });
    const { fell, rose } = judgedOn(treated('flinches', '0', '0', '5'), changes);
    expect([fell.why, rose.why]).toEqual(['denominator-not-positive', 'denominator-not-positive']);
  });

  it('judges a dose alone as it judges a stimulation', () => {
    const facts = history(
      ...treated('heat-latency', '10', '6'),
      dose(5, '2026-03-18T10:00'),
      ...[15, 30, 60].map((minute, index) =>
        measurement(
          6 + index,
          `2026-03-18T${minute < 60 ? 10 : 11}:${minute % 60 || '00'}`,
          'heat-latency',
          '9',
          {
            session: 5,
            minute,
          },
        ),
      ),
    );
    const of = facts.find(({ number }) => number === 5) as Fact<'KetamineAdministered'>;
    expect(judgeEffect(of, new Chart(facts, protocols(heat)))).toMatchObject({ holds: true, value: 3 });
  });

  it('knows nothing of thresholds, nor a rule on thresholds of assays', () => {
    const facts = history(
      ...treated('heat-latency', '10', '6', '9'),
      ...(['2026-03-01', '2026-03-02', '2026-03-17'] as const).map((when, index) =>
        run(20 + index, when, 'de'),
      ),
    );
    expect(judgedOn(facts, heat).fell.evidence).toEqual([1, 2, 3, 4]);
    const thresholds = judgeHypersensitivity(new Chart(facts, protocols({ assays: [...ASSAYS] })));
    expect(thresholds.evidence).toEqual([3, 20, 21, 22]);
  });
});

describe('the site that is judged', () => {
  const right = { site: 'right-hind-paw' };

  it('is the ipsilateral one where the rule names none', () => {
    const facts = treated('heat-latency', '10', '6');
    const others = [1, 2, 4].map((number) =>
      measurement(
        number + 10,
        facts.find((one) => one.number === number)!.time.slice(0, 16),
        'heat-latency',
        '10',
        right,
      ),
    );
    expect(judgedOn(history(...facts, ...others), heat).fell).toMatchObject({
      holds: true,
      evidence: [1, 2, 3, 4],
    });
    const contralateral = judging(
      { of: 'heat-latency', site: 'contralateral-hind-paw', metric: 'percent', limit: '30' },
      { of: 'heat-latency', metric: 'difference' },
    );
    expect(judgedOn(history(...facts, ...others), contralateral).fell).toMatchObject({
      holds: false,
      evidence: [3, 11, 12, 14],
    });
  });

  it('is not known of an animal whose model has no side', () => {
    const injected = fact('ModelInduced', '2026-03-03', { kind: 'systemic' }, { number: 3 });
    const facts = treated('heat-latency', '10', '6').map((one) => (one.number === 3 ? injected : one));
    const changes = { ...heat, model: { kind: 'systemic' as const } };
    expect(judgedOn(facts, changes).fell).toMatchObject({
      holds: null,
      why: 'site-not-known',
      evidence: [3],
    });
  });

  it('decides which side of a pair is the injured one, and is followed when the injury is corrected', () => {
    const changes = judging(
      { of: 'weight-bearing', metric: 'absolute', limit: '40', borderline: '1' },
      { of: 'weight-bearing', metric: 'difference', limit: '5', borderline: '1' },
    );
    const bearing = (number: number, when: string, left: string, rightSide: string, data = {}): Fact =>
      fact(
        'MeasurementRecorded',
        when,
        { assay: 'weight-bearing', site: 'hind-paws', trials: [{ left, right: rightSide }], ...data },
        { number },
      );
    const lesion = ligation(3);
    const chart = new Chart(
      history(
        bearing(1, '2026-03-01', '50', '50'),
        lesion,
        bearing(4, '2026-03-18T09:00', '30', '70'),
        session(5, '2026-03-18T10:00'),
        bearing(6, '2026-03-18T10:15', '45', '55', { session: 5, minute: 15 }),
      ),
      protocols(changes),
    );
    expect(judgeHypersensitivity(chart)).toMatchObject({ holds: true, value: 30 });
    expect(judgeResponse('scs', chart)).toMatchObject({ holds: true, value: 15 });
    chart.put(lesion, false);
    chart.put({ ...lesion, data: { ...lesion.data, side: 'right' } } as Fact, true);
    expect(judgeHypersensitivity(chart)).toMatchObject({ holds: false, value: 70 });
    expect(judgeResponse('scs', chart)).toMatchObject({ holds: false, value: -15 });
  });
});

describe('a trial that was stopped at the cut-off', () => {
  it('makes the result a bound, which settles a verdict or does not', () => {
    // At least 16 s after 6 s: relief of 10 s or more.
    expect(judgedOn(treated('heat-latency', '10', '6', '12 20>'), heat).rose).toMatchObject({
      holds: true,
      value: null,
      between: [10, null],
    });
    // A baseline of at least 20 s, and a test of at least 15 s: the loss is not known.
    expect(judgedOn(treated('heat-latency', '20> 20>', '10 20>'), heat).fell).toMatchObject({
      holds: null,
      why: 'bound-does-not-settle',
    });
  });

  it('never says less than the same trials read to their end would', () => {
    const values = fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 1, maxLength: 4 });
    const beyond = fc.integer({ min: 20, max: 60 });
    fc.assert(
      fc.property(values, values, values, beyond, (baseline, test, point, longer) => {
        const text = (numbers: number[], last: string): string => [...numbers, last].join(' ');
        const facts = (last: string): Fact[] =>
          treated('heat-latency', text(baseline, last), test.join(' '), text(point, last));
        const known = judgedOn(facts('20>'), heat);
        const later = judgedOn(facts(String(longer)), heat);
        for (const which of ['fell', 'rose'] as const) {
          if (known[which].holds !== null) expect(later[which].holds).toBe(known[which].holds);
          const [low, high] = known[which].between ?? [known[which].value, known[which].value];
          expect(later[which].value!).toBeGreaterThanOrEqual((low ?? -Infinity) - 1e-9);
          expect(later[which].value!).toBeLessThanOrEqual((high ?? Infinity) + 1e-9);
        }
      }),
      runs(200),
    );
  });
});

describe('an assay that reads what the filaments give', () => {
  const RUNS = ['ab', 'bc', 'cd', 'de', '<', '>'] as const;

  /** The estimate in grams as an assay could read it; a bound above as a trial that was stopped. */
  const GRAMS: Readonly<Record<Exclude<Run, '-' | '<'>, string>> = {
    ab: String(10 ** 0.1),
    bc: String(10 ** 0.3),
    cd: String(10 ** 0.5),
    de: String(10 ** 0.7),
    '>': '6.31>',
  };

  it('has the same verdicts as the threshold, by grams and by absolute values', () => {
    const drawn = fc.constantFrom(...RUNS.filter((one) => one !== '<'));
    fc.assert(
      fc.property(drawn, drawn, drawn, fc.integer({ min: 1, max: 60 }), (baseline, test, point, tenths) => {
        const limit = (tenths / 10).toFixed(1);
        const pair = (of: object, fell: HypersensitivityRule['metric'], rose: ResponderRule['metric']) =>
          judging(
            { metric: fell, limit, borderline: '0.1', ...of } as Rule<HypersensitivityRule>,
            {
              metric: rose,
              limit,
              borderline: '0.1',
              reference: 'pre-stimulation',
              ...of,
            } as Rule<ResponderRule>,
            { baseline: { aggregate: 'last', minRuns: 1 } },
          );
        const grams = (of: Exclude<Run, '-' | '<'>): string => GRAMS[of];
        const assay = judgedOn(
          treated('force', grams(baseline), grams(test), grams(point)),
          pair({ of: 'force' }, 'absolute', 'difference'),
        );
        const threshold = judgedOn(
          history(
            run(1, '2026-03-01', baseline),
            run(2, '2026-03-02', baseline),
            ligation(3),
            run(4, '2026-03-18T09:00', test),
            session(5, '2026-03-18T10:00'),
            run(6, '2026-03-18T10:15', point, { session: 5, minute: 15 }),
          ),
          pair({ direction: 'INCREASE_IS_RELIEF' }, 'absolute', 'difference'),
        );
        for (const which of ['fell', 'rose'] as const) {
          const [a, b] = [assay[which], threshold[which]];
          expect([a.holds, a.why, a.borderline, a.evidence]).toEqual([
            b.holds,
            b.why,
            b.borderline,
            b.evidence,
          ]);
          if (b.margin === null) expect(a.margin).toBeNull();
          else expect(a.margin).toBeCloseTo(b.margin, 3);
        }
      }),
      runs(200),
    );
  });
});

describe('day 0', () => {
  it('given a spared nerve injury, when it is tested on day 21, then it is judged as any other', () => {
    const sni = fact(
      'NerveLigated',
      '2026-03-03',
      { side: 'left', nerve: 'sciatic', procedure: 'spared-nerve-injury' },
      { number: 3 },
    );
    const facts = history(
      run(1, '2026-03-01', 'de'),
      run(2, '2026-03-02', 'de'),
      sni,
      run(4, '2026-03-24', 'ab'),
    );
    const changes: Changes = { model: { kind: 'nerve-injury', procedure: 'spared-nerve-injury' } };
    expect(judgeHypersensitivity(new Chart(facts, protocols(changes)))).toMatchObject({
      holds: true,
      evidence: [1, 2, 3, 4],
    });
  });

  it('given an injection of CFA, then baseline and hypersensitivity count from the first one', () => {
    const injection = (number: number, when: string): Fact =>
      fact('ModelInduced', when, { kind: 'injection', agent: 'CFA', side: 'left' }, { number });
    const changes: Changes = { ...heat, model: { kind: 'injection', agent: 'CFA' } };
    const facts = treated('heat-latency', '10', '6').map((one) =>
      one.number === 3 ? injection(3, '2026-03-03') : one,
    );
    expect(judgedOn(history(...facts, injection(9, '2026-03-20')), changes).fell).toMatchObject({
      holds: true,
      value: 40,
      evidence: [1, 2, 3, 4],
    });
    const without = facts.filter(({ number }) => number !== 3);
    expect(judgedOn(without, changes).fell).toMatchObject({ holds: null, why: 'not-induced' });
  });
});

describe('a protocol whose rule names an assay', () => {
  const problems = (changes: Changes): unknown => completeProtocol({ ...exampleProtocol, ...changes });
  const paws = ['left-hind-paw', 'left-fore-paw', 'right-hind-paw', 'right-fore-paw'];
  const four = ASSAYS.map((assay) => (assay.id === 'heat-latency' ? { ...assay, sites: paws } : assay));

  it('is refused where it is not clear which site is judged', () => {
    expect(problems({ ...heat, assays: four })).toContainEqual(
      expect.objectContaining({ path: 'hypersensitivity.site' }),
    );
    for (const site of ['ipsilateral-hind-paw', 'left-fore-paw'])
      expect(
        problems({
          ...judging(
            { of: 'heat-latency', metric: 'percent', limit: '30', site },
            { of: 'heat-latency', metric: 'difference', limit: '2', site },
          ),
          assays: four,
        }),
      ).toHaveProperty('title');
  });

  it('is refused where the way to a cut-off would be worsening', () => {
    const { responder } = judging({ of: 'flinches' }, { of: 'flinches', metric: 'percent-mpe', limit: '50' });
    const assays = ASSAYS.map((assay) => ({ ...assay, cutOff: '100' }));
    expect(problems({ ...heat, assays, responder: responder! })).toContainEqual(
      expect.objectContaining({ path: 'responder.metric' }),
    );
  });
});
