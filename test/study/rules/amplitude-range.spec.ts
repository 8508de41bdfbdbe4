import fc from 'fast-check';
import { amplitudeRange, percentOfThreshold } from '../../../src/study/rules/amplitude-range.js';
import { baseValue } from '../../../src/study/units.js';
import { runs } from '../../support/effort.js';

const mA = (value: string) => ({ value, unit: 'mA' });

describe('the amplitudes that a protocol plans', () => {
  it('are a fraction of the motor threshold, with the arithmetic', () => {
    expect(amplitudeRange({ low: '0.60', high: '0.70' }, mA('0.28'))).toEqual({
      low: mA('0.168'),
      high: mA('0.196'),
      proposed: mA('0.18'),
      arithmetic: '0.60–0.70 × 0.28 mA = 0.168–0.196 mA',
    });
  });

  it.each([
    ['0.65', '0.65', '0.28', '0.182', '0.65 × 0.28 mA = 0.182 mA'],
    ['0.6', '0.7', '0.3', '0.2', '0.6–0.7 × 0.3 mA = 0.18–0.21 mA'],
    ['0.60', '0.62', '0.4', '0.24', '0.60–0.62 × 0.4 mA = 0.24–0.248 mA'],
    ['0.61', '0.62', '0.4', '0.246', '0.61–0.62 × 0.4 mA = 0.244–0.248 mA'],
    ['0.5', '0.9', '1', '0.7', '0.5–0.9 × 1 mA = 0.5–0.9 mA'],
  ])('%s to %s of %s mA propose %s mA', (low, high, threshold, proposed, arithmetic) => {
    expect(amplitudeRange({ low, high }, mA(threshold))).toMatchObject({
      proposed: mA(proposed),
      arithmetic,
    });
  });

  it('hold what is proposed', () => {
    const fraction = fc.tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(
        fraction,
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 3 }),
        (of, units, places) => {
          const [low, high] = [of[0], of[0] + of[1]].map((part) => (part / 100).toFixed(2)) as [
            string,
            string,
          ];
          const range = amplitudeRange({ low, high }, mA((units / 10 ** places).toFixed(places)));
          expect(baseValue(range.proposed)).toBeGreaterThanOrEqual(baseValue(range.low));
          expect(baseValue(range.proposed)).toBeLessThanOrEqual(baseValue(range.high));
        },
      ),
      runs(500),
    );
  });

  it('are told as per cent of the motor threshold', () => {
    expect(percentOfThreshold(mA('0.18'), mA('0.28'))).toBe('64.3');
    expect(percentOfThreshold({ value: '140', unit: 'uA' }, mA('0.28'))).toBe('50');
    expect(percentOfThreshold(mA('0.18'), mA('0'))).toBeUndefined();
  });
});
