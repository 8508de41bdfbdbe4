import fc from 'fast-check';
import { CATALOGUE, commandNamed } from '../../src/study/catalogue.js';
import { isWithin } from '../../src/study/mismatch.js';
import { Refusal, errorsOf } from '../../src/study/refusal.js';
import { runs } from '../support/effort.js';
import { day } from './bench.js';
import { submit } from './specification.js';
import { NOW, bodyOf, placesIn, removed, replaced, study, written, type Path } from './spoiling.js';

/** What cannot be true of the study, at a field of which nothing else is wrong. */
interface Untrue {
  readonly path: Path;
  /** Missing where left out. */
  readonly by?: string | number;
  readonly code: string;
}

const UNTRUE: readonly Untrue[] = [
  { path: ['subject'], by: 'R99', code: 'subject-unknown' },
  { path: ['occurredAt'], by: day(30), code: 'time-in-future' },
  { path: ['enteredAt'], by: day(30), code: 'time-in-future' },
  { path: ['reason'], code: 'reason-required' },
  { path: ['data', 'session'], by: 3, code: 'session-unknown' },
  { path: ['data', 'after'], by: 3, code: 'session-unknown' },
  { path: ['data', 'follows'], by: 3, code: 'administration-unknown' },
  { path: ['data', 'evidence', 0], by: 3, code: 'administration-unknown' },
  { path: ['data', 'because'], by: 3000, code: 'record-unknown' },
  { path: ['data', 'target', 'number'], by: 3000, code: 'record-unknown' },
  { path: ['data', 'assay'], by: 'unheard-of', code: 'assay-unknown' },
  { path: ['data', 'substance'], by: 'unheard-of', code: 'substance-unknown' },
];

/** A registration has no study yet; a signature stands over the bytes of its command, which are not spoilt in it. */
const COMMANDS = CATALOGUE.map(({ name }) => name).filter(
  (name) => name !== 'RegisterStudy' && name !== 'SignRecords',
);

/** The errors of a body, each as code, field and detail. */
function errorsIn(name: string, body: unknown) {
  const answer = submit(study, name, body, NOW);
  return answer instanceof Refusal ? errorsOf(answer) : [];
}

const spoiltBy = (body: unknown, { path, by }: Untrue): unknown =>
  by === undefined ? removed(body, path) : replaced(body, path, by);

/** What can be untrue of a command: where nothing but that is wrong, it is named. */
function untrueOf(name: string): Untrue[] {
  const body = bodyOf(name);
  const has = (path: Path): boolean =>
    path[0] === 'enteredAt' || placesIn(body).some((place) => written(place) === written(path));
  return UNTRUE.filter(
    (one) => has(one.path) && errorsIn(name, spoiltBy(body, one)).some(({ code }) => code === one.code),
  );
}

describe.each(COMMANDS)('%s', (name) => {
  const body = bodyOf(name);
  const untrue = untrueOf(name);
  const leaves = placesIn(body).filter(
    (path) => path[1] !== 'corrected' && path.length > 0 && typeof valueAt(body, path) !== 'object',
  );

  it('names what does not fit and what cannot be true together', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...untrue),
        fc.constantFrom(...leaves),
        fc.constantFrom(null, 0.5, 'a\u0007b', ''),
        (one, leaf, unfit) => {
          const field = written(one.path);
          const [part = ''] = /^(data\.)?[^.[]+/.exec(field) ?? [];
          // Of one part of a body the shape is told first; and nothing is concluded from what does not fit.
          fc.pre(!isWithin(written(leaf), part) && !restsOn(name, one, leaf));
          const errors = errorsIn(name, replaced(spoiltBy(body, one), leaf, unfit));
          const named = errors.map((error) => `${error.code} ${error.field}`);
          expect(named).toContain(`${one.code} ${field}`);
          expect(errors.map((error) => error.field)).toContain(written(leaf));
          const { detail } = errors.find((error) => error.field === field)!;
          expect(detail).toContain(one.code === 'time-in-future' ? field : String(one.by ?? 'reason'));
        },
      ),
      runs(40),
    );
  });
});

const OF_AN_ANIMAL: ReadonlySet<string> = new Set([
  'administration-unknown',
  'record-unknown',
  'session-unknown',
]);

/** Whether what is untrue is so only of an animal, or at a time, that now does not fit. */
function restsOn(name: string, { code }: Untrue, leaf: Path): boolean {
  if (written(leaf) === 'occurredAt')
    return code === 'reason-required' && !commandNamed(name)!.reasonRequired;
  return written(leaf) === 'subject' && OF_AN_ANIMAL.has(code);
}

function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key as string], body);
}

it('draws all of what can be untrue', () => {
  const drawn = new Set(COMMANDS.flatMap((name) => untrueOf(name).map(({ path }) => written(path))));
  expect([...drawn].sort()).toEqual(UNTRUE.map(({ path }) => written(path)).sort());
});

describe('beside a field that does not fit', () => {
  const named = (name: string, changes: object): string[] =>
    errorsIn(name, { ...bodyOf(name), ...changes }).map(({ code, field }) => `${code} ${field}`);
  const misfit = { weight: { value: 'many', unit: 'g' } };

  it('names the animal, the time and the reason', () => {
    const { reason: _, ...body } = bodyOf('ExcludeSubject');
    const answer = submit(
      study,
      'ExcludeSubject',
      { ...body, subject: 'R99', occurredAt: day(30), data: { prespecified: 'yes' } },
      NOW,
    ) as Refusal;
    expect(answer.code).toBe('field-invalid');
    expect(errorsOf(answer).map(({ code, field }) => `${code} ${field}`)).toEqual([
      'field-invalid data.prespecified',
      'time-in-future occurredAt',
      'subject-unknown subject',
      'reason-required reason',
    ]);
  });

  it('says that an entry is late', () => {
    const { reason: _, ...body } = bodyOf('RecordBodyWeight');
    expect(errorsIn('RecordBodyWeight', { ...body, data: misfit }).map(({ code }) => code)).toEqual([
      'field-invalid',
      'reason-required',
    ]);
  });

  it('concludes nothing from a time that does not fit', () => {
    expect(named('RecordThreshold', { occurredAt: 'yesterday', reason: undefined })).toEqual([
      'field-invalid occurredAt',
    ]);
  });

  it('concludes nothing from an animal that does not fit', () => {
    expect(named('ApplySCS', { subject: '' })).toEqual(['field-invalid subject']);
  });

  it('decides the whole where nothing but the reason does not fit', () => {
    const data = {
      protocol: { ...(bodyOf('AmendProtocol')['data'] as { protocol: object }).protocol, title: ' ' },
    };
    expect(named('AmendProtocol', { reason: '.', data })).toEqual([
      'field-invalid data.protocol.title',
      'field-invalid reason',
    ]);
    expect(named('EnrolSubject', { subject: 'R01', reason: '.' })).toEqual([
      'field-invalid reason',
      'subject-enrolled subject',
    ]);
  });
});
