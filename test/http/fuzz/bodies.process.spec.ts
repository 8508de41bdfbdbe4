import fc from 'fast-check';
import { CATALOGUE, routeOf } from '../../../src/study/catalogue.js';
import { BATCH, check, everythingReads, prepared, words, type Json } from './fuzzing.js';
import { START, commandPath, exampleOf, fire, stopIdleClients, type Serving } from '../test-server.js';
import { runs } from '../../support/effort.js';

let server: Serving;
beforeEach(async () => {
  server = await prepared();
});
afterEach(async () => {
  stopIdleClients();
  await server.close();
});

const numbers = fc.constantFrom(
  0,
  -0,
  1,
  2,
  3,
  4,
  -1,
  0.1,
  57,
  1e21,
  2 ** 53,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
);
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    words,
    fc.string({ unit: 'binary', maxLength: 12 }),
    numbers,
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(words, fc.string({ maxLength: 6 })), tie('value'), { maxKeys: 4 }),
  ),
}));

const changes = fc.array(
  fc.record({
    where: fc.nat(200),
    how: fc.constantFrom('replace', 'remove', 'add', 'rename', 'double', 'wrap'),
    value: anyJson,
    key: fc.oneof(
      words,
      fc.constantFrom('data', 'subject', 'reason', 'occurredAt', 'value', 'unit', 'flags', 'target'),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

interface Change {
  where: number;
  how: string;
  value: Json;
  key: string;
}

/** The body with something wrong somewhere inside. */
function changed(body: Json, { where, how, value, key }: Change): Json {
  const places: { owner: Record<string, Json> | Json[]; key: string }[] = [];
  const visit = (node: Json): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, inner] of Object.entries(node)) {
      places.push({ owner: node, key: name });
      visit(inner);
    }
  };
  visit(body);
  const place = places[where % Math.max(1, places.length)];
  if (!place) return value;
  const { owner } = place;
  const isList = Array.isArray(owner);
  const old = Object.getOwnPropertyDescriptor(owner, place.key)?.value as Json;
  // Not by assignment: `__proto__` is to be a member like any other.
  const define = (name: string, what: Json): void =>
    void Object.defineProperty(owner, name, {
      value: what,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  if (how === 'replace') define(place.key, value);
  else if (how === 'remove') Reflect.deleteProperty(owner, place.key);
  else if (how === 'wrap') define(place.key, [old]);
  else if (how === 'double' && Array.isArray(old)) define(place.key, [...old, ...old]);
  else if (how === 'rename') {
    Reflect.deleteProperty(owner, place.key);
    if (!isList) define(key, old);
  } else if (!isList) define(key, value);
  return body;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

it('no body of a command gives a 5xx, or a refusal that the document does not name', async () => {
  const bodyOf = (name: string): Json => {
    const example = exampleOf(name) as { [key: string]: Json };
    if (name !== 'CorrectRecord') return example;
    const corrected = exampleOf('ImplantElectrode')['data'] as Json;
    const occurredAt = new Date(START).toISOString();
    return { reason: 'mistyped', data: { target: { number: 3 }, subject: 'R01', occurredAt, corrected } };
  };
  const keyOf = (name: string): string => {
    const index = CATALOGUE.findIndex((definition) => definition.name === name);
    return `0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c${String(10 + index)}`;
  };
  for (const { name } of CATALOGUE) {
    if (name !== 'CloseStudy') await server.send(name, bodyOf(name) as object, { key: keyOf(name) });
  }
  const request = fc.record({
    name: fc.constantFrom(...CATALOGUE.map(({ name }) => name)),
    again: fc.boolean(),
    changes,
    any: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyJson }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: BATCH, maxLength: BATCH }), async (requests) => {
      await Promise.all(
        requests.map(async ({ name, again, changes, any }) => {
          const body = JSON.stringify(any ?? changes.reduce<Json>(changed, bodyOf(name)));
          const path = commandPath(name);
          const headers = { ...JSON_TYPE, ...(again && { 'Idempotency-Key': keyOf(name) }) };
          const reply = await fire(server.port, 'POST', path, { headers, body });
          check(`${path} ${body}`, reply, routeOf(name));
        }),
      );
    }),
    runs(80),
  );
  await everythingReads(server);
});
