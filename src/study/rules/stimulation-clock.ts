/**
 * The clock of a stimulation that runs. The page has what happened (begun, paused, gone on, ended); everything else
 * follows from it and from the time of day. Times are ms.
 */
export interface RunningStimulation {
  readonly begunMs: number;
  readonly pauses: readonly Pause[];
  readonly endedMs?: number;
}

export interface Pause {
  readonly fromMs: number;
  /** Absent while it lasts. */
  readonly untilMs?: number;
  readonly reason: string;
}

const MINUTE = 60_000;

/** For how long current has flowed: pauses do not count. */
export function stimulatedMs({ begunMs, pauses, endedMs }: RunningStimulation, nowMs: number): number {
  const until = endedMs ?? Math.max(nowMs, begunMs);
  return pauses.reduce(
    (left, pause) => left - (Math.min(pause.untilMs ?? until, until) - Math.min(pause.fromMs, until)),
    until - begunMs,
  );
}

export function isPaused({ pauses }: RunningStimulation): boolean {
  const last = pauses.at(-1);
  return last !== undefined && last.untilMs === undefined;
}

export function pausedAt(running: RunningStimulation, nowMs: number, reason: string): RunningStimulation {
  return { ...running, pauses: [...running.pauses, { fromMs: nowMs, reason }] };
}

export function goneOnAt(running: RunningStimulation, nowMs: number): RunningStimulation {
  const pauses = running.pauses.map((pause) =>
    pause.untilMs === undefined ? { ...pause, untilMs: nowMs } : pause,
  );
  return { ...running, pauses };
}

/** A reading that the protocol plans at a minute after the beginning. */
export interface PlannedReading {
  readonly minute: number;
  readonly dueMs: number;
  readonly state: 'ahead' | 'due' | 'missed' | 'done';
}

/**
 * The planned readings with what became of them. Minutes count from the beginning, pauses included, as records count them.
 * @param toleranceMinutes by how much a reading may differ from its minute without a flag.
 */
export function plannedReadings(
  { begunMs }: Pick<RunningStimulation, 'begunMs'>,
  minutes: readonly number[],
  done: ReadonlySet<number>,
  nowMs: number,
  toleranceMinutes: number,
): PlannedReading[] {
  return minutes.map((minute) => {
    const dueMs = begunMs + minute * MINUTE;
    const state = done.has(minute)
      ? 'done'
      : nowMs > dueMs + toleranceMinutes * MINUTE
        ? 'missed'
        : nowMs >= dueMs
          ? 'due'
          : 'ahead';
    return { minute, dueMs, state };
  });
}

/**
 * Minutes as a decimal: whole ones of a stimulation that ran to its end, and to the second of one that was stopped, with as
 * few digits as say that second; so is what lasted less than a minute. None is rounded up.
 */
export function durationText(lastedMs: number, outcome: 'completed' | 'aborted'): string {
  if (outcome === 'completed' && lastedMs >= MINUTE) return String(Math.floor(lastedMs / MINUTE));
  const seconds = Math.floor(lastedMs / 1000);
  // Two digits tell every second of a minute from the others.
  return String(Math.floor((seconds * 100) / 60) / 100);
}

/** Whether it ended before it had flowed for as long as is planned, in whole seconds. */
export function isCutShort(lastedMs: number, plannedMs: number | undefined): boolean {
  return plannedMs !== undefined && Math.floor(lastedMs / 1000) < Math.floor(plannedMs / 1000);
}

/** `14:05`, or `1:02:09` from an hour on; whole seconds that have passed. */
export function clockText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/**
 * The pauses in words, as they are recorded: `Paused at 12:30 min for 1:05 min: lead loose.` An abort ends with why.
 * One that lasts until the end has no length of its own.
 */
export function interruptionsInWords(running: RunningStimulation, aborted?: string): string | undefined {
  const told = running.pauses.map(({ fromMs, untilMs, reason }) => {
    const length = untilMs === undefined ? '' : ` for ${clockText(untilMs - fromMs)} min`;
    return `Paused at ${clockText(fromMs - running.begunMs)} min${length}: ${ended(reason)}`;
  });
  if (aborted !== undefined) {
    const at = running.endedMs === undefined ? '' : ` at ${clockText(running.endedMs - running.begunMs)} min`;
    told.push(`Stopped${at}: ${ended(aborted)}`);
  }
  return told.length > 0 ? told.join(' ') : undefined;
}

function ended(sentence: string): string {
  const text = sentence.trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
