import type { FactType } from '../events/events.js';
import { groupedBy } from '../grouped-by.js';
import { isOf, type StudyRecord } from '../record.js';
import type { Steps } from '../steps.js';
import { findStatedFact, type Fact } from '../study.js';
import type { View } from './projection.js';

/** Facts of one type that no longer hold, as they were stated, by animal. */
export function* supersededFacts<T extends FactType>(view: View, type: T): Steps<Map<string, Fact<T>[]>> {
  const found: Fact<T>[] = [];
  for (const number of view.study.supersededBy.keys()) {
    yield;
    const record = view.study.records.at(number)?.record;
    if (!record || !states(record, type)) continue;
    const fact = findStatedFact(view.study, number);
    if (fact?.type !== type || fact.at > view.untilMs || !view.has(fact.subject)) continue;
    found.push(fact as Fact<T>);
  }
  return groupedBy(found, ({ subject = '' }) => subject);
}

function states(record: StudyRecord, type: FactType): boolean {
  return record.type === type || (isOf('RecordCorrected', record) && record.data.corrects === type);
}

/** In the order in which they happened; of one fact, the first statement first. */
export function inOrder<F extends Fact>(facts: readonly F[]): F[] {
  return facts.toSorted((a, b) => a.at - b.at || a.number - b.number || a.holder - b.holder);
}
