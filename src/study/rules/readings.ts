import { utcOffsetMs } from '../instant.js';
import type { Fact } from '../study.js';
import { Ordered } from './ordered.js';
import type { Interval } from './threshold.js';

/** What a rule compares: a run of the ipsilateral paw, or a measurement of an assay at one site. */
export interface Reading {
  readonly fact: Fact<'ThresholdRecorded'> | Fact<'MeasurementRecorded'>;
  /** log10(10,000 · g) of a threshold; of an assay in its unit. */
  readonly value: Interval;
}

/** Which readings of a session count at their minute. */
export interface Counting {
  /** When the session began, ms. */
  readonly from: number;
  readonly counts: (reading: Reading) => boolean;
}

/** The readings of one thing on one animal, indexed for the rules. */
export class Readings {
  readonly all = orderedReadings();
  /** Those in no session. */
  readonly free = orderedReadings();
  /** The largest offset from UTC of any free reading that was ever here. */
  farthestEastMs = -Infinity;
  private readonly sessions = new Map<number, SessionReadings>();

  /** @param counting by session; all readings of the others count. */
  constructor(private readonly counting: ReadonlyMap<number, Counting>) {}

  put(reading: Reading, isHere: boolean): void {
    const { session } = reading.fact.data;
    this.all.put(reading, isHere);
    if (session !== undefined) {
      this.inSession(session).put(reading, isHere);
      return;
    }
    this.free.put(reading, isHere);
    this.farthestEastMs = Math.max(this.farthestEastMs, utcOffsetMs(reading.fact.time));
  }

  /** Those that name a stimulation or a dose. */
  inSession(session: number): SessionReadings {
    return entryOf(this.sessions, session, () => new SessionReadings(() => this.counting.get(session)));
  }

  /** Counts the readings of a session anew. */
  recount(session: number): void {
    this.sessions.get(session)?.recount();
  }
}

/** The readings that name one stimulation or dose. */
class SessionReadings {
  /** All that say a minute. */
  private readonly timed = orderedReadings();
  /** Those that count at their minute. */
  private readonly byMinute = new Map<number, Ordered<Reading>>();
  private readonly windows = new Map<readonly number[], Ordered<Reading>>();

  constructor(private readonly counting: () => Counting | undefined) {}

  put(reading: Reading, isHere: boolean): void {
    if (reading.fact.data.minute === undefined) return;
    this.timed.put(reading, isHere);
    this.count(reading, isHere && this.passes(reading));
  }

  recount(): void {
    for (const reading of this.timed) this.count(reading, this.passes(reading));
  }

  /** Whether anything was measured at a minute. */
  get isMeasured(): boolean {
    return this.timed.length > 0;
  }

  private passes(reading: Reading): boolean {
    return this.counting()?.counts(reading) ?? true;
  }

  private count(reading: Reading, isHere: boolean): void {
    const minute = reading.fact.data.minute as number;
    entryOf(this.byMinute, minute, orderedReadings).put(reading, isHere);
    for (const [minutes, readings] of this.windows)
      if (minutes.includes(minute)) readings.put(reading, isHere);
  }

  /** Those at one of the minutes, of which there are few. */
  within(minutes: readonly number[]): Ordered<Reading> {
    return entryOf(this.windows, minutes, () => {
      const readings = orderedReadings();
      for (const minute of minutes)
        for (const reading of this.byMinute.get(minute) ?? []) readings.put(reading, true);
      return readings;
    });
  }

  /** At how many of the minutes there was a reading before an instant: one repeated at a minute is no further point. */
  countMinutes(minutes: readonly number[], beforeMs = Infinity): number {
    return minutes.filter((minute) => (this.byMinute.get(minute)?.first?.fact.at ?? Infinity) < beforeMs)
      .length;
  }
}

function orderedReadings(): Ordered<Reading> {
  return new Ordered(({ fact }) => fact);
}

export function entryOf<K, V>(entries: Map<K, V>, key: K, make: () => V): V {
  let value = entries.get(key);
  if (value === undefined) entries.set(key, (value = make()));
  return value;
}
