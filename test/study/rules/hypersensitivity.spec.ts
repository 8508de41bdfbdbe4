import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { Chart } from '../../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../../src/study/rules/hypersensitivity.js';
import { dose, history, ligation, protocols, run, session, type Changes, type Run } from './facts.js';

const rule = exampleProtocol.hypersensitivity;
const by = (changes: Partial<typeof rule>): Changes => ({ hypersensitivity: { ...rule, ...changes } });
const operated = (...baselines: [Run, Run]) => [
  run(1, '2026-03-01', baselines[0]),
  run(2, '2026-03-02', baselines[1]),
  ligation(3),
];
const judged = (baselines: [Run, Run], test: Run, changes: Changes = {}) =>
  judgeHypersensitivity(
    new Chart(history(...operated(...baselines), run(4, '2026-03-17', test)), protocols(changes)),
  );

describe('hypersensitivity', () => {
  it('is the fall from the mean baseline: 4.6 to 4.3 is 0.3 log units', () => {
    const verdict = judged(['de', 'cd'], 'bc');
    expect(verdict).toMatchObject({
      holds: true,
      why: null,
      limit: 0.2,
      borderline: false,
      evidence: [1, 2, 3, 4],
    });
    expect(verdict.value).toBeCloseTo(0.3, 12);
    expect(verdict.margin).toBeCloseTo(0.1, 12);
    expect(verdict.rule).toEqual({ name: rule.name, version: 1, metric: 'fall-log10e4' });
  });

  it.each<[[Run, Run], Run, boolean | null, number | null, boolean]>([
    [['de', 'de'], 'cd', true, 0, true],
    [['de', 'cd'], 'cd', false, -0.1, false],
    [['cd', 'cd'], 'cd', false, -0.2, false],
    // A rise is no fall.
    [['bc', 'bc'], 'de', false, -0.6, false],
    // Baseline above 4.75: the fall is at least 0.45.
    [['>', 'de'], 'bc', true, 0.25, false],
    [['>', '>'], '>', null, null, false],
    [['de', 'de'], '<', true, 0.5, false],
    [['de', 'de'], '>', false, -0.3, false],
    // Baseline of at most 4.0, test of exactly 4.1: the fall is at most −0.1.
    [['<', '<'], 'ab', false, -0.3, false],
    [['<', '<'], '<', null, null, false],
  ])(
    'from %j to %s is %s with a margin of %s, borderline %s',
    (baselines, test, holds, margin, borderline) => {
      const verdict = judged(baselines, test);
      expect(verdict).toMatchObject({
        holds,
        borderline,
        why: holds === null ? 'bound-does-not-settle' : null,
      });
      if (margin === null) expect(verdict.margin).toBeNull();
      else expect(verdict.margin).toBeCloseTo(margin, 12);
    },
  );

  it('in per cent is of the baseline in grams: 5.0119 g to 3.1623 g is 36.9 %', () => {
    const half = by({ metric: 'fall-percent', limit: '50', borderline: '5' });
    expect(judged(['de', 'de'], 'cd', half).value).toBeCloseTo(36.9043, 3);
    expect(judged(['de', 'de'], 'cd', half).holds).toBe(false);
    expect(judged(['de', 'de'], 'bc', half).value).toBeCloseTo(60.1893, 3);
    // Between 0 and 1 g of 5.0119 g: a fall of 80.05 % or more.
    expect(judged(['de', 'de'], '<', half)).toMatchObject({ holds: true, value: null });
    expect(judged(['de', 'de'], '<', half).between?.[0]).toBeCloseTo(80.0474, 3);
    expect(judged(['>', '>'], '<', half).holds).toBe(true);
    expect(judged(['>', '>'], '>', half).holds).toBeNull();
  });

  it('by grams is met at or below the limit: 4.3 is 1.9953 g', () => {
    const absolute = by({ metric: 'grams', limit: '2', borderline: '0.01' });
    const low = judged(['de', 'de'], 'bc', absolute);
    expect(low).toMatchObject({ holds: true, borderline: true });
    expect(low.margin).toBeCloseTo(2 - 1.99526, 4);
    expect(judged(['de', 'de'], 'cd', absolute).margin).toBeCloseTo(2 - 3.16228, 4);
    expect(judged(['de', 'de'], '<', absolute)).toMatchObject({ holds: true, between: [0, 1] });
    expect(judged(['de', 'de'], '>', absolute)).toMatchObject({ holds: false });
  });

  it('takes the last baseline where the protocol says so', () => {
    const last = { baseline: { aggregate: 'last' as const, minRuns: 1 } };
    const verdict = judged(['bc', 'de'], 'cd', last);
    expect(verdict).toMatchObject({ holds: true, evidence: [2, 3, 4] });
  });

  it('takes the laboratory’s numbers for runs that are bounds, or leaves them out', () => {
    const substitute = {
      censoring: { policy: 'substitute' as const, floorGrams: '0.1', ceilingGrams: '10' },
    };
    expect(judged(['>', '>'], '<', substitute).value).toBeCloseTo(2, 12);
    const exclude = { censoring: { policy: 'exclude' as const } };
    expect(judged(['>', '>'], '<', exclude).why).toBe('no-baseline');
    expect(judged(['de', 'de'], '<', exclude).why).toBe('not-tested-yet');
  });

  it('is not known before the operation, without baselines, before the test', () => {
    expect(judgeHypersensitivity(new Chart([], protocols()))).toMatchObject({
      holds: null,
      why: 'not-operated',
      evidence: [],
    });
    const one = history(run(1, '2026-03-02', 'de'), ligation(3), run(4, '2026-03-17', 'bc'));
    expect(judgeHypersensitivity(new Chart(one, protocols()))).toMatchObject({
      why: 'no-baseline',
      evidence: [3],
    });
    expect(judgeHypersensitivity(new Chart(history(...operated('de', 'de')), protocols()))).toMatchObject({
      why: 'not-tested-yet',
      evidence: [1, 2, 3],
    });
  });

  it('is judged at the first completed run from the day on that the protocol names, as the day is called there', () => {
    const facts = history(
      ...operated('de', 'de'),
      run(4, '2026-03-16T23:59', 'ab'),
      run(5, '2026-03-17T00:00', '-'),
      run(6, '2026-03-17T08:00', 'cd', { paw: 'contralateral' }),
      run(7, '2026-03-17T09:00', 'cd', { session: 99, minute: 15 }),
      run(8, '2026-03-17T10:00', 'bc'),
      run(9, '2026-03-18T10:00', 'de'),
    );
    expect(judgeHypersensitivity(new Chart(facts, protocols()))).toMatchObject({
      holds: true,
      evidence: [1, 2, 3, 8],
    });
    const last = by({ judged: 'last-completed' });
    expect(judgeHypersensitivity(new Chart(facts, protocols(last)))).toMatchObject({
      holds: false,
      evidence: [1, 2, 3, 9],
    });
  });

  it('is judged before any treatment', () => {
    const untreated = history(...operated('de', 'de'), run(4, '2026-03-17', 'bc'));
    for (const treatment of [session(5, '2026-03-17'), dose(5, '2026-03-17')]) {
      const facts = history(...untreated, treatment, run(6, '2026-03-17T10:30', 'de'));
      expect(
        judgeHypersensitivity(new Chart(facts, protocols(by({ judged: 'last-completed' })))),
      ).toMatchObject({
        holds: true,
        evidence: [1, 2, 3, 4],
      });
    }
    const early = history(...operated('de', 'de'), session(5, '2026-03-16'), run(6, '2026-03-17', 'bc'));
    expect(judgeHypersensitivity(new Chart(early, protocols())).why).toBe('not-tested-yet');
  });

  it('cites the correction that holds, and not the record that it replaced', () => {
    const facts = history(
      run(1, '2026-03-01', 'de', {}, { corrected: true }),
      run(2, '2026-03-02', 'de'),
      ligation(3, '2026-03-03', { corrected: true }),
      run(4, '2026-03-17', 'bc', {}, { corrected: true }),
    );
    expect(judgeHypersensitivity(new Chart(facts, protocols())).evidence).toEqual([2, 1001, 1003, 1004]);
  });

  it('is judged by the rule in force when the animal was operated', () => {
    const facts = history(
      run(1, '2026-03-01', 'de'),
      run(2, '2026-03-02', 'de'),
      ligation(3, '2026-03-03', { version: 2 }),
      run(4, '2026-03-17', 'cd', {}, { version: 1 }),
    );
    const stricter = by({ limit: '0.5', version: 2 });
    expect(judgeHypersensitivity(new Chart(facts, protocols({}, stricter)))).toMatchObject({
      holds: false,
      limit: 0.5,
      rule: { version: 2 },
    });
  });
});
