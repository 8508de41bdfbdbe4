import type { EventData, EventType } from '../../events/events.js';
import type { Protocol } from '../../protocol.js';
import type { Refusal } from '../../refusal.js';
import type { AnyCommandRefusal, RefusalCode } from '../../refusal-codes.js';
import { Type } from '../../schema-types.js';
import { Instant, Reason, SubjectId, type Commitment } from '../../schema.js';
import type { Protocols, Study } from '../../study.js';
import type { Role, Who } from '../../who.js';
import type { AnimalAt } from './animal-at.js';
import { Optional, Required } from './fields.js';
import type { Flag } from './flags.js';

/** How the actor of a request is known. Numbers are those of lab records. */
export interface Authentication {
  readonly method: 'passkey' | 'oidc' | 'simulated' | 'token';
  readonly signedInMs: number;
  readonly credential?: number;
  readonly identity?: number;
  readonly token?: number;
}

/** Who sends a command and under which id: set where the request enters, never read from its payload. */
export interface Submission {
  /** The client's idempotency key, a UUID; the same id is answered with the first answer. */
  readonly id: string;
  readonly study: string;
  readonly actor: string;
  /** The role asked for; where it is empty, the first one that permits the command. */
  readonly role: string;
  readonly session?: string;
  /** What the request was authenticated by. Absent where the actor is only claimed: on simulated ledgers, by the ledger itself. */
  readonly by?: Authentication;
  /** Of the facility's time zone from UTC: the time of a command that does not say one is written with it. UTC where left out. */
  readonly offsetMinutes?: number;
  /** Simulated ledgers only: the clock for this command, an instant. */
  readonly clock?: string;
  /** Where the command was read from a file. */
  readonly imported?: ImportedFrom;
  /** What the actor’s passkey signed, and the ledger attested: of SignRecords alone. */
  readonly signed?: Pick<EventData<'SignatureApplied'>, 'envelope' | 'webauthn'>;
  /** Its id derives from a challenge: sent again it is refused, and not answered. */
  readonly isAnsweredOnce?: true;
  /** The place that a dry run found for it: refused where others have recorded meanwhile. */
  readonly place?: StreamPlace;
}

/** A place in a stream: a number, and the command whose record comes before it. */
export interface StreamPlace {
  readonly number: number;
  readonly after: string;
}

/** The place in a file that a command was read from; it becomes attributes of the record. */
export interface ImportedFrom {
  /** Its name, without the folder. */
  readonly file: string;
  /** SHA-256, hex. */
  readonly sha256: string;
  readonly sheet?: string;
  /** Counted from 1, as a spreadsheet shows it. */
  readonly row: number;
  /** SHA-256, hex, of the mapping. */
  readonly mapping: string;
  readonly importer: string;
  /** What the reading added to what the cells say, as codes. */
  readonly flags: readonly string[];
}

/** A request to record something. The class is command, DTO and OpenAPI schema in one. */
export abstract class StudyCommand {
  declare readonly submission: Submission;

  @Optional(
    Instant,
    'When it happened; now, where it is left out, in the time zone of the server. An earlier time may be late and need a reason.',
  )
  occurredAt?: string;

  @Optional(Instant, 'When it was entered, where it is sent later: while there was no connection.')
  enteredAt?: string;

  @Optional(
    Type.Literal(true),
    'Said of what was found after the study was closed, and happened before. It needs a reason, and where acts are signed, the signature of the director.',
  )
  afterClose?: true;

  @Optional(Reason, 'Why: due for late entries, deviations, corrections and exclusions.')
  reason?: string;

  abstract readonly data: object;
}

/** A command about one animal. */
export abstract class SubjectCommand extends StudyCommand {
  @Required(SubjectId, 'The animal.')
  subject!: string;
}

/**
 * Whether a person was trained in a procedure, the name of a command, at a time, an instant. `labSize`: by what the lab
 * held at that size; by all of it where left out.
 */
export type IsTrained = (person: string, procedure: string, time: string, labSize?: number) => boolean;

/** What stands in a record in the place of a personal text, by its field. */
export type Commitments = Readonly<Record<string, Commitment>>;

/** What a command is decided on. Facts of the animal are those that had happened by `at`, after all corrections. */
export interface Situation {
  readonly study: Study;
  readonly time: string;
  readonly at: number;
  /** Whether an import assumed when it happened. */
  readonly isTimeAssumed: boolean;
  /** The version in force at `at`, or the first one for what happened before it. */
  readonly protocol: Protocol;
  readonly protocols: Protocols;
  readonly animal: AnimalAt;
  /** Whether a record is put right: what a new record may no longer say, a correction may keep. */
  readonly isCorrection: boolean;
  readonly isTrained?: IsTrained | undefined;
  /** Every id of the human who gives the command. */
  readonly individual: ReadonlySet<string>;
  /** The personal texts of the command, each as the record may hold it. */
  readonly commitments: Commitments;
}

/** What of a command is there, where some of it does not fit. */
export interface Stated<C extends StudyCommand = StudyCommand> extends Partial<Omit<StudyCommand, 'data'>> {
  readonly subject?: string;
  readonly data: Partial<C['data']>;
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

export function propose<T extends EventType>(
  type: T,
  data: EventData<T>,
  flags: readonly (Flag | false | undefined)[] = [],
): Proposal<T> {
  return { type, data, flags: flags.filter((flag): flag is Flag => Boolean(flag)) };
}

/** What the commands of a study and those of the lab have in common: enough to read one from a body. */
export interface CommandForm<C extends object = object> {
  readonly command: abstract new (...args: never[]) => C;
  readonly create: () => C;
  readonly name: string;
  /** Where it is recorded; in its study where left out. */
  readonly stream?: 'lab';
  /** Fields that are kept beside the log; the record holds a commitment to each. */
  readonly personal: readonly string[];
}

export interface CommandDefinition<C extends StudyCommand = StudyCommand> extends CommandForm<C> {
  readonly stream?: never;
  readonly phase: 'study' | 'animal' | 'surgery' | 'measurement' | 'treatment' | 'welfare' | 'record';
  readonly summary: string;
  /** The record that it appends. */
  readonly records: EventType;
  /** The codes of its own refusals; those of any command are in `refusalsOf`. */
  readonly refuses: readonly RefusalCode[];
  /** An example of a body, shown in the help and on the API's page. */
  readonly example: Record<string, unknown>;
  /** Taken after CloseStudy as well. */
  readonly afterClose: boolean;
  /** Needs no approved protocol. */
  readonly beforeProtocol: boolean;
  /** Taken for an animal that is not enrolled, or no longer alive. */
  readonly anyAnimal: boolean;
  readonly reasonRequired: boolean;
  readonly who: Who;
  /** Who may give it with what it says, where that tells more than `who`. */
  whoFor?(command: Pick<C, 'submission' | 'data'>, study: Study): Who | undefined;
  /** What the roles alone do not say: which of them may do this, with what the command says. */
  mayNot?(command: Pick<C, 'submission' | 'data'>, role: string, study: Study): Refusal | undefined;
  /** Whom the command puts into a place that takes a role. */
  puts?(command: C): { readonly person: string; readonly role: Role; readonly field: string };
  /** What is wrong with single fields, as far as that rests on no other field of `data`. Asked where some do not fit. */
  check?(stated: Stated<C>, situation: Situation): readonly (Refusal | undefined)[];
  decide(command: C, situation: Situation): Proposal | Refusal;
}

/** `decide` refuses with no other codes than those that `refuses` lists: the compiler checks it. */
interface Options<C extends StudyCommand, R extends RefusalCode>
  extends
    Pick<
      CommandDefinition<C>,
      'phase' | 'summary' | 'records' | 'example' | 'who' | 'whoFor' | 'mayNot' | 'puts'
    >,
    Partial<
      Pick<
        CommandDefinition<C>,
        'afterClose' | 'beforeProtocol' | 'anyAnimal' | 'reasonRequired' | 'personal'
      >
    > {
  readonly refuses?: readonly R[];
  check?(
    stated: Stated<C>,
    situation: Situation,
  ): readonly (Refusal<NoInfer<R> | AnyCommandRefusal> | undefined)[];
  decide(command: C, situation: Situation): Proposal | Refusal<NoInfer<R> | AnyCommandRefusal>;
}

export function defineCommand<C extends StudyCommand, const R extends RefusalCode = never>(
  command: new () => C,
  options: Options<C, R>,
): CommandDefinition<C> {
  return {
    command,
    create: () => new command(),
    name: command.name,
    refuses: [],
    afterClose: false,
    beforeProtocol: false,
    anyAnimal: false,
    reasonRequired: false,
    personal: [],
    ...options,
  };
}
