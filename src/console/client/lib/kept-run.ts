import type { Paw, RunEvent, RunSetting } from '../../bench/run.js';

/** A run in progress, so that loading the page again does not lose it. */
export interface KeptRun {
  /** The id of its command: sent twice, it is recorded once. */
  readonly id: string;
  readonly paw: Paw;
  /** As it was when the run was begun: the protocol may be amended meanwhile. */
  readonly setting: RunSetting;
  readonly events: readonly RunEvent[];
  readonly why: string;
}

/** What tells one run in progress from another: an animal has one at a time. */
export interface RunPlace {
  readonly study: string;
  readonly subject: string;
  readonly session?: string | undefined;
  readonly minute?: string | undefined;
}

const PREFIX = 'run in progress ';

/** Of this tab, as long as it is open. */
export function keepRun(place: RunPlace, run: KeptRun | undefined): void {
  if (run) sessionStorage.setItem(keyOf(place), JSON.stringify(run));
  else sessionStorage.removeItem(keyOf(place));
}

export function keptRun(place: RunPlace): KeptRun | undefined {
  const text = sessionStorage.getItem(keyOf(place));
  return text === null ? undefined : (JSON.parse(text) as KeptRun);
}

/** Runs of the study that were begun in this tab and neither recorded nor stopped. */
export function otherRuns(here: RunPlace): RunPlace[] {
  return Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX) && key !== keyOf(here))
    .map((key) => JSON.parse(key.slice(PREFIX.length)) as (string | null)[])
    .map(([study, subject, session, minute]) => ({
      study: study ?? '',
      subject: subject ?? '',
      session: session ?? undefined,
      minute: minute ?? undefined,
    }))
    .filter(({ study }) => study === here.study);
}

function keyOf({ study, subject, session, minute }: RunPlace): string {
  return PREFIX + JSON.stringify([study, subject, session, minute]);
}
