import { EVENTS, type EventType } from '../../src/study/events/events.js';
import { versionOf } from '../../src/study/events/versions.js';
import { schemaMismatch, schemaUrn, type StudyRecord } from '../../src/study/record.js';
import { matches } from '../../src/study/schema.js';
import { UPCASTERS, upcast, type Upcaster } from '../../src/study/events/upcast.js';
import { begun, corrected, day, weighed } from './bench.js';

/**
 * A worked example. Suppose that weights had been recorded as a bare number of grams in version 1, and without the
 * balance in version 2; version 3 is what a weight looks like today.
 */
const ANY = { type: 'object' } as const;
const upcasters: readonly Upcaster[] = [
  {
    type: 'BodyWeightRecorded',
    from: 1,
    schema: ANY,
    upcast: ({ grams, ...rest }) => ({ ...rest, weight: { value: String(grams), unit: 'g' } }),
  },
  {
    type: 'BodyWeightRecorded',
    from: 2,
    schema: ANY,
    upcast: (data) => ({ ...data, instrument: { id: 'unknown' } }),
  },
];
/** The other types stay at their first version. */
const today = (type: string): number => (type === 'BodyWeightRecorded' ? 3 : 1);

const { study } = begun().and(
  weighed(day(4)),
  corrected(3, { subject: 'R01', occurredAt: day(4), corrected: { weight: { value: '250', unit: 'g' } } }),
);
const record = (number: number) => study.records.at(number)?.record as StudyRecord;
const old = (number: number, data: object): string =>
  JSON.stringify({ ...record(number), data, dataschema: schemaUrn(record(number).type, 1) });
const read = (text: string) => upcast(JSON.parse(text) as StudyRecord, upcasters, today);

describe('upcasting', () => {
  it('gives an old record the shape of today, one version after another', () => {
    const now = read(old(3, { grams: 243, comment: 'First of the day' }));
    expect(now.data).toEqual({
      comment: 'First of the day',
      weight: { value: '243', unit: 'g' },
      instrument: { id: 'unknown' },
    });
    expect(now.dataschema).toBe('urn:study-ledger:schema:BodyWeightRecorded:3');
    expect(matches(EVENTS.BodyWeightRecorded, now.data)).toBe(true);
    expect(now).toEqual({ ...record(3), data: now.data, dataschema: now.dataschema });
  });

  it('begins with the version that was written', () => {
    const second = { ...record(3), dataschema: schemaUrn('BodyWeightRecorded', 2) };
    expect(upcast(second, upcasters, today).data).toEqual({
      ...record(3).data,
      instrument: { id: 'unknown' },
    });
  });

  it('gives what a correction states the shape of today as well', () => {
    const now = read(old(4, { ...record(4).data, corrected: { grams: 250 } }));
    expect(now.data).toMatchObject({
      target: { number: 3 },
      corrected: { weight: { value: '250', unit: 'g' }, instrument: { id: 'unknown' } },
      correctsVersion: 3,
    });
    expect(now.dataschema).toBe('urn:study-ledger:schema:RecordCorrected:1');
    expect(schemaMismatch(now)).toBeUndefined();
  });

  it('takes what a correction states in the version that it names, whatever its own is', () => {
    const stated = { weight: { value: '250', unit: 'g' } };
    const second = read(old(4, { ...record(4).data, corrected: stated, correctsVersion: 2 }));
    expect(second.data).toMatchObject({ corrected: { ...stated, instrument: { id: 'unknown' } } });
    const third = { ...record(4), data: { ...record(4).data, correctsVersion: 3 } } as StudyRecord;
    expect(upcast(third, upcasters, today)).toBe(third);
  });

  it('leaves types of one version as they are', () => {
    const parsed = record(2);
    expect(upcast(parsed, upcasters, today)).toBe(parsed);
  });

  it('touches neither the stored text nor the record that was parsed [R46]', () => {
    const text = old(3, { grams: 243 });
    const parsed = JSON.parse(text) as StudyRecord;
    upcast(parsed, upcasters, today);
    expect(JSON.stringify(parsed)).toBe(text);
  });

  it('is the record itself where that has the shape of today, or comes from a newer version', () => {
    expect(upcast(record(3))).toBe(record(3));
    const newer = { ...record(3), dataschema: schemaUrn('BodyWeightRecorded', 9) };
    expect(upcast(newer, upcasters, today)).toBe(newer);
    const odd = { ...record(3), dataschema: 'something else' };
    expect(upcast(odd, upcasters, today)).toBe(odd);
  });

  it('has an upcaster for every version that is no longer written, and for no other', () => {
    const earlier = (Object.keys(EVENTS) as EventType[]).flatMap((type) =>
      Array.from({ length: versionOf(type) - 1 }, (_, index) => `${type}.${index + 1}`),
    );
    expect(UPCASTERS.map(({ type, from }) => `${type}.${from}`).sort()).toEqual(earlier.sort());
  });
});
