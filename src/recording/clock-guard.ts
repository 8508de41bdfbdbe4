import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { CLOCK_TOLERANCE_MS } from '../lab/clock-doubts.js';
import type { Lab } from '../lab/lab.js';
import { utcInstant } from '../study/instant.js';
import { refuse, type Refusal } from '../study/refusal.js';

const DAY_MS = 86_400_000;
/** A ledger is hardly ever left alone for longer than this, and a wrong year is more. */
const SILENCE_MS = 366 * DAY_MS;
const LEAP_MS = DAY_MS;
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

/** What the wall clock said when it was first seen to have leapt ahead, and the newest recorded time before that. */
export interface Leap {
  readonly clockMs: number;
  readonly lastMs: number;
}

/**
 * Notices a clock that leapt ahead, before it stamps records that nobody could have made then: recorded times never go
 * back, so one wrong hour would stay visible for ever.
 */
export class ClockGuard {
  /** When the clocks were compared first, and again each time that a person has confirmed the wall clock. */
  #base: { wall: number; monotonic: number; boot: number } | undefined;
  #confirmedMs: number | undefined;
  #reported = 0;
  #leap: Leap | undefined;

  /** Without steady clocks, only the time since the last record is judged. */
  constructor(
    private readonly wall: () => number,
    private readonly steady?: SteadyClocks,
    private readonly report: (message: string) => void = () => undefined,
  ) {
    this.#setBase();
  }

  /** A leap by less than is refused, until it is recorded. */
  get leap(): Leap | undefined {
    return this.#leap;
  }

  leapIsRecorded(): void {
    this.#leap = undefined;
  }

  /** Why the clock is not believed; `recordedMs` is the time of the newest record that is known. */
  refusal(lab: Lab, recordedMs: number): Refusal | undefined {
    if (lab.simulated || lab.size === 0) return undefined;
    const now = this.wall();
    const last = Math.max(lab.recordedMs, recordedMs);
    if (now - last > SILENCE_MS) return refuseLeap(now, `the last record is of ${utcInstant(last)}`);
    if (lab.clockConfirmedMs > (this.#confirmedMs ??= lab.clockConfirmedMs)) {
      this.#confirmedMs = lab.clockConfirmedMs;
      this.#setBase();
    }
    const ahead = this.#aheadMs(now);
    if (ahead > LEAP_MS)
      return refuseLeap(now, `it ran ${hoursOf(ahead)} hours ahead of the machine's other clocks`);
    if (ahead > CLOCK_TOLERANCE_MS && ahead > this.#reported + CLOCK_TOLERANCE_MS) {
      this.#reported = ahead;
      if (last < now) this.#leap ??= { clockMs: now, lastMs: last };
      this.report(
        `The clock (${utcInstant(now)}) leapt ahead by ${Math.round(ahead / 1000)} s. Is it right?`,
      );
    }
    return undefined;
  }

  #setBase(): void {
    const { steady } = this;
    this.#base = steady && { wall: this.wall(), monotonic: steady.monotonic(), boot: steady.boot() };
    this.#reported = 0;
  }

  /**
   * How far the wall clock is ahead of the steady ones. The one that says less counts: the other may stop while the machine
   * sleeps. The boot-time clock costs a file read, so it is asked only where the monotonic one says that there is a leap.
   */
  #aheadMs(now: number): number {
    if (!this.#base || !this.steady) return 0;
    const { wall, monotonic, boot } = this.#base;
    const ahead = now - (wall + this.steady.monotonic() - monotonic);
    return ahead > CLOCK_TOLERANCE_MS ? Math.min(ahead, now - (wall + this.steady.boot() - boot)) : ahead;
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
