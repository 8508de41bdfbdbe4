import { refuse, type Refusal } from '../refusal.js';
import type { Fact, Study } from '../study.js';

/** The record referred to, with its leaf hash; refused where there is none or the hash given is another's. */
export function proven(
  study: Study,
  { number, leaf }: { number: number; leaf?: string },
  field: string,
): { number: number; leaf: string } | Refusal {
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

/** The effective fact that a record first stated. */
export function factOf(study: Study, number: number): Fact | undefined {
  const isIt = (fact: Fact): boolean => fact.number === number;
  for (const { facts } of study.subjects.values()) {
    const found = facts.toArray().find(isIt);
    if (found) return found;
  }
  return study.facts.toArray().find(isIt);
}

/** Refuses what names a record that was withdrawn, or a correction where the fact itself should be named. */
export function inForce(study: Study, number: number): Refusal | undefined {
  if (factOf(study, number)) return undefined;
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
    `Record ${number} was withdrawn by record ${study.supersededBy.get(number)}.`,
    'data.target',
  );
}
