import type { FactType } from '../events/events.js';
import type { Protocol } from '../protocol.js';
import type { Steps } from '../steps.js';
import type { Fact, Protocols } from '../study.js';
import { administrationOf, isDose, type DoseFact } from './administration.js';
import { isAtMinute, isTimeAssumed } from './elapsed.js';
import { isInduction, isInjury, type Induction, type Injury } from './induction.js';
import { measure, isScored } from './measured-run.js';
import { assayOf, resultOf } from './measurement.js';
import { Ordered } from './ordered.js';
import { isSham, settingOf } from './planned.js';
import { Readings, entryOf, type Counting, type Reading } from './readings.js';
import { judgedAssay } from './scale.js';
import { siteOf, type Side } from './site.js';

/** Stimulation alone, or after a dose. */
export type Treatment = 'scs' | 'combination';

type Session = Fact<'SCSApplied'>;

/** The stimulations of one treatment. */
interface Sessions {
  readonly all: Ordered<Session>;
  /** Those that ran to their end. */
  readonly completed: Ordered<Session>;
  /** Those of them with readings at as many minutes as the protocol asks for. */
  readonly measured: Ordered<Session>;
}

/**
 * What the rules read of one animal, indexed. Facts are put in and taken out, so that a verdict can be followed through the
 * versions of a history at the cost of what changes between them. Facts that no rule reads are passed over.
 */
export class Chart {
  /** What induces the model; the first is day 0. */
  readonly inductions = ordered<Fact<Induction>>();
  /** Those injuries that have a side; that of the first is ipsilateral. */
  private readonly injuries = ordered<Fact<Injury>>();
  readonly stimulations = ordered<Session>();
  readonly doses = ordered<DoseFact>();
  /** Those of them that are neither vehicle nor control. */
  private readonly treatments = ordered<DoseFact>();
  readonly designations = ordered<Fact<'SubEffectiveDoseDesignated'>>();
  readonly exclusions = ordered<Fact<'SubjectExcluded'>>();
  /** Runs of the ipsilateral paw that can be compared. */
  readonly thresholds: Readings;
  /** Measurements by assay, unit, site and, where a value of each side was read, the side that counts as injured. */
  private readonly measurements = new Map<string, Readings>();
  /** By session: which of its readings count. */
  private readonly counting = new Map<number, Counting>();
  private readonly sessions = new Map<string, Sessions>();
  private readonly numbered = new Map<number, Session | DoseFact>();
  private readonly scores = new Map<number, Ordered<Fact<'SideEffectsScored'>>>();

  constructor(
    history: Iterable<Fact>,
    readonly protocols: Protocols,
  ) {
    this.thresholds = new Readings(this.counting);
    for (const fact of history) this.put(fact, true);
  }

  get firstTreatmentAt(): number {
    return Math.min(this.stimulations.first?.at ?? Infinity, this.treatments.first?.at ?? Infinity);
  }

  /** The side of the first injury; undefined where it has none. */
  get injuredSide(): Side | undefined {
    return this.injuries.first?.data.side;
  }

  dose(number: number | undefined): DoseFact | undefined {
    const fact = number === undefined ? undefined : this.numbered.get(number);
    return isDose(fact) ? fact : undefined;
  }

  /** What a rule compares. Undefined where it is not known which site of the assay it judges on this animal. */
  readingsOf(rule: { of?: string; site?: string }, protocol: Protocol): Readings | undefined {
    if (rule.of === undefined) return this.thresholds;
    const assay = judgedAssay(rule, protocol);
    const site = assay && siteOf(assay, rule.site, this.injuredSide);
    if (!assay || site === undefined) return undefined;
    const side = assay.trials.kind === 'pair' ? this.injuredSide : undefined;
    return this.measurementsOf(assay, site, side);
  }

  /** The stimulations of a treatment by one setting; without one, by any that is no sham. */
  sessionsOf(treatment: Treatment, setting = ''): Sessions {
    return entryOf(this.sessions, `${treatment} ${setting}`, () => ({
      all: ordered(),
      completed: ordered(),
      measured: ordered(),
    }));
  }

  /** What was scored after a dose. */
  scoresAfter(dose: number): Ordered<Fact<'SideEffectsScored'>> {
    return entryOf(this.scores, dose, ordered<Fact<'SideEffectsScored'>>);
  }

  /** Has a fact here, or not. A corrected fact is taken out before its correction is put in. */
  put(fact: Fact, isHere: boolean): void {
    if (isInduction(fact, this.protocols)) {
      this.inductions.put(fact, isHere);
      this.doses.refold(0);
    }
    if (is('ThresholdRecorded', fact)) this.putRun(fact, isHere);
    else if (is('MeasurementRecorded', fact)) this.putMeasurement(fact, isHere);
    else if (is('SCSApplied', fact)) this.putSession(fact, isHere);
    else if (isDose(fact)) {
      this.doses.put(fact, isHere);
      if (administrationOf(fact).isTreatment) this.treatments.put(fact, isHere);
      this.putNumber(fact, isHere);
      this.timeReadings(fact, isHere);
    } else if (is('SideEffectsScored', fact)) this.scoresAfter(fact.data.after).put(fact, isHere);
    else if (isInjury(fact)) this.putInjury(fact, isHere);
    else if (is('SubEffectiveDoseDesignated', fact)) this.designations.put(fact, isHere);
    else if (is('SubjectExcluded', fact)) this.exclusions.put(fact, isHere);
  }

  private putRun(fact: Fact<'ThresholdRecorded'>, isHere: boolean): void {
    if (fact.data.paw !== 'ipsilateral') return;
    const run = measure(fact, this.protocols);
    if (!isScored(run)) return;
    this.thresholds.put({ fact, value: run.log }, isHere);
    this.rejudgeDoses(fact);
    this.noteMeasuredIn(fact.data.session);
  }

  private putMeasurement(fact: Fact<'MeasurementRecorded'>, isHere: boolean): void {
    const assay = assayOf(fact, this.protocols);
    if (!assay) return;
    const { site, trials, session } = fact.data;
    for (const side of assay.trials.kind === 'pair' ? (['left', 'right'] as const) : [undefined]) {
      const value = resultOf(assay, trials, side);
      if (value) this.measurementsOf(assay, site, side).put({ fact, value }, isHere);
    }
    this.rejudgeDoses(fact);
    this.noteMeasuredIn(session);
  }

  private measurementsOf({ id, unit }: { id: string; unit: string }, site: string, side?: Side): Readings {
    return entryOf(this.measurements, [id, unit, site, side].join(' '), () => new Readings(this.counting));
  }

  private putInjury(fact: Fact<Injury>, isHere: boolean): void {
    if (!fact.data.side) return;
    const before = this.injuredSide;
    this.injuries.put(fact, isHere);
    this.doses.refold(0);
    if (this.injuredSide === before) return;
    for (const session of this.stimulations) this.noteMeasured(session, true);
  }

  private putSession(session: Session, isHere: boolean): void {
    for (const { all, completed } of this.sessionsWith(session)) {
      all.put(session, isHere);
      if (session.data.outcome === 'completed') completed.put(session, isHere);
    }
    this.stimulations.put(session, isHere);
    // The effect of a dose is judged until the next stimulation.
    const before = this.stimulations.at(this.stimulations.before(session.at) - 1);
    this.doses.refold(before ? this.doses.before(before.at) : 0);
    this.putNumber(session, isHere);
    this.timeReadings(session, isHere);
    this.noteMeasured(session, isHere);
  }

  /** The doses whose effect a reading may change are judged anew: its own, and those that it may be the reference of. */
  private rejudgeDoses({ at, data: { session } }: Reading['fact']): void {
    const isBaseline = at <= (this.inductions.first?.at ?? Infinity);
    const own = this.dose(session)?.at ?? Infinity;
    this.doses.refold(isBaseline ? 0 : this.doses.before(Math.min(at, own)));
  }

  private noteMeasuredIn(session: number | undefined): void {
    const named = session === undefined ? undefined : this.numbered.get(session);
    if (named && is('SCSApplied', named)) this.noteMeasured(named, true);
  }

  private noteMeasured(session: Session, isHere: boolean): void {
    if (session.data.outcome !== 'completed') return;
    const protocol = this.protocols.of(session);
    const { responder } = protocol;
    const readings = responder && this.readingsOf(responder, protocol)?.inSession(session.number);
    const isMeasured =
      readings !== undefined && readings.countMinutes(responder!.windowMinutes) >= responder!.minPoints;
    for (const { measured } of this.sessionsWith(session)) measured.put(session, isHere && isMeasured);
  }

  /** Under the second reading what was measured counts at its minute only where it happened then. */
  private timeReadings(session: Session | DoseFact, isHere: boolean): void {
    const protocol = this.protocols.of(session);
    const { number, at } = session;
    if (!isHere || protocol.reading !== 2 || this.counting.get(number)?.from === at) return;
    const counts = ({ fact }: Reading): boolean =>
      isTimeAssumed(fact) || isAtMinute(fact.data.minute ?? 0, fact.at, session, protocol);
    this.counting.set(number, { from: at, counts });
    for (const readings of [this.thresholds, ...this.measurements.values()]) readings.recount(number);
  }

  private sessionsWith(session: Session): Sessions[] {
    const protocol = this.protocols.of(session);
    const treatment = session.data.follows === undefined ? 'scs' : 'combination';
    const setting = settingOf(session, protocol)?.id;
    return [
      ...(isSham(session, protocol) ? [] : [this.sessionsOf(treatment)]),
      ...(setting === undefined ? [] : [this.sessionsOf(treatment, setting)]),
    ];
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

function is<T extends FactType>(type: T, fact: Fact): fact is Fact<T> {
  return fact.type === type;
}

function ordered<F extends Fact>(): Ordered<F> {
  return new Ordered((fact) => fact);
}
