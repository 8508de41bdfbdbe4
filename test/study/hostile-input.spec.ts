import fc from 'fast-check';
import { CATALOGUE, commandNamed } from '../../src/study/catalogue.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { errorsIn } from '../../src/study/commands/common/fields.js';
import { junk } from './any-value.js';
import {
  about,
  because,
  begun,
  day,
  dosed,
  exampleData,
  measured,
  ready,
  sideEffects,
  stimulated,
} from './bench.js';
import { CODE, submit, type Body } from './specification.js';
import { runs } from '../support/effort.js';

/** Record 10 a stimulation, 11 a dose, 13 a late run. */
const { study } = ready().and(
  stimulated(day(18)),
  dosed(day(19)),
  sideEffects(day(19, '10:15'), 11),
  because('Sheet found', { ...measured('middle', day(19, '11:00')), clock: day(20) }),
);
const NOW = Date.parse(day(21));

const submission = {
  id: '00000000-0000-4000-8000-000000000000',
  study: CODE,
  actor: 'a',
  role: 'technician',
};

/** The example of each command with more of its optional members, so that there are more places to spoil. */
function bodyOf(name: string): Body {
  const observed = {
    observedBy: 'tech-2',
    instrument: { id: 'VF-1', calibrationDue: '2026-12-31' },
    comment: 'None',
  };
  const more: Readonly<Record<string, Body>> = {
    RecordThreshold: { ...observed, session: 10, minute: 15 },
    ApplySCS: { ...observed, follows: 11 },
    ScoreSideEffects: { ...observed, after: 11 },
    DesignateSubEffectiveDose: { evidence: [11] },
    AdministerKetamine: { ...observed, expiry: '2026-12-31', flush: { value: '10', unit: 'uL' } },
    LigateNerve: {
      ...observed,
      side: 'right',
      anaesthesia: { agent: 'isoflurane', concentration: { value: '2', unit: '%' } },
    },
    EnrolSubject: {
      housing: { cage: 'C-1', temperature: { value: '21.5', unit: 'Cel' } },
      dateOfBirth: '2026-01-02',
    },
    AcknowledgeDeviation: { target: { number: 13, leaf: study.records.at(13)?.leaf } },
    VoidRecord: { target: { number: 13, leaf: study.records.at(13)?.leaf } },
    CorrectRecord: {
      target: { number: 13 },
      replaces: { number: 13 },
      occurredAt: day(19, '11:00'),
      corrected: { ...exampleData('RecordThreshold'), session: 10, minute: 15 },
    },
  };
  const { body } = about('R01', name, more[name]);
  const { subject, ...rest } = body;
  const isAbout = commandNamed(name)?.example['subject'] !== undefined;
  return { ...rest, ...(isAbout && { subject }), reason: 'As it was', occurredAt: day(20) };
}

type Path = readonly (string | number)[];

/** Every place in a value, itself included. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? [...value.entries()].slice(0, 3)
    : (Object.entries(value) as [string | number, unknown][]);
  return [path, ...inner.flatMap(([key, item]) => placesIn(item, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? replaced(item, rest, by) : item));
  return { ...(value as Body), [key]: replaced((value as Body)[key as string], rest, by) };
}

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
  const { code, message, field, errors = [{ code, message, field: field ?? '' }] } = answer;
  expect(errors.length).toBeLessThanOrEqual(50);
  expect(errors[0]).toEqual({ code, message, field: field ?? '' });
  for (const error of errors.slice(1)) {
    expect(error.code).toMatch(/^(field|body|text|quantity)-[a-z-]+$/);
    expect(error.message).toMatch(/^\S[^\p{C}]{5,6000}\.$/su);
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
      'at most 4000 characters, and has 4001',
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
