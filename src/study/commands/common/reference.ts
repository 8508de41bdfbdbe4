import { Refusal, refuse } from '../../refusal.js';
import { factNumbered, type Fact, type Study } from '../../study.js';

/** The record named, with its leaf hash; refused where there is none, or where the hash given is another's. */
export function resolveReference(
  study: Study,
  { number, leaf }: { number: number; leaf?: string },
  field: string,
): { number: number; leaf: string } | Refusal<'record-unknown' | 'leaf-mismatch'> {
  const stored = study.records.at(number);
  if (!stored) {
    return refuse(
      'record-unknown',
      `There is no record ${number}; the last one is ${study.size - 1}.`,
      `${field}.number`,
    );
  }
  if (leaf !== undefined && leaf !== stored.leaf) {
    return refuse(
      'leaf-mismatch',
      `Record ${number} is not the one you saw: its leaf hash is ${stored.leaf}.`,
      `${field}.leaf`,
    );
  }
  return { number, leaf: stored.leaf };
}

/** Refuses to name a record that is not there, where one is named. */
export function checkReference(
  study: Study,
  named: { number: number; leaf?: string } | undefined,
  field: string,
): Refusal<'record-unknown' | 'leaf-mismatch'> | undefined {
  const found = named && resolveReference(study, named, field);
  return found instanceof Refusal ? found : undefined;
}

/** The effective fact that a record first stated; refused where it was withdrawn, or the record corrects another. */
export function findEffectiveFact(
  study: Study,
  number: number,
): Fact | Refusal<'not-a-fact' | 'not-in-force'> {
  const fact = factNumbered(study, number);
  if (fact) return fact;
  const type = study.records.at(number)?.record.type;
  if (type === 'RecordCorrected' || type === 'RecordVoided') {
    return refuse(
      'not-a-fact',
      `Record ${number} is a ${type}: name the record that first stated the fact.`,
      'data.target',
    );
  }
  return refuse(
    'not-in-force',
    `Record ${number} was withdrawn by record ${findLastSuperseding(study, number)}.`,
    'data.target',
  );
}

/** The last record in the chain of corrections and voids of a record. */
function findLastSuperseding(study: Study, number: number): number {
  let last = number;
  for (let later = study.supersededBy.get(last); later !== undefined; later = study.supersededBy.get(last)) {
    last = later;
  }
  return last;
}

/** Refuses to withdraw an enrolment that other records rest on, or to move it to another animal. */
export function checkNothingRestsOn(
  study: Study,
  fact: Fact,
  field: string,
): Refusal<'others-rest-on-it'> | undefined {
  if (fact.type !== 'SubjectEnrolled') return undefined;
  const { facts } = study.subjects.get(fact.subject ?? '') ?? {};
  const other = facts && [facts.at(0), facts.at(1)].find((first) => first && first.number !== fact.number);
  return (
    other &&
    refuse(
      'others-rest-on-it',
      `Record ${other.holder} of ${fact.subject} rests on this enrolment: correct the enrolment under the same identifier, or exclude the animal.`,
      field,
    )
  );
}
