import type { Protocol, ResponderRule } from '../../study/protocol.js';
import { formatQuantity } from '../../study/quantity.js';

/** A rule of the protocol: what it is about, and what it says with its numbers. */
export type Term = readonly [about: string, words: string];

/** A protocol in words, in the order in which a study meets its parts. */
export function protocolInWords(protocol: Protocol): Term[] {
  const { ladder, censoring, baseline, hypersensitivity: fall, stimulation, titration, welfare } = protocol;
  const fraction = stimulation.amplitudeFraction;
  return [
    ...(protocol.plannedSubjects === undefined
      ? []
      : [['Animals', `${protocol.plannedSubjects} planned`] as Term]),
    [
      'Filaments',
      `${ladder.filaments.map(({ label }) => label).join(', ')}, begun at ${ladder.start} (${ladder.id})`,
    ],
    ['Where a run gives only a bound', CENSORING[censoring.policy](censoring as never)],
    [
      'Baseline',
      `${baseline.aggregate === 'mean' ? 'the mean of' : 'the last of'} at least ${baseline.minRuns} runs before the ligation, on the log scale`,
    ],
    [
      'Hypersensitive',
      `${HYPERSENSITIVE[fall.metric](fall.limit)}, at the ${judged(fall.judged)} run from day ${fall.fromDay} after the ligation; borderline within ${fall.borderline} of the limit`,
    ],
    ['Responder', responderInWords(protocol.responder)],
    [
      'Stimulation',
      `${formatQuantity(stimulation.frequency)}, ${formatQuantity(stimulation.pulseWidth)}, ${formatQuantity(stimulation.duration)}, at ${percent(fraction.low)} to ${percent(fraction.high)} of the animal’s own motor threshold`,
    ],
    [
      'Titration',
      `${titration.drug}: ${titration.doses.map(formatQuantity).join(', ')}; at least ${titration.washoutHours} h apart; judged at ${minutes(titration.windowMinutes)}`,
    ],
    ['Side effects', `${protocol.sideEffects.scale}: ${protocol.sideEffects.items.map(scaled).join(', ')}`],
    ['Welfare sheet', `${welfare.sheet}: ${welfare.items.map(scaled).join(', ')}`],
    ...welfare.endpoints.map(({ id, description }): Term => [
      `Humane endpoint ${id.replaceAll('-', ' ')}`,
      description,
    ]),
    ...(welfare.monitoring ?? []).map(({ id, check, everyDays, afterSurgeryDays }): Term => [
      `Check ${id.replaceAll('-', ' ')}`,
      `${check.replaceAll('-', ' ')} ${everyDays === 1 ? 'every day' : `every ${everyDays} days`}${afterSurgeryDays === undefined ? '' : ` for ${afterSurgeryDays} days after surgery`}`,
    ]),
    ['A record is late', `when it is written more than ${protocol.lateAfterMinutes} min after it happened`],
  ];
}

export interface Difference {
  readonly about: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The terms in which two versions differ, in the order of the later one. */
export function protocolDifferences(before: Protocol, after: Protocol): Difference[] {
  const [old, now] = [new Map(protocolInWords(before)), new Map(protocolInWords(after))];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((about) => ({ about, before: old.get(about), after: now.get(about) }))
    .filter((one) => one.before !== one.after);
}

const CENSORING = {
  bound: () => 'it counts as that bound',
  substitute: ({ floorGrams, ceilingGrams }: { floorGrams: string; ceilingGrams: string }) =>
    `it counts as ${floorGrams} g below and ${ceilingGrams} g above the ladder`,
  exclude: () => 'it is left out',
};

const HYPERSENSITIVE: Readonly<Record<Protocol['hypersensitivity']['metric'], (limit: string) => string>> = {
  'fall-log10e4': (limit) => `a fall of at least ${limit} log units from the baseline`,
  'fall-percent': (limit) => `a fall of at least ${limit} % from the baseline`,
  grams: (limit) => `a threshold of ${limit} g or less`,
};

const METRICS: Readonly<Record<ResponderRule['metric'], (limit: string) => string>> = {
  log10e4: (limit) => `a rise of at least ${limit.replace('-', '−')} log units`,
  grams: (limit) => `a rise of at least ${limit} g`,
  'percent-pre-lesion': (limit) => `at least ${limit} % of the baseline`,
  'percent-mpe': (limit) => `at least ${limit} % of the way to the cut-off`,
  'percent-reversal': (limit) => `at least ${limit} % of the way back to the baseline`,
};

const REFERENCES: Readonly<Record<ResponderRule['reference'], string>> = {
  'pre-stimulation': 'the run before stimulation',
  'pre-drug': 'the run before the drug',
  'pre-lesion': 'the baseline',
};

const AGGREGATES: Readonly<Record<ResponderRule['aggregate'], string>> = {
  any: 'any',
  max: 'the highest',
  mean: 'the mean',
  last: 'the last',
};

function responderInWords(rule: ResponderRule): string {
  return `${METRICS[rule.metric](rule.limit)} against ${REFERENCES[rule.reference]}, ${AGGREGATES[rule.aggregate]} of the runs at ${minutes(rule.windowMinutes)}, at least ${rule.minPoints} of them; borderline within ${rule.borderline}`;
}

function minutes(list: readonly number[]): string {
  return `${list.join(', ')} min`;
}

function percent(fraction: string): string {
  return `${Math.round(Number(fraction) * 100)} %`;
}

function judged(which: 'first-completed' | 'last-completed'): string {
  return which === 'first-completed' ? 'first complete' : 'last complete';
}

function scaled({ label, max }: { label: string; max: number }): string {
  return `${label} (0 to ${max})`;
}
