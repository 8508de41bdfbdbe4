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

/** Why a weight looks like a slip; undefined where it does not. */
export function doubtInWords(
  { isFar, isOutside, changePercent }: Weighed,
  limits: WeighingLimits,
): string | undefined {
  const { range, last } = limits;
  if (isOutside && range)
    return `Outside the plausible ${numberText(range[0], 0)} to ${numberText(range[1], 0)} g: check it, and say why where it is right.`;
  if (isFar && last !== null && changePercent !== null)
    return `${numberText(Math.abs(changePercent), 0)} % from the last weight of ${numberText(last, 1)} g: check it, and say why where it is right.`;
  return undefined;
}
