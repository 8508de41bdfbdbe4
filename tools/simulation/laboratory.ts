import type { Protocol } from '../../src/study/protocol.js';
import { factsOf, Protocols, type Fact, type Study } from '../../src/study/study.js';
import type { AnyAnimal } from './animal.js';
import { MINUTE, written } from './calendar.js';
import { Random } from './random.js';
import { Script, type Entry, type Person } from './script.js';

/** The people of the simulated study; an animal's work is done by one of the two technicians. */
export const TECHNICIANS = [
  { actor: 'tech-1', role: 'technician' },
  { actor: 'tech-2', role: 'technician' },
] as const satisfies readonly Person[];
export const SURGEON = { actor: 'surg-1', role: 'technician' } as const satisfies Person;
export const VETERINARIAN = { actor: 'vet-1', role: 'veterinarian' } as const satisfies Person;
export const DIRECTOR = { actor: 'sd-01', role: 'director' } as const satisfies Person;
/** Enters nothing of the animals, so may review what the others entered. */
export const STATISTICIAN = { actor: 'stat-1', role: 'statistician' } as const satisfies Person;
export const QUALITY = { actor: 'qa-1', role: 'quality' } as const satisfies Person;
export const MANAGEMENT = { actor: 'mgr-1', role: 'management' } as const satisfies Person;

/** The same for every operation. */
export const ANAESTHESIA = {
  anaesthesia: { agent: 'isoflurane', concentration: { value: '2.0', unit: '%' }, route: 'inhalation' },
  analgesia: { agent: 'buprenorphine', dose: '0.03 mg/kg', route: 'subcutaneous' },
};

type Section = 'ladder' | 'sideEffects' | 'stimulation' | 'titration';
type WholeStimulation = Required<Omit<NonNullable<Protocol['stimulation']>, 'settings' | 'crossOver'>>;

/** The simulated study has every section, and one setting of the stimulation. */
type WholeProtocol = Protocol &
  Required<Pick<Protocol, Section>> & { readonly stimulation: WholeStimulation };

type Watcher = (this: void, entry: Entry, record: number) => void;

interface Planned {
  readonly at: number;
  act(this: void): void;
}

/**
 * The simulated laboratory: an agenda of what is to be entered, worked through in order of time. What is entered may
 * plan what comes next, so that the course of the study follows from the verdicts that its own records give.
 */
export class Laboratory {
  /** Of the entry being made. */
  now = 0;
  readonly random: Random;
  private readonly script: Script;
  private readonly agenda: Planned[] = [];
  private readonly delays: Random;
  private readonly watchers: Watcher[] = [];

  constructor(code: string, seed: number) {
    this.random = new Random(seed);
    const ids = this.random.branch('command ids');
    this.script = new Script(code, ids, this.random.branch('ids of signatures'));
    this.delays = this.random.branch('delays');
  }

  plan(at: number, act: () => void): void {
    if (at < this.now) throw new RangeError(`planned for ${written(at)}, which is over`);
    const later = this.agenda.findIndex((planned) => planned.at > at);
    this.agenda.splice(later < 0 ? this.agenda.length : later, 0, { at, act });
  }

  /** Some moments after something has happened: somebody has to write it down. */
  soonAfter(happened: number): number {
    return happened + Math.round(this.delays.between(20, 160)) * 1000;
  }

  /** Enters what happened at a moment a little later; what it was is asked for only then. */
  observe(happened: number, entry: () => Entry, then?: (record: number) => void): void {
    this.plan(this.soonAfter(happened), () => {
      const record = this.enter({ ...entry(), happened });
      then?.(record);
    });
  }

  /** Enters something now, and gives the number of its record. */
  enter(entry: Entry): number {
    const record = this.script.write(entry, this.now);
    for (const watch of this.watchers) watch(entry, record);
    return record;
  }

  /** Is told of every record once it is entered. */
  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Puts a record right: everything as it should have been entered, and when it really happened. */
  correct(target: number, right: Entry & { readonly happened: number }, reason: string): void {
    const { by, subject, happened, data } = right;
    this.enter({
      command: 'CorrectRecord',
      by,
      reason,
      data: { target: { number: target }, subject, occurredAt: written(happened), corrected: data },
    });
  }

  /** Works through the agenda and gives the script of all that was entered. */
  work(): Script {
    for (let next = this.agenda.shift(); next; next = this.agenda.shift()) {
      this.now = next.at;
      next.act();
    }
    return this.script;
  }

  history(animal: AnyAnimal): Fact[] {
    return this.script.study.subjects.get(animal.id)?.facts.toArray() ?? [];
  }

  get study(): Study {
    return this.script.study;
  }

  get protocols(): Protocols {
    return new Protocols(this.script.study);
  }

  get protocol(): WholeProtocol {
    return this.protocols.of(undefined) as WholeProtocol;
  }

  lastWeight(animal: AnyAnimal): { value: string; unit: 'g' | 'kg' } {
    const weighing = factsOf(this.history(animal), 'BodyWeightRecorded').at(-1);
    if (!weighing) throw new Error(`${animal.id} was never weighed`);
    return weighing.data.weight;
  }
}

export function minutesAfter(at: number, minutes: number): number {
  return at + minutes * MINUTE;
}
