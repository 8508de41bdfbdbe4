import { findExcessRights } from '../store/kurrentdb/excess-rights.js';
import { verifyLedger } from '../verify/folder/verify-ledger.js';

export interface CheckedPlace {
  readonly data: string;
  readonly store?: string | undefined;
}

/** A finding that somebody should look at, as a sentence. */
export type Check = (place: CheckedPlace) => Promise<readonly string[]>;

const AFTER_START_MS = 5000;

/** At this hour of the local clock the nightly check begins. */
const NIGHT_HOUR = 2;

/**
 * Everything in a ledger's folder derived again from its bytes, beside the process that records and without its memory:
 * it reads by a connection of its own, and hashes on another thread.
 */
export const selfCheck: Check = async ({ data, store }) => {
  const { findings, logs } = await verifyLedger(data, {
    store,
    report: () => undefined,
    threads: 1,
    joins: false,
  });
  const failures = findings
    .filter(({ severity }) => severity === 'fail')
    .map(({ log, message }) => `${log}: ${message}`);
  const streams = logs.map(({ log }) => log);
  return store === undefined ? failures : [...failures, ...(await findExcessRights(store, streams))];
};

/** The self-check at the start and each night, in the background; recording never waits for it. */
export class SelfChecks {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly place: CheckedPlace,
    private readonly report: (message: string) => void,
    private readonly check: Check = selfCheck,
  ) {}

  /** The first one waits until a start has settled; nothing keeps the process alive for it. */
  start(): void {
    this.timer = setTimeout(() => void this.run(), AFTER_START_MS).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One check; it never rejects. Afterwards the next night's is set. */
  async run(): Promise<void> {
    try {
      for (const finding of await this.check(this.place))
        if (!this.stopped) this.report(`self-check: ${finding}`);
    } catch (error) {
      if (!this.stopped) this.report(`the self-check could not be made: ${(error as Error).message}`);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.run(), millisecondsTo(NIGHT_HOUR, new Date())).unref();
  }
}

function millisecondsTo(hour: number, now: Date): number {
  const next = new Date(now);
  next.setHours(hour, 0, 0, 0);
  if (next <= now) next.setDate(next.getDate() + 1);
  return next.getTime() - now.getTime();
}
