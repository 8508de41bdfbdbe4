import type { CommandForm, Submission } from '../../../study/commands/common/command.js';
import type { Refusal } from '../../../study/refusal.js';
import type { RefusalCode } from '../../../study/refusal-codes.js';
import type { Lab } from '../../lab.js';
import type { LogName } from '../../origins.js';
import type { Commitment } from '../../../tlog/commitment.js';
import type { PeopleEventData, PeopleEventType } from '../../people/facts.js';

/** A request to record something in the lab. The class is command, DTO and OpenAPI schema in one. */
export abstract class LabCommand {
  declare readonly submission: Submission;
  abstract readonly data: object;
}

/** Who may give a command of the lab. */
export type LabWho =
  /** With a passkey that was signed in within five minutes, like the next two. */
  | 'administrator'
  | 'oneself'
  /** An administrator, or the person whom it concerns. */
  | 'administrator-or-oneself'
  /** Anyone with a confirmed passkey; the command says who must not. */
  | 'anyone'
  /** The ledger, at the end of a ceremony that it led, or on its own folder. */
  | 'ledger';

/** What a command of the lab is decided on. */
export interface LabSituation {
  readonly lab: Lab;
  /** The clock, ms. */
  readonly atMs: number;
  readonly actor: string;
  /** When the actor signed in, ms; undefined where nobody signs in. */
  readonly signedInMs: number | undefined;
  /** The personal texts of the command, each as the record may hold it. */
  readonly commitments: Readonly<Record<string, Commitment>>;
  /** SHA-256, hex, of the secret that the command hands out. */
  readonly secretSha256: string;
  /** Codes of studies in which the person whom the command names occurs. */
  readonly occursIn: readonly string[];
  /** Whether acts of the study that the command names hold from a signature. */
  readonly isGoverned: boolean;
  /** The digest that a record of a study holds at the place that the command names. */
  readonly committed: string | undefined;
}

/** One record that a command wants. */
export type LabFact = {
  [T in PeopleEventType]: {
    readonly type: T;
    readonly data: PeopleEventData[T];
    /** Said by the ledger itself, in the same batch. */
    readonly bySystem?: true;
  };
}[PeopleEventType];

export function labFact<T extends PeopleEventType>(
  type: T,
  data: PeopleEventData[T],
  bySystem?: true,
): LabFact {
  return { type, data, ...(bySystem && { bySystem }) } as unknown as LabFact;
}

export interface Occurrences {
  readonly person: string;
  /** In this one alone. */
  readonly study?: string;
  /** What the person recorded as quality assurance, or as quality assurance could have, does not count. */
  readonly isForQuality?: boolean;
}

/** A place in a record that may hold a commitment. */
export interface CommittedPlace {
  readonly log: LogName;
  readonly number: number;
  /** JSON Pointer. */
  readonly pointer: string;
}

export interface LabDefinition<C extends LabCommand = LabCommand> extends CommandForm<C> {
  readonly stream: 'lab';
  readonly summary: string;
  /** The first record that it appends. */
  readonly records: PeopleEventType;
  readonly refuses: readonly RefusalCode[];
  readonly example: Record<string, unknown>;
  readonly who: LabWho;
  /** The person whom a command concerns, where it may be given by that person. */
  concerns?(command: C, lab: Lab): string | undefined;
  /** It hands out 32 random bytes, once. */
  readonly handsOut?: 'enrolment code' | 'token';
  /** The person whose occurrences in studies have to be known. */
  occurrencesOf?(command: C): Occurrences | undefined;
  /** The study of which it has to be known whether its acts are signed. */
  governedOf?(command: C): string | undefined;
  /** The place whose commitment has to be known, where that is in a study. */
  committedAt?(command: C): CommittedPlace;
  decide(command: C, situation: LabSituation): readonly LabFact[] | Refusal;
}

type Options<C extends LabCommand> = Pick<
  LabDefinition<C>,
  'summary' | 'records' | 'example' | 'who' | 'decide'
> &
  Partial<
    Pick<
      LabDefinition<C>,
      'refuses' | 'personal' | 'handsOut' | 'concerns' | 'occurrencesOf' | 'governedOf' | 'committedAt'
    >
  >;

export function defineLabCommand<C extends LabCommand>(
  command: new () => C,
  options: Options<C>,
): LabDefinition<C> {
  return {
    stream: 'lab',
    command,
    create: () => new command(),
    name: command.name,
    refuses: [],
    personal: [],
    ...options,
  };
}
