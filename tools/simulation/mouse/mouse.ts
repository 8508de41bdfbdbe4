import type { AnyAnimal, Course, Paw } from '../animal.js';
import { DAY, MINUTE, dayOf } from '../calendar.js';
import { along, type Curve } from '../curve.js';
import type { Random } from '../random.js';

/** The simulated mouse. Its shape is that of any nerve injury and any analgesic; every number in it is invented. */

/** Share of the fall by days since the injury. */
const LASTING: Curve = [[0, 0], [2, 0.7], [7, 1], [60, 1]]; // prettier-ignore
/** Share of the effect by minutes since the dose. */
const DRUGGED: Curve = [[0, 0], [30, 0.9], [60, 1], [120, 0.6], [360, 0]]; // prettier-ignore
/** Share of body weight lost by days since the operation. */
const OPERATED: Curve = [[0, 0], [1, 0.04], [3, 0.02], [6, 0]]; // prettier-ignore
/** Dose of half the greatest effect, mg/kg. */
const HALF_MAXIMAL = 65;

/** Latencies in s, thresholds in log10 of 10,000 · g, weights in g. */
function drawn(course: Course, sex: 'female' | 'male', random: Random) {
  const isHypersensitive = course !== 'not-hypersensitive';
  return {
    threshold: random.normal(3.95, 0.04),
    sigma: random.between(0.08, 0.12),
    fall: isHypersensitive ? random.normal(1.1, 0.1) : random.normal(0.08, 0.03),
    latency: random.normal(8, 0.4),
    latencyFall: isHypersensitive ? random.normal(3.4, 0.3) : random.normal(0.3, 0.1),
    thresholdRise: random.between(0.5, 0.8),
    latencyRise: random.between(5.5, 8.5),
    weight: sex === 'female' ? random.normal(19.5, 0.6) : random.normal(24, 0.8),
    gain: random.normal(4, 0.5),
  };
}

export class Mouse implements AnyAnimal {
  readonly traits: ReturnType<typeof drawn>;
  arrived = 0;
  ligated: number | undefined;
  readonly operations: number[] = [];
  readonly doses: { readonly at: number; readonly milligramPerKg: number }[] = [];
  readonly weighedOn = new Set<number>();
  ended = false;

  constructor(
    readonly id: string,
    readonly sex: 'female' | 'male',
    readonly group: 'SNI' | 'sham',
    readonly course: Course,
    readonly random: Random,
  ) {
    this.traits = drawn(course, sex, random.branch('traits'));
  }

  threshold(paw: Paw, at: number): number {
    const { threshold, fall, thresholdRise } = this.traits;
    const today = this.random.branch(`${paw} threshold on day ${dayOf(at)}`).normal(0, 0.03);
    if (paw === 'contralateral') return threshold + today;
    return threshold + today - fall * this.injured(at) + thresholdRise * this.drugged(at);
  }

  /** True latency of a paw to the heat, s. */
  latency(paw: Paw, at: number): number {
    const { latency, latencyFall, latencyRise } = this.traits;
    const fallen = paw === 'ipsilateral' ? latencyFall * this.injured(at) : 0;
    return latency - fallen + latencyRise * this.drugged(at);
  }

  weight(at: number): number {
    const days = (at - this.arrived) / DAY;
    const grown = this.traits.weight + (this.traits.gain * days) / (days + 60);
    const lost = this.operations.map((operated) => along(OPERATED, (at - operated) / DAY));
    const today = this.random.branch(`weight on day ${dayOf(at)}`).normal(0, 0.15);
    return grown * (1 - Math.max(0, ...lost)) + today;
  }

  private injured(at: number): number {
    return this.ligated === undefined ? 0 : along(LASTING, (at - this.ligated) / DAY);
  }

  private drugged(at: number): number {
    const dose = this.doses.at(-1);
    if (!dose) return 0;
    const ratio = dose.milligramPerKg / HALF_MAXIMAL;
    const square = ratio * ratio;
    return (square / (1 + square)) * along(DRUGGED, (at - dose.at) / MINUTE);
  }
}
