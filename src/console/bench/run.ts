import type { Ladder } from '../../study/rules/ladder.js';
import { deriveThreshold, type Reading, type Threshold, type Touch } from '../../study/rules/threshold.js';
import { nextFilament, runFlags, type NextFilament, type RunFlag } from '../../study/rules/up-down.js';

export type Paw = 'ipsilateral' | 'contralateral';
export type StrikeReason = 'mistyped' | 'moved';

/** What a run is made under: the ladder of the protocol, and its rules of derivation. */
export interface RunSetting {
  readonly ladder: Ladder;
  readonly reading: Reading;
}

/** What is done at the bench, in order. */
export type RunEvent =
  | { readonly does: 'touch'; readonly response: Touch['response']; readonly time: string }
  /** Another filament than that of the rule is in hand for the next touch. */
  | { readonly does: 'take'; readonly filament: string }
  /** The last touch that stands is struck through. */
  | { readonly does: 'strike'; readonly why: StrikeReason }
  | { readonly does: 'turn'; readonly paw: Paw }
  /** The run is left before the rule has completed it. */
  | { readonly does: 'stop' }
  | { readonly does: 'go-on' };

/** A touch that was made. It is never deleted: a struck one says why. */
export interface MadeTouch extends Touch {
  readonly time: string;
  readonly struck?: StrikeReason;
}

export interface Run {
  readonly paw: Paw;
  /** All touches in order; the place of the first is 1. */
  readonly made: readonly MadeTouch[];
  /** The filament in hand, where that is not the one of the rule. */
  readonly taken: string | undefined;
  readonly isStopped: boolean;
}

/** What a run says so far. */
export interface RunState {
  /** Those that stand. */
  readonly touches: readonly MadeTouch[];
  /** What the rule asks for. */
  readonly asked: NextFilament;
  /** Label of the filament to apply; null once the run is complete. */
  readonly filament: string | null;
  /** The rule completed the run, or it was stopped and a touch stands: it can be recorded. */
  readonly isOver: boolean;
  readonly threshold: Threshold;
  /** How it departs from the rule. A run that goes on is not yet stopped early. */
  readonly flags: readonly RunFlag[];
}

/** As many touches as a command takes. */
const MOST = 100;

export function beginRun(paw: Paw): Run {
  return { paw, made: [], taken: undefined, isStopped: false };
}

/** The run after one more event. What cannot be done any more, such as a touch after the last, changes nothing. */
export function foldRun(setting: RunSetting, run: Run, event: RunEvent): Run {
  switch (event.does) {
    case 'touch': {
      const { filament } = readRun(setting, run);
      if (filament === null || run.isStopped || run.made.length >= MOST) return run;
      const { response, time } = event;
      return { ...run, made: [...run.made, { filament, response, time }], taken: undefined };
    }
    case 'take': {
      const { asked } = readRun(setting, run);
      if (asked.complete || !setting.ladder.filaments.some(({ label }) => label === event.filament))
        return run;
      return { ...run, taken: event.filament === asked.next ? undefined : event.filament };
    }
    case 'strike': {
      const last = run.made.findLastIndex(({ struck }) => struck === undefined);
      if (last < 0) return run;
      const made = run.made.map((touch, place) => (place === last ? { ...touch, struck: event.why } : touch));
      return { ...run, made, taken: undefined };
    }
    case 'turn':
      return { ...run, paw: event.paw };
    case 'stop':
      return readRun(setting, run).asked.complete ? run : { ...run, isStopped: true };
    case 'go-on':
      return { ...run, isStopped: false };
  }
}

/** What was read of a run, which never changes. */
const known = new WeakMap<Run, { readonly setting: RunSetting; readonly state: RunState }>();

export function readRun(setting: RunSetting, run: Run): RunState {
  const before = known.get(run);
  if (before?.setting === setting) return before.state;
  const state = read(setting, run);
  known.set(run, { setting, state });
  return state;
}

function read({ ladder, reading }: RunSetting, run: Run): RunState {
  const touches = run.made.filter(({ struck }) => struck === undefined);
  const asked = nextFilament(ladder, touches);
  const flags = touches.length === 0 ? [] : runFlags(ladder, touches);
  return {
    touches,
    asked,
    filament: asked.complete ? null : (run.taken ?? asked.next),
    isOver: touches.length > 0 && (asked.complete || run.isStopped),
    threshold: deriveThreshold(ladder, touches, reading),
    flags: run.isStopped ? flags : flags.filter((flag) => flag !== 'stopped-early'),
  };
}

/** Departures that somebody chose: why is asked before they are recorded. */
const CHOSEN: ReadonlySet<RunFlag> = new Set([
  'repeated-filament',
  'skipped-step',
  'stopped-late',
  'wrong-direction',
  'wrong-start',
]);

export function chosenDepartures(flags: readonly RunFlag[]): RunFlag[] {
  return flags.filter((flag) => CHOSEN.has(flag));
}

/** The departures that a touch with the filament in hand would add, whatever the response. */
export function departuresToBe(ladder: Ladder, { touches, filament, flags }: RunState): RunFlag[] {
  if (filament === null) return [];
  const then = runFlags(ladder, [...touches, { filament, response: '?' }]);
  return chosenDepartures(then).filter((flag) => !flags.includes(flag));
}

/** What a run is recorded with, beside what was done. */
export interface RunAbout {
  /** The id of the command. */
  readonly id: string;
  readonly subject: string;
  readonly session?: string | undefined;
  readonly minute?: string | undefined;
  readonly reason?: string | undefined;
  readonly stopReason?: string | undefined;
}

/** The run as fields of the form of RecordThreshold. It happened when its first touch was made. */
export function runPairs(setting: RunSetting, run: Run, about: RunAbout): [name: string, value: string][] {
  const { touches } = readRun(setting, run);
  const { id, subject, session = '', minute = '', reason = '', stopReason = '' } = about;
  const pairs: [string, string][] = [
    ['id', id],
    ['subject', subject],
    ['occurredAt', touches[0]?.time ?? ''],
    ['reason', reason],
    ['data.paw', run.paw],
    ['data.ladder', setting.ladder.id],
    ['data.session', session],
    ['data.minute', minute],
    ['data.stopReason', run.isStopped ? stopReason : ''],
    ...touches.flatMap(({ filament, response, time }, index) =>
      members(`data.touches[${index}]`, { filament, response, time }),
    ),
    ...run.made
      .map((touch, index) => ({ ...touch, place: String(index + 1) }))
      .flatMap(({ place, filament, response, struck }) =>
        struck === undefined ? [] : [{ place, filament, response, why: struck }],
      )
      .flatMap((touch, index) => members(`data.struck[${index}]`, touch)),
  ];
  return pairs.filter(([, value]) => value !== '');
}

function members(path: string, of: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(of).map(([name, value]) => [`${path}.${name}`, value]);
}
