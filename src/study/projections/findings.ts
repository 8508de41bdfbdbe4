import { findRecordBehindFlags } from '../commands/common/other-record.js';
import { minutesBetween } from '../instant.js';
import { doseOf } from '../quantity.js';
import { isOf, type StudyRecord } from '../record.js';
import {
  administrationOf,
  isDose,
  startsWashout,
  substanceOf,
  type DoseFact,
} from '../rules/administration.js';
import type { Chart } from '../rules/chart.js';
import { measure } from '../rules/measured-run.js';
import type { Threshold } from '../rules/threshold.js';
import type { Steps } from '../steps.js';
import { Protocols, findStatedFact, studyInSteps, type Fact, type Study } from '../study.js';
import { recordFlags } from './audit-trail.projection.js';
import { MovingCharts } from './moving-charts.js';
import { changesOfSaid, type Question } from './verdict-steps.js';

/** What whoever sends a command is told of its record at once. Members that have nothing to say are left out. */
export interface Findings {
  /** Codes; of a correction also those of what it states. */
  readonly flags?: readonly string[];
  /** The record that it repeats, contradicts or is named like, where it is flagged so. */
  readonly otherRecord?: number;
  /** Of a run, or a correction of one. */
  readonly threshold?: Pick<Threshold, 'status' | 'grams' | 'bound'>;
  /** Of a dose, or a correction of one. */
  readonly dose?: {
    /** Null where the dose is no mass, or the body weight that it takes is not known. */
    readonly microgram: number | null;
    readonly microgramPerKg: number | null;
    /** Hours since the dose of the same substance before, vehicles and controls left out; null for the first. */
    readonly washoutHours: number | null;
  };
  /** What is said of an animal and was changed by the record. */
  readonly verdicts?: readonly ChangedVerdict[];
}

export interface ChangedVerdict {
  /** The animal: a correction that moves a fact changes what is said of two. */
  readonly subject: string;
  readonly question: Question;
  readonly before: string;
  readonly after: string;
}

type Derived = Pick<Findings, 'threshold' | 'dose' | 'verdicts'>;

/**
 * What a record is found to say, as of the tree size just after it, whatever was recorded since. `charts` belongs to the
 * stream of the study, and makes answers about one record after another cheap.
 */
export function* findingsOf(study: Study, number: number, charts: MovingCharts): Steps<Findings> {
  const { record } = study.records.at(number)!;
  const flags = recordFlags(record);
  return {
    ...(flags.length > 0 && { flags }),
    ...(record.subject !== undefined && (yield* findInAnimals(study, number, record, charts))),
  };
}

/** The record behind the flags `same-as`, `contradicts` and `looks-like` of a record. */
export function* otherRecordOf(study: Study, number: number): Steps<number | undefined> {
  const { record } = study.records.at(number)!;
  if (!recordFlags(record).includes('query')) return undefined;
  return findRecordBehindFlags(yield* studyInSteps(study, number), record);
}

function* findInAnimals(
  study: Study,
  number: number,
  record: StudyRecord,
  charts: MovingCharts,
): Steps<Derived> {
  const animals = animalsChanged(study, record);
  const asKnown = standsFor(study, number, animals);
  const then = asKnown ? study : yield* studyInSteps(study, number + 1);
  if (new Protocols(then).versions.length === 0) return {};
  let found: Derived = {};
  const verdicts: ChangedVerdict[] = [];
  for (const id of animals) {
    const change = changeBy(then, id, number);
    if (!change) continue;
    const { before, after, chart } = yield* (asKnown ? charts : new MovingCharts()).around(
      then,
      id,
      change.all,
      change.place,
    );
    const put = change.all.at(change.place)?.put;
    if (put?.holder === number) found = { ...derive(put, chart) };
    for (const { question, from, to } of changesOfSaid(before, after))
      verdicts.push({ subject: id, question, before: from, after: to });
  }
  return { ...found, ...(verdicts.length > 0 && { verdicts }) };
}

/** The animals whose history a record may have changed: its own, and the one that a correction moved a fact from or to. */
function animalsChanged(study: Study, record: StudyRecord): ReadonlySet<string> {
  const named = isOf('RecordVoided', record) ? study.records.at(record.data.target.number)?.record : record;
  const moved =
    named && isOf('RecordCorrected', named)
      ? [named.data.subject, findStatedFact(study, named.data.replaces.number)?.subject]
      : [];
  return new Set([record.subject, ...moved].filter((id) => id !== undefined));
}

/** Whether the study says of the animals and the protocol what it said just after a record, once later changes are undone. */
function standsFor(study: Study, number: number, animals: ReadonlySet<string>): boolean {
  if (study.size === number + 1) return true;
  for (let later = number + 1; later < study.size; later++)
    if (mayConcernProtocol(study.records.at(later)!.record)) return false;
  return [...animals].every((id) => changeBy(study, id, number));
}

const NOT_OF_PROTOCOL: ReadonlySet<string> = new Set([
  'StudyHandedOver',
  'DirectorReplaced',
  'ImportMappingSaved',
  'StudyClosed',
  'DeviationRecorded',
  'DeviationAcknowledged',
  'EntryDiscarded',
]);

function mayConcernProtocol({ subject, type }: StudyRecord): boolean {
  return subject === undefined && !NOT_OF_PROTOCOL.has(type);
}

/** The changes of an animal, and the place among them of the one that a record made. */
function changeBy(study: Study, id: string, number: number) {
  const all = study.subjects.get(id)?.changes;
  const place = all?.firstIndex(({ record }) => record >= number) ?? 0;
  return all?.at(place)?.record === number ? { all, place } : undefined;
}

function derive(fact: Fact, chart: Chart): Derived {
  if (fact.type === 'ThresholdRecorded') {
    const { status, grams, bound } = measure(fact as Fact<'ThresholdRecorded'>, chart.protocols).threshold;
    return { threshold: { status, grams, bound } };
  }
  if (!isDose(fact)) return {};
  const { dose, bodyWeight } = administrationOf(fact);
  const before = doseBefore(fact, chart);
  const washoutHours = before ? minutesBetween(before.at, fact.at) / 60 : null;
  return { dose: { ...doseOf(dose, bodyWeight), washoutHours } };
}

/** The dose of the same substance before another, vehicles and controls left out. */
function doseBefore(fact: DoseFact, { doses, protocols }: Chart): DoseFact | undefined {
  const { at, number } = fact;
  const substance = substanceOf(fact, protocols).id;
  for (let place = doses.upTo(at) - 1; place >= 0; place--) {
    const dose = doses.at(place)!;
    if (dose.at === at && dose.number >= number) continue;
    if (startsWashout(dose, substance, protocols)) return dose;
  }
  return undefined;
}
