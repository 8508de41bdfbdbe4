import { applySCS } from '../../study/commands/apply-scs.command.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { plannedData } from '../../study/due/stimulation.js';
import { localDay, localInstant, minutesBetween } from '../../study/instant.js';
import type { Quantity } from '../../study/quantity.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { administrationOf, isDose, substanceOf, type DoseFact } from '../../study/rules/administration.js';
import { amplitudeRange, type AmplitudeRange } from '../../study/rules/amplitude-range.js';
import { minuteTolerance } from '../../study/rules/elapsed.js';
import { settingsOf, substancesOf, type PlannedSetting } from '../../study/rules/planned.js';
import type { Fact } from '../../study/study.js';
import { baseValue } from '../../study/units.js';
import { readForm } from '../forms/read-form.js';
import type { BenchAsked } from '../page.js';
import { animalAtBench, foreseenFlags, type AnimalAtBench } from './animal-at-bench.js';
import type { Values } from './aside.js';
import { mergeValues } from './prefilled.js';

/** The command of the page, as forms take it. */
export const APPLY = applySCS as unknown as CommandDefinition;

/** A stimulation that is about to be given, with what the protocol plans for it. */
export interface Stimulating {
  readonly animal: string;
  readonly settings: readonly PlannedSetting[];
  /** Undefined where the protocol has several and none is chosen. */
  readonly setting: PlannedSetting | undefined;
  readonly hasElectrode: boolean;
  /** Of today. */
  readonly motorThreshold: Fact<'MotorThresholdDetermined'> | undefined;
  readonly range: AmplitudeRange | undefined;
  /** Doses that it may follow, the latest first. */
  readonly doses: readonly DoseFact[];
  /** The dose that was chosen, by its number; empty for none, undefined where nobody has chosen. */
  readonly follows: string | undefined;
  readonly readingBefore: Fact | undefined;
  readonly last: Fact<'SCSApplied'> | undefined;
  readonly body: Values;
  readonly flags: readonly string[];
  readonly minutes: readonly number[];
  readonly tolerance: number;
  /** The assay that is read; the threshold where undefined. */
  readonly assay: string | undefined;
}

export function stimulatingOf(asked: BenchAsked): Stimulating | Refusal {
  const animal = animalAtBench(asked);
  if (animal instanceof Refusal) return animal;
  const { protocol, history } = animal;
  if (!protocol.stimulation)
    return refuse(
      'protocol-lacks-section',
      `The protocol of ${asked.view.study.code} plans no stimulation.`,
      'animal',
    );
  const settings = settingsOf(protocol.stimulation);
  const named = asked.query['setting'];
  const setting =
    settings.length === 1 && named === undefined ? settings[0] : settings.find(({ id }) => id === named);
  const motorThreshold = thresholdToday(animal, asked);
  const fraction = setting?.amplitudeFraction;
  const range = fraction && motorThreshold && amplitudeRange(fraction, motorThreshold.data.amplitude);
  const doses = dosesBefore(animal, asked);
  const { responder } = protocol;
  return {
    animal: animal.id,
    settings,
    setting,
    hasElectrode: history.some(({ type }) => type === 'ElectrodeImplanted'),
    motorThreshold,
    range,
    doses,
    follows: asked.posted ? (asked.posted.pairs.get(FOLLOWS) ?? undefined) : asked.query[FOLLOWS],
    // Of one that runs: what was read since is none before it.
    readingBefore: history.findLast(
      (fact) => isReading(fact) && fact.at < Number(asked.query['begun'] ?? Infinity),
    ),
    last: lastStimulation(history),
    ...bodyOf(asked, animal, setting, range),
    minutes: responder?.windowMinutes ?? [],
    tolerance: minuteTolerance(protocol),
    assay: responder?.of,
  };
}

/** The latest of the calendar day, as the rule for the amplitude asks. */
function thresholdToday(
  { history }: AnimalAtBench,
  { nowMs, offsetMinutes }: BenchAsked,
): Fact<'MotorThresholdDetermined'> | undefined {
  const last = history.findLast(({ type }) => type === 'MotorThresholdDetermined');
  const isToday = last && localDay(last.time) === localDay(localInstant(nowMs, offsetMinutes));
  return isToday ? (last as Fact<'MotorThresholdDetermined'>) : undefined;
}

const FOLLOWS = 'data.follows';

/** Doses within the window of a stimulation that follows one, an hour more, or within their own wash-out. */
function dosesBefore({ history, protocol }: AnimalAtBench, { nowMs, view }: BenchAsked): DoseFact[] {
  const { followsWithinMinutes, titration } = protocol;
  const most = followsWithinMinutes ?? (titration ? Math.max(...titration.windowMinutes) : DAY_MINUTES);
  return history
    .filter(isDose)
    .filter((dose) => {
      const { id } = substanceOf(dose, view.protocols);
      const washoutHours = substancesOf(protocol).find((one) => one.id === id)?.washoutHours ?? 0;
      const within = Math.max(most + 60, Number(washoutHours) * 60);
      return administrationOf(dose).isTreatment && minutesBetween(dose.at, nowMs) <= within;
    })
    .reverse();
}

const DAY_MINUTES = 1440;

/** A stimulation after a recent dose says whether it follows it: refused where nobody has chosen. */
export function lacksChoice(
  pairs: URLSearchParams,
  asked: BenchAsked,
  animal: AnimalAtBench,
): Refusal | undefined {
  if (pairs.has(FOLLOWS) || dosesBefore(animal, asked).length === 0) return undefined;
  return refuse('field-missing', 'Choose whether it is alone or follows a dose.', FOLLOWS);
}

function lastStimulation(history: readonly Fact[]): Fact<'SCSApplied'> | undefined {
  return history.findLast(({ type }) => type === 'SCSApplied') as Fact<'SCSApplied'> | undefined;
}

export function isReading(fact: Fact): fact is Fact<'ThresholdRecorded'> | Fact<'MeasurementRecorded'> {
  return fact.type === 'ThresholdRecorded' || fact.type === 'MeasurementRecorded';
}

/** What the form shows, and what it would be flagged with if it ran to its end. */
function bodyOf(
  asked: BenchAsked,
  animal: AnimalAtBench,
  setting: PlannedSetting | undefined,
  range: AmplitudeRange | undefined,
): Pick<Stimulating, 'body' | 'flags'> {
  const { posted, query } = asked;
  const typed = readForm(APPLY, posted?.pairs ?? new URLSearchParams(query), asked.inZone);
  if (posted) return { body: { ...typed, subject: animal.id }, flags: [] };
  const before = animal.history.findLast(({ type }) => type === 'SCSApplied') as
    Fact<'SCSApplied'> | undefined;
  const { duration, ...planned } = setting ? plannedData([setting]) : ({} as Values);
  const amplitude: Quantity | undefined =
    range?.proposed ?? (setting?.sham ? { value: '0', unit: 'mA' } : undefined);
  const data = {
    ...planned,
    ...(amplitude && { amplitude }),
    ...(before?.data.device !== undefined && { device: before.data.device }),
  };
  const body = mergeValues({ subject: animal.id, data }, typed);
  const ran = { duration: duration ?? { value: '30', unit: 'min' }, outcome: 'completed' };
  return { body, flags: foreseenFlags(asked, APPLY, mergeValues(body, { data: ran })) };
}

/** How long the setting plans, ms; undefined where it does not say. */
export function plannedMs(setting: PlannedSetting | undefined): number | undefined {
  return setting?.duration && baseValue(setting.duration) * 60_000;
}
