import type { HypersensitivityRule, ResponderRule } from '../../study/protocol/rules.js';
import type {
  CaveatedVerdict,
  StandingVerdict,
} from '../../study/projections/responder-status.projection.js';
import { inductionOf } from '../../study/rules/induction.js';
import { isPoint } from '../../study/rules/interval.js';
import { Chart } from '../../study/rules/chart.js';
import type { Reading } from '../../study/rules/readings.js';
import { preLesion } from '../../study/rules/reference.js';
import { THRESHOLDS, judgedAssay, scaleOf, type Scale } from '../../study/rules/scale.js';
import type { Interval } from '../../study/rules/threshold.js';
import type { Fact, Protocols } from '../../study/study.js';
import { inductionInWords } from './induction.js';
import { cite, measuredText, numberText, type Phrase } from './phrase.js';

/** What a verdict is said with: for yes and for no. */
export interface Answers {
  readonly yes: string;
  readonly no: string;
}

interface Case {
  readonly verdict: CaveatedVerdict & Partial<StandingVerdict>;
  /** The effective facts of the animal. */
  readonly history: readonly Fact[];
  readonly protocols: Protocols;
}

/**
 * How the verdict on hypersensitivity comes about, as arithmetic: “Baseline 9.84 g (#262, #293), after ligation 3.09 g
 * (#425): 0.50 log units below; limit 0.20, so hypersensitive since record #425.”
 */
export function hypersensitivityArithmetic(one: Case): Phrase[] {
  const { verdict, history, protocols } = one;
  const induction = inductionOf(history, protocols);
  const protocol = protocols.of(induction);
  const { hypersensitivity: rule } = protocol;
  if (!rule || !isJudged(verdict)) return undecided(one);
  const chart = new Chart(history, protocols);
  const readings = chart.readingsOf(rule, protocol);
  const scale = scaleOf(judgedAssay(rule, protocol));
  const baseline = readings && preLesion(chart, readings);
  const cited = [...(readings?.all ?? [])].filter(({ fact }) => verdict.evidence.includes(fact.holder));
  const test = cited.find(({ fact }) => !baseline?.evidence().includes(fact.holder));
  return [
    ...(baseline
      ? ['Baseline ', readingText(baseline.value, scale), ' (', ...cite(baseline.evidence()), '), ']
      : []),
    ...(test
      ? [
          `after the ${inductionInWords(induction)} ${readingText(test.value, scale)} (`,
          ...cite([test.fact.holder]),
          '): ',
        ]
      : []),
    `${valueText(verdict, rule.metric.includes('percent') ? 0 : 2)}${FALLS[rule.metric](scale)}; `,
    ...conclusion(verdict, { yes: 'hypersensitive', no: 'not hypersensitive' }),
  ];
}

const worse = ({ relief }: Scale): string => (relief > 0 ? ' below' : ' above');

const FALLS: Readonly<Record<HypersensitivityRule['metric'], (scale: Scale) => string>> = {
  'fall-log10e4': () => ' log units below',
  'fall-percent': () => ' % below',
  percent: (scale) => ` %${worse(scale)}`,
  difference: (scale) => `${unitText(scale)}${worse(scale)}`,
  grams: () => ' g',
  absolute: unitText,
};

function isJudged({ holds, why }: CaveatedVerdict): boolean {
  return holds !== null || why === 'bound-does-not-settle';
}

/** The same for the response to stimulation, alone or after a dose. */
export function responseArithmetic(one: Case): Phrase[] {
  const { verdict, history, protocols } = one;
  if (!isJudged(verdict)) return undecided(one);
  const session = history.find(
    ({ type, holder }) => type === 'SCSApplied' && verdict.evidence.includes(holder),
  ) as Fact<'SCSApplied'> | undefined;
  const dose = history.find(({ number }) => number === session?.data.follows);
  const protocol = protocols.of(session);
  const { responder: rule } = protocol;
  if (!rule) return undecided(one);
  const scale = scaleOf(judgedAssay(rule, protocol));
  const readings = [...(new Chart(history, protocols).readingsOf(rule, protocol)?.all ?? [])];
  const cited = readings.filter(({ fact }) => verdict.evidence.includes(fact.holder));
  const points = cited.filter(({ fact }) => fact.data.session === session?.number && isTimed(fact));
  const others = cited.filter((reading) => !points.includes(reading));
  const dayZero = inductionOf(history, protocols)?.at ?? -Infinity;
  const isBaseline = ({ fact }: Reading): boolean => fact.at < dayZero;
  const [baseline, before] = [others.filter(isBaseline), others.filter((reading) => !isBaseline(reading))];
  return [
    ...(dose ? ['After dose ', { record: dose.holder }, ' and stimulation '] : ['Stimulation ']),
    ...(session ? [{ record: session.holder }] : []),
    ': ',
    ...listed('baseline', baseline, scale),
    ...listed('before it', before, scale),
    ...points.flatMap((reading) => listed(`at ${reading.fact.data.minute} min`, [reading], scale)),
    `${aggregateText(rule, scale)} ${riseText(rule, scale, verdict)}; `,
    ...conclusion(verdict, { yes: 'responder', no: 'non-responder' }),
  ];
}

function aggregateText({ aggregate, metric }: ResponderRule, { relief }: Scale): string {
  if (aggregate === 'mean' || aggregate === 'last') return `the ${aggregate}`;
  return relief < 0 && (metric === 'absolute' || metric === 'percent-pre-lesion')
    ? 'the lowest'
    : 'the highest';
}

/** A rise of thresholds has its sign; of an assay the words say what is relief. */
function riseText(rule: ResponderRule, scale: Scale, verdict: CaveatedVerdict): string {
  const against = rule.reference === 'pre-lesion' ? 'the baseline' : 'before';
  switch (rule.metric) {
    case 'log10e4':
      return `${signedText(verdict, 2)} log units against ${against}`;
    case 'grams':
    case 'difference':
      return `${signedText(verdict, 2)}${unitText(scale)}${ofRelief(scale)} against ${against}`;
    case 'percent':
      return `${signedText(verdict, 0)} %${ofRelief(scale)} against ${against}`;
    case 'absolute':
      return `${valueText(verdict, 2)}${unitText(scale)}`;
    case 'percent-pre-lesion':
      return `${valueText(verdict, 0)} % of the baseline`;
    case 'percent-mpe':
      return `${valueText(verdict, 0)} % of the way to the cut-off`;
    case 'percent-reversal':
      return `${valueText(verdict, 0)} % of the way back to the baseline`;
  }
}

/** Where a fall is relief, the sign is that of the relief. */
function ofRelief({ relief }: Scale): string {
  return relief > 0 ? '' : ' of relief';
}

function listed(what: string, readings: readonly Reading[], scale: Scale): Phrase[] {
  return readings.flatMap(({ value, fact }): Phrase[] => [
    `${what} ${readingText(value, scale)} (`,
    { record: fact.holder },
    '), ',
  ]);
}

function isTimed({ data }: Reading['fact']): boolean {
  return data.minute !== undefined && data.minute > 0;
}

function unitText({ unit }: Scale): string {
  return unit === '1' ? '' : ` ${unit}`;
}

/** “limit 0.20, missed by 0.08, so non-responder since record #649.” */
export function conclusion(verdict: Case['verdict'], { yes, no }: Answers): Phrase[] {
  const { holds, limit, margin, borderline, since, rule } = verdict;
  if (!rule || limit === null) return undecided({ verdict });
  const decimals = rule.metric.includes('percent') ? 0 : 2;
  const limitText = numberText(limit, Math.max(decimals, digitsOf(limit)));
  if (holds === null) return [`limit ${limitText}: the bound does not settle it.`];
  const by = margin === null ? '' : numberText(Math.abs(margin), decimals + 1);
  const how = margin === null ? '' : holds ? `, met by ${by}` : `, missed by ${by}`;
  return [
    `limit ${limitText}${how}${borderline ? ' (borderline)' : ''}, so `,
    holds ? yes : no,
    ...(since === null || since === undefined ? [] : [' since record ', { record: since }]),
    '.',
  ];
}

/** Why there is no verdict, as a sentence, with what it has so far. */
export function undecided({ verdict: { why, evidence } }: Pick<Case, 'verdict'>): Phrase[] {
  const reason = REASONS[why ?? ''] ?? `Not known: ${(why ?? '').replaceAll('-', ' ')}.`;
  return evidence.length === 0 ? [reason] : [reason, ' So far ', ...cite(evidence), '.'];
}

const REASONS: Readonly<Record<string, string>> = {
  'not-in-protocol': 'Not judged: the protocol has no rule for it.',
  'not-operated': 'Not known: no nerve has been operated.',
  'not-induced': 'Not known: the model has not been induced.',
  'site-not-known':
    'Not known: the animal has no injured side, so the site that the rule judges is not known.',
  'no-baseline': 'Not known: too little was measured before day 0 for a baseline.',
  'not-tested-yet': 'Not known: nothing has been measured since the day from which the rule judges.',
  'not-treated-yet': 'Not known: no such session has been recorded.',
  'session-aborted': 'Not known: the session was stopped before its end.',
  'too-few-points': 'Not known: there are readings at too few of the minutes that the rule judges.',
  'no-reference': 'Not known: nothing was measured before the session to compare with.',
  'denominator-not-positive':
    'Not known: the rule takes a percentage, and the value that it is a percentage of is zero.',
  excluded: 'No verdict: the animal was excluded.',
};

/** A threshold on the log scale, in grams; a bound as such. */
export function inGramsText(log: Interval): string {
  return readingText(log, THRESHOLDS);
}

/** A reading in its unit; a bound as such. */
export function readingText(value: Interval, { unit, inUnit }: Scale): string {
  const { lower, upper } = inUnit(value);
  if (isPoint(value)) return measuredText(lower, unit);
  if (value.upper === Infinity) return `at least ${measuredText(lower, unit)}`;
  if (value.lower === -Infinity) return `at most ${measuredText(upper, unit)}`;
  return `${measuredText(lower, unit)} to ${measuredText(upper, unit)}`;
}

function valueText({ value, between }: CaveatedVerdict, decimals: number): string {
  if (value !== null) return numberText(value, decimals);
  const [low, high] = between ?? [null, null];
  if (low !== null && high !== null) return `${numberText(low, decimals)} to ${numberText(high, decimals)}`;
  if (low !== null) return `at least ${numberText(low, decimals)}`;
  return high === null ? 'an unknown number of' : `at most ${numberText(high, decimals)}`;
}

function signedText(verdict: CaveatedVerdict, decimals: number): string {
  const text = valueText(verdict, decimals);
  return verdict.value !== null && verdict.value > 0 ? `+${text}` : text;
}

function digitsOf(value: number): number {
  return (String(value).split('.')[1] ?? '').length;
}
