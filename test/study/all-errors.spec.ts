import fc from 'fast-check';
import { CATALOGUE, commandNamed } from '../../src/study/catalogue.js';
import { isWithin } from '../../src/study/mismatch.js';
import { Refusal, errorsOf } from '../../src/study/refusal.js';
import { parseCommand } from '../../src/study/parse.js';
import { runs } from '../support/effort.js';
import { day, exampleData } from './bench.js';
import { CODE, submit, type Body } from './specification.js';
import { NOW, bodyOf, study, placesIn, removed, replaced, written, type Path } from './spoiling.js';

const submission = {
  id: '00000000-0000-4000-8000-000000000000',
  study: CODE,
  actor: 'a',
  role: 'technician',
};

/** What never fits the place of a leaf, whatever its schema. */
const UNFIT = [null, 0.5, 'a\u0007b', '\ud800', ''];

/** Paths of which none lies in another. */
const apart = (paths: readonly Path[]): Path[] =>
  paths.filter((path, index) => {
    const others = paths.slice(0, index).map(written);
    return others.every((other) => !isWithin(other, written(path)) && !isWithin(written(path), other));
  });

describe.each(CATALOGUE.map(({ name }) => name))('%s', (name) => {
  const body = bodyOf(name);
  // A correction takes any object as the facts, and names what is wrong with them when it decides.
  const leaves = placesIn(body).filter(
    (path) => path.length > 0 && isLeaf(body, path) && path[1] !== 'corrected',
  );

  it('names every field that is spoilt, with a sentence of its own', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...leaves), { minLength: 1, maxLength: 8, selector: written }),
        fc.array(fc.constantFrom(...UNFIT), { minLength: 8, maxLength: 8 }),
        (chosen, unfit) => {
          const paths = apart(chosen);
          const spoilt = paths.reduce<unknown>((value, path, i) => replaced(value, path, unfit[i]), body);
          const answer = parseCommand(commandNamed(name)!, spoilt, submission) as Refusal;
          expect(answer).toBeInstanceOf(Refusal);
          const named = answer.errors!.map(({ field }) => field);
          expect(named).toEqual(expect.arrayContaining(paths.map(written)));
          expect(new Set(named).size).toBe(named.length);
          for (const { field, detail } of answer.errors!) expect(detail).toContain(field);
        },
      ),
      runs(60),
    );
  });

  it('names every member that is missing or unknown', () => {
    const members = leaves.filter((path) => typeof path.at(-1) === 'string');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...members), { maxLength: 5, selector: written }),
        (chosen) => {
          const one = (value: unknown, path: Path): unknown => removed(value, path);
          const answers = chosen.map((path) => refusedFields(name, one(body, path)));
          const together = refusedFields(name, chosen.reduce(one, body));
          // An object of which nothing is left claims no shape, and is named as a whole.
          for (const field of answers.flat())
            expect(together.filter((named) => isWithin(field, named))).toHaveLength(1);
          const odd = chosen.map((path) => [...path.slice(0, -1), 'odd'] as Path);
          const grown = odd.reduce((value, path) => replaced(value, path, 1), body as unknown);
          expect(refusedFields(name, grown)).toEqual(expect.arrayContaining(odd.map(written)));
        },
      ),
      runs(30),
    );
  });
});

function refusedFields(name: string, body: unknown): string[] {
  const answer = parseCommand(commandNamed(name)!, body, submission);
  return answer instanceof Refusal ? answer.errors!.map(({ field }) => field) : [];
}

function isLeaf(body: unknown, path: Path): boolean {
  const value = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key as string], body);
  return typeof value !== 'object';
}

describe('a protocol', () => {
  const told = (changes: object): string[] => {
    const { data } = bodyOf('ApproveProtocol') as { data: { protocol: object } };
    const protocol = { ...data.protocol, ...changes };
    const answer = parseCommand(commandNamed('ApproveProtocol')!, { data: { protocol } }, submission);
    return answer instanceof Refusal ? errorsOf(answer).map(({ detail }) => detail) : [];
  };

  it.each<[unknown, string[]]>([
    [{ policy: 'none' }, ['.policy is “none”: must be one of bound, substitute, exclude.']],
    [
      { policy: 'substitute', floorGrams: '', ceilingGrams: '15' },
      ['.floorGrams is empty: must be a decimal number written as text, such as "243.70".'],
    ],
    [
      { policy: '', floorGrams: 2, ceilingGrams: '15' },
      [
        '.policy is empty: must be one of bound, substitute, exclude.',
        '.floorGrams is 2: must be a decimal number written as text, such as "243.70".',
      ],
    ],
    [
      { policy: 'bound', floorGrams: '1', ceilingGrams: '15' },
      [
        '.floorGrams is no field here: known are policy.',
        '.ceilingGrams is no field here: known are policy.',
      ],
    ],
  ])('names what is wrong with a censoring of %j', (censoring, details) => {
    expect(told({ censoring })).toEqual(details.map((detail) => `data.protocol.censoring${detail}`));
  });

  it('names the ladders and the rules that are shipped', () => {
    expect(told({ ladder: '', responder: 'Z' })).toEqual([
      'data.protocol.ladder is empty: must be one of RAT-H8, RAT-N8, RAT-N9, MOUSE-N8, or written out.',
      'data.protocol.responder is “Z”: must be one of A, B, C, or written out.',
    ]);
  });
});

describe('a decision', () => {
  const named = (name: string, body: unknown, now = NOW): string[] => {
    const answer = submit(study, name, body as Body, now);
    return answer instanceof Refusal ? errorsOf(answer).map(({ code, field }) => `${code} ${field}`) : [];
  };

  it('names the time, the animal and the reason at once', () => {
    const body = { ...bodyOf('ExcludeSubject'), subject: 'R99', occurredAt: day(30) };
    const { reason: _, ...unexplained }: Body = body;
    expect(named('ExcludeSubject', unexplained)).toEqual([
      'time-in-future occurredAt',
      'subject-unknown subject',
      'reason-required reason',
    ]);
    const { code, message, field } = submit(study, 'ExcludeSubject', unexplained, NOW) as Refusal;
    expect([code, field]).toEqual(['time-in-future', 'occurredAt']);
    expect(message).toMatch(/^occurredAt is /);
  });

  it('names all touches of filaments that the ladder has not, and the session', () => {
    const touches = ['2', '9.9', '4', '8.8'].map((filament) => ({ filament, response: 'O' }));
    const data = { ...exampleData('RecordThreshold'), touches, session: 3 };
    expect(named('RecordThreshold', { ...bodyOf('RecordThreshold'), data })).toEqual([
      'filament-not-in-ladder data.touches[1].filament',
      'filament-not-in-ladder data.touches[3].filament',
      'session-unknown data.session',
    ]);
  });

  it('names all scores that cannot be', () => {
    const scores = [
      { item: 'sedation', score: 99 },
      { item: 'mood', score: 1 },
      { item: 'colour', score: 1 },
    ];
    const data = { ...exampleData('ScoreSideEffects'), scores, after: 3 };
    expect(named('ScoreSideEffects', { ...bodyOf('ScoreSideEffects'), data })).toEqual([
      'session-unknown data.after',
      'score-too-high data.scores[0].score',
      'item-unknown data.scores[1].item',
      'item-unknown data.scores[2].item',
    ]);
  });

  // Who the animal is comes first: nothing is concluded from its not being there.
  it.each(CATALOGUE.filter(({ example }) => 'subject' in example).map(({ name }) => name))(
    'says of %s about an unknown animal that it is unknown, and no more',
    (name) => {
      const answer = named(name, { ...bodyOf(name), subject: 'R99' });
      const own = named(name, bodyOf(name));
      expect(answer.filter((one) => !own.includes(one))).toEqual(
        name === 'EnrolSubject' ? [] : ['subject-unknown subject'],
      );
    },
  );
});
