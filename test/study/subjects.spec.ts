import fc from 'fast-check';
import { SubjectsDraft } from '../../src/study/fold/subjects.js';
import type { Subject } from '../../src/study/fold/subject.js';
import { runs } from '../support/effort.js';

/** A subject is looked at by nothing here: any object stands for one. */
const subject = (name: number): Subject => ({ name }) as unknown as Subject;

/** What is left of an identifier where case and leading zeros do not count, said another way than the program does. */
const look = (name: string): string =>
  (name.match(/\d+|\D+/g) ?? [])
    .map((part) => (/\d/.test(part) ? BigInt(part) : part.toLowerCase()))
    .join('');

type Step =
  | { readonly kind: 'set'; readonly id: string; readonly value: number }
  | { readonly kind: 'delete'; readonly id: string }
  | { readonly kind: 'copy'; readonly goOnWith: 'copy' | 'original' };

const id = fc.constantFrom('R01', 'r1', 'R02', 'R2', 'R1-1', 'R11', 'constructor', '__proto__');
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set' as const), id, value: fc.nat() }),
    fc.record({ kind: fc.constant('delete' as const), id }),
    fc.record({ kind: fc.constant('copy' as const), goOnWith: fc.constantFrom('copy', 'original') }),
  ) as fc.Arbitrary<Step>,
  { maxLength: 40 },
);

describe('the animals of a study', () => {
  it('are what a map of them would be, and so is every copy, whatever is changed afterwards', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let [draft, map] = [SubjectsDraft.none(), new Map<string, Subject>()];
        const kept: [SubjectsDraft, Map<string, Subject>][] = [];
        for (const step of all) {
          if (step.kind === 'set') {
            const value = subject(step.value);
            draft.set(step.id, value);
            map.set(step.id, value);
          } else if (step.kind === 'delete') {
            draft.delete(step.id);
            map.delete(step.id);
          } else {
            const other = draft.copy();
            const copied = new Map(map);
            kept.push(step.goOnWith === 'copy' ? [draft, map] : [other, copied]);
            if (step.goOnWith === 'copy') [draft, map] = [other, copied];
          }
        }
        for (const [found, expected] of [...kept, [draft, map] as const]) {
          expect([...found]).toEqual([...expected]);
          expect([...found.keys()]).toEqual([...expected.keys()]);
          expect([...found.values()]).toEqual([...expected.values()]);
          expect(found.size).toBe(expected.size);
          for (const one of ['R01', 'R001', 'R2', 'R99', 'constructor', '__proto__']) {
            const alike = [...expected.keys()].filter((other) => other !== one && look(other) === look(one));
            expect(found.like(one).toSorted()).toEqual(alike.toSorted());
            expect(found.get(one)).toBe(expected.get(one));
            expect(found.has(one)).toBe(expected.has(one));
          }
        }
      }),
      runs(100),
    );
  });
});
