import type { Weighed, WeighingLimits } from '../../study/welfare/weigh.js';
import { numberText } from './phrase.js';

/** What a weight means, while it is typed: `95.0 % of the heaviest, −5.0 % since the last.` */
export function weighedInWords(weighed: Weighed, { last }: Pick<WeighingLimits, 'last'>): string {
  const { percentOfHeaviest, changePercent } = weighed;
  if (last === null || changePercent === null) return 'The first weight.';
  const change = `${changePercent > 0 ? '+' : ''}${numberText(changePercent, 1)} % since the last`;
  return `${numberText(percentOfHeaviest, 1)} % of the heaviest, ${change}.`;
}

/** What is to be done at once: a sentence for each endpoint that is reached. */
export function reachedInWords({ lossPercent, reached }: Weighed): string[] {
  return reached.map(
    ({ description }) =>
      `${numberText(lossPercent, 1)} % below the heaviest weight: a humane endpoint is reached (${description}). Tell the veterinarian and decide.`,
  );
}

/** Why a weight looks like a slip, as part of a sentence; undefined where it does not. */
export function doubtOf(
  { isFar, isOutside, changePercent }: Weighed,
  { range, last }: Pick<WeighingLimits, 'range' | 'last'>,
): string | undefined {
  if (isOutside && range)
    return `outside the plausible ${numberText(range[0], 0)} to ${numberText(range[1], 0)} g`;
  if (isFar && last !== null && changePercent !== null)
    return `${numberText(Math.abs(changePercent), 0)} % from the last weight of ${numberText(last, 1)} g`;
  return undefined;
}

/** The same as a sentence, while the weight is typed. */
export function doubtInWords(weighed: Weighed, limits: WeighingLimits): string | undefined {
  const doubt = doubtOf(weighed, limits);
  return doubt && `${doubt[0]!.toUpperCase()}${doubt.slice(1)}: check it, and say why where it is right.`;
}

/** Whether a reason is a number and nothing else: then it is the weight of the next animal. */
export function isNumberAlone(reason: string): boolean {
  return /^[+−-]?\s*\d[\d\s.,]*\s*(k?g|%)?$/i.test(reason.trim());
}

/** What is said of such a reason. */
export const NUMBER_ALONE = 'that is a number: say why in words';
