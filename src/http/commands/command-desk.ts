import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { refuseStudy } from '../../lab/people/reading.js';
import { tellFindings, type ToldReceipt } from '../../queries/tell-findings.js';
import { Engine } from '../../recording/engine.js';
import type { DryRun } from '../../recording/dry-run.js';
import type { Receipt } from '../../recording/open-stream.js';
import { offsetMinutesOf } from '../../recording/time-zone.js';
import type { CommandDefinition, StudyCommand } from '../../study/commands/common/command.js';
import { SignRecords } from '../../study/commands/sign-records.command.js';
import { parseCommand } from '../../study/parse.js';
import type { Findings } from '../../study/projections/findings.js';
import { Refusal } from '../../study/refusal.js';
import { isPlainObject } from '../../study/schema.js';
import { askedBy, Callers, type Caller } from '../platform/caller.js';

/** A command as it was sent, by whatever way. */
export interface SubmittedCommand {
  readonly definition: CommandDefinition;
  readonly id: string;
  readonly study: string;
  readonly body: unknown;
}

/** What a command would become. */
export interface WouldRecord extends Findings {
  readonly study: string;
  /** The number that its record would have. */
  readonly number: number;
  /** It was recorded before under this id. */
  readonly known: boolean;
  readonly flags: readonly string[];
}

/** Takes commands of a study from requests: as JSON, and from forms. */
@Injectable()
export class CommandDesk {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  async record(caller: Caller, submitted: SubmittedCommand): Promise<ToldReceipt | Refusal> {
    const command = await this.read(caller, submitted);
    if (command instanceof Refusal) return command;
    const receipt: Receipt | Refusal = await this.commands.execute(command);
    return receipt instanceof Refusal ? receipt : tellFindings(this.engine, receipt);
  }

  /** Decides a command as it would be decided now, and records nothing. */
  async decide(caller: Caller, submitted: SubmittedCommand): Promise<WouldRecord | Refusal> {
    const [outcome] = await this.decideEach(caller, [submitted]);
    return outcome!;
  }

  /**
   * Decides the commands of one form, each on what those before it would record, and records nothing. Of one that is refused
   * `again` may say what is to be decided in its place.
   */
  async decideEach(
    caller: Caller,
    commands: readonly SubmittedCommand[],
    again: (command: SubmittedCommand, refusal: Refusal) => SubmittedCommand | undefined = () => undefined,
  ): Promise<(WouldRecord | Refusal)[]> {
    const runs = new Map<string, DryRun>();
    const outcomes: (WouldRecord | Refusal)[] = [];
    try {
      for (const submitted of commands) {
        const outcome = await this.decideOn(runs, caller, submitted);
        const other = outcome instanceof Refusal ? again(submitted, outcome) : undefined;
        outcomes.push(other ? await this.decideOn(runs, caller, other) : outcome);
      }
      return outcomes;
    } finally {
      for (const run of runs.values()) run.end();
    }
  }

  private async decideOn(
    runs: Map<string, DryRun>,
    caller: Caller,
    submitted: SubmittedCommand,
  ): Promise<WouldRecord | Refusal> {
    const { definition, study } = submitted;
    const command = await this.read(caller, submitted);
    if (command instanceof Refusal) return command;
    if (definition.name === 'RegisterStudy') {
      const flags = await this.engine.foreseeRegistration(definition, command);
      return flags instanceof Refusal ? flags : { study, number: 0, known: false, flags };
    }
    const run = runs.get(study) ?? (await this.engine.dryRun(study));
    if (run instanceof Refusal) return run;
    runs.set(study, run);
    const signed = await this.signed(command);
    if (signed instanceof Refusal) return signed;
    const outcome = run.decide(definition, signed);
    if (outcome instanceof Refusal) return outcome;
    const { number, known, flags } = outcome;
    return { study, number, known, flags, ...(known ? {} : run.findings()) };
  }

  /** In a simulated ledger a signature is made with its command; in others it comes from a passkey. */
  private async signed(command: StudyCommand): Promise<StudyCommand | Refusal> {
    const isPlain = command instanceof SignRecords && this.engine.labNow.simulated;
    return isPlain ? this.engine.signing.signSimulated(command) : command;
  }

  private async read(
    caller: Caller,
    { definition, id, study, body }: SubmittedCommand,
  ): Promise<StudyCommand | Refusal> {
    const offsetMinutes = offsetMinutesOf(this.engine.labNow, this.engine.clock());
    const submission = { id, study, offsetMinutes, ...askedBy(caller) };
    const command = parseCommand(definition, body, submission);
    const isNew = definition.name === 'RegisterStudy';
    // Whoever may not read a study is not told why it takes no command.
    const isHidden = caller.by && !isNew && !this.callers.reader(caller).mayRead(study);
    if (!(command instanceof Refusal)) return isHidden ? refuseStudy(study) : command;
    if (isHidden || isNew || !isPlainObject(body) || !command.errors) return command;
    const run = await this.engine.dryRun(study);
    return run instanceof Refusal ? command : run.explain(definition, { body, submission, refusal: command });
  }
}
