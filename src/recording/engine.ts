import type { BundleExported } from '../lab/access.js';
import type { Lab, LabRecord } from '../lab/lab.js';
import type { KeyRing } from '../signing/key-ring.js';
import { esignName, originOf, studyLog, type LogName } from '../lab/origins.js';
import { hashFromBase64 } from '../tlog/encoding.js';
import type { TreeHead } from '../tlog/merkle.js';
import type { EventStore } from '../store/event-store.js';
import type { CommandDefinition, StudyCommand } from '../study/commands/common/command.js';
import type { StudyRecord } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Study } from '../study/study.js';
import { exporting } from './access-records.js';
import type { Anchorer, EvidenceState } from '../anchoring/anchorer.js';
import { passingCustody, type Custody } from '../signing/custody.js';
import { recorded } from './lab-records.js';
import { defaultPolicy } from '../anchoring/lab-policy.js';
import type { Live } from './live.js';
import { OpenLogs } from './open-logs.js';
import type { Receipt } from './open-stream.js';
import { digestOfCommand, nowFrom, recording, type Now } from './recording.js';
import { Rehearsal } from './dry-run.js';
import { SIMULATED_BEGINNING, codeTaken, initialising, takingCode } from './register-study.js';
import { retry } from '../shared/retry.js';
import { sha256Hex } from '../shared/sha256.js';
import {
  Signing,
  SigningError,
  isOwnNote,
  signedHead,
  type SignableLog,
  type SignedHead,
} from '../signing/signing.js';
import type { OpenLog } from './streams.js';
import type { Waiting } from './write-plan.js';

export type { OpenStudy } from './streams.js';

/** A leader that was paused and resumed answers old reads for up to 4 s. */
const MARK_PATIENCE = { pauseMs: 100, giveUpMs: 10_000 };

export interface EngineOptions {
  readonly openRecords?: number;
  readonly custody?: Custody;
}

/**
 * The logs that are open, the one way by which a command becomes records, and what is signed of them. It has no state
 * that is not a fold of the store: closing it at any moment loses nothing that was answered.
 */
export class Engine extends OpenLogs {
  readonly now: Now;
  anchorer: Anchorer | undefined;
  private readonly custody: Custody;
  private keys: Signing | undefined;

  constructor(
    store: EventStore,
    readonly clock: () => number,
    { openRecords, custody = passingCustody() }: EngineOptions = {},
  ) {
    super(store, openRecords);
    this.now = nowFrom(clock);
    this.custody = custody;
  }

  /** Makes an empty store a ledger; does nothing where it is one. `policy` is the text of the lab policy. */
  async initialise(facility: string, simulated: boolean, commandId: string, policy?: string): Promise<void> {
    const { size } = await this.lab();
    if (size > 1) return;
    if (size === 0) await this.begin(facility, simulated, commandId, policy);
    // A first mark, so that from now on a missing one is noticed. Another's ledger keeps the mark that it has.
    await this.signed('lab').catch((error: unknown) => {
      if (size === 0 || !(error instanceof SigningError)) throw error;
    });
  }

  private async begin(
    facility: string,
    simulated: boolean,
    commandId: string,
    policy?: string,
  ): Promise<void> {
    const signing = this.signing(simulated);
    const vkey = (log: LogName, name = originOf(facility, log)): string => signing.keyOf(log, name, 1).vkey;
    const keys = { lab: vkey('lab'), access: vkey('access'), esign: vkey('lab', esignName(facility)) };
    const data = { facility, simulated, keys, policy: sha256Hex(policy ?? defaultPolicy(keys.lab)) };
    const now: Now = simulated ? () => SIMULATED_BEGINNING : this.now;
    const answer = await this.labStream.queue.submit(initialising(data, commandId, now));
    if (answer instanceof Refusal && (await this.lab()).size === 0) throw new Error(answer.message);
  }

  /**
   * The head of a log with its signed note, or an older signed one that is large enough; never one that contradicts
   * another that was signed.
   * @throws SigningError.
   */
  async signed(name: LogName, atLeast?: number): Promise<SignedHead> {
    await this.anchorer?.ready();
    try {
      return await this.withMarksOfOthers(name, (signing, log) => signing.sign(log, atLeast));
    } catch (error) {
      if (error instanceof SigningError) (await this.liveLog(name)).distrust(error);
      throw error;
    }
  }

  /** The first mark of a lab whose marks are lost. Only for a person who has recorded that they are. */
  async signAgain(): Promise<void> {
    const lab = await this.lab();
    const log = this.signable(lab, 'lab', await this.log('lab'));
    await this.signing(lab.simulated).sign({ ...log, hasSigned: false });
  }

  /** Compares a log with what was signed, anchored and published of it; what speaks against recording in it on. */
  async check(name: LogName): Promise<SigningError | undefined> {
    const live = await this.liveLog(name);
    return live.checked(async () => {
      await this.withMarksOfOthers(name, (signing, log) => signing.check(log));
    });
  }

  /**
   * Where other processes record and sign as well, what they have signed may be more than what has arrived here: then
   * it is read on for a while, before that counts as a store that is behind.
   */
  private async withMarksOfOthers<T>(
    name: LogName,
    use: (signing: Signing, log: SignableLog) => Promise<T>,
  ): Promise<T> {
    const attempt = async (): Promise<T> => {
      const lab = await this.lab();
      return use(this.signing(lab.simulated), this.signable(lab, name, await this.log(name)));
    };
    const mayArrive = (error: unknown): boolean =>
      !this.store.soleWriter && error instanceof SigningError && error.code === 'store-behind-mark';
    return retry(attempt, mayArrive, MARK_PATIENCE);
  }

  /** Every key of this ledger; undefined where its seed is not at hand. */
  get ring(): KeyRing | undefined {
    return this.signing(this.labNow.simulated).ring;
  }

  /** Nothing is signed any more; and nothing recorded, where a larger log than this one was seen. */
  raise(alarm: SigningError): void {
    this.signing(this.labNow.simulated).alarm = alarm;
    this.labStream.distrust(alarm);
  }

  /** What keeps this ledger from signing, as far as it has been noticed. */
  get alarm(): SigningError | undefined {
    return this.keys?.alarm ?? this.labStream.trouble;
  }

  evidenceOf(labRecord: number): EvidenceState {
    return this.anchorer?.evidenceOf(labRecord) ?? 'lab';
  }

  /** Records what the ledger itself has to say in the lab. */
  async recordInLab(waiting: Waiting<Lab, LabRecord>): Promise<Receipt> {
    await this.lab();
    return recorded(await this.labStream.queue.submit(waiting));
  }

  /** Records in the access log that a bundle was handed out; repeating it under the same id records it once. */
  async recordExport(
    data: BundleExported,
    who: { actor: string; role: string; id: string },
  ): Promise<Receipt> {
    const lab = await this.lab();
    await this.log('access');
    return recorded(await this.accessStream.queue.submit(exporting(data, who, lab.size, this.now)));
  }

  /** Records a command, or says why not. */
  async execute(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | Refusal> {
    const { study: code } = command.submission;
    await this.labOnceOpen();
    const stopped = await this.stopped('lab', this.labStream);
    if (stopped) return stopped;
    if (definition.name === 'RegisterStudy') return this.register(definition, command);
    const live = await this.registered(code);
    if (live instanceof Refusal) return live;
    const unfit = (await this.stopped(studyLog(code), live)) ?? this.anchorer?.refusal(definition.name);
    if (unfit) return unfit;
    const answer = await live.queue.submit(
      recording(definition, command, this.labStream.open.size, this.now),
    );
    if (!(answer instanceof Refusal) && MILESTONES.has(definition.name)) this.anchorer?.milestone();
    return answer;
  }

  /** To decide many commands before the first of them is recorded. */
  async rehearsal(code: string): Promise<Rehearsal | Refusal> {
    await this.lab();
    const live = await this.registered(code);
    if (live instanceof Refusal) return live;
    const stopped = (await this.stopped('lab', this.labStream)) ?? (await this.stopped(studyLog(code), live));
    if (stopped) return stopped;
    if (!this.store.soleWriter) await live.open.catchUp();
    return new Rehearsal(live.open, this.labStream.open.size, this.now);
  }

  /** A study that can be recorded in, as far as the register tells. */
  private async registered(code: string): Promise<Live<Study, StudyRecord> | Refusal> {
    if (!(await this.isRegistered(code)))
      return refuse('study-unknown', `There is no study ${code} here: register it first.`, 'study');
    // Without a look at the store: where another process wrote meanwhile, the append says so.
    const live = await this.liveStudy(code);
    if (live.open.size > 0 || (await this.study(code)).size > 0) return live;
    return refuse(
      'study-unfinished',
      `The registration of ${code} was cut off: send the same RegisterStudy again.`,
      'study',
    );
  }

  /** Lets go of everything, the store last. */
  async close(): Promise<void> {
    await this.anchorer?.stop();
    await this.store.close();
  }

  /** Two streams, so two appends: first the code is taken in the lab, then the study begins. */
  private async register(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | Refusal> {
    const { study: code, id } = command.submission;
    const { open, queue } = await this.liveStudy(code);
    if (open.size > 0) {
      return open.answerTo(id) ? queue.submit(recording(definition, command, 0, this.now)) : codeTaken(code);
    }
    // What the study itself would refuse is refused before its code is taken for ever.
    const rehearsed = recording(definition, command, 0, this.now).decide(open.state, 0);
    if (rehearsed instanceof Refusal) return rehearsed;
    const unfit = this.anchorer?.refusal(definition.name);
    if (unfit) return unfit;
    const vkey = this.keyForStudy(code);
    if (vkey instanceof Refusal) return vkey;
    const digest = digestOfCommand(definition, command);
    const taken = await this.labStream.queue.submit(takingCode(definition, command, digest, vkey, this.now));
    if (taken instanceof Refusal) return taken;
    const number = (await this.lab()).studies.get(code)?.number ?? 0;
    return queue.submit(recording(definition, command, number + 1, this.now));
  }

  /** A study's key is published with its code, so without the ledger's own seed no study begins. */
  private keyForStudy(code: string): string | Refusal {
    const lab = this.labNow;
    const { facility, epoch } = lab;
    const signing = this.signing(lab.simulated);
    const origin = originOf(facility, 'lab');
    const published = lab.keys.get(origin)?.at(-1)?.vkey;
    if (signing.ring?.key(origin, epoch).vkey === published)
      return signing.keyOf(studyLog(code), originOf(facility, studyLog(code)), epoch).vkey;
    return refuse(
      'signing-key-missing',
      'The seed of this ledger is not at hand, so no study can get a key: start the server with it.',
    );
  }

  private async stopped(
    name: LogName,
    live: Live<Study, StudyRecord> | Live<Lab, LabRecord>,
  ): Promise<Refusal | undefined> {
    const trouble = live.trouble ?? (live.isChecked ? undefined : await this.check(name));
    return trouble?.refusal;
  }

  private signable(lab: Lab, name: LogName, open: OpenLog): SignableLog {
    const origin = originOf(lab.facility, name);
    const anchor = lab.anchors.get(name);
    const known: TreeHead[] = anchor ? [{ size: anchor.size, root: hashFromBase64(anchor.root) }] : [];
    const keys = lab.keys.get(origin) ?? [];
    const published = name === 'lab' ? this.custody.published(isOwnNote(lab)) : undefined;
    const head = published === undefined ? undefined : signedHead(published, origin, keys);
    if (head) known.push(head);
    return {
      name,
      origin,
      tree: open.log,
      damaged: open.damaged,
      keys,
      known,
      hasSigned: name === 'lab' && lab.size > 1,
      stands: () => open.stands(),
    };
  }

  private signing(simulated: boolean): Signing {
    return (this.keys ??= new Signing(this.custody.ring(simulated), this.custody.marks));
  }
}

/** Commands whose study is worth a record in the lab at once. */
const MILESTONES: ReadonlySet<string> = new Set(['ApproveProtocol', 'CloseStudy']);
