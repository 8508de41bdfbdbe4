import { instantMs } from '../instant.js';
import type { StoredStudyRecord } from '../record.js';
import { refuse, type Refusal } from '../refusal.js';
import { animalsConcerned, referencesOf } from './concerns.js';
import { recordFlags, trailRecord } from './audit-trail.projection.js';
import type { View } from './projection.js';

export interface RecordFilter {
  readonly actor?: string | undefined;
  /** Records that concern this animal. */
  readonly subject?: string | undefined;
  readonly type?: string | undefined;
  readonly flag?: string | undefined;
  readonly since?: string | undefined;
  readonly before?: string | undefined;
}

/** A page of records as stored, in record order, and where the next page begins. */
export function recordsOf(view: View, filter: RecordFilter, from: number, limit: number): object | Refusal {
  const [since, before] = [bound(filter.since, -Infinity), bound(filter.before, Infinity)];
  if (since === undefined || before === undefined) {
    const field = since === undefined ? 'since' : 'before';
    return refuse(
      `${field}-invalid`,
      `${field} is an instant with its offset, such as 2026-03-02T09:15:00+01:00.`,
      field,
    );
  }
  const { subject } = filter;
  const concerned = subject === undefined ? undefined : animalsConcerned(view.study);
  const page: object[] = [];
  for (let number = from; number < view.study.size; number++) {
    const stored = view.study.records.at(number);
    if (concerned && !concerned[number]!.includes(subject)) continue;
    if (!stored || !passes(stored, filter, since, before, view.untilMs)) continue;
    if (page.length === limit) return { records: page, next: number };
    page.push({ number, leaf: stored.leaf, record: stored.record });
  }
  return { records: page, next: null };
}

function passes(
  { record }: StoredStudyRecord,
  filter: RecordFilter,
  since: number,
  before: number,
  until: number,
): boolean {
  const { actor, type, flag } = filter;
  const recorded = instantMs(record.recordedtime) ?? 0;
  return (
    (actor === undefined || record.actor === actor) &&
    (type === undefined || record.type === type) &&
    (flag === undefined || recordFlags(record).includes(flag)) &&
    recorded >= since &&
    recorded < before &&
    (instantMs(record.time) ?? 0) <= until
  );
}

function bound(text: string | undefined, open: number): number | undefined {
  return text === undefined ? open : instantMs(text);
}

/** One record as stored, what it says in the trail, and every record that corrected, withdrew or acknowledged it. */
export function recordWithCorrections({ study }: View, number: number): object | Refusal {
  const stored = study.records.at(number);
  if (!stored)
    return refuse('record-unknown', `There is no record ${number} at tree size ${study.size}.`, 'number');
  const about: object[] = [];
  for (const later of study.records)
    if (referencesOf(later.record).includes(number) || study.supersededBy.get(number) === later.number)
      about.push(trailRecord(study, later));
  return {
    number,
    leaf: stored.leaf,
    record: stored.record,
    trail: trailRecord(study, stored),
    corrections: about,
  };
}
