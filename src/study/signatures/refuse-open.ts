import type { EventType } from '../events/events.js';
import { MOST_ERRORS, Refusal, refuse } from '../refusal.js';
import { factNumbered, isGoverned, type Study } from '../study.js';
import { openActs, waitingActs, type OpenKind } from './open-acts.js';
import type { Covered, Meaning } from './statement.js';

export type OpenRefusal = 'act-unsigned' | 'deviations-open' | 'review-missing' | 'witness-missing';

/** The codes of what keeps a study from being closed or archived; the closing acts themselves do not. */
const CODES: Readonly<Partial<Record<OpenKind, OpenRefusal>>> = {
  protocol: 'act-unsigned',
  amendment: 'act-unsigned',
  'hand-over': 'act-unsigned',
  replacement: 'act-unsigned',
  deviation: 'deviations-open',
  acknowledgement: 'deviations-open',
  witness: 'witness-missing',
  'witness-signature': 'witness-missing',
  'found-after-closing': 'act-unsigned',
  review: 'review-missing',
  'review-signature': 'review-missing',
};

/** Refuses to close or to archive a governed study while something is open, and names all of it at once. */
export function refuseOpen(study: Study, then: 'closed' | 'archived'): Refusal<OpenRefusal> | undefined {
  const errors = openActs(study).flatMap(({ kind, says }) => {
    const code = CODES[kind];
    return code ? [{ field: '', code, detail: says }] : [];
  });
  const [first] = errors;
  if (!first) return undefined;
  const others = errors.length === 1 ? '' : ` That is the first of ${errors.length} that are open.`;
  const message = `${study.code} is not ${then} yet: ${first.detail}${others}`;
  return new Refusal(first.code, message, undefined, errors.slice(0, MOST_ERRORS));
}

/** Refuses an act while one like it waits for its signature. */
export function refuseSecond(study: Study, type: EventType): Refusal<'act-unsigned'> | undefined {
  const waiting = waitingActs(study).find((act) => act.type === type);
  if (!waiting) return undefined;
  return refuse(
    'act-unsigned',
    `Record ${waiting.holder} says so already and waits for its signature: sign it, or void it first.`,
  );
}

/** The acts that change a study once they are signed with a meaning. */
const TAKES_EFFECT: Readonly<Partial<Record<Meaning, readonly EventType[]>>> = {
  approved: ['ProtocolApproved', 'ProtocolAmended', 'StudyHandedOver', 'DirectorReplaced', 'StudyReopened'],
  closed: ['StudyClosed'],
  archived: ['StudyArchived'],
};

/** What is open is judged again when the closing or the archiving is signed: the study may have gone on since. */
export function refuseUntimely(
  study: Study,
  { meaning, covered }: { readonly meaning: Meaning; readonly covered: readonly Covered[] },
): Refusal<OpenRefusal | 'act-lapsed'> | undefined {
  const types = TAKES_EFFECT[meaning];
  if (!types || !isGoverned(study)) return undefined;
  const waiting = waitingActs(study);
  const numbers = covered.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
  for (const number of numbers) {
    const type = factNumbered(study, number)?.type;
    if (type === undefined || !types.includes(type)) continue;
    if (!waiting.some((act) => act.number === number))
      return refuse(
        'act-lapsed',
        `Record ${number} waits for no signature: it holds already, or another act has taken its place.`,
        'data.records',
      );
    if (type === 'StudyClosed') return refuseOpen(study, 'closed');
    if (type === 'StudyArchived') return refuseOpen(study, 'archived');
  }
  return undefined;
}
