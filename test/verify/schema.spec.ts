import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { instantMs as recorderInstantMs } from '../../src/study/instant.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { instantMs, isCalendarDate } from '../../src/verify/checks/instant.js';
import { allSchemas } from '../../src/verify/folder/record-schemas.js';
import { compileSchema } from '../../src/verify/checks/schema.js';
import { referenceStudy } from '../support/reference-study.js';
import { runs } from '../support/effort.js';

const ajv = new Ajv2020({ strict: false, addUsedSchema: false });
ajv.addFormat('instant', (text) => recorderInstantMs(text) !== undefined);
ajv.addFormat('calendar-date', isCalendarDate);

const json = fc.jsonValue({ maxDepth: 3 });

/** Schemas out of every keyword, nested. */
const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'array', 'object') }),
    fc.record({ const: json }),
    fc.record({ enum: fc.array(json, { minLength: 1, maxLength: 4 }) }),
    fc.record({ minimum: fc.integer({ min: -5, max: 5 }), maximum: fc.integer({ min: -5, max: 5 }) }),
    fc.record({ minLength: fc.nat(4), maxLength: fc.nat(6) }),
    fc.record({ pattern: fc.constantFrom('^[a-z]*$', '\\S', '^(0|[1-9][0-9]*)$', '^.{2}$') }),
    fc.record({ minItems: fc.nat(2), maxItems: fc.nat(4), uniqueItems: fc.boolean() }),
    fc.record({ items: tie('schema') }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record(
      {
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'ab', '__proto__'), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), tie('schema')),
        required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      },
      { requiredKeys: [] },
    ),
  ),
}));

/** As a parser gives them: plain objects. */
const parsed = <T>(one: T): T => JSON.parse(JSON.stringify(one)) as T;

const value = fc
  .oneof(json, fc.dictionary(fc.constantFrom('a', 'b', 'ab', 'c'), json), fc.array(json))
  .map(parsed);

/** Every member and item in a value, by what holds it. */
function placesIn(holder: Record<string, unknown>): [Record<string, unknown>, string][] {
  return Object.entries(holder).flatMap(([name, inner]) => [
    [holder, name] as [Record<string, unknown>, string],
    ...(typeof inner === 'object' && inner !== null ? placesIn(inner as Record<string, unknown>) : []),
  ]);
}

/** What Ajv says; nothing where its own comparison of objects breaks down, as on a member named `valueOf`. */
function oracle(one: object, candidate: unknown): boolean | undefined {
  try {
    return ajv.validate(one, candidate);
  } catch {
    return undefined;
  }
}

describe('the verifier’s JSON Schema', () => {
  it('agrees with Ajv on any schema of the keywords that it knows', () => {
    fc.assert(
      fc.property(schema.map(parsed), value, (one, candidate) => {
        const fits = compileSchema(one)(candidate) === undefined;
        const expected = oracle(one, candidate);
        fc.pre(expected !== undefined);
        expect(fits).toBe(expected);
      }),
      runs(3000),
    );
  });

  it('agrees with Ajv on a value that changes its shape from one call to the next', () => {
    fc.assert(
      fc.property(schema.map(parsed), fc.array(value, { maxLength: 5 }), (one, candidates) => {
        const check = compileSchema(one);
        for (const candidate of candidates)
          expect(check(candidate) === undefined).toBe(ajv.validate(one, candidate));
      }),
      runs(100),
    );
  });

  it.each(Object.entries(allSchemas()))('agrees with Ajv on damaged examples of %s', (_, one) => {
    const check = compileSchema(one);
    const validate = ajv.compile(one);
    const example = { ...commandNamed('RecordThreshold')!.example, type: 'x' };
    fc.assert(
      fc.property(fc.oneof(value, fc.constant(example)), (candidate) => {
        expect(check(candidate) === undefined).toBe(validate(candidate));
      }),
      runs(100),
    );
  });

  it('agrees with Ajv on the reference study, and on every record of it with a value exchanged', () => {
    const checks = new Map(
      Object.entries(allSchemas()).map(([name, one]) => [
        name,
        [compileSchema(one), ajv.compile(one)] as const,
      ]),
    );
    const records = referenceStudy()
      .records.toArray()
      .map(({ record }) => parsed(record) as unknown as Record<string, unknown>);
    expect(new Set(records.map(({ type }) => type)).size).toBeGreaterThan(10);
    for (const record of records) {
      const [check, validate] = checks.get(`${String(record['type'])}.1`)!;
      expect(check(record)).toBeUndefined();
      expect(validate(record)).toBe(true);
    }
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.nat(), value, (record, place, other) => {
        const copy = parsed(record);
        const places = placesIn(copy);
        const [holder, name] = places[place % places.length]!;
        holder[name] = other;
        const [check, validate] = checks.get(`${String(record['type'])}.1`)!;
        expect(check(copy) === undefined).toBe(validate(copy));
      }),
      runs(2000),
    );
  });

  it('does not pass over a keyword, type or format that it does not know', () => {
    expect(() => compileSchema({ multipleOf: 2 })).toThrow('not known');
    expect(() => compileSchema({ type: 'int' })).toThrow('not known');
    expect(() => compileSchema({ type: 'string', format: 'email' })).toThrow('not known');
    expect(() => compileSchema({ properties: { a: { if: {} } } })).toThrow('not known');
    expect(compileSchema(false)(1)).toBe(' is not allowed');
  });
});

describe('the verifier’s instants', () => {
  const text = fc.oneof(
    fc
      .date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc
      .tuple(
        fc.nat(9999),
        fc.nat(13),
        fc.nat(32),
        fc.nat(25),
        fc.nat(61),
        fc.nat(61),
        fc.constantFrom('Z', '+01:00', '-00:00', '-05:30', '+24:00', '', 'z'),
      )
      .map(([year, month, day, hour, minute, second, zone]) => {
        const two = (n: number): string => String(n).padStart(2, '0');
        return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${zone}`;
      }),
    fc.string(),
  );

  it('are those of the recorder, which does not share its code', () => {
    fc.assert(
      fc.property(text, (one) => expect(instantMs(one)).toBe(recorderInstantMs(one) ?? NaN)),
      runs(5000),
    );
  });
});
