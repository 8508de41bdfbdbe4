import { formatQuantity } from '../quantity.js';
import { chartOf, type Chart } from '../rules/chart.js';
import type { Steps } from '../steps.js';
import type { Fact } from '../study.js';
import type { View } from './projection.js';
import { JUDGES, conclude } from './responder-status.projection.js';

/** A record that changed what is said of an animal, and what it changed. */
export interface VerdictStep {
  readonly record: number;
  /** When it happened. */
  readonly occurredAt: string;
  readonly changes: readonly { readonly question: Question; readonly from: string; readonly to: string }[];
}

/** What is asked of every animal. */
export const QUESTIONS = [
  'hypersensitive',
  'stimulation alone',
  'sub-effective dose',
  'dose and stimulation',
  'converted',
] as const;

export type Question = (typeof QUESTIONS)[number];
/** The answer to every question about an animal, in words. */
export type Said = Readonly<Record<Question, string>>;

/**
 * The records that changed a verdict on one animal, in record order. Each version of the animal is judged by the protocol
 * as it is known in this view, as `since` is: its changes are undone in a chart, the latest first.
 */
export function* verdictSteps(view: View, id: string, history: readonly Fact[]): Steps<VerdictStep[]> {
  const { protocols, untilMs, study } = view;
  if (protocols.versions.length === 0) return [];
  const chart = yield* chartOf(history, protocols);
  const steps: VerdictStep[] = [];
  let later = sayOf(chart);
  for (const { record, out, put } of study.subjects.get(id)?.changes.toArray().reverse() ?? []) {
    if (put && put.at <= untilMs) chart.put(put, false);
    if (out && out.at <= untilMs) chart.put(out, true);
    const before = sayOf(chart);
    const changes = changesOfSaid(before, later);
    if (changes.length > 0)
      steps.push({ record, occurredAt: study.records.at(record)!.record.time, changes });
    later = before;
    yield;
  }
  return steps.reverse();
}

/** The questions that have another answer now. */
export function changesOfSaid(before: Said, after: Said): VerdictStep['changes'] {
  return QUESTIONS.filter((question) => before[question] !== after[question]).map((question) => ({
    question,
    from: before[question],
    to: after[question],
  }));
}

/** The answers by the facts that are in a chart. */
export function sayOf(chart: Chart): Said {
  const { hypersensitive, scs, combination, converted } = conclude({
    hypersensitivity: JUDGES.hypersensitivity(chart),
    scs: JUDGES.scs(chart),
    combination: JUDGES.combination(chart),
  });
  const designated = chart.designations.last?.data.dose;
  return {
    hypersensitive: yesNo(hypersensitive),
    'stimulation alone': scs ?? 'not known',
    'sub-effective dose': designated ? formatQuantity(designated) : 'none',
    'dose and stimulation': combination ?? 'not known',
    converted: yesNo(converted),
  };
}

function yesNo(value: boolean | null): string {
  return value === null ? 'not known' : value ? 'yes' : 'no';
}
