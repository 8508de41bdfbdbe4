import type { ResponderRule } from '../../study/protocol/rules.js';
import type { StandingVerdict } from '../../study/projections/responder-status.projection.js';
import { isPoint } from '../../study/rules/interval.js';
import { toGrams } from '../../study/rules/ladder.js';
import { Chart } from '../../study/rules/chart.js';
import type { ScoredRun } from '../../study/rules/measured-run.js';
import { preLesion } from '../../study/rules/reference.js';
import type { Interval } from '../../study/rules/threshold.js';
import { factsOf, type Fact, type Protocols } from '../../study/study.js';
import { cite, gramsText, numberText, type Phrase } from './phrase.js';

/** What a verdict is said with: for yes and for no. */
export interface Answers {
  readonly yes: string;
  readonly no: string;
}

interface Case {
  readonly verdict: StandingVerdict;
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
  const baseline = preLesion(new Chart(history, protocols));
  const test = citedRuns(one).find(({ fact }) => !baseline?.evidence().includes(fact.holder));
  const { rule } = verdict;
  if (!rule || (verdict.holds === null && verdict.why !== 'bound-does-not-settle')) return undecided(one);
  const metric = rule.metric as keyof typeof FALLS;
  return [
    ...(baseline ? ['Baseline ', inGramsText(baseline.log), ' (', ...cite(baseline.evidence()), '), '] : []),
    ...(test ? ['after the ligation ', inGramsText(test.log), ' (', ...cite([test.fact.holder]), '): '] : []),
    `${valueText(verdict, metric.includes('percent') ? 0 : 2)} ${FALLS[metric]}; `,
    ...conclusion(verdict, { yes: 'hypersensitive', no: 'not hypersensitive' }),
  ];
}

const FALLS = {
  'fall-log10e4': 'log units below',
  'fall-percent': '% below',
  percent: '% below',
  difference: 'g below',
  grams: 'g',
  absolute: 'g',
};

/** The same for the response to stimulation, alone or after a dose. */
export function responseArithmetic(one: Case): Phrase[] {
  const { verdict, history, protocols } = one;
  if (verdict.holds === null && verdict.why !== 'bound-does-not-settle') return undecided(one);
  const session = history.find(
    ({ type, holder }) => type === 'SCSApplied' && verdict.evidence.includes(holder),
  ) as Fact<'SCSApplied'> | undefined;
  const dose = history.find(({ number }) => number === session?.data.follows);
  const rule = protocols.of(session).responder;
  if (!rule) return undecided(one);
  const runs = citedRuns(one);
  const points = runs.filter(({ fact }) => fact.data.session === session?.number && isTimed(fact));
  const others = runs.filter((run) => !points.includes(run));
  const isBaseline = ({ fact }: ScoredRun): boolean => fact.at < (ligatedAt(history) ?? -Infinity);
  const [baseline, before] = [others.filter(isBaseline), others.filter((run) => !isBaseline(run))];
  return [
    ...(dose ? ['After dose ', { record: dose.holder }, ' and stimulation '] : ['Stimulation ']),
    ...(session ? [{ record: session.holder }] : []),
    ': ',
    ...listed('baseline', baseline),
    ...listed('before it', before),
    ...points.flatMap((run): Phrase[] => [
      `at ${run.fact.data.minute} min ${inGramsText(run.log)} (`,
      { record: run.fact.holder },
      '), ',
    ]),
    `${AGGREGATES[rule.aggregate]} ${riseText(rule, verdict)}; `,
    ...conclusion(verdict, { yes: 'responder', no: 'non-responder' }),
  ];
}

const AGGREGATES: Readonly<Record<ResponderRule['aggregate'], string>> = {
  any: 'the highest',
  max: 'the highest',
  mean: 'the mean',
  last: 'the last',
};

function riseText(rule: ResponderRule, verdict: StandingVerdict): string {
  switch (rule.metric) {
    case 'log10e4':
      return `${signedText(verdict, 2)} log units ${rule.reference === 'pre-lesion' ? 'against the baseline' : 'against before'}`;
    case 'grams':
    case 'difference':
      return `${signedText(verdict, 2)} g against before`;
    case 'percent':
      return `${signedText(verdict, 0)} % against before`;
    case 'absolute':
      return `${valueText(verdict, 2)} g`;
    case 'percent-pre-lesion':
      return `${valueText(verdict, 0)} % of the baseline`;
    case 'percent-mpe':
      return `${valueText(verdict, 0)} % of the way to the cut-off`;
    case 'percent-reversal':
      return `${valueText(verdict, 0)} % of the way back to the baseline`;
  }
}

function listed(what: string, runs: readonly ScoredRun[]): Phrase[] {
  return runs.flatMap((run): Phrase[] => [
    `${what} ${inGramsText(run.log)} (`,
    { record: run.fact.holder },
    '), ',
  ]);
}

function citedRuns({ verdict, history, protocols }: Case): ScoredRun[] {
  return [...new Chart(history, protocols).runs].filter(({ fact }) => verdict.evidence.includes(fact.holder));
}

function isTimed({ data }: Fact<'ThresholdRecorded'>): boolean {
  return data.minute !== undefined && data.minute > 0;
}

function ligatedAt(history: readonly Fact[]): number | undefined {
  return factsOf(history, 'NerveLigated')[0]?.at;
}

/** “limit 0.20, missed by 0.08, so non-responder since record #649.” */
export function conclusion(verdict: StandingVerdict, { yes, no }: Answers): Phrase[] {
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
    ...(since === null ? [] : [' since record ', { record: since }]),
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
  'assay-not-judged': 'Not judged: the rule names an assay, which this version does not judge yet.',
  'not-operated': 'Not known: no nerve has been ligated.',
  'no-baseline': 'Not known: there are too few runs before the ligation for a baseline.',
  'not-tested-yet': 'Not known: no run has been recorded since the day from which the rule judges.',
  'not-treated-yet': 'Not known: no such session has been recorded.',
  'session-aborted': 'Not known: the session was stopped before its end.',
  'too-few-points': 'Not known: too few runs fall on the minutes that the rule judges.',
  'no-reference': 'Not known: there is no run before the session to compare with.',
  'denominator-not-positive': 'Not known: the threshold had not fallen, so there is no way back to measure.',
  excluded: 'No verdict: the animal was excluded.',
};

/** A threshold on the log scale, in grams; a bound as such. */
export function inGramsText(log: Interval): string {
  if (isPoint(log)) return gramsText(toGrams(log.lower));
  if (log.upper === Infinity) return `at least ${gramsText(toGrams(log.lower))}`;
  if (log.lower === -Infinity) return `at most ${gramsText(toGrams(log.upper))}`;
  return `${gramsText(toGrams(log.lower))} to ${gramsText(toGrams(log.upper))}`;
}

function valueText({ value, between }: StandingVerdict, decimals: number): string {
  if (value !== null) return numberText(value, decimals);
  const [low, high] = between ?? [null, null];
  if (low !== null && high !== null) return `${numberText(low, decimals)} to ${numberText(high, decimals)}`;
  if (low !== null) return `at least ${numberText(low, decimals)}`;
  return high === null ? 'an unknown number of' : `at most ${numberText(high, decimals)}`;
}

function signedText(verdict: StandingVerdict, decimals: number): string {
  const text = valueText(verdict, decimals);
  return verdict.value !== null && verdict.value > 0 ? `+${text}` : text;
}

function digitsOf(value: number): number {
  return (String(value).split('.')[1] ?? '').length;
}
