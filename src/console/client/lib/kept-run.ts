import type { Paw, RunEvent, RunSetting } from '../../bench/run.js';
import { ofTab } from './browser-storage.js';
import { element } from './elements.js';
import { personOfPage } from './unlock.js';

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
  if (run) ofTab.set(keyOf(place), JSON.stringify(run));
  else ofTab.remove(keyOf(place));
}

export function keptRun(place: RunPlace): KeptRun | undefined {
  const text = ofTab.get(keyOf(place));
  return text === null ? undefined : (JSON.parse(text) as KeptRun);
}

/** Says which runs of the study were begun in this tab and not recorded, and leads to one’s own: nobody goes on with another’s. */
export function otherRunsTold(here: RunPlace): (Node | string)[] {
  const keys = ofTab.keys().filter((key) => key.startsWith(PREFIX) && key !== keyOf(here));
  return keys.flatMap((key) => {
    const parts = JSON.parse(key.slice(PREFIX.length)) as (string | null)[];
    const [study, subject = '', session, minute, person] = parts;
    if (study !== here.study) return [];
    if (person !== personHere())
      return [`A run of ${subject} was begun by ${person || 'nobody'} and not recorded. `];
    const query = new URLSearchParams({
      animal: subject ?? '',
      ...(session && { session }),
      ...(minute && { minute }),
    });
    const link = element('a', { href: `${location.pathname}?${query}` }, `go on with it`);
    return [`A run of ${subject} was begun and not recorded: `, link, '. '];
  });
}

function keyOf({ study, subject, session, minute }: RunPlace): string {
  return PREFIX + JSON.stringify([study, subject, session, minute, personHere()]);
}

function personHere(): string {
  return personOfPage()?.person ?? '';
}
