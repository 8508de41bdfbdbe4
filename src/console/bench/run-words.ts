import type { Filament, Ladder } from '../../study/rules/ladder.js';
import type { Threshold, Touch } from '../../study/rules/threshold.js';
import type { NextFilament } from '../../study/rules/up-down.js';
import { gramsText } from '../words/phrase.js';
import { boundText, methodInWords } from '../words/threshold.js';
import type { MadeTouch, Paw, Run, RunState } from './run.js';

/** A filament in two lines: what is printed on it, large, and its force where that is not the same. */
export function filamentLines({ label, grams }: Filament): [large: string, small: string] {
  return label === grams ? [`${grams} g`, ''] : [label, `${grams} g`];
}

export function filamentText(filament: Filament): string {
  const [large, small] = filamentLines(filament);
  return small === '' ? large : `${large} (${small})`;
}

/** Which paw is meant, for whoever has the animal in hand. */
export function pawInWords(operated: 'left' | 'right' | undefined): string {
  return operated === undefined
    ? 'Ipsilateral: the paw on the side that will be operated.'
    : `Ipsilateral: the ${operated} paw, on the side that was operated.`;
}

export const OTHER_PAW = { ipsilateral: 'contralateral', contralateral: 'ipsilateral' } as const;

/** On the button: whoever presses it reads which paw the run is of. */
export function recordWords(paw: Paw, isStopped: boolean): string {
  return `Record the ${isStopped ? 'stopped ' : ''}run of the ${paw} paw`;
}

/** Said where the paw was changed after the first touch. */
export function turnedWords({ paw, made }: Run, begunWith: Paw): string {
  if (paw === begunWith || made.length === 0) return '';
  return `All touches of this run now count for the ${paw} paw. It was begun with the ${OTHER_PAW[paw]} one.`;
}

const WHY = {
  start: 'The run starts here.',
  heavier: 'Heavier, after no withdrawal.',
  lighter: 'Lighter, after a withdrawal.',
  'repeat-ambiguous': 'Again: the response could not be told.',
  'six-critical-responses': 'The run is complete: six critical responses.',
  'end-of-ladder': 'The run is complete: the ladder ends here.',
} as const;

export function whyAsked({ reason }: NextFilament): string {
  return WHY[reason];
}

/** The estimate in two parts: the number or the bound, and what else is to be known of it. */
export function estimateLines(threshold: Threshold): [value: string, more: string] {
  const { status, grams, bound, run } = threshold;
  if (bound && grams !== null)
    return [
      gramsText(grams),
      `outside the ladder: counts as ${boundText(bound)} (${methodInWords(threshold)})`,
    ];
  if (bound) return [boundText(bound), 'a bound: the response never changed up to the end of the ladder'];
  if (grams !== null) return [gramsText(grams), methodInWords(threshold) ?? ''];
  if (status === 'too-short') return ['none', 'too few touches for a bound at this end of the ladder'];
  if (run === '') return ['none yet', 'it takes a response'];
  return ['none yet', status === 'incomplete' ? 'the response has not changed' : 'these touches give none'];
}

const STRUCK = { mistyped: 'mistyped', moved: 'paw had moved' } as const;

/** `2 g O`; a struck one says why. */
export function touchText(
  { filament, response, struck }: Touch & Pick<MadeTouch, 'struck'>,
  { filaments }: Ladder,
): string {
  const named = filaments.find(({ label }) => label === filament);
  const text = `${named ? filamentText(named) : filament} ${response}`;
  return struck === undefined ? text : `${text}, ${STRUCK[struck]}`;
}

/** The last touch, what comes next and the estimate, for those who do not see the page. */
export function tellRun({ made, isStopped }: Run, { filament, threshold }: RunState, ladder: Ladder): string {
  const [estimate, more] = estimateLines(threshold);
  const last = made.at(-1);
  const next = ladder.filaments.find(({ label }) => label === filament);
  return [
    last ? `${touchText(last, ladder)}.` : '',
    next && !isStopped ? `Take ${filamentText(next)}.` : 'The run is over.',
    `50 % threshold ${estimate}${more === '' ? '' : `, ${more}`}.`,
  ].join(' ');
}
