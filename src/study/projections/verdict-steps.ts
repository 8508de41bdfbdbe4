import { formatQuantity } from '../quantity.js';
import { chartOf, type Chart } from '../rules/chart.js';
import type { Steps } from '../steps.js';
import type { Fact } from '../study.js';
import type { View } from './projection.js';
import { judgeChart } from './responder-status.projection.js';

/** A record that changed what is said of an animal, and what it changed. */
export interface VerdictStep {
  readonly record: number;
  /** When it happened. */
  readonly occurredAt: string;
  readonly changes: readonly { readonly question: Question; readonly from: string; readonly to: string }[];
}

const QUESTIONS = [
  'hypersensitive',
  'stimulation alone',
  'sub-effective dose',
  'dose and stimulation',
  'converted',
] as const;

type Question = (typeof QUESTIONS)[number];
type Said = Readonly<Record<Question, string>>;

/**
 * The records that changed a verdict on one animal, in record order. Each version of the animal is judged by the protocol
 * as it is known in this view, as `since` is: its changes are undone in a chart, the latest first.
 */
export function* verdictSteps(view: View, id: string, history: readonly Fact[]): Steps<VerdictStep[]> {
  const { protocols, untilMs, study } = view;
  if (protocols.versions.length === 0) return [];
  const chart = yield* chartOf(history, protocols);
  const steps: VerdictStep[] = [];
  let later = said(chart);
  for (const { record, out, put } of study.subjects.get(id)?.changes.toArray().reverse() ?? []) {
    if (put && put.at <= untilMs) chart.put(put, false);
    if (out && out.at <= untilMs) chart.put(out, true);
    const before = said(chart);
    const changes = QUESTIONS.filter((question) => before[question] !== later[question]).map((question) => ({
      question,
      from: before[question],
      to: later[question],
    }));
    if (changes.length > 0)
      steps.push({ record, occurredAt: study.records.at(record)!.record.time, changes });
    later = before;
    yield;
  }
  return steps.reverse();
}

function said(chart: Chart): Said {
  const { hypersensitive, scs, combination, converted } = judgeChart(chart);
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
