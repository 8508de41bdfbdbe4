import type { JSX } from 'preact';
import type { RunFlag } from '../../study/rules/up-down.js';
import { FLAG_MEANINGS } from '../words/flags.js';
import { PLOT_LEFT, PLOT_RIGHT, filamentY, plotBox } from './run-plot.js';
import { beginRun, readRun, type Paw, type RunSetting } from './run.js';
import { filamentLines, filamentText, recordWords, whyAsked } from './run-words.js';

/** What the script is told of a run. */
export interface RunData {
  readonly study: string;
  readonly subject: string;
  readonly paw: Paw;
  readonly session?: string | undefined;
  readonly minute?: string | undefined;
  readonly setting: RunSetting;
  /** Which paw is the ipsilateral one. */
  readonly pawMeant: string | undefined;
  /** What each departure means, as the end of a sentence. */
  readonly meanings: Readonly<Partial<Record<RunFlag, string>>>;
  /** The clock of the server when the page was made, and how far that of the facility is ahead of UTC. */
  readonly nowMs: number;
  readonly offsetMinutes: number;
  /** A departure that is known before the first touch, as a sentence: why is asked. */
  readonly due?: string | undefined;
}

const FLAGS: readonly RunFlag[] = [
  'ambiguous',
  'end-of-ladder',
  'repeated-filament',
  'skipped-step',
  'stopped-early',
  'stopped-late',
  'too-short',
  'wrong-direction',
  'wrong-start',
];

export const RUN_MEANINGS: RunData['meanings'] = Object.fromEntries(
  FLAGS.map((flag) => [flag, FLAG_MEANINGS[flag]]),
);

/** Usual reasons; any other can be typed. */
const REASONS = [
  'another filament was in hand',
  'the animal would not settle',
  'the paw was injured',
  'the time was over',
  'the run is begun anew',
];

/**
 * The stage of a run, as it stands before the first touch. The script fills it in: everything that changes has its place
 * from the beginning, so that nothing jumps.
 */
export function RunStage({ data }: { readonly data: RunData }): JSX.Element {
  const { setting, subject, paw } = data;
  const { asked } = readRun(setting, beginRun(paw));
  const first = setting.ladder.filaments.find(({ label }) => label === asked.next)!;
  const [large, small] = filamentLines(first);
  return (
    <section class="run" data-run={JSON.stringify(data)}>
      <output class="restored" data-part="restored" />
      <fieldset class="paws">
        <legend class="unseen">Paw</legend>
        {(['ipsilateral', 'contralateral'] as const).map((one) => (
          <label>
            <input type="radio" name="run-paw" value={one} checked={one === paw} /> {one} paw
          </label>
        ))}
        {data.pawMeant !== undefined && <small class="quiet">{data.pawMeant}</small>}
      </fieldset>
      <output class="departures" data-part="turned" />
      <fieldset
        class="stage"
        tabIndex={0}
        aria-label={`Run of ${subject}`}
        aria-describedby="run-asked"
        data-part="stage"
      >
        <div class="act">
          <p class="take" id="run-asked">
            <span class="quiet" data-part="do">
              Take
            </span>{' '}
            <strong data-part="label">{large}</strong> <span data-part="grams">{small}</span>
          </p>
          <p class="why" data-part="why">
            {whyAsked(asked)}
          </p>
          <div class="answers">
            <button type="button" data-response="O">
              <b aria-hidden="true">O</b> no withdrawal
            </button>
            <button type="button" data-response="X">
              <b aria-hidden="true">X</b> withdrawal
            </button>
          </div>
          <div class="less">
            <button type="button" data-response="?">
              Paw moved, ambiguous
            </button>
            <details data-part="others">
              <summary>Another filament was used</summary>
              <div class="filaments">
                {setting.ladder.filaments.map((filament) => (
                  <button type="button" data-filament={filament.label} aria-pressed="false">
                    {filamentText(filament)}
                  </button>
                ))}
              </div>
            </details>
            <button type="button" data-strike="mistyped">
              Undo: mistyped
            </button>
            <button type="button" data-strike="moved">
              Undo: paw had moved
            </button>
          </div>
        </div>
        <div class="end">
          <output data-part="departures" class="departures" />
          <label data-part="reason-field" hidden>
            <span data-part="reason-label">Why?</span>
            <input data-part="reason" autoComplete="off" maxLength={400} list="run-reasons" />
            <datalist id="run-reasons">
              {REASONS.map((reason) => (
                <option>{reason}</option>
              ))}
            </datalist>
          </label>
          <p class="refused" data-part="refused" role="alert" />
          <div class="confirm">
            <button type="button" class="main" data-part="record" disabled>
              {recordWords(paw, false)}
            </button>
            <button type="button" data-part="stop" disabled>
              Stop the run
            </button>
            <button type="button" data-part="go-on" hidden>
              Go on with the run
            </button>
            <span class="quiet" data-part="ending" />
          </div>
        </div>
        <div class="so-far">
          <Plot setting={setting} />
          <p class="estimate">
            <span class="quiet" data-part="so-far">
              50 % threshold so far
            </span>{' '}
            <strong data-part="estimate">none yet</strong> <span class="quiet" data-part="more" />
          </p>
          <ol class="touches" data-part="touches" aria-label="Touches" />
        </div>
      </fieldset>
      <label class="tickbox keys">
        <input type="checkbox" data-part="keys" checked />
        <span>
          Single keys while the run has the focus: <kbd>O</kbd> or <kbd>←</kbd>, <kbd>X</kbd> or <kbd>→</kbd>,{' '}
          <kbd>?</kbd> or <kbd>↓</kbd>; <kbd>Backspace</kbd> strikes a mistyped touch, <kbd>M</kbd> one where
          the paw had moved. <kbd>Enter</kbd> records a run that is over.
        </span>
      </label>
      <p class="unseen" data-part="live" aria-live="polite" />
    </section>
  );
}

/** The ladder with its labels; marks are added by the script. The list of touches says the same as text. */
function Plot({ setting: { ladder } }: { readonly setting: RunSetting }): JSX.Element {
  return (
    <svg
      class="up-down"
      viewBox={plotBox(ladder, 0)}
      preserveAspectRatio="xMinYMin meet"
      aria-hidden="true"
      data-part="plot"
    >
      {ladder.filaments.map(({ label }, position) => (
        <>
          <line
            x1={PLOT_LEFT}
            x2={PLOT_RIGHT}
            y1={filamentY(ladder, position)}
            y2={filamentY(ladder, position)}
          />
          <text x={PLOT_LEFT - 10} y={filamentY(ladder, position) + 5} text-anchor="end">
            {label}
          </text>
        </>
      ))}
      <path class="level" data-part="level" d="" />
      <g data-part="marks" />
    </svg>
  );
}
