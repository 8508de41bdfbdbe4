import type { Fact } from '../events/fact.js';
import type { Meaning } from './statement.js';

export interface Closure {
  readonly state: 'open' | 'closed' | 'archived';
  /** The StudyClosed in force, from which record on it holds, and since when, ms. */
  readonly closed?: { readonly record: number; readonly from: number; readonly at: number };
  readonly archived?: { readonly record: number; readonly from: number };
  /** Recorded, and without effect until it is signed. */
  readonly waiting: readonly Fact<ClosingType>[];
}

export type ClosingType = 'StudyClosed' | 'StudyReopened' | 'StudyArchived';

/** From which record an act holds, and since when, ms; undefined where it waits for a signature. */
export type HeldFrom = (fact: Fact) => { readonly record: number; readonly at: number } | undefined;

/** What each does, the meaning with which it is signed, and by whom. */
export const CLOSING_ACTS: Readonly<
  Record<
    ClosingType,
    { readonly to: Closure['state']; readonly meaning: Meaning; readonly by: 'director' | 'management' }
  >
> = {
  StudyClosed: { to: 'closed', meaning: 'closed', by: 'director' },
  StudyReopened: { to: 'open', meaning: 'approved', by: 'director' },
  StudyArchived: { to: 'archived', meaning: 'archived', by: 'management' },
};

export function isClosingAct(fact: Fact): fact is Fact<ClosingType> {
  return fact.type in CLOSING_ACTS;
}

/** Closing, reopening and archiving, in the order in which they took effect. What no longer fits the state then has none. */
export function closureIn(facts: readonly Fact[], heldFrom: HeldFrom): Closure {
  const acts = facts.filter(isClosingAct);
  const held = acts
    .flatMap((fact) => {
      const from = heldFrom(fact);
      return from ? [{ fact, from }] : [];
    })
    .sort((a, b) => a.from.record - b.from.record || a.fact.number - b.fact.number);
  let closure: Omit<Closure, 'waiting'> = { state: 'open' };
  /** Where the study came into this state: what was recorded before that has lapsed. */
  let since = -1;
  for (const { fact, from } of held) {
    if (!fits(fact, closure.state) || fact.number < since) continue;
    since = from.record;
    closure = after(closure, fact, from);
  }
  return {
    ...closure,
    waiting: acts.filter(
      (fact) => heldFrom(fact) === undefined && fits(fact, closure.state) && fact.number > since,
    ),
  };
}

function fits({ type }: Fact<ClosingType>, state: Closure['state']): boolean {
  switch (type) {
    case 'StudyClosed':
      return state === 'open';
    case 'StudyReopened':
      return state !== 'open';
    case 'StudyArchived':
      return state === 'closed';
  }
}

function after(
  { closed }: Omit<Closure, 'waiting'>,
  { type, holder }: Fact<ClosingType>,
  { record, at }: { readonly record: number; readonly at: number },
): Omit<Closure, 'waiting'> {
  switch (type) {
    case 'StudyReopened':
      return { state: 'open' };
    case 'StudyClosed':
      return { state: 'closed', closed: { record: holder, from: record, at } };
    case 'StudyArchived':
      return { state: 'archived', ...(closed && { closed }), archived: { record: holder, from: record } };
  }
}
