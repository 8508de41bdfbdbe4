import { threshold } from '../../src/cli/commands/threshold.js';
import { Failure } from '../../src/cli/output/failure.js';

const json = (options: Parameters<typeof threshold>[0]): Record<string, unknown> =>
  JSON.parse(String(threshold({ ...options, json: true }))) as Record<string, unknown>;

describe('study-ledger threshold', () => {
  it('infers the filaments from the last one', () => {
    // Dixon 1980, Fig. 6: k of OXXOXO is 0.831.
    const { k, status, method, grams } = json({ ladder: 'RAT-N8', run: 'OXXOXO', last: '1' });
    expect({ k, status, method }).toEqual({ k: 0.831, status: 'estimated', method: 'dixon-table' });
    const delta = (Math.log10(15) - Math.log10(0.4)) / 7;
    expect(grams).toBeCloseTo(10 ** (0.831 * delta), 12);
  });

  it('gives a bound and no number for a run that never reverses', () => {
    const answer = json({ ladder: 'RAT-N8', run: 'OOOOO', last: '15' });
    expect(answer).toMatchObject({ status: 'above-range', grams: null, bound: { relation: '>', grams: 15 } });
  });

  it('takes a ladder and a fixed step of the laboratory', () => {
    const answer = json({ ladderGrams: '0.4,0.6,1,2,4,6,8,15', step: '0.224', run: 'OXOXOX', last: '4' });
    expect(answer['delta']).toBe(0.224);
    expect(answer['grams']).toBeCloseTo(4 * 10 ** (-0.5 * 0.224), 12);
  });

  it('tells the next filament, and that a run is complete', () => {
    expect(json({ ladder: 'RAT-N8', run: '', next: true })).toMatchObject({ complete: false, next: '2' });
    expect(json({ ladder: 'RAT-N8', run: 'OX', next: true })).toMatchObject({ complete: false, next: '2' });
    expect(json({ ladder: 'RAT-N8', run: 'OXOXOX', next: true })).toMatchObject({
      complete: true,
      next: null,
    });
  });

  it.each([
    [{ ladder: 'RAT-N7', run: 'OX', last: '4' }, 'ladder-unknown'],
    [{ ladder: 'RAT-N8', run: 'OX', last: '5' }, 'filament-not-in-ladder'],
    [{ ladder: 'RAT-N8', run: 'OXQ', last: '4' }, 'run-invalid'],
    [{ ladder: 'RAT-N8', run: 'OOOOOOOOOO', last: '4' }, 'run-leaves-ladder'],
    [{ ladder: 'RAT-N8', run: '' }, 'run-invalid'],
    [{ ladderGrams: '1,0.5,2', run: 'OX', last: '1' }, 'ladder-invalid'],
    [{ ladder: 'RAT-N8', run: 'OX', last: '4', step: '-1' }, 'usage'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => threshold(options)).toThrow(Failure);
    try {
      threshold(options);
    } catch (error) {
      expect((error as Failure).code).toBe(code);
    }
  });
});
