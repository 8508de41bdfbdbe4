import type { AnchorReason } from '../lab/events.js';
import { logsOf } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import type { Engine } from '../recording/engine.js';
import { isOwnNote } from '../signing/signed-note.js';
import { concernsOneLog, isStoreError } from '../store/store-error.js';
import { proposeAnchor, proposeClockAnomaly, proposeClockLeap } from './anchor-facts.js';
import type { LedgerFolder } from './ledger-folder.js';
import type { LedgerWatch } from './ledger-watch.js';
import { Timestamps } from './timestamps.js';
import type { WatchStatus } from '../shared/watch-status.js';
import { quorumTime } from './witnesses.js';

const HEARTBEAT_MS = 3_600_000;
/** Milestones within this time are anchored together. */
const COALESCE_MS = 1000;
const SOONEST_MS = 1000;

/** A round of anchoring: why, where the records do not say, and which logs. */
export interface Round {
  readonly reason?: AnchorReason;
  /** Only these logs; all with news where left out. */
  readonly logs?: readonly LogName[];
}

/**
 * Records the heads of all logs in the lab, signs the lab's head, publishes it, and has it witnessed and stamped. Each
 * round compares what is with what is recorded, published and answered, and does what is missing. Nothing is queued, so
 * the next round makes good a crash between any two steps. Nothing here ever stops recording.
 */
export class Anchoring {
  private readonly timestamps: Timestamps | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private milestoneAt: NodeJS.Timeout | undefined;
  private retryAt: NodeJS.Timeout | undefined;
  private urgent = false;
  private stopped = false;

  constructor(
    private readonly engine: Engine,
    private readonly folder: LedgerFolder,
    private readonly watch: LedgerWatch,
  ) {
    const { anchors, authority } = folder;
    this.timestamps = authority && new Timestamps(engine, anchors, authority);
    engine.onMilestone((isStamped) => this.anchorSoon(isStamped));
    engine.beforeClosing(() => this.stop());
  }

  /** A round now, and one each interval. The timers keep no process alive. */
  start(): void {
    const timer = setInterval(() => void this.anchor(), this.folder.intervalMs);
    this.timers.add(timer.unref());
    void this.anchor();
  }

  private anchorSoon(isStamped: boolean): void {
    this.urgent ||= isStamped;
    if (this.stopped || this.timers.size === 0) return;
    this.milestoneAt ??= setTimeout(() => {
      this.milestoneAt = undefined;
      void this.anchor();
    }, COALESCE_MS).unref();
  }

  /** A whole round that begins after the call. It never rejects: `status` says what went wrong. */
  anchor(round: Round = {}): Promise<void> {
    if (!this.running) {
      this.running = this.guarded(round).finally(() => {
        this.running = undefined;
      });
      return this.running;
    }
    if (round.logs) return this.running.then(() => this.anchor(round));
    this.next ??= this.running.then(() => {
      this.next = undefined;
      return this.anchor(round);
    });
    return this.next;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.milestoneAt);
    clearTimeout(this.retryAt);
    await this.running?.catch(() => undefined);
  }

  status(): WatchStatus {
    return this.watch.status(this.engine.labNow);
  }

  private async guarded(round: Round): Promise<void> {
    if (this.stopped) return;
    this.watch.forgetProblems();
    try {
      await this.round(round);
    } catch (error) {
      this.watch.noteProblem('lab', error);
    }
    this.retry();
  }

  private async round({ reason, logs }: Round): Promise<void> {
    const isUrgent = this.urgent || reason === 'export';
    this.urgent = false;
    await this.watch.ready(this.engine);
    await this.watch.askDisputed(this.engine);
    const refusal = await this.engine.refusal();
    if (refusal) throw new Error(refusal.message);
    if (this.watch.alarm) throw this.watch.alarm;
    await this.noteClock((await this.engine.lab()).recordedMs);
    for (const log of logs ?? logsOf(await this.engine.lab()))
      if (log !== 'lab') await this.anchorOrName(log, reason);
    await this.timestamps?.recordKept();
    await this.publish();
    const newest = this.folder.anchors.newest(isOwnNote(this.engine.labNow));
    if (!newest || this.engine.alarm) return;
    const isExport = reason === 'export';
    await Promise.all([this.send(newest, isExport), this.stamp(newest, isUrgent, isExport)]);
  }

  /** @param recordedMs the newest recorded time of a log */
  private async noteClock(recordedMs: number): Promise<void> {
    const lab = await this.engine.lab();
    const { clockGuard } = this.engine;
    if (clockGuard?.leap) {
      await this.engine.recordInLab(proposeClockLeap(this.engine, clockGuard.leap));
      clockGuard.leapIsRecorded();
    }
    const anomaly = proposeClockAnomaly(this.engine, lab, recordedMs);
    if (anomaly) await this.engine.recordInLab(anomaly);
  }

  /** A damaged log is named; the others are anchored all the same. */
  private async anchorOrName(log: LogName, reason: AnchorReason | undefined): Promise<void> {
    try {
      await this.anchorLog(log, reason);
    } catch (error) {
      if (isStoreError(error) && !concernsOneLog(error)) throw error;
      this.watch.noteProblem(log, error);
    }
  }

  /**
   * The head is signed and kept before it is recorded, so every anchor has a note of exactly its size. A log without news
   * is not opened.
   */
  private async anchorLog(log: LogName, reason: AnchorReason | undefined): Promise<void> {
    const lab = await this.engine.lab();
    const anchored = lab.anchors.get(log)?.size ?? 0;
    if ((await this.engine.storedSize(log)) === anchored) return;
    await this.noteClock((await this.engine.log(log)).state.recordedMs);
    const head = await this.engine.signHead(log);
    if (head.size <= anchored) return;
    this.folder.anchors.keep(log, head.size, head.note);
    const open = await this.engine.log(log);
    await this.engine.recordInLab(proposeAnchor(this.engine, lab, open, head, reason));
  }

  /** Publishes nothing where only time stamps are new, since each would ask for the next; except for the daily one. */
  private async publish(): Promise<void> {
    const lab = await this.engine.lab();
    const { anchors } = this.folder;
    const last = anchors.newest(isOwnNote(this.engine.labNow))?.size ?? 0;
    if (lab.newsSize <= last && (lab.size === last || !this.timestamps?.isDue(last, false))) return;
    const { size, note } = await this.engine.signHead('lab');
    anchors.keep('lab', size, note);
    anchors.remember({ published: { size, at: this.engine.clock() } });
  }

  /** @param isNow who failed in the last round is asked again without waiting */
  private async send(newest: { size: number; note: string }, isNow: boolean): Promise<void> {
    const { witnesses } = this.watch;
    if (witnesses.all.length === 0) return;
    const now = this.engine.clock();
    await witnesses.send(
      this.engine,
      newest,
      ({ size, at, next }) => (isNow || next <= now) && (size < newest.size || now - at >= HEARTBEAT_MS),
    );
    const at = quorumTime(
      witnesses,
      this.folder.anchors,
      this.folder.policy() ?? '',
      newest,
      this.engine.clock(),
    );
    if (at !== undefined) this.folder.anchors.remember({ quorum: { size: newest.size, at } });
  }

  private async stamp(
    { size, note }: { size: number; note: string },
    isUrgent: boolean,
    isNow: boolean,
  ): Promise<void> {
    const first = this.engine.labNow.stamp === undefined;
    if (this.timestamps?.isDue(size, isUrgent || first, isNow)) await this.timestamps.stamp(size, note);
  }

  /** Asks witnesses and authority that failed again before the next interval, after a delay that grows. */
  private retry(): void {
    if (this.stopped || this.timers.size === 0) return;
    const { witnesses, authority } = this.folder.anchors.state;
    const failed = [...this.watch.witnesses.all.map(({ id }) => witnesses[id]), authority].filter(
      (contact) => contact !== undefined && contact.failures > 0,
    );
    if (failed.length === 0) return;
    const soonest = Math.min(...failed.map((contact) => contact?.next ?? 0)) - this.engine.clock();
    clearTimeout(this.retryAt);
    this.retryAt = setTimeout(() => void this.anchor(), Math.max(SOONEST_MS, soonest)).unref();
  }
}
