import type { AnchorReason } from '../lab/events.js';
import type { LogName } from '../lab/origins.js';
import { refuse, type Refusal } from '../study/refusal.js';
import { anchoring, clockAnomaly, logsWithNews } from './anchor-facts.js';
import type { Anchorer, EvidenceState } from './anchorer.js';
import type { Engine } from '../recording/engine.js';
import type { LedgerFolder } from './ledger-folder.js';
import { SigningError, isOwnNote } from '../signing/signing.js';
import { evidenceOf, standingOf, type Standing } from './watch-state.js';
import { Timestamps } from './timestamps.js';
import { Witnesses, quorumTime, witnessesOf } from './witnesses.js';

const HEARTBEAT_MS = 3_600_000;
/** Milestones that fall together are recorded together. */
const COALESCE_MS = 1000;
const SOONEST_MS = 1000;

/** Why a head is recorded now, where the records themselves do not say. */
export interface Round {
  readonly reason?: AnchorReason;
  /** Only these logs; all with news where left out. */
  readonly logs?: readonly LogName[];
}

/**
 * Records the heads of all logs in the lab, signs the lab's head, publishes it, and has it witnessed and stamped. Each
 * round compares what is with what is recorded, published and answered, and does what is missing: nothing is queued,
 * so a crash between any two steps is healed by the next round. Nothing here ever stops recording.
 */
export class Anchoring implements Anchorer {
  private readonly witnesses: Witnesses;
  private readonly timestamps: Timestamps | undefined;
  private readonly problems = new Map<string, string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private asked: Promise<void> | undefined;
  private milestoneAt: NodeJS.Timeout | undefined;
  private retryAt: NodeJS.Timeout | undefined;
  private urgent = false;
  private stopped = false;

  constructor(
    private readonly engine: Engine,
    private readonly folder: LedgerFolder,
    private readonly report: (message: string) => void = () => undefined,
  ) {
    const { config, anchors, authority } = folder;
    this.witnesses = new Witnesses(engine, anchors, witnessesOf(config.witnesses), (alarm) =>
      this.raise(alarm),
    );
    this.timestamps = authority && new Timestamps(engine, anchors, authority);
  }

  /** A round now, and one each interval. The timers keep no process alive. */
  start(): void {
    const timer = setInterval(() => void this.anchor(), this.folder.intervalMs);
    this.timers.add(timer.unref());
    void this.anchor();
  }

  milestone(): void {
    this.urgent = true;
    if (this.stopped || this.timers.size === 0) return;
    this.milestoneAt ??= setTimeout(() => {
      this.milestoneAt = undefined;
      void this.anchor();
    }, COALESCE_MS).unref();
  }

  /** A whole round that begins after the call. It never rejects: what went wrong stands in `standing`. */
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

  /** Before anything is signed, each witness is asked once whether it knows of more than is here. */
  ready(): Promise<void> {
    return (this.asked ??= this.ask().catch((error: unknown) => this.note('lab', error)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.milestoneAt);
    clearTimeout(this.retryAt);
    await this.running?.catch(() => undefined);
  }

  evidenceOf(labRecord: number): EvidenceState {
    return evidenceOf(this.engine.labNow, this.folder, labRecord);
  }

  standing(): Standing {
    const { engine, folder } = this;
    const { alarm } = engine;
    return {
      ...standingOf(engine.labNow, folder, engine.clock()),
      ...(alarm && { alarm: { code: alarm.code, message: alarm.message } }),
      problems: Object.fromEntries(this.problems),
    };
  }

  /** What a ledger that is to be watched, and is not, does not begin or end. What happens to an animal is recorded. */
  refusal(command: string): Refusal | undefined {
    if (!GATED.has(command)) return undefined;
    const { state } = standingOf(this.engine.labNow, this.folder, this.engine.clock());
    if (state === 'commissioning' && command === 'RegisterStudy') {
      return refuse(
        'not-commissioned',
        'Witnesses or a time-stamp authority are named for this ledger and have not answered yet: no study begins before they have. See study-ledger anchors.',
      );
    }
    if (state !== 'unanchored') return undefined;
    return refuse(
      'ledger-unanchored',
      'The witnesses that the policy asks for have not been heard for too long: no study begins or ends until they are. See study-ledger anchors.',
    );
  }

  private async guarded(round: Round): Promise<void> {
    if (this.stopped) return;
    this.problems.clear();
    try {
      await this.round(round);
    } catch (error) {
      this.note('lab', error);
    }
    this.retry();
  }

  private async round({ reason, logs }: Round): Promise<void> {
    const isUrgent = this.urgent || reason === 'export';
    this.urgent = false;
    await this.ready();
    await this.noteClock();
    for (const log of logs ?? (await logsWithNews(this.engine))) {
      await this.anchorLog(log, reason).catch((error: unknown) => this.note(log, error));
    }
    await this.timestamps?.recordKept();
    await this.publish();
    const newest = this.folder.anchors.newest(isOwnNote(this.engine.labNow));
    if (!newest || this.engine.alarm) return;
    await Promise.all([this.send(newest), this.stamp(newest, isUrgent)]);
  }

  private async noteClock(): Promise<void> {
    const lab = await this.engine.lab();
    const anomaly = clockAnomaly(this.engine, lab, lab.recordedMs);
    if (anomaly) await this.engine.recordInLab(anomaly);
  }

  /** Signed and kept before it is recorded: then every anchor has a note of exactly its size. */
  private async anchorLog(log: LogName, reason: AnchorReason | undefined): Promise<void> {
    const lab = await this.engine.lab();
    const head = await this.engine.signed(log);
    if (head.size <= (lab.anchors.get(log)?.size ?? 0)) return;
    this.folder.anchors.keep(log, head.size, head.note);
    const open = await this.engine.log(log);
    await this.engine.recordInLab(anchoring(this.engine, lab, open, head, reason));
  }

  /** Not where all that is new are time stamps, which would ask for the next, unless the daily one is due. */
  private async publish(): Promise<void> {
    const lab = await this.engine.lab();
    const { anchors } = this.folder;
    const last = anchors.newest(isOwnNote(this.engine.labNow))?.size ?? 0;
    if (lab.newsSize <= last && (lab.size === last || !this.timestamps?.isDue(last, false))) return;
    const { size, note } = await this.engine.signed('lab');
    anchors.keep('lab', size, note);
    anchors.remember({ published: { size, at: this.engine.clock() } });
  }

  private async send(newest: { size: number; note: string }): Promise<void> {
    if (this.witnesses.all.length === 0) return;
    const now = this.engine.clock();
    await this.witnesses.send(
      newest,
      ({ size, at, next }) => next <= now && (size < newest.size || now - at >= HEARTBEAT_MS),
    );
    const at = quorumTime(
      this.witnesses,
      this.folder.anchors,
      this.folder.policy() ?? '',
      newest,
      this.engine.clock(),
    );
    if (at !== undefined) this.folder.anchors.remember({ quorum: { size: newest.size, at } });
  }

  private async stamp({ size, note }: { size: number; note: string }, isUrgent: boolean): Promise<void> {
    const first = this.engine.labNow.stamp === undefined;
    if (this.timestamps?.isDue(size, isUrgent || first)) await this.timestamps.stamp(size, note);
  }

  private async ask(): Promise<void> {
    const newest = this.folder.anchors.newest(isOwnNote(this.engine.labNow));
    if (!newest || this.witnesses.all.length === 0) return;
    const { size } = await this.engine.log('lab');
    if (size >= newest.size) await this.witnesses.send(newest, () => true);
  }

  private raise(alarm: SigningError): void {
    this.folder.writeAlarm({ code: alarm.code, message: alarm.message });
    this.engine.raise(alarm);
    this.report(alarm.message);
  }

  private note(log: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.problems.set(log, message);
    this.report(error instanceof SigningError ? message : `anchoring ${log}: ${message}`);
  }

  /** Whoever failed is asked again before the next interval, after a delay that grows. */
  private retry(): void {
    if (this.stopped || this.timers.size === 0) return;
    const { witnesses, authority } = this.folder.anchors.state;
    const failed = [...this.witnesses.all.map(({ id }) => witnesses[id]), authority].filter(
      (contact) => contact !== undefined && contact.failures > 0,
    );
    if (failed.length === 0) return;
    const soonest = Math.min(...failed.map((contact) => contact?.next ?? 0)) - this.engine.clock();
    clearTimeout(this.retryAt);
    this.retryAt = setTimeout(() => void this.anchor(), Math.max(SOONEST_MS, soonest)).unref();
  }
}

const GATED: ReadonlySet<string> = new Set(['RegisterStudy', 'CloseStudy', 'ExportBundle']);

/** For a process that only reads: it sees how far anchoring has come, and asks nobody. */
export function readingAnchorer(engine: Engine, folder: LedgerFolder): Anchorer & { standing(): Standing } {
  return {
    milestone: () => undefined,
    refusal: () => undefined,
    ready: async () => undefined,
    stop: async () => undefined,
    evidenceOf: (labRecord) => evidenceOf(engine.labNow, folder, labRecord),
    standing() {
      const alarm = folder.alarm();
      return { ...standingOf(engine.labNow, folder, engine.clock()), ...(alarm && { alarm }) };
    },
  };
}
