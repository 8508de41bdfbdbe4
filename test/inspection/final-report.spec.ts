/**
 * What an inspector does with the final report (21 CFR 58.185): takes ten numbers of the data pack, and works each out anew from
 * the records that it names, read as the JSON that was stored and by no code of the product.
 */
import { readFileSync } from 'node:fs';
import { packSections } from '../../src/exports/data-pack/sections.js';
import { sourceOf } from '../exports/small-study.js';
import { referenceStudy } from '../support/reference-study.js';

interface Stored {
  readonly type: string;
  readonly subject?: string;
  readonly data: {
    readonly bodyWeight?: { readonly value: string };
    readonly dose?: { readonly value: string };
    readonly lot?: string;
    readonly flags?: readonly string[];
    readonly touches?: readonly { readonly filament: string; readonly response: 'O' | 'X' }[];
    /** Of a correction: the animal, and what the fact says from then on. */
    readonly subject?: string;
    readonly corrected?: Stored['data'];
  };
}

const file = new URL('../golden/ledger-0.1/demo/records/study-KET-01.ndjson', import.meta.url);
const records = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Stored);
const pack = packSections(sourceOf(referenceStudy()));

/** The number that stands in the pack, and the records that it names. */
function found(section: number, what: string): { value: string; cited: Stored[] } {
  const one = pack[section - 1]!.items.find((item) => `${item.what}: ${item.value}`.startsWith(what));
  if (!one) throw new Error(`Section ${section} has no “${what}”.`);
  return { value: one.value, cited: one.records.map((number) => records[number]!) };
}

const ofType = (cited: readonly Stored[], type: string): Stored[] => cited.filter((one) => one.type === type);

/** Each is counted in all records of the study, not in those alone that the pack names. */
const COUNTED: [number, string, (record: Stored) => boolean][] = [
  [7, 'number of animals: 26', ({ type }) => type === 'SubjectEnrolled'],
  [8, 'administrations: 38', ({ type }) => type === 'KetamineAdministered'],
  [
    8,
    'dose: 20 µg: 12 of 38',
    ({ type, data }) => type === 'KetamineAdministered' && data.dose?.value === '20',
  ],
  [4, 'lot: K-2207: 38 of 38', ({ data }) => data.lot === 'K-2207'],
  [8, 'stimulations: 23', ({ type }) => type === 'SCSApplied'],
  [9, 'deviations from the protocol: 1', ({ data }) => isFlagged(data, 'deviation')],
  [9, 'late entries: 1', ({ data }) => isFlagged(data, 'late')],
  [9, 'corrections and withdrawals: 3', ({ type }) => type === 'RecordCorrected' || type === 'RecordVoided'],
];

function isFlagged({ flags = [] }: Stored['data'], flag: string): boolean {
  return flags.includes(flag);
}

describe('an inspector who traces ten numbers of the data pack', () => {
  it.each(COUNTED)('comes to the same by counting: section %d, “%s” [R40]', (section, what, isCounted) => {
    const { value, cited } = found(section, what);
    const counted = records.filter(isCounted);
    expect(cited).toEqual(counted);
    const said = /(\d+)(?: of \d+)?$/.exec(value)![1];
    expect(Number(said)).toBe(counted.length);
  });

  it('comes to the same range of body weights at enrolment [R40]', () => {
    const { value, cited } = found(7, 'body weight at enrolment');
    const weights = ofType(cited, 'SubjectEnrolled').map(({ data }) => Number(data.bodyWeight!.value));
    expect(weights).toHaveLength(26);
    expect(value).toBe(`${Math.min(...weights)} g to ${Math.max(...weights)} g`);
  });

  it('comes to the same fifteen animals, by the likelihood of their touches [R40]', () => {
    const { value, cited } = found(11, 'hypersensitive: 15');
    const runs = cited.map((one) => ({ ...one, touches: (one.data.corrected ?? one.data).touches }));
    const falls = [...new Set(runs.map(subjectOf))].map((animal) => {
      const logs = runs.flatMap((one) =>
        subjectOf(one) === animal && one.touches ? [logThreshold(one.touches)] : [],
      );
      const baseline = logs.slice(0, -1);
      expect(baseline.length).toBeGreaterThanOrEqual(2);
      return baseline.reduce((sum, one) => sum + one, 0) / baseline.length - logs.at(-1)!;
    });
    expect(falls).toHaveLength(Number(value));
    for (const fall of falls) expect(fall).toBeGreaterThan(0.2);
  });
});

function subjectOf({ subject, data }: Stored): string {
  return data.subject ?? subject!;
}

const LADDER = ['0.4', '0.6', '1', '2', '4', '6', '8', '15'];
const STEP = Math.log10(15 / 0.4) / (LADDER.length - 1);

/** log10 of grams at which half of the touches are answered: the likeliest one where they scatter by one step (Dixon 1965). */
function logThreshold(
  touches: readonly { readonly filament: string; readonly response: 'O' | 'X' }[],
): number {
  const answers = touches.map(({ filament, response }) => ({
    place: LADDER.indexOf(filament),
    sign: response === 'X' ? 1 : -1,
  }));
  const last = answers.at(-1)!.place;
  // Without a change of response there is only a bound.
  if (answers.every(({ sign }) => sign === answers[0]!.sign)) return Math.log10(Number(LADDER[last]));
  let [best, most] = [0, -Infinity];
  for (let at = -3; at <= LADDER.length + 2; at += 0.01) {
    const likelihood = answers.reduce(
      (sum, { place, sign }) => sum + Math.log(normal(sign * (place - at))),
      0,
    );
    if (likelihood > most) [best, most] = [at, likelihood];
  }
  return Math.log10(Number(LADDER[last])) + (best - last) * STEP;
}

/** The standard normal distribution, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}
