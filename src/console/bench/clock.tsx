import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { StudyHref } from '../parts/links.js';
import type { AtStimulation } from './at-stimulation.js';
import { Follows } from './before-stimulation.js';
import { plannedMs } from './stimulating.js';

/** What `client/lib/stimulation.ts` is told. */
export interface ClockData {
  /** Names the stimulation that runs in this tab. */
  readonly key: string;
  readonly animal: string;
  readonly plannedMs: number | undefined;
  readonly readings: readonly { readonly minute: number; readonly href: string }[];
  readonly tolerance: number;
  readonly offsetMinutes: number;
  /** Now, on the clock of the server. */
  readonly nowMs: number;
}

/** Names what a tab keeps of a stimulation that runs. */
export function clockKey(code: string, animal: string): string {
  return `stimulation ${code} ${animal}`;
}

/** The clock, which needs a script. Without one the form is filled in when the stimulation has ended. */
export function Clock({ at }: { readonly at: AtStimulation }): JSX.Element {
  const { code, stimulating, offsetMinutes, nowMs } = at;
  const { animal, setting, minutes, tolerance, assay } = stimulating;
  const href = useContext(StudyHref);
  const readingAt = (minute: number): string =>
    assay === undefined
      ? href('/bench/threshold', { animal, minute: String(minute) })
      : href('/bench/enter/record-measurement', {
          animal,
          'data.assay': assay,
          'data.minute': String(minute),
        });
  const data: ClockData = {
    key: clockKey(code, animal),
    animal,
    plannedMs: plannedMs(setting),
    readings: minutes.map((minute) => ({ minute, href: readingAt(minute) })),
    tolerance,
    offsetMinutes,
    nowMs,
  };
  return (
    <>
      <Follows at={at} />
      <section class="clock" data-clock={JSON.stringify(data)} aria-label="Clock" hidden>
        <p class="time" data-part="time" role="timer" />
        <output class="told" data-part="told" />
        <ul class="due" data-part="readings" />
        <div class="does">
          <button type="button" class="send" data-does="begin">
            Begin the stimulation
          </button>
          <button type="button" data-does="pause">
            Pause
          </button>
          <button type="button" data-does="go-on">
            Go on
          </button>
          <button type="button" class="send" data-does="end">
            It has ended
          </button>
          <button type="button" data-does="abort">
            Stop early
          </button>
          <button type="button" data-does="resume">
            It still runs
          </button>
        </div>
        <label class="why" data-part="why">
          <span data-part="why-label">Why</span>
          <input data-part="reason" autoComplete="off" />
        </label>
      </section>
    </>
  );
}
