import type { Watch } from '../anchoring/watch.js';
import type { HeadSigner } from '../signing/head-signer.js';
import type { SigningError } from '../signing/signing-error.js';
import type { RecordAttributes } from '../study/record.js';
import type { Refusal } from '../study/refusal.js';
import type { GroupOptions } from './record-group.js';
import { CONFIRM_CLOCK, type ClockGuard } from './clock-guard.js';
import type { OpenLogs } from './open-logs.js';
import type { Receipt } from './open-stream.js';
import type { WritableLog } from './writable-log.js';
import type { Proposal } from './write-plan.js';

/**
 * The one place that decides whether anything may be recorded, and the one way to the write queues: commands, anchors,
 * time stamps, exports, key rotations and the record of a restore all pass it.
 *
 * While the lab holds less or something else than was signed of it, nothing is recorded anywhere; while another log does,
 * nothing in that one (and no anchor of it, since signing its head fails). A restore brings the records back first, so its
 * own record passes like any other.
 */
export class RecordingGate {
  constructor(
    private readonly logs: OpenLogs,
    private readonly heads: HeadSigner,
    private readonly watch: Watch,
    private readonly clock: ClockGuard | undefined,
  ) {}

  /** Records what is proposed, or says why not. */
  async record<S extends { readonly recordedMs: number }, R extends RecordAttributes>(
    log: WritableLog<S, R>,
    proposal: Proposal<S, R>,
  ): Promise<Receipt | Refusal> {
    const refusal = (await this.contradiction(log)) ?? this.leap(log.open.state, proposal.command);
    if (refusal) return refusal;
    // What is recorded already is only answered.
    const isRepeated = log.open.answerTo(proposal.commandId) !== undefined;
    const unwatched = isRepeated ? undefined : this.unwatched(proposal.command);
    return unwatched ?? log.queue.submit(proposal);
  }

  /** As `recordGroup`, or why nothing may be recorded. */
  async recordTogether<S extends { readonly recordedMs: number }, R extends RecordAttributes>(
    log: WritableLog<S, R>,
    proposals: readonly Proposal<S, R>[],
    options?: GroupOptions,
  ): Promise<Receipt[] | Refusal> {
    const commands = new Set(proposals.map(({ command }) => command));
    const refusal =
      (await this.contradiction(log)) ??
      this.leap(log.open.state) ??
      [...commands].map((command) => this.unwatched(command)).find(Boolean);
    return refusal ?? log.queue.submitTogether(proposals, options);
  }

  /** Why nothing may be recorded in a log at present; in the lab where none is named. */
  async refusal(log?: Checked & Folded): Promise<Refusal | undefined> {
    return (await this.contradiction(log)) ?? this.leap(log?.open.state ?? this.logs.labNow);
  }

  /** Why a ledger that is to be watched, and is not, does not take what such a command does. */
  unwatched(command: string): Refusal | undefined {
    return this.watch.refusal(command, this.logs.labNow);
  }

  /** A clock that leapt ahead is believed only once a person has confirmed it. */
  private leap({ recordedMs }: { readonly recordedMs: number }, command?: string): Refusal | undefined {
    return command === CONFIRM_CLOCK ? undefined : this.clock?.refusal(this.logs.labNow, recordedMs);
  }

  private async contradiction(log?: Checked): Promise<Refusal | undefined> {
    const lab = await this.logs.writable('lab');
    // What a witness said in an earlier process, it may have taken back.
    if (this.watch.alarm) await this.watch.ready(this.logs);
    const error = this.watch.alarm?.refusal ? this.watch.alarm : await this.contradictionOf(lab);
    return (error ?? (log && (await this.contradictionOf(log))))?.refusal;
  }

  private async contradictionOf({
    name,
    contradiction,
    isChecked,
  }: Checked): Promise<SigningError | undefined> {
    return contradiction ?? (isChecked ? undefined : this.heads.check(name));
  }
}

interface Folded {
  readonly open: { readonly state: { readonly recordedMs: number } };
}

type Checked = Pick<WritableLog<never, never>, 'name' | 'contradiction' | 'isChecked'>;
