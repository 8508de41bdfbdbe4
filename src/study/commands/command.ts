import type { EventData, EventType, FactType } from '../events.js';
import type { Protocol } from '../protocol.js';
import type { Refusal } from '../refusal.js';
import { Instant, Line, SubjectId } from '../schema.js';
import type { Fact, Protocols, Study } from '../study.js';
import { Optional, Required } from './fields.js';

/** Who sends a command and under which id: set where the request enters, never read from its payload. */
export interface Submission {
  /** The client's idempotency key, a UUID; the same id is answered with the first answer. */
  readonly id: string;
  readonly study: string;
  readonly actor: string;
  readonly role: string;
  readonly session?: string;
  /** Simulated ledgers only: the clock for this command, an instant. */
  readonly clock?: string;
}

/** A request to record something. The class is command, DTO and OpenAPI schema in one. */
export abstract class StudyCommand {
  declare readonly submission: Submission;

  @Optional(
    Instant,
    'When it happened; now, where it is left out. An earlier time may be late and need a reason.',
  )
  occurredAt?: string;

  @Optional(Line, 'Why: due for late entries, deviations, corrections and exclusions.')
  reason?: string;

  abstract readonly data: object;
}

/** A command about one animal. */
export abstract class SubjectCommand extends StudyCommand {
  @Required(SubjectId, 'The animal.')
  subject!: string;
}

/** What a command is decided on. Facts of the animal are those that had happened by `at`, after all corrections. */
export interface Situation {
  readonly study: Study;
  readonly time: string;
  readonly at: number;
  /** The version in force at `at`, or the first one for what happened before it. */
  readonly protocol: Protocol;
  readonly protocols: Protocols;
  readonly animal: AnimalAt;
}

/** One animal as had happened by an instant. */
export class AnimalAt {
  constructor(
    readonly id: string,
    private readonly facts: Iterable<Fact>,
    private readonly at: number,
  ) {}

  /** Oldest first. */
  of<T extends FactType>(type: T): Fact<T>[] {
    return this.select(type, (fact) => fact.at <= this.at);
  }

  last<T extends FactType>(type: T): Fact<T> | undefined {
    return this.of(type).at(-1);
  }

  /** Also what happened later: for what cannot be true twice. */
  ever<T extends FactType>(type: T): Fact<T>[] {
    return this.select(type, () => true);
  }

  numbered<T extends FactType>(type: T, number: number): Fact<T> | undefined {
    return this.of(type).find((fact) => fact.number === number);
  }

  /** Everything that had happened, for the rules. */
  history(): Fact[] {
    return [...this.facts].filter((fact) => fact.at <= this.at);
  }

  after(at: number): Fact | undefined {
    return [...this.facts].find((fact) => fact.at > at);
  }

  private select<T extends FactType>(type: T, when: (fact: Fact) => boolean): Fact<T>[] {
    const found: Fact<T>[] = [];
    for (const fact of this.facts) if (fact.type === type && when(fact)) found.push(fact as Fact<T>);
    return found;
  }
}

/** What a command wants recorded; times, numbers and names are added by the ledger. */
export interface Proposal<T extends EventType = EventType> {
  readonly type: T;
  readonly data: EventData<T>;
  /** Codes of what is irregular about it, each with its kind. */
  readonly flags: readonly Flag[];
  /** Where it is not the command's own animal. */
  readonly subject?: string;
  /** A correction keeps the protocol version of what it corrects. */
  readonly protocolVersion?: number | undefined;
}

export interface Flag {
  readonly kind: 'deviation' | 'implausible' | 'form';
  readonly code: string;
}

export const deviation = (code: string): Flag => ({ kind: 'deviation', code });
export const implausible = (code: string): Flag => ({ kind: 'implausible', code });
export const form = (code: string): Flag => ({ kind: 'form', code });

export function propose<T extends EventType>(
  type: T,
  data: EventData<T>,
  flags: readonly (Flag | false | undefined)[] = [],
): Proposal<T> {
  return { type, data, flags: flags.filter((flag): flag is Flag => Boolean(flag)) };
}

export interface CommandDefinition<C extends StudyCommand = StudyCommand> {
  readonly command: abstract new (...args: never[]) => C;
  readonly create: () => C;
  readonly name: string;
  readonly phase: 'study' | 'animal' | 'surgery' | 'measurement' | 'treatment' | 'welfare' | 'record';
  readonly summary: string;
  /** The record that it appends. */
  readonly records: EventType;
  /** A body that would be accepted, shown in the help and the API's page. */
  readonly example: Record<string, unknown>;
  /** Taken after CloseStudy as well. */
  readonly afterClose: boolean;
  /** Needs no approved protocol. */
  readonly beforeProtocol: boolean;
  /** Taken for an animal that is not enrolled, or no longer alive. */
  readonly anyAnimal: boolean;
  readonly reasonRequired: boolean;
  decide(command: C, situation: Situation): Proposal | Refusal;
}

type Options<C extends StudyCommand> = Pick<
  CommandDefinition<C>,
  'phase' | 'summary' | 'records' | 'example' | 'decide'
> &
  Partial<Pick<CommandDefinition<C>, 'afterClose' | 'beforeProtocol' | 'anyAnimal' | 'reasonRequired'>>;

export function defineCommand<C extends StudyCommand>(
  command: new () => C,
  options: Options<C>,
): CommandDefinition<C> {
  return {
    command,
    create: () => new command(),
    name: command.name,
    afterClose: false,
    beforeProtocol: false,
    anyAnimal: false,
    reasonRequired: false,
    ...options,
  };
}
