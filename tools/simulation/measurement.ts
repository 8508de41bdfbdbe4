import { factsOf } from '../../src/study/study.js';
import type { Animal, AnyAnimal, Paw } from './animal.js';
import { motorThreshold, sideEffects, upDownRun } from './bench.js';
import { dayOf } from './calendar.js';
import { enterIrregular, irregularity } from './irregular-runs.js';
import { minutesAfter, type Laboratory } from './laboratory.js';
import type { Person } from './script.js';

/** The measurements and the stimulation, which several phases of the study repeat. */

/** A run of the paw on the side of the lesion, unless it says otherwise. */
export interface Run {
  readonly animal: AnyAnimal;
  readonly by: Person;
  readonly at: number;
  readonly paw?: Paw;
  /** Record of the stimulation or the dose that it belongs to, and the minutes since then. */
  readonly session?: number;
  readonly minute?: number;
}

export function planRun(lab: Laboratory, run: Run): void {
  // A run takes two minutes and is written down after it.
  lab.plan(lab.soonAfter(minutesAfter(run.at, 2)), () => enterRun(lab, run));
}

function enterRun(lab: Laboratory, { animal, by, at, paw = 'ipsilateral', session, minute }: Run): void {
  const irregular = session === undefined ? irregularity(animal.id, dayOf(at), paw) : undefined;
  const { ladder } = lab.protocol;
  const data = {
    paw,
    ladder: ladder.id,
    touches: upDownRun(animal, paw, at, ladder, irregular === 'ambiguous-touch' ? 2 : undefined),
    ...(session !== undefined && { session, minute }),
    kit: by.actor === 'tech-1' ? 'VF-1' : 'VF-2',
    blinded: true,
  };
  const entry = { command: 'RecordThreshold', by, subject: animal.id, happened: at, data };
  if (irregular) enterIrregular(lab, irregular, entry);
  else lab.enter(entry);
}

/** Determined shortly before a stimulation, which is set to two thirds of it. */
export function planMotorThreshold(lab: Laboratory, animal: Animal, by: Person, at: number): void {
  lab.observe(at, () => ({
    command: 'DetermineMotorThreshold',
    by,
    subject: animal.id,
    data: {
      ...waveform(lab),
      amplitude: { value: motorThreshold(animal, at), unit: 'mA' },
      rampStep: { value: '0.01', unit: 'mA' },
      muscle: 'hind-limb flexors',
    },
  }));
}

export interface Stimulation {
  readonly animal: Animal;
  readonly by: Person;
  readonly at: number;
  /** Record of the dose that it follows. */
  readonly follows?: number;
}

/** Entered as it begins, so that the runs during and after it can name its record. */
export function planStimulation(
  lab: Laboratory,
  { animal, by, at, follows }: Stimulation,
  runsAtMinutes: readonly number[],
): void {
  const data = () => {
    const found = factsOf(lab.history(animal), 'MotorThresholdDetermined').at(-1);
    const motor = Number(found?.data.amplitude.value);
    const amplitude = ((motor * 2) / 3).toFixed(2);
    return {
      ...waveform(lab),
      amplitude: { value: amplitude, unit: 'mA' },
      duration: lab.protocol.stimulation.duration,
      outcome: 'completed',
      mode: 'conventional',
      percentOfMotorThreshold: { value: ((100 * Number(amplitude)) / motor).toFixed(1), unit: '%' },
      ...(follows !== undefined && { follows }),
    };
  };
  lab.observe(
    at,
    () => ({ command: 'ApplySCS', by, subject: animal.id, data: data() }),
    (session) => {
      animal.stimulations.push(at);
      for (const minute of runsAtMinutes) {
        planRun(lab, { animal, by, at: minutesAfter(at, minute), session, minute });
      }
    },
  );
}

function waveform(lab: Laboratory) {
  const { frequency, pulseWidth } = lab.protocol.stimulation;
  return { device: 'STIM-1', frequency, pulseWidth };
}

export interface Dose {
  readonly animal: Animal;
  readonly by: Person;
  readonly at: number;
  readonly microgram: number;
  readonly purpose: 'titration' | 'combination';
  readonly reason?: string;
}

/** A dose is always made up to the protocol's volume, so the concentration differs. */
export function planDose(lab: Laboratory, dose: Dose, then: (record: number) => void): void {
  const { animal, by, at, microgram, purpose, reason } = dose;
  const { volume, vehicle } = lab.protocol.titration;
  lab.observe(
    at,
    () => ({
      command: 'AdministerKetamine',
      by,
      subject: animal.id,
      ...(reason !== undefined && { reason }),
      data: {
        dose: { value: String(microgram), unit: 'ug' },
        bodyWeight: lab.lastWeight(animal),
        route: 'intrathecal',
        volume,
        purpose,
        enantiomer: 'racemic',
        preservative: 'none',
        vehicle,
        concentration: { value: String(microgram / Number(volume?.value)), unit: 'ug/uL' },
        lot: 'K-2207',
        expiry: '2027-06-30',
        flush: { value: '10', unit: 'uL' },
      },
    }),
    (record) => {
      animal.doses.push({ at, microgram });
      then(record);
    },
  );
}

export function planSideEffects(
  lab: Laboratory,
  { animal, by, at }: Pick<Dose, 'animal' | 'by' | 'at'>,
  after: number,
  minutes: readonly number[],
): void {
  for (const minute of minutes) {
    lab.observe(minutesAfter(at, minute), () => ({
      command: 'ScoreSideEffects',
      by,
      subject: animal.id,
      data: {
        scale: lab.protocol.sideEffects.scale,
        scores: sideEffects(animal, minute),
        after,
        minute,
      },
    }));
  }
}
