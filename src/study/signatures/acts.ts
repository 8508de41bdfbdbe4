import type { Fact } from '../events/fact.js';
import { isCovered, type Applied } from './applied.js';
import { CLOSING_ACTS, closureIn, isClosingAct, type Closure, type HeldFrom } from './closure.js';
import {
  directorAt,
  directorsByRecord,
  directorsBySignature,
  type Directing,
  type Directors,
} from './directing.js';
import type { Meaning } from './statement.js';

/**
 * Acts of a study that hold from a signature on, where its governance is `signed`: the record comes first, then the signature
 * over it. In other studies they hold from their record on.
 */
export interface Acts {
  readonly isGoverned: boolean;
  readonly directors: Directors;
  /** By the number of the record that approved or amended: when it came into force, ms. Absent where it is not signed. */
  readonly inForceFrom: ReadonlyMap<number, number>;
  readonly closure: Closure;
}

export function actsIn(facts: Iterable<Fact>, signatures: readonly Applied[]): Acts {
  const all = [...facts];
  const opened = all.find(({ type }) => type === 'StudyOpened') as Fact<'StudyOpened'> | undefined;
  const isGoverned = opened?.data.governance === 'signed';
  const directors = isGoverned ? directorsBySignature(all, signatures) : directorsByRecord(all);
  const heldFrom: HeldFrom = isGoverned
    ? (fact) => signatures.find((one) => isSignedAct(one, fact, directors.served))
    : ({ number, at }) => ({ record: number, at });
  return {
    isGoverned,
    directors,
    inForceFrom: inForceFrom(all, heldFrom),
    closure: closureIn(all, heldFrom),
  };
}

/** Whether a signature makes an act hold: with its meaning, by whoever directed the study then, or in the role of management. */
function isSignedAct(signature: Applied, fact: Fact, served: readonly Directing[]): boolean {
  const { meaning, by } = takes(fact);
  if (signature.meaning !== meaning || !isCovered(signature, fact.holder)) return false;
  if (by === 'management') return signature.role === 'management';
  return signature.person === directorAt(served, signature.record);
}

/** The signature that an act of a governed study takes. */
function takes(fact: Fact): { readonly meaning: Meaning; readonly by: 'director' | 'management' } {
  return isClosingAct(fact) ? CLOSING_ACTS[fact.type] : { meaning: 'approved', by: 'director' };
}

/** A protocol is in force from the later of its own time and that of its signature. */
function inForceFrom(facts: readonly Fact[], heldFrom: HeldFrom): Map<number, number> {
  const from = new Map<number, number>();
  for (const fact of facts) {
    if (fact.type !== 'ProtocolApproved' && fact.type !== 'ProtocolAmended') continue;
    const signed = heldFrom(fact);
    if (signed) from.set(fact.number, Math.max(fact.at, signed.at));
  }
  return from;
}
