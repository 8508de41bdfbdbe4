import { schemaMismatch, sequenceOf, type StudyRecord } from '../../src/study/record.js';
import { begun, corrected, day, weighed } from './bench.js';

const { study } = begun().and(
  weighed(day(4)),
  corrected(3, { subject: 'R01', occurredAt: day(4), corrected: { weight: { value: '250', unit: 'g' } } }),
);
const correction = study.records.at(4)?.record as StudyRecord<'RecordCorrected'>;
const spoilt = (data: object) => schemaMismatch({ ...correction, data: { ...correction.data, ...data } });

describe('the schema of a record', () => {
  it('fits every record that was accepted', () => {
    for (const { record } of study.records) expect(schemaMismatch(record)).toBeUndefined();
  });

  it('says where a record does not fit, and why', () => {
    const weight = study.records.at(3)?.record as StudyRecord;
    const wrong = (changes: object) => schemaMismatch({ ...weight, ...changes });
    expect(wrong({ data: { weight: { value: '1e3', unit: 'g' } } })?.path).toBe('data.weight.value');
    expect(wrong({ data: {} })).toEqual({ path: 'data', message: 'lacks “weight”' });
    expect(wrong({ reason: 'a\nb' })?.path).toBe('reason');
    expect(wrong({ mood: 'good' })).toEqual({ path: '', message: 'has an unknown field “mood”' });
    expect(wrong({ type: 'ThresholdRecorded' })).toBeDefined();
  });

  it('of a correction is also that of what it corrects', () => {
    expect(spoilt({ corrected: { weight: { value: '1e3', unit: 'g' } } })?.path).toBe(
      'data.corrected.weight.value',
    );
    expect(spoilt({ corrected: {} })).toEqual({ path: 'data.corrected', message: 'lacks “weight”' });
    for (const corrects of ['TeaServed', 'constructor', 'ThresholdRecorded'])
      expect(spoilt({ corrects })).toBeDefined();
  });
});

describe('the number of a record', () => {
  it('sorts as text', () => {
    expect(['9', '10', '100'].map((n) => sequenceOf(Number(n)))).toEqual([
      '0000000009',
      '0000000010',
      '0000000100',
    ]);
  });
});
