import { Chart } from '../../../src/study/rules/chart.js';
import { measure } from '../../../src/study/rules/measured-run.js';
import { preLesion } from '../../../src/study/rules/reference.js';
import type { Fact } from '../../../src/study/study.js';
import { LADDER, history, ligation, protocols, run } from './facts.js';

const finer = { ladder: { ...LADDER, fixedDelta: '0.1' } };

describe('a run', () => {
  it('is scored on the ladder of the protocol version that it pins', () => {
    const both = protocols({}, finer);
    const of = (version: number) => run(1, '2026-03-01', 'cd', {}, { version }) as Fact<'ThresholdRecorded'>;
    // O at c, X at d of 4.6, k = −0.5 of a step of 0.2 or of 0.1.
    expect(measure(of(1), both).log?.lower).toBeCloseTo(4.5, 12);
    expect(measure(of(2), both).log?.lower).toBeCloseTo(4.55, 12);
  });

  it('is scored once under one protocol, and anew under another', () => {
    const fact = run(1, '2026-03-01', 'cd') as Fact<'ThresholdRecorded'>;
    const [one, other] = [protocols(), protocols(finer)];
    expect(measure(fact, one)).toBe(measure(fact, one));
    expect(measure(fact, one).log?.lower).toBeCloseTo(4.5, 12);
    expect(measure(fact, other).log?.lower).toBeCloseTo(4.55, 12);
    expect(measure(fact, one).log?.lower).toBeCloseTo(4.5, 12);
  });

  it('before there was a protocol is scored by the first', () => {
    const fact = { ...run(1, '2026-03-01', 'cd'), protocolVersion: undefined } as Fact<'ThresholdRecorded'>;
    expect(measure(fact, protocols({}, finer)).log?.lower).toBeCloseTo(4.5, 12);
  });

  it('is compared where it has a number or a bound, and is of the paw that was operated', () => {
    const facts = history(
      run(1, '2026-03-01', 'cd'),
      run(2, '2026-03-02', '-'),
      run(3, '2026-03-03', '<'),
      run(4, '2026-03-04', 'cd', { paw: 'contralateral' }),
    );
    expect([...new Chart(facts, protocols()).thresholds.all].map(({ fact }) => fact.number)).toEqual([1, 3]);
  });
});

describe('the threshold before the lesion', () => {
  const facts = [run(1, '2026-03-01', 'de'), run(2, '2026-03-02', 'cd'), ligation(3)];

  it('is the mean of the runs before it, and rests on them', () => {
    const reference = preLesion(new Chart(history(...facts, run(4, '2026-03-04', 'ab')), protocols()));
    expect(reference?.value.lower).toBeCloseTo(4.6, 12);
    expect(reference?.evidence()).toEqual([1, 2]);
  });

  it('is that of the first lesion', () => {
    expect(
      preLesion(
        new Chart(history(...facts, run(4, '2026-03-04', 'ab'), ligation(5, '2026-03-05')), protocols()),
      )?.evidence(),
    ).toEqual([1, 2]);
  });

  it('is not known without a lesion or with too few runs, those in a session left out', () => {
    expect(preLesion(new Chart(facts.slice(0, 2), protocols()))).toBeNull();
    expect(preLesion(new Chart(facts.slice(1), protocols()))).toBeNull();
    const during = run(4, '2026-03-02T12:00', 'de', { session: 9, minute: 15 });
    expect(preLesion(new Chart(history(...facts.slice(1), during), protocols()))).toBeNull();
  });
});
