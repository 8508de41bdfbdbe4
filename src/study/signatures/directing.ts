import type { Fact } from '../events/fact.js';
import { isCovered, type Applied } from './applied.js';

/** A study director, and the number of the record from which they directed the study. */
export interface Directing {
  readonly director: string;
  readonly record: number;
}

/** A change of the director that is recorded and does not hold yet. */
export interface ChangeWaiting {
  readonly fact: Fact<'StudyHandedOver' | 'DirectorReplaced'>;
  readonly director: string;
  /** The directors who have not signed it. Of a replacement nobody by name: it waits for management. */
  readonly waitsFor: readonly string[];
}

export interface Directors {
  /** In the order in which they took over: each serves until the next one does. */
  readonly served: readonly Directing[];
  readonly waiting: readonly ChangeWaiting[];
}

/** Who directed the study when a record was written. */
export function directorAt(directors: readonly Directing[], record: number): string | undefined {
  return directors.findLast((one) => one.record < record)?.director;
}

/** In a study whose acts hold from their record on. */
export function directorsByRecord(facts: readonly Fact[]): Directors {
  const served = changesIn(facts).map(({ fact, director }) => ({ director, record: fact.number }));
  return { served, waiting: [] };
}

/**
 * A hand-over takes the signatures of the director who serves and of the next one, a replacement that of management. Until
 * then the old director serves. One signature completes one change, and all that waited then lapse, so exactly one person
 * directs the study at every record.
 */
export function directorsBySignature(facts: readonly Fact[], signatures: readonly Applied[]): Directors {
  const changes = changesIn(facts);
  const served: Directing[] = [];
  const approvals = signatures.filter(({ meaning }) => meaning === 'approved');
  let waiting: Change[] = [];
  const complete = (before: number): void => {
    for (const { record } of approvals) {
      if (record >= before || record <= (served.at(-1)?.record ?? Infinity)) continue;
      const change = waiting.findLast((one) => isComplete(one, served.at(-1)?.director, approvals, record));
      if (!change) continue;
      served.push({ director: change.director, record });
      waiting = [];
    }
  };
  for (const change of changes) {
    complete(change.fact.number);
    if (change.fact.type === 'StudyOpened')
      served.push({ director: change.director, record: change.fact.number });
    else waiting.push(change);
  }
  complete(Infinity);
  const serving = served.at(-1)?.director;
  return {
    served,
    waiting: waiting.map(({ fact, director }) => ({
      fact: fact as ChangeWaiting['fact'],
      director,
      waitsFor:
        fact.type === 'DirectorReplaced'
          ? []
          : ([serving, director].filter(
              (person) => person !== undefined && !isSignedBy(fact, person, approvals, Infinity),
            ) as string[]),
    })),
  };
}

interface Change {
  readonly fact: Fact;
  readonly director: string;
}

function changesIn(facts: readonly Fact[]): Change[] {
  return facts
    .flatMap((fact) => {
      const director = namedBy(fact);
      return director === undefined ? [] : [{ fact, director }];
    })
    .sort((a, b) => a.fact.number - b.fact.number);
}

function namedBy(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'StudyOpened':
    case 'DirectorReplaced':
      return (fact as Fact<'StudyOpened' | 'DirectorReplaced'>).data.director;
    case 'StudyHandedOver':
      return (fact as Fact<'StudyHandedOver'>).data.to;
    default:
      return undefined;
  }
}

function isComplete(
  { fact, director }: Change,
  serving: string | undefined,
  approvals: readonly Applied[],
  by: number,
): boolean {
  if (fact.type === 'DirectorReplaced')
    return approvals.some(
      (one) => one.record <= by && one.role === 'management' && isCovered(one, fact.holder),
    );
  return (
    serving !== undefined && [serving, director].every((person) => isSignedBy(fact, person, approvals, by))
  );
}

function isSignedBy({ holder }: Fact, person: string, approvals: readonly Applied[], by: number): boolean {
  return approvals.some((one) => one.record <= by && one.person === person && isCovered(one, holder));
}
