import { tellRemoved, tidyAttachments } from './attachments.js';
import { tidyDisclosures } from '../identity/tidy-disclosures.js';
import { findExcessRights } from '../store/kurrentdb/excess-rights.js';
import { isStoreError } from '../store/store-error.js';
import { verifyLedger } from '../verify/folder/verify-ledger.js';
import { openLedgerForReading } from './open-ledger.js';

export interface CheckedLedger {
  readonly data: string;
  readonly store?: string | undefined;
  /** Is told what was deleted. */
  readonly report?: ((message: string) => void) | undefined;
}

/** Finds what somebody should look at, each as a sentence. */
export type Check = (ledger: CheckedLedger) => Promise<readonly string[]>;

const AFTER_START_MS = 5000;

/** After a check that the store did not answer, the next one follows soon. */
const AFTER_OUTAGE_MS = 300_000;

/** At this hour of the local clock the nightly check begins. */
const NIGHT_HOUR = 2;

/**
 * Verifies a ledger's folder from its bytes while the server records. It uses nothing of the server's memory: it reads
 * through a connection of its own, and hashes on another thread.
 */
export const selfCheck: Check = async ({ data, store, report }) => {
  const { findings, logs } = await verifyLedger(data, {
    store,
    report: () => undefined,
    threads: 1,
    joins: false,
  });
  const failures = findings
    .filter(({ severity }) => severity === 'fail')
    .map(({ log, message }) => `${log}: ${message}`);
  await tidyAgain({ data, store, report }, failures.length === 0);
  const streams = logs.map(({ log }) => log);
  return store === undefined ? failures : [...failures, ...(await findExcessRights(store, streams))];
};

/** A server that runs for months carries out what other processes left undone, too. */
async function tidyAgain({ data, store, report }: CheckedLedger, isWhole: boolean): Promise<void> {
  const { engine, folder } = await openLedgerForReading(data, { store });
  try {
    const { disclosures, attachments } = folder;
    const place = { store: engine.store, lab: await engine.lab(), disclosures, attachments };
    const at = { nowMs: Date.now(), isWhole };
    await tidyDisclosures(place, at);
    const removed = tellRemoved(await tidyAttachments(place, at));
    if (removed !== undefined) report?.(removed);
  } finally {
    await engine.close();
  }
}

/** Runs the self-check after the start and each night, in the background. Recording never waits for it. */
export class SelfChecks {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly ledger: CheckedLedger,
    private readonly report: (message: string) => void,
    private readonly check: Check = selfCheck,
    /** Gets all findings of a check, also where there is none. */
    private readonly keep: (findings: readonly string[]) => void = () => undefined,
  ) {}

  /** Its timers do not keep the process alive. */
  start(): void {
    this.timer = setTimeout(() => void this.run(), AFTER_START_MS).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Runs one check and schedules the next. It never rejects. */
  async run(): Promise<void> {
    let isAnswered = true;
    try {
      const findings = await this.check(this.ledger);
      this.keep(findings);
      for (const finding of findings) if (!this.stopped) this.report(`self-check: ${finding}`);
    } catch (error) {
      isAnswered = !isStoreError(error, 'unavailable');
      const problem = `the self-check could not be made: ${(error as Error).message}`;
      this.keep([problem]);
      if (!this.stopped) this.report(problem);
    }
    if (this.stopped) return;
    const pauseMs = isAnswered ? millisecondsTo(NIGHT_HOUR, new Date()) : AFTER_OUTAGE_MS;
    this.timer = setTimeout(() => void this.run(), pauseMs).unref();
  }
}

function millisecondsTo(hour: number, now: Date): number {
  const next = new Date(now);
  next.setHours(hour, 0, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}
