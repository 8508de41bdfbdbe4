import { clockIn } from '../clock-in.js';
import { groupedBy } from '../grouped-by.js';
import { hoursInWords, instantMs } from '../instant.js';
import { isOf, type StoredStudyRecord, type StudyRecord } from '../record.js';
import type { Review, TrailChange } from '../signatures/reviews.js';
import { recordFlags } from './audit-trail.projection.js';
import type { WorkingHours } from './projection.js';

/** What the lists are made of: records in their order, whatever became of them. */
export interface Trail {
  readonly records: readonly StoredStudyRecord[];
  readonly changes: readonly TrailChange[];
  readonly reviews: readonly Review[];
  readonly hours: WorkingHours;
}

/** A record that deserves a look, or the first of several. */
export interface ReviewRow {
  readonly record: number;
  readonly type: string;
  readonly actor: string;
  readonly recordedAt: string;
  /** How many records it stands for, where they are several. */
  readonly count?: number;
  readonly why: string;
}

export interface ListDefinition {
  readonly name: string;
  readonly title: string;
  readonly rule: (hours: WorkingHours) => string;
  readonly find: (trail: Trail) => ReviewRow[];
}

/** A burst: so many records of one actor in so many minutes. */
export const BURST = { records: 10, minutes: 5 } as const;
/** Too regular: the same value so many times in a row. */
export const REGULAR = 5;

/** Every list, in the order in which they are shown. */
export const REVIEW_LISTS: readonly ListDefinition[] = [
  {
    name: 'corrected-after-review',
    title: 'Corrected or withdrawn after a review',
    rule: () => 'A correction or a void of a record that a review before it covers.',
    find: ({ records, changes, reviews }) => {
      const byNumber = new Map(changes.map((change) => [change.number, change]));
      return rowsOf(records, ({ number }) => {
        const { of = [] } = byNumber.get(number) ?? {};
        const review = reviews.find(
          ({ record, from, to }) => record < number && of.some((one) => from <= one && one <= to),
        );
        return (
          review && `changes #${of[0]}, which ${review.reviewer} had reviewed before as #${review.record}`
        );
      });
    },
  },
  {
    name: 'late',
    title: 'Late',
    rule: () => 'Records with the flag late: recorded later than the protocol allows.',
    find: ({ records }) =>
      flagged(records, 'late', (record) => {
        const { time, recordedtime, reason } = record;
        if (isOf('RecordCorrected', record)) return `corrects a late record${because(reason)}`;
        const hours = ((instantMs(recordedtime) ?? 0) - (instantMs(time) ?? 0)) / 3_600_000;
        return `recorded ${hoursInWords(hours)} after it happened${because(reason)}`;
      }),
  },
  {
    name: 'delayed-entry',
    title: 'Sent later than entered',
    rule: () => 'Records with the flag delayed-entry: entered without a connection, and sent later.',
    find: ({ records }) =>
      flagged(
        records,
        'delayed-entry',
        ({ data, reason }) => `entered ${data.enteredAt ?? 'earlier'}${because(reason)}`,
      ),
  },
  {
    name: 'deviations',
    title: 'Deviations',
    rule: () => 'Records with the flag deviation: what departs from the protocol.',
    find: ({ records }) =>
      flagged(records, 'deviation', (record) => `${otherFlags(record)}${because(record.reason)}`),
  },
  {
    name: 'implausible',
    title: 'Implausible, or queried',
    rule: () => 'Records with the flag implausible or query: values that are most often mistakes.',
    find: ({ records }) =>
      rowsOf(records, ({ record }) => {
        const flags = recordFlags(record);
        const isDoubted = flags.includes('implausible') || flags.includes('query');
        return isDoubted ? `${otherFlags(record)}${because(record.reason)}` : undefined;
      }),
  },
  {
    name: 'corrected-repeatedly',
    title: 'Corrected repeatedly',
    rule: () => 'Records that were corrected twice or more, whether those corrections still hold or not.',
    find: ({ records }) => {
      const corrections = records.flatMap(({ number, record }) =>
        isOf('RecordCorrected', record) ? [{ number, of: record.data.target.number }] : [],
      );
      const byTarget = groupedBy(corrections, ({ of }) => of);
      return rowsOf(records, ({ number }) => {
        const found = byTarget.get(number) ?? [];
        const by = found.map((one) => `#${one.number}`).join(', ');
        return found.length >= 2 ? `corrected ${found.length} times: ${by}` : undefined;
      });
    },
  },
  {
    name: 'voids',
    title: 'Withdrawn',
    rule: () => 'Every void.',
    find: ({ records }) =>
      rowsOf(records, ({ record }) =>
        isOf('RecordVoided', record)
          ? `withdraws #${record.data.target.number}${because(record.reason)}`
          : undefined,
      ),
  },
  {
    name: 'by-another',
    title: 'Put right by another',
    rule: () =>
      'Corrections and voids with the flag by-another: by the director, of what somebody else made.',
    find: ({ records }) => flagged(records, 'by-another', ({ reason }) => `by another${because(reason)}`),
  },
  {
    name: 'imports',
    title: 'Imports',
    rule: () => 'Records that were read from a file, together for each file and each person who imported it.',
    find: ({ records }) => {
      const imported = records.filter(({ record }) => record.importsha256 !== undefined);
      const files = groupedBy(imported, ({ record: { importsha256, actor } }) => `${importsha256} ${actor}`);
      return [...files.values()].map((group) =>
        rowOfGroup(
          group,
          `${group.length === 1 ? '1 record' : `${group.length} records`} from ${group[0]!.record.importfile}`,
        ),
      );
    },
  },
  {
    name: 'out-of-hours',
    title: 'Out of hours',
    rule: ({ zone, from, to, weekends }) =>
      `Records made before ${clockText(from)} or from ${clockText(to)} on${weekends === 'out' ? ', or on a Saturday or Sunday' : ''}, by the server’s clock, in ${zone}. The hours are a choice of whoever asks: no rule of the study says them.`,
    find: ({ records, hours }) =>
      rowsOf(records, ({ record }) => {
        const { weekday, minutes } = clockIn(hours.zone, instantMs(record.recordedtime) ?? 0);
        const isWeekend = weekday >= 6 && hours.weekends === 'out';
        if (!isWeekend && hours.from <= minutes && minutes < hours.to) return undefined;
        return `recorded on a ${DAYS[weekday - 1]} at ${clockText(minutes)}`;
      }),
  },
  {
    name: 'bursts',
    title: 'Bursts of one person',
    rule: () =>
      `${BURST.records} or more records of one person within ${BURST.minutes} minutes, by the server’s clock; imported ones are left out.`,
    find: ({ records }) =>
      byActor(records.filter(({ record }) => record.importsha256 === undefined))
        .flatMap(burstsIn)
        .map((group) => rowOfGroup(group, `${group.length} records in ${spanOf(group)}`)),
  },
  {
    name: 'too-regular',
    title: 'Too regular',
    rule: () =>
      `The same value ${REGULAR} times or more in a row by one person: the same weight, the same reading of one assay, or the same responses to the same filaments. Runs without a change of response are left out, since many animals give them; so are scores.`,
    find: ({ records }) =>
      byActor(records)
        .flatMap(regularIn)
        .map(({ group, value }) => rowOfGroup(group, `${group.length} times in a row: ${value}`)),
  },
];

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function rowsOf(
  records: readonly StoredStudyRecord[],
  why: (stored: StoredStudyRecord) => string | undefined,
): ReviewRow[] {
  return records.flatMap((stored) => {
    const found = why(stored);
    return found === undefined ? [] : [rowOf(stored, found)];
  });
}

function flagged(
  records: readonly StoredStudyRecord[],
  flag: string,
  why: (record: StudyRecord) => string,
): ReviewRow[] {
  return rowsOf(records, ({ record }) => (recordFlags(record).includes(flag) ? why(record) : undefined));
}

function rowOf({ number, record }: StoredStudyRecord, why: string): ReviewRow {
  const { type, actor, recordedtime } = record;
  return { record: number, type, actor, recordedAt: recordedtime, why };
}

function rowOfGroup(group: readonly StoredStudyRecord[], why: string): ReviewRow {
  return { ...rowOf(group[0]!, why), count: group.length };
}

function byActor(records: readonly StoredStudyRecord[]): StoredStudyRecord[][] {
  return [...groupedBy(records, ({ record }) => record.actor).values()];
}

/** The records of one actor that lie in a burst; those that follow each other without a longer pause are one. */
function burstsIn(records: readonly StoredStudyRecord[]): StoredStudyRecord[][] {
  const at = records.map(recordedMs);
  const found: StoredStudyRecord[][] = [];
  let end = -1;
  for (let first = 0; first + BURST.records <= records.length; first++) {
    const last = first + BURST.records - 1;
    if (at[last]! - at[first]! > BURST.minutes * 60_000) continue;
    if (first > end) found.push([]);
    found.at(-1)!.push(...records.slice(Math.max(first, end + 1), last + 1));
    end = last;
  }
  return found;
}

function spanOf(group: readonly StoredStudyRecord[]): string {
  const seconds = Math.round((recordedMs(group.at(-1)!) - recordedMs(group[0]!)) / 1000);
  return seconds < 60 ? `${seconds} s` : hoursInWords(seconds / 3600);
}

function recordedMs({ record }: StoredStudyRecord): number {
  return instantMs(record.recordedtime) ?? 0;
}

interface Regular {
  readonly value: string;
  readonly group: StoredStudyRecord[];
}

/** Of one actor: the same value of one kind in a row, whatever other kinds come between. */
function regularIn(records: readonly StoredStudyRecord[]): Regular[] {
  const running = new Map<string, Regular>();
  const found: Regular[] = [];
  for (const stored of records) {
    const { kind, value } = valueIn(stored.record) ?? {};
    if (kind === undefined || value === undefined) continue;
    const before = running.get(kind);
    if (before?.value === value) {
      before.group.push(stored);
      if (before.group.length === REGULAR) found.push(before);
    } else running.set(kind, { value, group: [stored] });
  }
  return found.sort((a, b) => a.group[0]!.number - b.group[0]!.number);
}

function valueIn(record: StudyRecord): { readonly kind: string; readonly value: string } | undefined {
  if (isOf('BodyWeightRecorded', record)) {
    const { value, unit } = record.data.weight;
    return { kind: record.type, value: `${value} ${unit}` };
  }
  if (isOf('ThresholdRecorded', record)) {
    const { touches } = record.data;
    if (new Set(touches.map(({ response }) => response)).size < 2) return undefined;
    return {
      kind: record.type,
      value: touches.map(({ filament, response }) => `${filament}${response}`).join(' '),
    };
  }
  if (!isOf('MeasurementRecorded', record)) return undefined;
  const { assay, trials } = record.data;
  return { kind: `${record.type} ${assay}`, value: `${assay} ${trials.map(trialText).join(', ')}` };
}

function trialText(trial: object): string {
  return Object.entries(trial)
    .filter(([member]) => member !== 'time')
    .map(([member, value]) => (member === 'value' ? String(value) : `${member} ${String(value)}`))
    .join(' ');
}

/** What the flags say beside their kind. */
function otherFlags(record: StudyRecord): string {
  const kinds = new Set(['deviation', 'implausible', 'query', 'late', 'imported', 'delayed-entry']);
  const codes = recordFlags(record);
  const said = codes.filter((code) => !kinds.has(code));
  return (said.length > 0 ? said : codes).join(', ');
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: “${reason}”`;
}

/** Minutes since midnight, as 07:00. */
export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
