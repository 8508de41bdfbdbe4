import { commandNamed } from '../../study/catalogue.js';
import { instantMs, minutesBetween } from '../../study/instant.js';
import type { Fact, Study } from '../../study/study.js';
import { baseValue } from '../../study/units.js';
import type { BenchAsked, SentCommand } from '../page.js';
import { isReading } from './stimulating.js';

type Reading = Fact<'ThresholdRecorded'> | Fact<'MeasurementRecorded'>;

/** A stimulation that is recorded, with its readings. */
export interface SessionReadings {
  readonly session: Fact<'SCSApplied'>;
  /** Whether it was asked for by its beginning, as one that runs. */
  readonly isOver: boolean;
  /** Those that name it. */
  readonly own: readonly Reading[];
  /** Those that were made since it began and name no session: it had no number yet. */
  readonly free: readonly { readonly fact: Reading; readonly minute: number; readonly id: string }[];
}

const REASON = 'Measured while the stimulation ran, which had no record number before it ended';

export function sessionReadings(
  { view, query, newId }: BenchAsked,
  history: readonly Fact[],
  minutes: readonly number[],
  tolerance: number,
): SessionReadings | undefined {
  const stimulations = history.filter(({ type }) => type === 'SCSApplied') as Fact<'SCSApplied'>[];
  const begunMs = Number(query['begun'] || NaN);
  const session =
    stimulations.find(({ number }) => String(number) === query['session']) ??
    stimulations.find(
      (stimulation) =>
        isSameTime(stimulation, begunMs) && recordedMs(view.study, stimulation.number) >= begunMs,
    );
  if (!session) return undefined;
  const readings = history.filter(isReading);
  const last = Math.max(0, ...minutes) + tolerance;
  return {
    session,
    isOver: query['session'] === undefined,
    own: readings.filter(({ data }) => data.session === session.number),
    free: readings
      .filter(
        ({ data, at }) =>
          data.session === undefined && at >= session.at && minutesBetween(session.at, at) <= last,
      )
      .map((fact) => ({ fact, minute: minuteOf(fact, session, minutes), id: newId() })),
  };
}

/**
 * No animal has two at a time: one that began while another lasted is that one, whatever time was typed for it. What was
 * recorded before it began is another one, whose length is wrong.
 */
function isSameTime({ at, data }: Fact<'SCSApplied'>, begunMs: number): boolean {
  return Math.abs(minutesBetween(at, begunMs)) <= baseValue(data.duration);
}

function recordedMs({ records }: Study, number: number): number {
  return instantMs(records.at(number)!.record.recordedtime) ?? NaN;
}

/** Its own planned minute, or the planned one that it came nearest to. */
function minuteOf({ data, at }: Reading, session: Fact, minutes: readonly number[]): number {
  const passed = minutesBetween(session.at, at);
  const nearest = minutes.toSorted((one, other) => Math.abs(one - passed) - Math.abs(other - passed))[0];
  return data.minute ?? nearest ?? Math.round(passed);
}

/**
 * Corrections that add the session to the readings that were ticked. A reading is recorded when it is made, so that it is
 * never in a browser alone; which record is its stimulation is known at the end.
 */
export function assigned({ view: { study } }: BenchAsked, pairs: URLSearchParams): SentCommand[] {
  const session = Number(pairs.get('session'));
  return pairs.getAll('assign').map((number) => {
    const [target, holder] = [Number(number), Number(pairs.get(`holder.${number}`) ?? number)];
    const body = {
      reason: REASON,
      data: {
        target: { number: target },
        ...(holder !== target && { replaces: { number: holder } }),
        corrected: { session, minute: Number(pairs.get(`minute.${number}`)) },
      },
    };
    const definition = commandNamed('CorrectRecord')!;
    return { id: pairs.get(`id.${number}`) ?? '', definition, study: study.code, body };
  });
}
