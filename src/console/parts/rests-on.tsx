import type { JSX } from 'preact';
import { View } from '../../study/projections/projection.js';
import { statusOf } from '../../study/projections/responder-status.projection.js';
import type { StudyRecord } from '../../study/record.js';
import type { Steps } from '../../study/steps.js';
import { findStatedFact } from '../../study/study.js';
import { RecordLinks } from './links.js';
import { Facts } from './table.js';

/** What is answered on the ground of a record, such as “hypersensitive”, and the later records that name it. */
export interface Resting {
  readonly verdicts: readonly string[];
  readonly cites: readonly number[];
}

export function* restingOn(view: View, number: number): Steps<Resting> {
  const cites: number[] = [];
  for (const later of view.study.records) {
    if (later.number > number && namesRecord(later.record, number)) cites.push(later.number);
    yield;
  }
  return { cites, verdicts: yield* verdictsOn(view, number) };
}

/** Whether a record names another as its session, its dose, its evidence or its reason. */
function namesRecord({ data }: StudyRecord, number: number): boolean {
  const { session, follows, after, reachedBy, because, evidence } = data as Record<string, unknown>;
  return (
    [session, follows, after, reachedBy, because].includes(number) ||
    (Array.isArray(evidence) && evidence.includes(number))
  );
}

function* verdictsOn(view: View, number: number): Steps<string[]> {
  const subject = findStatedFact(view.study, number)?.subject;
  if (subject === undefined || view.protocols.versions.length === 0) return [];
  const animal = new View(view.study, view.untilMs, subject).animals()[0];
  if (!animal) return [];
  const { verdicts, ketamine } = yield* statusOf(view, subject, animal.history);
  const questions = {
    hypersensitive: verdicts.hypersensitivity,
    'response to stimulation alone': verdicts.scs,
    'response to dose and stimulation': verdicts.combination,
    'the designated dose alone': ketamine,
  };
  return Object.entries(questions)
    .filter(([, verdict]) => verdict?.evidence.includes(number))
    .map(([question]) => question);
}

export function RestingFacts({ verdicts, cites }: Resting): JSX.Element {
  return (
    <Facts
      facts={[
        ['Verdicts', verdicts.join(', ')],
        ['Named by', cites.length > 0 && <RecordLinks numbers={cites} />],
      ]}
    />
  );
}
