import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { RESPONDER_PRESETS } from '../../../src/study/protocol/rules.js';
import { Chart } from '../../../src/study/rules/chart.js';
import { judgeDose } from '../../../src/study/rules/titration.js';
import type { Fact } from '../../../src/study/study.js';
import { dose, fact, history, ligation, protocols, run, session, type Run } from './facts.js';

const given = dose(5, '2026-03-19T10:00');
const at = [15, 30, 60];
const clock = ['10:15', '10:30', '11:00'];

/** Records 1 to 3 the baselines and the ligation, 4 the run before dose 5, 6 to 8 its course. */
const course = (before: Run, ...points: Run[]): Fact[] => [
  run(1, '2026-03-01', 'de'),
  run(2, '2026-03-02', 'de'),
  ligation(3),
  run(4, '2026-03-19T09:30', before),
  given,
  ...points.map((point, index) =>
    run(6 + index, `2026-03-19T${clock[index]}`, point, { session: 5, minute: at[index] }),
  ),
];
const scored = (number: number, score: number, after = 5) =>
  fact(
    'SideEffectsScored',
    '2026-03-19T10:20',
    {
      after,
      scores: [
        { item: 'ataxia', score: 0 },
        { item: 'sedation', score },
      ],
    },
    { number },
  );
const judged = (...facts: Fact[]) => judgeDose(given, new Chart(history(...facts), protocols()));

describe('a dose alone', () => {
  it('is effective where the threshold rose at any minute of the titration’s window', () => {
    const { effective } = judged(...course('bc', 'bc', 'de', 'bc'));
    expect(effective).toMatchObject({ holds: true, evidence: [4, 5, 6, 7, 8] });
    expect(effective.value).toBeCloseTo(0.4, 12);
  });

  it('is without effect where it rose at none', () => {
    const { effective } = judged(...course('bc', 'bc', 'bc', 'ab'));
    expect(effective).toMatchObject({ holds: false });
    expect(effective.margin).toBeCloseTo(-0.2, 12);
  });

  it('is not known on an incomplete course, nor by one minute measured thrice', () => {
    expect(judged(...course('bc', 'bc', 'bc')).effective).toMatchObject({
      holds: null,
      why: 'too-few-points',
      evidence: [5],
    });
    const thrice = [run(20, '2026-03-19T10:31', 'bc', { session: 5, minute: 30 })];
    expect(judged(...course('bc', 'bc', 'bc'), ...thrice).effective.why).toBe('too-few-points');
  });

  it('is not known where a bound leaves it open', () => {
    expect(judged(...course('<', '<', 'ab', '<')).effective).toMatchObject({
      holds: null,
      why: 'bound-does-not-settle',
    });
    expect(judged(...course('de', '>', 'de', 'de')).effective.holds).toBeNull();
  });

  it('is compared with the run before the drug, whatever reference the responder rule has', () => {
    const { effective } = judgeDose(
      given,
      new Chart(
        history(...course('bc', 'de', 'bc', 'bc')),
        protocols({ responder: { ...RESPONDER_PRESETS['A']!, reference: 'pre-lesion', aggregate: 'last' } }),
      ),
    );
    expect(effective).toMatchObject({ holds: true });
    expect(effective.value).toBeCloseTo(0.4, 12);
    const unmeasured = course('bc', 'bc', 'bc', 'bc').filter(({ number }) => number !== 4 && number > 2);
    expect(judged(...unmeasured).effective.why).toBe('no-reference');
  });

  it('is not judged by runs from a stimulation on', () => {
    const facts = course('bc', 'bc', 'bc', 'de');
    expect(judged(...facts, session(9, '2026-03-19T10:45', { follows: 5 })).effective.why).toBe(
      'too-few-points',
    );
    expect(judged(...facts, session(9, '2026-03-19T11:00', { follows: 5 })).effective.why).toBe(
      'too-few-points',
    );
    expect(judged(...facts, session(9, '2026-03-19T11:01', { follows: 5 })).effective.holds).toBe(true);
    expect(judged(...facts, session(9, '2026-03-18T10:00')).effective.holds).toBe(true);
  });

  it('is judged by the window and the number of points of the protocol it was given under', () => {
    const short = { titration: { ...exampleProtocol.titration, windowMinutes: [15], minPoints: 1 } };
    expect(
      judgeDose(given, new Chart(history(...course('bc', 'bc', 'de')), protocols(short))).effective,
    ).toMatchObject({
      holds: false,
      evidence: [4, 5, 6],
    });
  });

  it('has side effects where any item scored above 0, and unknown ones where nobody scored', () => {
    const facts = course('bc', 'bc', 'bc', 'bc');
    expect(judged(...facts)).toMatchObject({ sideEffects: null, sideEffectRecords: [] });
    expect(judged(...facts, scored(9, 0))).toMatchObject({ sideEffects: false, sideEffectRecords: [9] });
    expect(judged(...facts, scored(9, 0), scored(10, 1))).toMatchObject({
      sideEffects: true,
      sideEffectRecords: [9, 10],
    });
    expect(judged(...facts, scored(9, 2, 77))).toMatchObject({ sideEffects: null });
  });
});
