import { DAY, MINUTE, dayOf } from './calendar.js';
import { along, type Curve } from './curve.js';
import type { Random } from './random.js';

/**
 * The simulated animal: a true threshold that nobody sees, from which runs of filaments are drawn. Its shape follows
 * what is commonly reported of the model; every number in it is invented.
 */

/** What an animal is meant to become; what it is found to be is derived from its records. */
export type Course = 'not-hypersensitive' | 'responder' | 'non-responder';

export type Paw = 'ipsilateral' | 'contralateral';

/** What rounds, filaments and the end ask of an animal of any species. */
export interface AnyAnimal {
  readonly id: string;
  readonly course: Course;
  readonly random: Random;
  /** Standard deviation of the psychometric curve, log10 units. */
  readonly traits: { readonly sigma: number };
  ligated: number | undefined;
  readonly operations: number[];
  /** Days of the calendar on which it is to be weighed, whatever the weekday. */
  readonly weighedOn: Set<number>;
  /** Day of the calendar on which its wound is found open. */
  readonly woundOpen?: number | undefined;
  ended: boolean;
  /** True threshold of a paw, log10 of 10,000 · g. */
  threshold(paw: Paw, at: number): number;
  /** Body weight in grams, before the balance rounds it. */
  weight(at: number): number;
}

/** Thresholds and effects in log10 units (log10 of 10,000 · g), doses in µg, amplitudes in mA. */
interface Traits {
  readonly baseline: number;
  /** Standard deviation of the psychometric curve. */
  readonly sigma: number;
  readonly fall: number;
  readonly stimulation: number;
  readonly drugMaximum: number;
  readonly halfMaximalDose: number;
  /** What the two together add to what each does alone. */
  readonly synergy: number;
  readonly sideEffectDose: number;
  readonly motorThreshold: number;
  readonly weight: number;
  readonly gain: number;
}

/** Share of the fall by days since the lesion. */
const LASTING: Curve = [[0, 0], [2, 0.75], [8, 0.95], [14, 1], [60, 0.95]]; // prettier-ignore
const PASSING: Curve = [[0, 0], [2, 1], [8, 0.55], [14, 0.35], [60, 0.2]]; // prettier-ignore
/** Share of the effect by minutes since it began. */
const STIMULATED: Curve = [[0, 0], [15, 0.9], [30, 1], [60, 0.65], [90, 0.35], [240, 0]]; // prettier-ignore
const DRUGGED: Curve = [[0, 0], [15, 0.9], [30, 1], [60, 0.75], [240, 0]]; // prettier-ignore
/** Share of body weight lost by days since an operation. */
const OPERATED: Curve = [[0, 0], [1, 0.035], [3, 0.02], [6, 0]]; // prettier-ignore

/** One simulated rat and what has been done to it. */
export class Animal implements AnyAnimal {
  readonly traits: Traits;
  arrived = 0;
  ligated: number | undefined;
  readonly operations: number[] = [];
  readonly stimulations: number[] = [];
  readonly doses: { readonly at: number; readonly microgram: number }[] = [];
  readonly weighedOn = new Set<number>();
  woundOpen: number | undefined;
  ended = false;

  constructor(
    readonly id: string,
    readonly course: Course,
    readonly random: Random,
  ) {
    this.traits = drawn(course, random.branch('traits'));
  }

  /** The other paw keeps its baseline. */
  threshold(paw: Paw, at: number): number {
    const { baseline } = this.traits;
    const today = this.random.branch(`${paw} on day ${dayOf(at)}`).normal(0, 0.025);
    if (paw === 'contralateral') return baseline + today;
    return Math.min(baseline + 0.08, baseline - this.fallen(at) + today + this.relief(at));
  }

  weight(at: number): number {
    const days = (at - this.arrived) / DAY;
    const grown = this.traits.weight + (this.traits.gain * days) / (days + 60);
    const lost = this.operations.map((operated) => along(OPERATED, (at - operated) / DAY));
    const today = this.random.branch(`weight on day ${dayOf(at)}`).normal(0, 1.2);
    return grown * (1 - Math.max(0, ...lost)) + today;
  }

  private fallen(at: number): number {
    if (this.ligated === undefined) return 0;
    const curve = this.course === 'not-hypersensitive' ? PASSING : LASTING;
    return this.traits.fall * along(curve, (at - this.ligated) / DAY);
  }

  private relief(at: number): number {
    const { stimulation, drugMaximum, halfMaximalDose, synergy } = this.traits;
    const stimulated = along(STIMULATED, minutesSince(this.stimulations.at(-1), at));
    const dose = this.doses.at(-1);
    const drugged = along(DRUGGED, minutesSince(dose?.at, at));
    const ratio = (dose?.microgram ?? 0) / halfMaximalDose;
    const fourth = ratio * ratio * ratio * ratio;
    const drug = (drugMaximum * fourth) / (1 + fourth);
    return stimulation * stimulated + drug * drugged + synergy * Math.min(stimulated, Math.sqrt(drugged));
  }
}

function drawn(course: Course, random: Random): Traits {
  const hypersensitive = course !== 'not-hypersensitive';
  return {
    baseline: random.normal(4.99, 0.03),
    sigma: random.between(0.07, 0.1),
    fall: hypersensitive ? random.normal(0.66, 0.15) : random.normal(0.12, 0.05),
    stimulation: course === 'responder' ? random.normal(0.46, 0.1) : random.normal(0.02, 0.03),
    drugMaximum: random.between(0.42, 0.6),
    halfMaximalDose: random.between(25, 54),
    synergy: random.normal(0.45, 0.08),
    sideEffectDose: random.normal(38, 10),
    motorThreshold: random.normal(0.27, 0.03),
    weight: random.normal(232, 8),
    gain: random.normal(300, 25),
  };
}

function minutesSince(then: number | undefined, at: number): number {
  return then === undefined ? Infinity : (at - then) / MINUTE;
}

/** The animals are housed in pairs: R01 with R02, R03 with R04 and so on. */
export function cageMate(animal: string): string {
  const number = Number(animal.slice(1));
  return animalId(number % 2 === 1 ? number + 1 : number - 1);
}

export function animalId(number: number): string {
  return `R${String(number).padStart(2, '0')}`;
}
