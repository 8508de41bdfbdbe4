import { SchemaSet, type Schemas } from '../../src/verify/checks/record.js';

/** Each type has schema versions of its own, and a correction names the one of what it states. */

const schema = (data: object) => ({ type: 'object', properties: { data } });
const weight = (type: string) =>
  schema({ type: 'object', required: ['weight'], properties: { weight: { type } } });
const schemas: Schemas = {
  'RecordCorrected.1': schema({ type: 'object' }),
  'BodyWeightRecorded.1': weight('integer'),
  'BodyWeightRecorded.2': weight('string'),
};

function complaints(type: string, version: number, data: object): string[] {
  const found: string[] = [];
  const record = { dataschema: `urn:study-ledger:schema:${type}:${version}`, data };
  new SchemaSet(schemas).check(record, (_, message) => found.push(message));
  return found;
}

const corrected = (data: object, correctsVersion?: unknown): string[] =>
  complaints('RecordCorrected', 1, {
    corrects: 'BodyWeightRecorded',
    corrected: data,
    ...(correctsVersion !== undefined && { correctsVersion }),
  });

describe('the schemas of a verifier', () => {
  it('know each version of a type', () => {
    expect(complaints('BodyWeightRecorded', 1, { weight: 243 })).toEqual([]);
    expect(complaints('BodyWeightRecorded', 2, { weight: '243' })).toEqual([]);
    expect(complaints('BodyWeightRecorded', 1, { weight: '243' })).toHaveLength(1);
    expect(complaints('BodyWeightRecorded', 3, { weight: '243' })).toEqual([
      expect.stringContaining('which this verifier does not know'),
    ]);
  });

  it('check what a correction states by the version of its own type, the first where none is named', () => {
    expect(corrected({ weight: 243 })).toEqual([]);
    expect(corrected({ weight: '243' }, 2)).toEqual([]);
    expect(corrected({ weight: '243' })).toHaveLength(1);
    expect(corrected({ weight: 243 }, 2)).toHaveLength(1);
    for (const unknown of [3, null, {}])
      expect(corrected({ weight: 243 }, unknown)).toEqual([
        expect.stringContaining('of a type that this verifier does not know'),
      ]);
  });
});
