import { utcOffsetMs } from '../instant.js';
import type { FactType } from '../events/events.js';
import type { Steps } from '../steps.js';
import type { Fact, Protocols } from '../study.js';
import { administrationOf, isDose, type DoseFact } from './administration.js';
import { measure, isScored, type ScoredRun } from './measured-run.js';
import { Ordered } from './ordered.js';

/** Stimulation alone, or after a dose. */
export type Treatment = 'scs' | 'combination';

type Session = Fact<'SCSApplied'>;

/** The stimulations of one treatment. */
interface Sessions {
  readonly all: Ordered<Session>;
  /** Those that ran to their end. */
  readonly completed: Ordered<Session>;
  /** Those of them with runs at as many minutes as the protocol asks for. */
  readonly measured: Ordered<Session>;
}

/**
 * What the rules read of one animal, indexed. Facts are put in and taken out, so that a verdict can be followed through the
 * versions of a history at the cost of what changes between them. Facts that no rule reads are passed over.
 */
export class Chart {
  readonly ligations = ordered<Fact<'NerveLigated'>>();
  readonly stimulations = ordered<Session>();
  readonly doses = ordered<DoseFact>();
  /** Those of them that are neither vehicle nor control. */
  private readonly treatments = ordered<DoseFact>();
  readonly designations = ordered<Fact<'SubEffectiveDoseDesignated'>>();
  readonly exclusions = ordered<Fact<'SubjectExcluded'>>();
  /** Runs of the ipsilateral paw that can be compared. */
  readonly runs = orderedRuns();
  /** Those of them in no session. */
  readonly freeRuns = orderedRuns();
  /** The largest offset from UTC of any free run that was ever here. */
  farthestEastMs = -Infinity;
  readonly sessions: Readonly<Record<Treatment, Sessions>> = {
    scs: { all: ordered(), completed: ordered(), measured: ordered() },
    combination: { all: ordered(), completed: ordered(), measured: ordered() },
  };
  private readonly numbered = new Map<number, Session | DoseFact>();
  private readonly courses = new Map<number, SessionRuns>();
  private readonly scores = new Map<number, Ordered<Fact<'SideEffectsScored'>>>();

  constructor(
    history: Iterable<Fact>,
    readonly protocols: Protocols,
  ) {
    for (const fact of history) this.put(fact, true);
  }

  get firstTreatmentAt(): number {
    return Math.min(this.stimulations.first?.at ?? Infinity, this.treatments.first?.at ?? Infinity);
  }

  dose(number: number | undefined): DoseFact | undefined {
    const fact = number === undefined ? undefined : this.numbered.get(number);
    return isDose(fact) ? fact : undefined;
  }

  /** The runs that name a stimulation or a dose. */
  runsOf(session: number): SessionRuns {
    return entryOf(this.courses, session, () => new SessionRuns());
  }

  /** What was scored after a dose. */
  scoresAfter(dose: number): Ordered<Fact<'SideEffectsScored'>> {
    return entryOf(this.scores, dose, ordered<Fact<'SideEffectsScored'>>);
  }

  /** Has a fact here, or not. A corrected fact is taken out before its correction is put in. */
  put(fact: Fact, isHere: boolean): void {
    if (is('ThresholdRecorded', fact)) this.putRun(fact, isHere);
    else if (is('SCSApplied', fact)) this.putSession(fact, isHere);
    else if (isDose(fact)) {
      this.doses.put(fact, isHere);
      if (administrationOf(fact).isTreatment) this.treatments.put(fact, isHere);
      this.putNumber(fact, isHere);
    } else if (is('SideEffectsScored', fact)) this.scoresAfter(fact.data.after).put(fact, isHere);
    else if (is('NerveLigated', fact)) this.ligations.put(fact, isHere);
    else if (is('SubEffectiveDoseDesignated', fact)) this.designations.put(fact, isHere);
    else if (is('SubjectExcluded', fact)) this.exclusions.put(fact, isHere);
  }

  private putRun(fact: Fact<'ThresholdRecorded'>, isHere: boolean): void {
    if (fact.data.paw !== 'ipsilateral') return;
    const run = measure(fact, this.protocols);
    if (!isScored(run)) return;
    this.runs.put(run, isHere);
    const { session } = fact.data;
    if (session === undefined) {
      this.freeRuns.put(run, isHere);
      this.farthestEastMs = Math.max(this.farthestEastMs, utcOffsetMs(fact.time));
      return;
    }
    this.runsOf(session).put(run, isHere);
    const named = this.numbered.get(session);
    if (named && is('SCSApplied', named)) this.noteMeasured(named, true);
  }

  private putSession(session: Session, isHere: boolean): void {
    const { all, completed } = this.sessionsLike(session);
    all.put(session, isHere);
    this.stimulations.put(session, isHere);
    this.putNumber(session, isHere);
    if (session.data.outcome !== 'completed') return;
    completed.put(session, isHere);
    this.noteMeasured(session, isHere);
  }

  private noteMeasured(session: Session, isHere: boolean): void {
    if (session.data.outcome !== 'completed') return;
    const { responder } = this.protocols.of(session);
    const isMeasured =
      responder !== undefined &&
      this.runsOf(session.number).countMinutes(responder.windowMinutes) >= responder.minPoints;
    this.sessionsLike(session).measured.put(session, isHere && isMeasured);
  }

  private sessionsLike({ data }: Session): Sessions {
    return this.sessions[data.follows === undefined ? 'scs' : 'combination'];
  }

  private putNumber(fact: Session | DoseFact, isHere: boolean): void {
    if (isHere) this.numbered.set(fact.number, fact);
    else this.numbered.delete(fact.number);
  }
}

/** The chart of a history, in steps. */
export function* chartOf(history: Iterable<Fact>, protocols: Protocols): Steps<Chart> {
  const chart = new Chart([], protocols);
  for (const fact of history) {
    chart.put(fact, true);
    yield;
  }
  return chart;
}

/** The scored runs that name one stimulation or dose. */
class SessionRuns {
  private readonly byMinute = new Map<number, Ordered<ScoredRun>>();
  private readonly windows = new Map<readonly number[], Ordered<ScoredRun>>();

  put(run: ScoredRun, isHere: boolean): void {
    const { minute } = run.fact.data;
    if (minute === undefined) return;
    entryOf(this.byMinute, minute, orderedRuns).put(run, isHere);
    for (const [minutes, runs] of this.windows) if (minutes.includes(minute)) runs.put(run, isHere);
  }

  /** Those at one of the minutes, of which there are few. */
  within(minutes: readonly number[]): Ordered<ScoredRun> {
    return entryOf(this.windows, minutes, () => {
      const runs = orderedRuns();
      for (const minute of minutes) for (const run of this.byMinute.get(minute) ?? []) runs.put(run, true);
      return runs;
    });
  }

  /** At how many of the minutes there was a run before an instant: one repeated at a minute is no further point. */
  countMinutes(minutes: readonly number[], beforeMs = Infinity): number {
    return minutes.filter((minute) => (this.byMinute.get(minute)?.first?.fact.at ?? Infinity) < beforeMs)
      .length;
  }
}

function is<T extends FactType>(type: T, fact: Fact): fact is Fact<T> {
  return fact.type === type;
}

function ordered<F extends Fact>(): Ordered<F> {
  return new Ordered((fact) => fact);
}

function orderedRuns(): Ordered<ScoredRun> {
  return new Ordered(({ fact }) => fact);
}

function entryOf<K, V>(entries: Map<K, V>, key: K, make: () => V): V {
  let value = entries.get(key);
  if (value === undefined) entries.set(key, (value = make()));
  return value;
}
