import fc from 'fast-check';
import { CATALOGUE } from '../../../src/study/catalogue.js';
import { Refusal } from '../../../src/study/refusal.js';
import { openActs } from '../../../src/study/signatures/open-acts.js';
import {
  Protocols,
  closureOf,
  directorsOf,
  fold,
  isClosed,
  signaturesOf,
  type Study,
} from '../../../src/study/study.js';
import { anyStep, play } from '../histories.js';
import { actingAs, signs } from '../signing.js';
import { submit, type Body } from '../specification.js';
import { runs } from '../../support/effort.js';

const LATER = Date.parse('2026-04-02T08:00:00Z');

/** Somebody signs a record after the other, each with the meaning that an act of a governed study would take. */
function signed(study: Study): Study {
  let now = study;
  for (let number = 0; number < study.size; number++)
    for (const [actor, meaning] of [
      ['sd-01', 'approved'],
      ['sd-01', 'closed'],
      ['mgr-1', 'archived'],
      ['stat-1', 'reviewed'],
    ] as const) {
      const { name, body } = signs(actor, meaning, number);
      const answer = submit(now, name, body, LATER, actingAs(actor));
      if (!(answer instanceof Refusal)) now = fold(now, [answer.parsed]);
    }
  return now;
}

/** What is answered to every command’s example: the code of a refusal, or what would be recorded. */
function answersOf(study: Study): unknown[] {
  return CATALOGUE.filter(({ name }) => name !== 'SignRecords').map(({ name, command, example }) => {
    const body: Body = {
      ...('subject' in new (command as new () => object)() ? { subject: 'R01' } : {}),
      ...example,
      reason: 'As it was',
      occurredAt: '2026-03-28T10:00:00Z',
    };
    const answer = submit(study, name, body, LATER);
    if (answer instanceof Refusal) return [name, answer.code, answer.field];
    const { type, data, subject, protocolversion } = answer.parsed.record;
    return [name, type, data, subject, protocolversion];
  });
}

describe('in a study without governance', () => {
  it('signatures change nothing but themselves, whatever the history', () => {
    let count = 0;
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 10 }), (steps) => {
        const before = play(steps).at(-1)!;
        const after = signed(before);
        count += signaturesOf(after).length;
        const stateOf = (study: Study): unknown[] => [
          closureOf(study),
          directorsOf(study),
          isClosed(study),
          new Protocols(study).versions,
          new Protocols(study).unsigned,
          openActs(study),
          study.supersededBy,
          [...study.subjects.values()].map(({ facts }) => facts.toArray()),
          study.facts.toArray().filter(({ type }) => type !== 'SignatureApplied'),
        ];
        expect(stateOf(after)).toEqual(stateOf(before));
        expect(answersOf(after)).toEqual(answersOf(before));
      }),
      runs(6),
    );
    expect(count).toBeGreaterThan(0);
  });
});
