import type { Fact } from '../events/fact.js';
import { isCovered, type Applied } from './applied.js';
import type { Meaning } from './statement.js';

/**
 * Acts of a study that hold from a signature on, where its governance is `signed`: the record comes first, then the signature
 * over it. In other studies they hold from their record on.
 */
export interface Acts {
  readonly isGoverned: boolean;
  /** Whoever directs or directed the study, in the order of the records from which they did. */
  readonly directors: readonly Directing[];
  /** By the number of the record that approved or amended: when it came into force, ms. Absent where it is not signed. */
  readonly inForceFrom: ReadonlyMap<number, number>;
  readonly closure: Closure;
}

/** A study director, and the number of the record that made them so. */
export interface Directing {
  readonly director: string;
  readonly record: number;
}

export interface Closure {
  readonly state: 'open' | 'closed' | 'archived';
  /** The StudyClosed in force, and from which record on it holds. */
  readonly closed?: { readonly record: number; readonly from: number; readonly at: number };
  readonly archived?: { readonly record: number; readonly from: number };
}

export function actsIn(facts: Iterable<Fact>, signatures: readonly Applied[]): Acts {
  const all = [...facts];
  const opened = all.find(({ type }) => type === 'StudyOpened') as Fact<'StudyOpened'> | undefined;
  const isGoverned = opened?.data.governance === 'signed';
  const directors = directorsIn(all, signatures, isGoverned);
  const held: Held = (fact, meaning, by) =>
    isGoverned ? signatures.find((one) => isSigned(one, fact, meaning, by, directors)) : atOnce(fact);
  return {
    isGoverned,
    directors,
    inForceFrom: inForceFrom(all, held),
    closure: closureIn(all, held),
  };
}

type Held = (
  fact: Fact,
  meaning: Meaning,
  by: 'director' | 'management',
) => { record: number; at: number } | undefined;

function atOnce({ holder, at }: Fact): { record: number; at: number } {
  return { record: holder, at };
}

/** Whether a signature is the one that makes an act hold: by whoever directed the study then, or in the role of management. */
function isSigned(
  signature: Applied,
  { holder }: Fact,
  meaning: Meaning,
  by: 'director' | 'management',
  directors: readonly Directing[],
): boolean {
  if (signature.meaning !== meaning || !isCovered(signature, holder)) return false;
  if (by === 'management') return signature.role === 'management';
  return signature.person === directorAt(directors, signature.record);
}

/** Who directed the study when a record was written. */
export function directorAt(directors: readonly Directing[], record: number): string | undefined {
  return directors.findLast((one) => one.record < record)?.director;
}

/**
 * A hand-over takes both directors, a replacement management. Until then the old one serves. Each is completed by one
 * signature, so no two take effect at once; what somebody who no longer directs signed before does not count.
 */
function directorsIn(
  facts: readonly Fact[],
  signatures: readonly Applied[],
  isGoverned: boolean,
): Directing[] {
  const directors: Directing[] = [];
  const changes = facts
    .flatMap((fact) => changeOfDirector(fact) ?? [])
    .sort((a, b) => a.fact.number - b.fact.number);
  if (!isGoverned) return changes.map(({ director, fact }) => ({ director, record: fact.number }));
  for (const { director, fact } of changes)
    if (fact.type === 'StudyOpened') directors.push({ director, record: fact.number });
  const open = new Set(changes.filter(({ fact }) => fact.type !== 'StudyOpened'));
  for (const { record } of signatures) {
    const serving = directors.at(-1)?.director;
    for (const change of open) {
      const over = signatures.filter(
        (one) => one.record <= record && one.meaning === 'approved' && isCovered(one, change.fact.holder),
      );
      const isComplete =
        change.fact.type === 'DirectorReplaced'
          ? over.some(({ role }) => role === 'management')
          : [serving, change.director].every((person) => over.some((one) => one.person === person));
      if (!isComplete) continue;
      open.delete(change);
      directors.push({ director: change.director, record });
    }
  }
  return directors;
}

function changeOfDirector(fact: Fact): { readonly director: string; readonly fact: Fact } | undefined {
  switch (fact.type) {
    case 'StudyOpened':
    case 'DirectorReplaced':
      return { director: (fact as Fact<'StudyOpened' | 'DirectorReplaced'>).data.director, fact };
    case 'StudyHandedOver':
      return { director: (fact as Fact<'StudyHandedOver'>).data.to, fact };
    default:
      return undefined;
  }
}

/** A protocol is in force from the later of its own time and that of its signature. */
function inForceFrom(facts: readonly Fact[], held: Held): Map<number, number> {
  const from = new Map<number, number>();
  for (const fact of facts) {
    if (fact.type !== 'ProtocolApproved' && fact.type !== 'ProtocolAmended') continue;
    const signed = held(fact, 'approved', 'director');
    if (signed) from.set(fact.number, Math.max(fact.at, signed.at));
  }
  return from;
}

/** Closing, reopening and archiving, in the order in which they took effect. */
function closureIn(facts: readonly Fact[], held: Held): Closure {
  const steps = facts
    .flatMap((fact) => {
      const step = STEPS[fact.type];
      const signed = step && held(fact, step.meaning, step.by);
      return step && signed ? [{ to: step.to, fact, from: signed.record }] : [];
    })
    .sort((a, b) => a.from - b.from);
  let closure: Closure = { state: 'open' };
  for (const { to, fact, from } of steps) {
    if (to === 'open') closure = { state: 'open' };
    if (to === 'closed') closure = { state: 'closed', closed: { record: fact.holder, from, at: fact.at } };
    if (to === 'archived' && closure.state === 'closed')
      closure = { ...closure, state: 'archived', archived: { record: fact.holder, from } };
  }
  return closure;
}

const STEPS: Readonly<
  Partial<
    Record<
      Fact['type'],
      { readonly to: Closure['state']; readonly meaning: Meaning; readonly by: 'director' | 'management' }
    >
  >
> = {
  StudyClosed: { to: 'closed', meaning: 'closed', by: 'director' },
  StudyReopened: { to: 'open', meaning: 'approved', by: 'director' },
  StudyArchived: { to: 'archived', meaning: 'archived', by: 'management' },
};
