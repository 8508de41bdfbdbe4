import { deriveThreshold, logInterval, type Censoring } from '../../../src/study/rules/threshold.js';
import { preset, touchesOf } from './runs.js';

const SUBSTITUTE: Censoring = { policy: 'substitute', floorGrams: '0.25', ceilingGrams: '15' };

const interval = (run: string, filaments: string, censoring: Censoring = { policy: 'bound' }) =>
  logInterval(deriveThreshold(preset('RAT-N8'), touchesOf(run, filaments)), censoring);

describe('interval that a verdict compares', () => {
  it('is a point for an estimate, whatever the policy', () => {
    for (const policy of [{ policy: 'bound' }, { policy: 'exclude' }, SUBSTITUTE] as Censoring[]) {
      const point = interval('OXOXOX', '2 4 2 4 2 4', policy);
      expect(point?.lower).toBe(point?.upper);
      expect(point?.lower).toBeCloseTo(Math.log10(30877), 4);
    }
  });

  it('is a half line for a bound', () => {
    const floor = interval('XXXX', '2 1 0.6 0.4');
    expect(floor?.lower).toBe(-Infinity);
    expect(floor?.upper).toBeCloseTo(Math.log10(4000), 12);
    const ceiling = interval('OOOOO', '2 4 6 8 15');
    expect(ceiling?.lower).toBeCloseTo(Math.log10(150000), 12);
    expect(ceiling?.upper).toBe(Infinity);
  });

  it('takes an estimate outside the ladder for a bound', () => {
    const beyond = interval('OOOOXOO', '2 4 6 8 15 8 15');
    expect(beyond?.lower).toBeCloseTo(Math.log10(150000), 12);
    expect(beyond?.upper).toBe(Infinity);
    expect(interval('OOOOXOO', '2 4 6 8 15 8 15', { policy: 'exclude' })).toBeNull();
  });

  it('is the number of the laboratory where the protocol substitutes', () => {
    const floor = interval('XXXX', '2 1 0.6 0.4', SUBSTITUTE);
    expect(floor?.lower).toBeCloseTo(Math.log10(2500), 12);
    expect(floor?.upper).toBe(floor?.lower);
    expect(interval('OOOOO', '2 4 6 8 15', SUBSTITUTE)?.upper).toBeCloseTo(Math.log10(150000), 12);
  });

  it('is nothing where bounds are excluded, and for runs without a threshold', () => {
    expect(interval('XXXX', '2 1 0.6 0.4', { policy: 'exclude' })).toBeNull();
    expect(interval('OO', '2 4')).toBeNull();
    expect(interval('OXO', '4 4 4', SUBSTITUTE)).toBeNull();
  });
});
