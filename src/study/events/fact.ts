import type { AppendList } from '../fold/append-list.js';
import type { EventData, FactType } from './events.js';
import { instantMs } from '../instant.js';
import type { StudyRecord } from '../record.js';

/** One effective fact: the number of the record that first stated it, and the content that holds now. */
export interface Fact<T extends FactType = FactType> {
  /** Of the record that first stated it; other records name it by this number. */
  readonly number: number;
  /** Of the record that holds now: the first, or its latest correction. Evidence cites this one. */
  readonly holder: number;
  readonly type: T;
  readonly subject: string | undefined;
  readonly time: string;
  readonly at: number;
  readonly protocolVersion: number | undefined;
  readonly data: EventData<T>;
}

/** The fact that a record states, corrections left out. */
export function factFromRecord<T extends FactType>(number: number, record: StudyRecord<T>): Fact<T> {
  return {
    number,
    holder: number,
    type: record.type,
    subject: record.subject,
    time: record.time,
    at: instantMs(record.time) ?? 0,
    protocolVersion: record.protocolversion,
    data: record.data,
  };
}

/** Effective facts of one type that had happened by an instant, oldest first. */
export function factsOf<T extends FactType>(facts: Iterable<Fact>, type: T, untilMs = Infinity): Fact<T>[] {
  const found: Fact<T>[] = [];
  for (const fact of facts) if (fact.type === type && fact.at <= untilMs) found.push(fact as Fact<T>);
  return found;
}

/** Lists of facts are in order of (occurredAt, number). */
export function insertFact(facts: AppendList<Fact>, fact: Fact): AppendList<Fact> {
  const { last } = facts;
  return !last || happenedBefore(last, fact)
    ? facts.append(fact)
    : facts.insert(indexOfFact(facts, fact), fact);
}

export function removeFact(facts: AppendList<Fact>, fact: Fact): AppendList<Fact> {
  return facts.remove(indexOfFact(facts, fact));
}

/** The index of a fact in a list, or the index at which it would be inserted. */
export function indexOfFact(facts: AppendList<Fact>, fact: Fact): number {
  return facts.firstIndex((other) => !happenedBefore(other, fact));
}

function happenedBefore(a: Fact, b: Fact): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number);
}
