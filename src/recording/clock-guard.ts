import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Lab } from '../lab/lab.js';
import { utcInstant } from '../study/instant.js';
import { refuse, type Refusal } from '../study/refusal.js';

const DAY_MS = 86_400_000;
/** A ledger is hardly ever left alone for longer than this, and a wrong year is more. */
const SILENCE_MS = 366 * DAY_MS;
const LEAP_MS = DAY_MS;
/** A leap that is only reported. Clocks are adjusted by less. */
const NOTABLE_MS = 120_000;

/** The command by which a person says that the clock is right. */
export const CONFIRM_CLOCK = 'ConfirmClock';

/** Milliseconds that have passed, by clocks that nobody sets: since the process began, and since the machine did. */
export interface SteadyClocks {
  monotonic(): number;
  boot(): number;
}

export const STEADY_CLOCKS: SteadyClocks = {
  monotonic: () => performance.now(),
  boot: () => 1000 * uptime(),
};

/**
 * Notices a clock that leapt ahead, before it stamps records that nobody could have made then: recorded times never go
 * back, so one wrong hour would stay visible for ever.
 */
export class ClockGuard {
  readonly #start: { wall: number; monotonic: number; boot: number } | undefined;
  #reported = 0;

  /** Without steady clocks, only the time since the last record is judged. */
  constructor(
    private readonly wall: () => number,
    private readonly steady?: SteadyClocks,
    private readonly report: (message: string) => void = () => undefined,
  ) {
    this.#start = steady && { wall: wall(), monotonic: steady.monotonic(), boot: steady.boot() };
  }

  /** Why the clock is not believed; `recordedMs` is the time of the newest record that is known. */
  refusal(lab: Lab, recordedMs: number): Refusal | undefined {
    if (lab.simulated || lab.size === 0) return undefined;
    const now = this.wall();
    const last = Math.max(lab.recordedMs, recordedMs);
    if (now - last > SILENCE_MS) return refuseLeap(now, `the last record is of ${utcInstant(last)}`);
    const ahead = this.#aheadMs(now, lab.clockConfirmedMs);
    if (ahead > LEAP_MS)
      return refuseLeap(now, `it ran ${hoursOf(ahead)} hours ahead of the machine's other clocks`);
    if (ahead > NOTABLE_MS && ahead > this.#reported + NOTABLE_MS) {
      this.#reported = ahead;
      this.report(
        `The clock (${utcInstant(now)}) leapt ahead by ${Math.round(ahead / 1000)} s. Is it right?`,
      );
    }
    return undefined;
  }

  /**
   * How far the wall clock is ahead of the steady ones. The one that says less counts: the other may stop while the machine
   * sleeps. The boot-time clock costs a file read, so it is asked only where the monotonic one says that there is a leap.
   */
  #aheadMs(now: number, confirmedMs: number): number {
    if (!this.#start || !this.steady) return now - Math.max(now, confirmedMs);
    const { wall, monotonic, boot } = this.#start;
    const ahead = now - Math.max(wall + this.steady.monotonic() - monotonic, confirmedMs);
    return ahead > NOTABLE_MS ? Math.min(ahead, now - (wall + this.steady.boot() - boot)) : ahead;
  }
}

function hoursOf(ms: number): number {
  return Math.round(ms / 3_600_000);
}

function refuseLeap(now: number, why: string): Refusal {
  return refuse(
    'clock-leap',
    `The clock says ${utcInstant(now)}, and ${why}. Nothing is recorded until the clock is put right, or confirmed with study-ledger clock confirm --cause "…".`,
  );
}
