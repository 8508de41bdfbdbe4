import { exampleProtocol as example } from '../../../src/study/commands/common/example-protocol.js';
import { ProtocolSchema } from '../../../src/study/protocol.js';
import { RESPONDER_PRESETS } from '../../../src/study/protocol/rules.js';
import { completeProtocol, type ProtocolInput } from '../../../src/study/rules/complete-protocol.js';
import { LADDER_PRESETS } from '../../../src/study/rules/ladder.js';
import { mismatch } from '../../../src/study/mismatch.js';

const completed = (changes: Partial<ProtocolInput>) => completeProtocol({ ...example, ...changes });
const ug = (...values: string[]) => values.map((value) => ({ value, unit: 'ug' as const }));

describe('a protocol', () => {
  it.each(['RAT-H8', 'RAT-N8', 'RAT-N9', 'MOUSE-N8'])('has the ladder %s written out', (ladder) => {
    const protocol = completed({ ladder });
    expect(protocol).toMatchObject({ ladder: LADDER_PRESETS[ladder] });
    expect(mismatch(ProtocolSchema, protocol)).toBeUndefined();
  });

  it.each(['A', 'B', 'C'])('has the responder rule %s written out', (responder) => {
    const protocol = completed({ responder });
    expect(protocol).toMatchObject({ responder: RESPONDER_PRESETS[responder] });
    expect(mismatch(ProtocolSchema, protocol)).toBeUndefined();
  });

  it.each<[string, Partial<ProtocolInput>, string]>([
    ['an unknown ladder', { ladder: 'constructor' }, 'RAT-H8, RAT-N8, RAT-N9, MOUSE-N8'],
    ['an unknown responder rule', { responder: '__proto__' }, 'A, B, C'],
    ['an unsound ladder', { ladder: { ...LADDER_PRESETS['RAT-N8']!, start: '3' } }, 'start filament 3'],
    [
      'an amplitude range that ends below where it begins',
      { stimulation: { ...example.stimulation, amplitudeFraction: { low: '0.7', high: '0.6' } } },
      'amplitude range',
    ],
    [
      'a rule in per cent of the maximum without a cut-off',
      { responder: { ...RESPONDER_PRESETS['A']!, metric: 'percent-mpe' } },
      'cutOffGrams',
    ],
    [
      'more points than its window has',
      { responder: { ...RESPONDER_PRESETS['A']!, minPoints: 3 } },
      'more points',
    ],
    [
      'more points of a course than its window has',
      { titration: { ...example.titration, minPoints: 4 } },
      'more points',
    ],
    [
      'doses of two kinds',
      { titration: { ...example.titration, doses: [...ug('10'), { value: '1', unit: 'mg/kg' }] } },
      'mixes amounts',
    ],
    [
      'doses out of order',
      { titration: { ...example.titration, doses: ug('10', '30', '20') } },
      'not larger',
    ],
    [
      'a dose twice',
      { titration: { ...example.titration, doses: [...ug('10'), { value: '0.01', unit: 'mg' }] } },
      'not larger',
    ],
    [
      'a substitute without a logarithm',
      { censoring: { policy: 'substitute', floorGrams: '0.0', ceilingGrams: '15' } },
      'no logarithm',
    ],
    [
      'a floor above its ceiling',
      { censoring: { policy: 'substitute', floorGrams: '20', ceilingGrams: '15' } },
      'lies above',
    ],
    [
      'an item listed twice',
      {
        sideEffects: {
          ...example.sideEffects,
          items: [example.sideEffects.items[0]!, example.sideEffects.items[0]!],
        },
      },
      'listed twice',
    ],
    [
      'an endpoint listed twice',
      {
        welfare: {
          ...example.welfare,
          endpoints: [example.welfare.endpoints[0]!, example.welfare.endpoints[0]!],
        },
      },
      'endpoint is listed twice',
    ],
    [
      'a plausible range that ends below where it begins',
      { plausible: { bodyWeight: { low: { value: '200', unit: 'g' }, high: { value: '0.1', unit: 'kg' } } } },
      'plausible range',
    ],
  ])('cannot be used with %s', (_, changes, words) => {
    expect(completed(changes)).toEqual([
      { path: expect.any(String), message: expect.stringContaining(words) },
    ]);
  });
});
