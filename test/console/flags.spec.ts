import { readFileSync } from 'node:fs';
import { FLAG_MEANINGS, flagInWords } from '../../src/console/words/flags.js';

const docs = readFileSync(new URL('../../docs/flags.md', import.meta.url), 'utf8');
/** The codes in the first cells of the tables; kinds and what is never stored stand elsewhere. */
const listed = docs
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]) => code));

it('every flag has a meaning in words, and stands in the docs', () => {
  const besides = ['late', 'unsupported', 'time-in-doubt'];
  expect(new Set([...listed, ...besides])).toEqual(new Set(Object.keys(FLAG_MEANINGS)));
});

it('a dose that does not fit its volume is said with the three numbers', () => {
  const data = {
    dose: { value: '10', unit: 'ug' },
    volume: { value: '10', unit: 'uL' },
    concentration: { value: '3', unit: 'ug/uL' },
  };
  expect(flagInWords('dose-volume-mismatch', data)).toBe(
    'This record states a dose, a volume and a concentration that do not fit together: 10 µg is stated, and 10 µL at 3 µg/µL hold 30 µg.',
  );
  expect(flagInWords('unheard-of', data)).toBeUndefined();
});

it('a late record is called late', () => {
  expect(flagInWords('late', {})).toBe(
    'This record is late: it was entered longer after the event than the protocol allows.',
  );
});
