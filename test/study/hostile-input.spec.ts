import fc from 'fast-check';
import { CATALOGUE, commandNamed } from '../../src/study/catalogue.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { errorsIn } from '../../src/study/commands/common/fields.js';
import { junk } from './any-value.js';
import { about, begun, day, measured, ready, stimulated } from './bench.js';
import { CODE, submit, type Body } from './specification.js';
import { NOW, bodyOf, placesIn, replaced, study, type Path } from './spoiling.js';
import { runs } from '../support/effort.js';

const submission = {
  id: '00000000-0000-4000-8000-000000000000',
  study: CODE,
  actor: 'a',
  role: 'technician',
};

function added(value: unknown, path: Path, name: string, by: unknown): unknown {
  const at = path.reduce<unknown>((inner, key) => (inner as Body)[key as string], value);
  if (typeof at !== 'object' || at === null || Array.isArray(at)) return value;
  // As JSON.parse does it: a member of its own, whatever its name.
  const more = Object.defineProperty({ ...at }, name, {
    value: by,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return replaced(value, path, more);
}

/** A refusal that can be shown and kept: a code, a sentence of bounded length, a field, nothing unprintable. */
function expectAnswer(name: string, body: unknown): void {
  const command = parseCommand(commandNamed(name)!, body, submission);
  // What parsing takes by the compiled schemas, class-validator takes too.
  if (!(command instanceof Refusal)) expect(errorsIn(command)).toEqual([]);
  const answer = submit(study, name, body, NOW);
  if (!(answer instanceof Refusal)) return;
  const { code, message, field, errors = [{ code, detail: message, field: field ?? '' }] } = answer;
  expect(errors.length).toBeLessThanOrEqual(50);
  expect(errors[0]).toEqual({ code, detail: message, field: field ?? '' });
  for (const error of errors.slice(1)) {
    expect(error.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(error.detail).toMatch(/^\S[^\p{C}]{5,6000}\.$/su);
    expect(error.field).toMatch(/^[^\p{C}]{0,200}$/u);
  }
  expect(answer.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(answer.message).toMatch(/^\S[^\p{C}]{5,6000}\.$/su);
  if (answer.field !== undefined) expect(answer.field).toMatch(/^[^\p{C}]{0,200}$/u);
}

const oddNames = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'flags',
  '\u0000',
  '\ud800',
  'x'.repeat(1e5),
  '',
  '0',
  '$value',
);

describe.each(CATALOGUE.map(({ name }) => name))('%s', (name) => {
  const body = bodyOf(name);
  const places = placesIn(body);

  it('takes or refuses anything in any place, and never fails', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (path, by) =>
        expectAnswer(name, replaced(body, path, by)),
      ),
      runs(400),
    );
  });

  it('takes no member that it does not know, at any depth', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), oddNames, junk, (path, odd, by) => {
        const spoilt = added(body, path, odd, by);
        expectAnswer(name, spoilt);
        if (spoilt !== body) expect(submit(study, name, spoilt, NOW)).toBeInstanceOf(Refusal);
      }),
      runs(100),
    );
  });
});

describe('what surrounds a body', () => {
  const definition = commandNamed('CloseStudy') ?? CATALOGUE[0]!;

  it('is refused where it is no object, id or study code', () => {
    fc.assert(
      fc.property(junk, (by) => {
        fc.pre(typeof by !== 'string' || !/^[A-Z0-9]+(-[A-Z0-9]+)*$/.test(by));
        for (const spoilt of [{ id: by }, { study: by }] as object[]) {
          const answer = parseCommand(
            definition,
            { data: { outcome: 'completed' } },
            { ...submission, ...spoilt },
          );
          expect(answer).toBeInstanceOf(Refusal);
        }
        expect(parseCommand(definition, by, submission)).toBeInstanceOf(Refusal);
      }),
      runs(100),
    );
  });

  it.each([
    [{ id: '00000000-0000-4000-8000-00000000000A' }, 'id-invalid', 'id'],
    [{ id: '00000000-0000-5000-8000-000000000000' }, 'id-invalid', 'id'],
    [{ id: '00000000-0000-8000-8000-000000000000' }, 'id-invalid', 'id'],
    [{ study: 'ket-01' }, 'study-code-invalid', 'study'],
    [{ study: 'KET--01' }, 'study-code-invalid', 'study'],
  ])('is refused by name: %j', (spoilt, code, field) => {
    const answer = parseCommand(definition, { data: { outcome: 'completed' } }, { ...submission, ...spoilt });
    expect(answer).toMatchObject({ code, field });
    expect(parseCommand(definition, 'completed', submission)).toMatchObject({ code: 'body-invalid' });
  });

  it('does not change what every object has', () => {
    const keys = Object.getOwnPropertyNames(Object.prototype);
    const hostile = JSON.parse('{"data":{"outcome":"completed"},"__proto__":{"polluted":1}}') as unknown;
    expect(parseCommand(definition, hostile, submission)).toMatchObject({ code: 'field-unknown' });
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(keys);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('text', () => {
  const comment = (text: string) =>
    begun().when(
      'RecordBodyWeight',
      about('R01', 'RecordBodyWeight', { comment: text }, { occurredAt: day(4) }).body,
    );

  it('is stored as NFC, with lines ended by LF', () => {
    comment('Gro\u0308ße\r\n½ mL').then.records({ data: { comment: 'Größe\n½ mL' } });
    comment('a\tb\nc').then.records({ data: { comment: 'a\tb\nc' } });
  });

  it.each([
    '\u0000',
    'a\u202eb',
    'a\u2066b',
    'a\u0007b',
    'a\rb',
    '\u007f',
    '\u0085',
    '\ud83d',
    'x\udc00',
    '\u001b[31m',
  ])('is refused with what no record may hold: %j', (text) => {
    comment(text).then.refused('text-not-recordable', 'data.comment');
  });

  it('takes any script, and characters beyond the first plane', () => {
    comment('日本語 עברית 🐀 𝒳').then.records({});
  });

  it('is refused blank or too long, by characters and not by code units', () => {
    comment(' \n\t').then.refused('field-invalid', 'data.comment');
    comment('').then.refused('field-invalid', 'data.comment');
    comment('🐀'.repeat(4000)).then.records({});
    expect(comment('x'.repeat(4001)).then.refused('field-invalid', 'data.comment').message).toContain(
      'has 4001 characters: must have at most 4000',
    );
  });

  it('of one line is one line', () => {
    const { body } = about('R01', 'RecordBodyWeight', {}, { occurredAt: day(4) });
    for (const reason of ['a\nb', 'a\tb', '', '   ']) {
      begun()
        .when('RecordBodyWeight', { ...body, reason })
        .then.refused('field-invalid', 'reason');
    }
  });

  it('of any length is refused in one pass: were the time quadratic, this would not end', () => {
    for (const text of [`${'a'.repeat(1e6)}\n`, ' '.repeat(1e6), '\u00a0'.repeat(1e6)])
      comment(text).then.refused('field-invalid', 'data.comment');
  });
});

describe('numbers', () => {
  it('have no negative zero: it is written as 0', () => {
    ready()
      .and(stimulated(day(18)))
      .when('RecordThreshold', measured('low', day(18, '10:00'), { session: 10, minute: -0 }).body)
      .then.records({ data: { minute: 0 } });
  });

  it.each([1.5, 14_401, -1441, NaN, Infinity, '15', [15]])(
    'of minutes are whole and within ten days: not %p',
    (minute) => {
      begun()
        .when('RecordThreshold', measured('low', day(4), { minute }).body)
        .then.refused('field-invalid', 'data.minute');
    },
  );
});
