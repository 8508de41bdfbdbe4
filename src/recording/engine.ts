import { UNWATCHED, type EvidenceState, type Watch } from '../anchoring/watch.js';
import { Disclosures } from '../identity/disclosures.js';
import type { LabCommand, LabDefinition } from '../lab/commands/common/lab-command.js';
import type { GroupOptions } from './record-group.js';
import { LabCommands, type LabReceipt } from './lab-commands.js';
import type { Access, BundleExported } from '../lab/access.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import { passingCustody, type Custody } from '../signing/custody.js';
import { HeadSigner } from '../signing/head-signer.js';
import type { SignedHead } from '../signing/signed-note.js';
import { SigningError } from '../signing/signing-error.js';
import type { Attachments } from '../store/attachments.js';
import type { EventStore } from '../store/event-store.js';
import type { CommandDefinition, StudyCommand } from '../study/commands/common/command.js';
import { signRecords, type SignRecords } from '../study/commands/sign-records.command.js';
import type { StudyRecord } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Study } from '../study/study.js';
import { proposeExport, type Exporter } from './access-records.js';
import { AccessNotes } from './access-notes.js';
import type { ClockGuard } from './clock-guard.js';
import { DryRun } from './dry-run.js';
import { RecordingGate } from './recording-gate.js';
import { mustBeRecorded } from './lab-records.js';
import { OpenLogs } from './open-logs.js';
import type { Receipt } from './open-stream.js';
import { commitTexts, forgetTexts, type PersonalTexts } from './personal-texts.js';
import { proposeCommand } from './propose-command.js';
import { requireAttachments } from './require-attachments.js';
import { recordClock, type RecordClock } from './record-clock.js';
import { Registration } from './registration.js';
import { proposeSignIn, proposeSignOut, type SignIn } from './session-records.js';
import type { OpenLog, OpenStudy } from './streams.js';
import { SigningDesk } from './signing/signing-desk.js';
import type { WritableLog } from './writable-log.js';
import type { Proposal } from './write-plan.js';

export type { OpenStudy } from './streams.js';

export interface EngineOptions {
  readonly openRecords?: number;
  readonly custody?: Custody;
  readonly watch?: Watch;
  /** Whether the clock is believed; it always is without. */
  readonly clockGuard?: ClockGuard;
  /** Is told, in a sentence, what somebody should look at. */
  readonly report?: ((message: string) => void) | undefined;
}

/** What the last check of a ledger from its bytes found, each as a sentence. */
export interface SelfChecked {
  readonly atMs: number;
  readonly findings: readonly string[];
}

/**
 * What a ledger does with its records: it reads the open logs, turns commands into records, and signs heads. It has no
 * state that is not a fold of the store, so closing it at any moment loses nothing that was answered.
 * It is the one face of the rooms below, a method for each of their uses, so the file is long.
 */
export class Engine {
  readonly now: RecordClock;
  readonly watch: Watch;
  readonly heads: HeadSigner;
  readonly clockGuard: ClockGuard | undefined;
  /** Set by a server, which makes such checks. */
  selfChecked: SelfChecked | undefined;
  private readonly logs: OpenLogs;
  private readonly gate: RecordingGate;
  readonly disclosures: Disclosures;
  readonly attachments: Attachments;
  /** Refused commands, failed sign-ins and files, on their way into the access log. */
  readonly accessNotes: AccessNotes;
  /** Prepares electronic signatures, and attests them. */
  readonly signing: SigningDesk;
  private readonly labCommands: LabCommands;
  private readonly registration: Registration;
  private readonly milestones: ((isStamped: boolean) => void)[] = [];
  private readonly closings: (() => Promise<void>)[] = [];

  constructor(
    readonly store: EventStore,
    readonly clock: () => number,
    {
      openRecords,
      custody = passingCustody(),
      watch = UNWATCHED,
      clockGuard,
      report = () => undefined,
    }: EngineOptions = {},
  ) {
    this.clockGuard = clockGuard;
    this.now = recordClock(clock);
    this.watch = watch;
    this.logs = new OpenLogs(store, openRecords);
    this.heads = new HeadSigner(this.logs, custody, watch);
    this.gate = new RecordingGate(this.logs, this.heads, watch, clockGuard);
    this.disclosures = new Disclosures(custody.disclosures, () => this.labNow.simulated);
    this.attachments = custody.attachments;
    this.labCommands = new LabCommands(this.logs, this.gate, this.disclosures, this.now);
    this.accessNotes = new AccessNotes(this.logs, this.gate, this.now, clock, report);
    this.signing = new SigningDesk(this.logs, this.gate, this.heads, this.disclosures, this.now);
    this.registration = new Registration(this.logs, this.heads, this.gate, this.now);
  }

  /** The lab, caught up with the store. */
  lab(): Promise<Lab> {
    return this.logs.lab();
  }

  /** The lab as it is folded at this moment, which may be before another process wrote. */
  get labNow(): Lab {
    return this.logs.labNow;
  }

  /** A study, caught up with the store; size 0 where nothing was ever recorded under that code. */
  study(code: string): Promise<OpenStudy> {
    return this.logs.study(code);
  }

  /** A study as it is folded here, with everything that this process recorded in it. */
  async openStudy(code: string): Promise<OpenStudy> {
    return (await this.logs.writableStudy(code)).open;
  }

  /** Any log, caught up with the store. */
  log(name: LogName): Promise<OpenLog> {
    return this.logs.log(name);
  }

  /** As in OpenLogs. @throws StoreError `integrity`. */
  storedSize(name: LogName): Promise<number> {
    return this.logs.storedSize(name);
  }

  /** As in OpenLogs. */
  reaches(name: LogName, size: number): Promise<boolean> {
    return this.logs.reaches(name, size);
  }

  /** The studies whose records are damaged or may not be read, as far as it has been noticed. */
  get damaged(): readonly string[] {
    return [...this.logs.damaged].sort();
  }

  /** Of this process since it began: how long appends took, and how many studies are folded in memory. */
  get work(): Pick<OpenLogs, 'appendTimes' | 'openStudies'> {
    return this.logs;
  }

  /** As in HeadSigner. @throws SigningError. */
  signHead(name: LogName, atLeast?: number): Promise<SignedHead> {
    return this.heads.sign(name, atLeast);
  }

  /** What keeps this ledger from signing, as far as it has been noticed. */
  get alarm(): SigningError | undefined {
    return this.watch.alarm ?? this.logs.labLog.contradiction;
  }

  evidenceOf(labRecord: number): EvidenceState {
    return this.watch.evidenceOf(this.labNow, labRecord);
  }

  /** Makes an empty store a ledger; does nothing where it is one. `policy` is the text of the lab policy. */
  async initialise(facility: string, simulated: boolean, commandId: string, policy?: string): Promise<void> {
    const { size } = await this.lab();
    if (size > 1) return;
    if (size === 0) await this.registration.beginLedger(facility, simulated, commandId, policy);
    // Signed at once, so that a missing signed head is noticed from now on. A ledger that is there keeps the one it has.
    await this.signHead('lab').catch((error: unknown) => {
      if (size === 0 || !(error instanceof SigningError)) throw error;
    });
  }

  /** Records a command, or says why not. */
  async execute(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | Refusal> {
    await this.logs.knownLab();
    const stopped = await this.gate.refusal();
    if (stopped) return stopped;
    if (definition.name === 'RegisterStudy') return this.registration.registerStudy(definition, command);
    const log = await this.registered(command.submission.study);
    if (log instanceof Refusal) return log;
    await this.logs.labFor(log.open.state);
    const answer = await this.recordIn(log, definition, command);
    if (!(answer instanceof Refusal) && MILESTONES.has(definition.name))
      for (const notify of this.milestones) notify(isStampedAtOnce(definition, command));
    return answer;
  }

  private recordIn(
    log: WritableLog<Study, StudyRecord>,
    definition: CommandDefinition,
    command: StudyCommand,
  ): Promise<Receipt | Refusal> {
    if (definition === signRecords) return this.sign(log, command as SignRecords);
    return definition.personal.length === 0
      ? this.gate.record(log, this.propose(definition, command))
      : this.recordWithTexts(log, definition, command);
  }

  /** Whoever signs, and with which key, is judged on the lab as it is now, not as it was some seconds ago. */
  private async sign(log: WritableLog<Study, StudyRecord>, command: SignRecords): Promise<Receipt | Refusal> {
    const { simulated } = await this.lab();
    const { submission } = command;
    const isPlain = simulated && !submission.signed && log.open.answerTo(submission.id) === undefined;
    const signed = isPlain ? await this.signing.signSimulated(command) : command;
    if (signed instanceof Refusal) return signed;
    const unwatched = this.signing.refuseEnding(command);
    if (unwatched) return unwatched;
    return this.gate.record(
      log,
      proposeCommand(signRecords, signed, () => this.labNow, this.now),
    );
  }

  /** What the command says of persons is kept beside the log before it is decided, and forgotten where it is not recorded. */
  private async recordWithTexts(
    log: WritableLog<Study, StudyRecord>,
    definition: CommandDefinition,
    command: StudyCommand,
  ): Promise<Receipt | Refusal> {
    const { disclosures } = this;
    const isRepeated = log.open.answerTo(command.submission.id) !== undefined;
    const commitments = isRepeated ? {} : commitTexts(disclosures, definition, command);
    const agrees: PersonalTexts['agrees'] = (commitment, text) =>
      disclosures.agrees(commitment, text) !== 'differs';
    const texts = { commitments, agrees };
    const proposal = proposeCommand(definition, command, () => this.labNow, this.now, { texts });
    const answer = await this.gate.record(log, proposal);
    const first = log.open.answerTo(command.submission.id)?.first;
    const recorded = first === undefined ? '' : JSON.stringify(log.open.state.records.at(first)?.record.data);
    forgetTexts(disclosures, commitments, (digest) => recorded.includes(digest));
    return answer;
  }

  /** Records commands of one study, all of them or none where one is refused: as `recordGroup`. */
  async executeTogether(
    study: string,
    commands: readonly { readonly definition: CommandDefinition; readonly command: StudyCommand }[],
    options?: GroupOptions,
  ): Promise<Receipt[] | Refusal> {
    await this.logs.knownLab();
    const log = await this.registered(study);
    if (log instanceof Refusal) return log;
    await this.logs.labFor(log.open.state);
    const proposals = commands.map(({ definition, command }) => this.propose(definition, command));
    return this.gate.recordTogether(log, proposals, options);
  }

  /** Records a command of the lab, or says why not. A secret that it hands out is in the receipt, the first time only. */
  async executeInLab(definition: LabDefinition, command: LabCommand): Promise<LabReceipt | Refusal> {
    await this.lab();
    const stopped = await this.gate.refusal();
    return stopped ?? this.labCommands.execute(definition, command);
  }

  /** To decide many commands before the first of them is recorded. */
  async dryRun(code: string): Promise<DryRun | Refusal> {
    await this.lab();
    const log = await this.registered(code);
    if (log instanceof Refusal) return log;
    const stopped = await this.gate.refusal(log);
    if (stopped) return stopped;
    if (!this.store.soleWriter) await log.open.catchUp();
    return new DryRun(log.open, () => this.labNow, this.now, this.attachments);
  }

  /** The flags that the record of a registration would bear, or why it would be refused. */
  async foreseeRegistration(
    definition: CommandDefinition,
    command: StudyCommand,
  ): Promise<readonly string[] | Refusal> {
    await this.lab();
    return (await this.gate.refusal()) ?? this.registration.foresee(definition, command);
  }

  /** Why nothing may be recorded at all at present; or why not what a command records, where one is named. */
  async refusal(command?: string): Promise<Refusal | undefined> {
    await this.lab();
    const stopped = await this.gate.refusal();
    return stopped ?? (command === undefined ? undefined : this.watch.refusal(command, this.labNow));
  }

  /** Records what the ledger itself has to say in the lab. @throws where that is refused. */
  async recordInLab(proposal: Proposal<Lab, LabRecord>): Promise<Receipt> {
    await this.lab();
    return mustBeRecorded(await this.gate.record(this.logs.labLog, proposal));
  }

  /** Records in the access log that a bundle was handed out; repeating it under the same id records it once. */
  async recordExport(data: BundleExported, who: Exporter): Promise<Receipt> {
    const lab = await this.lab();
    await this.log('access');
    const proposal = proposeExport(data, who, lab.size, this.now);
    return mustBeRecorded(await this.gate.record(this.logs.accessLog, proposal));
  }

  /** Begins a session, which the command id names from then on. */
  async signIn(signIn: SignIn): Promise<Receipt | Refusal> {
    await this.lab();
    await this.log('access');
    const proposal = proposeSignIn(signIn, () => this.labNow, this.now);
    const answer = await this.gate.record(this.logs.accessLog, proposal);
    if (!(answer instanceof Refusal)) this.accessNotes.noteSignedIn(signIn.proof.method);
    return answer;
  }

  async signOut(session: string, commandId: string): Promise<Receipt | Refusal> {
    await this.log('access');
    return this.gate.record(this.logs.accessLog, proposeSignOut(session, commandId, this.now));
  }

  /** The access log as it is folded at this moment; undefined until it is read. */
  get accessNow(): Access | undefined {
    const { isOpen, open } = this.logs.accessLog;
    return isOpen && open.size > 0 ? open.state : undefined;
  }

  /** The access log, caught up with the store. */
  async access(): Promise<Access> {
    await this.log('access');
    return this.logs.accessLog.open.state;
  }

  /** Calls back after a command that is worth an anchor at once, and tells whether a time stamp as well. */
  onMilestone(notify: (isStamped: boolean) => void): void {
    this.milestones.push(notify);
  }

  /** Has something stopped before the store is closed. */
  beforeClosing(stop: () => Promise<void>): void {
    this.closings.push(stop);
  }

  /** Lets go of everything, the store last. */
  async close(): Promise<void> {
    await this.accessNotes.close();
    for (const stop of this.closings) await stop();
    await this.store.close();
  }

  private propose(definition: CommandDefinition, command: StudyCommand): Proposal<Study, StudyRecord> {
    const proposal = proposeCommand(definition, command, () => this.labNow, this.now);
    return requireAttachments(proposal, this.attachments);
  }

  /** A study that can be recorded in, as far as the register tells. */
  private async registered(code: string): Promise<WritableLog<Study, StudyRecord> | Refusal> {
    if (!(await this.logs.isRegistered(code)))
      return refuse('study-unknown', `There is no study ${code} here: register it first.`, 'study');
    // The store is not asked: where another process wrote meanwhile, the append fails with a conflict.
    const log = await this.logs.writableStudy(code);
    if (log.open.size > 0 || (await this.study(code)).size > 0) return log;
    return refuse(
      'study-unfinished',
      `The registration of ${code} was cut off: send the same RegisterStudy again.`,
      'study',
    );
  }
}

/** Commands whose study is worth a record in the lab at once. */
const MILESTONES: ReadonlySet<string> = new Set([
  'ApproveProtocol',
  'SignRecords',
  'CloseStudy',
  'ArchiveStudy',
]);

/** Signatures come in numbers; only those by which a study is closed or archived do not wait for the next hour. */
function isStampedAtOnce(definition: CommandDefinition, { data }: StudyCommand): boolean {
  const { meaning } = data as Partial<SignRecords['data']>;
  return definition !== signRecords || meaning === 'closed' || meaning === 'archived';
}
