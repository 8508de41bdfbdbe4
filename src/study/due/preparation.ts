import { localDay } from '../instant.js';
import type { PlannedSetting } from '../rules/planned.js';
import { decidingReading, judgeHypersensitivity } from '../rules/hypersensitivity.js';
import type { Fact } from '../study.js';
import type { Charted } from './charted.js';
import { readingKinds } from './reading-kind.js';
import { beginOfDay, taskOf, type Task } from './task.js';

const MINUTE = 60_000;

/** What has to be done before a treatment, and the time in which it is prepared; no time where something is still missing. */
export interface Preparation {
  readonly tasks: readonly Task[];
  readonly ready: { readonly from: number; readonly until: number } | undefined;
}

/** When a treatment can begin at the earliest, what that is counted from, and when it is due. */
export interface Earliest {
  readonly basis: Fact;
  readonly at: number;
  readonly due?: number;
}

/** What shows that an animal can be treated: the reading that made it hypersensitive; day 0 where that is not judged. */
export function treatableSince({ chart, protocol }: Charted): Fact | undefined {
  if (!protocol.hypersensitivity) return chart.inductions.first;
  return judgeHypersensitivity(chart).holds === true ? decidingReading(chart)?.fact : undefined;
}

export function prepare(earliest: Earliest, ...parts: readonly Preparation[]): Preparation {
  const ready = parts.reduce<Preparation['ready']>(
    (so, part) =>
      so &&
      part.ready && { from: Math.max(so.from, part.ready.from), until: Math.min(so.until, part.ready.until) },
    { from: earliest.at, until: Infinity },
  );
  return { tasks: parts.flatMap(({ tasks }) => tasks), ready };
}

const NOTHING_TO_DO: Preparation = { tasks: [], ready: { from: -Infinity, until: Infinity } };

/** The motor threshold that the amplitude follows holds on its day alone. */
export function thresholdOfTheDay(
  { id, course }: Charted,
  settings: readonly PlannedSetting[],
  { basis, at, due }: Earliest,
): Preparation {
  const fraction = settings.find(({ amplitudeFraction }) => amplitudeFraction)?.amplitudeFraction;
  if (!fraction) return NOTHING_TO_DO;
  const last = course.of('MotorThresholdDetermined').at(-1);
  const end = last ? beginOfDay(last, localDay(last.time) + 1) : -Infinity;
  const task = taskOf(
    id,
    basis,
    {
      kind: 'motor-threshold',
      what: 'Motor threshold of the day',
      command: 'DetermineMotorThreshold',
      data: waveformOf(settings),
      why: `The amplitude is ${fraction.low} to ${fraction.high} of the animal’s own motor threshold of the day.`,
    },
    { from: Math.max(at, end), due: due === undefined ? undefined : Math.max(due, end) },
  );
  return { tasks: [task], ready: last && at < end ? { from: last.at, until: end } : undefined };
}

/** Of the only setting; where there are several, it is not known which one comes. */
function waveformOf([first, ...others]: readonly PlannedSetting[]): Record<string, unknown> {
  if (!first || others.length > 0) return {};
  const { frequency, pulseWidth } = first;
  return { ...(frequency && { frequency }), ...(pulseWidth && { pulseWidth }) };
}

/** The reading that a rise is measured from, as long as the rule lets it count. */
export function freshReference(
  { id, chart, protocol }: Charted,
  before: 'stimulation' | 'dose',
  { basis, at, due }: Earliest,
  /** The dose in words. */
  amount?: string,
): Preparation {
  const { responder: rule } = protocol;
  if (!rule || (before === 'stimulation' && rule.reference === 'pre-lesion')) return NOTHING_TO_DO;
  const [kind] = readingKinds(rule, protocol, chart.injuredSide);
  const readings = chart.readingsOf(rule, protocol);
  if (!kind || !readings) return NOTHING_TO_DO;
  const within = rule.referenceWithinMinutes;
  const last = readings.all.last?.fact;
  const end = last ? last.at + (within ?? Infinity) * MINUTE : -Infinity;
  const ready = last && at < end ? { from: last.at, until: end } : undefined;
  if (end === Infinity) return { tasks: [], ready };
  const age = within === undefined ? '' : `, at most ${within} min old`;
  const task = taskOf(
    id,
    basis,
    {
      kind: 'reference',
      what: `Reading before the ${before}${amount === undefined ? '' : ` of ${amount}`}${kind.command === 'RecordThreshold' ? '' : `: ${kind.name}`}`,
      command: kind.command,
      data: kind.data,
      why: `A rise is measured from the last reading before the ${before}${age}.`,
    },
    { from: Math.max(at, end), due: due === undefined ? undefined : Math.max(due, end) },
  );
  return { tasks: [task], ready };
}
