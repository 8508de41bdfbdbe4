import type { Protocol } from '../../study/protocol.js';
import type { HypersensitivityRule, ResponderRule } from '../../study/protocol/rules.js';
import { formatQuantity } from '../../study/quantity.js';
import { settingsOf, type PlannedSetting } from '../../study/rules/planned.js';

/** A rule of the protocol: what it is about, and what it says with its numbers. */
export type Term = readonly [about: string, words: string];

/** A protocol in words, in the order in which a study meets its parts. What it leaves out is not there. */
export function protocolInWords(protocol: Protocol): Term[] {
  const { welfare } = protocol;
  return [
    ...(protocol.plannedSubjects === undefined
      ? []
      : [['Animals', `${protocol.plannedSubjects} planned`] as Term]),
    ...modelTerms(protocol),
    ...measuredTerms(protocol),
    ...judgedTerms(protocol),
    ...treatmentTerms(protocol),
    ...(protocol.sideEffects
      ? [
          [
            'Side effects',
            `${protocol.sideEffects.scale}: ${protocol.sideEffects.items.map(scaled).join(', ')}`,
          ] as Term,
        ]
      : []),
    ['Welfare sheet', `${welfare.sheet}: ${welfare.items.map(scaled).join(', ')}`],
    ...welfare.endpoints.map(({ id, description }): Term => [
      `Humane endpoint ${id.replaceAll('-', ' ')}`,
      description,
    ]),
    ...(welfare.monitoring ?? []).map(({ id, check, everyDays, afterSurgeryDays }): Term => [
      `Check ${id.replaceAll('-', ' ')}`,
      `${check.replaceAll('-', ' ')} ${everyDays === 1 ? 'every day' : `every ${everyDays} days`}${afterSurgeryDays === undefined ? '' : ` for ${afterSurgeryDays} days after surgery`}`,
    ]),
    ...(protocol.training ? [['Training on record', `due for ${protocol.training.join(', ')}`] as Term] : []),
    ['A record is late', `when it is written more than ${protocol.lateAfterMinutes} min after it happened`],
  ];
}

function modelTerms({ model }: Protocol): Term[] {
  if (!model) return [];
  const { kind, name, agent, procedure } = model;
  const said = [name, agent, procedure?.replaceAll('-', ' ')].filter((one) => one !== undefined);
  return [
    ['Model', [kind === 'none' ? 'none, naive animals' : kind.replaceAll('-', ' '), ...said].join(': ')],
  ];
}

function measuredTerms({ ladder, censoring, assays = [] }: Protocol): Term[] {
  return [
    ...(ladder
      ? [
          [
            'Filaments',
            `${ladder.filaments.map(({ label }) => label).join(', ')}, begun at ${ladder.start} (${ladder.id})`,
          ] as Term,
        ]
      : []),
    ...(censoring
      ? [['Where a run gives only a bound', CENSORING[censoring.policy](censoring as never)] as Term]
      : []),
    ...assays.map(({ id, title, unit, increase, cutOff, trials, sites }): Term => [
      `Assay ${id.replaceAll('-', ' ')}`,
      `${title}${unit === '1' ? '' : `, in ${unit}`}: the ${trials.aggregate} of ${trials.count ?? 'its'} trials${cutOff === undefined ? '' : `, stopped at ${cutOff}`}; an increase is ${increase}; ${sites.join(', ').replaceAll('-', ' ')}`,
    ]),
  ];
}

function judgedTerms({ baseline, hypersensitivity: fall, responder }: Protocol): Term[] {
  return [
    ...(baseline
      ? [
          [
            'Baseline',
            `${baseline.aggregate === 'mean' ? 'the mean of' : 'the last of'} at least ${baseline.minRuns} runs or measurements before day 0; thresholds on the log scale`,
          ] as Term,
        ]
      : []),
    ...(fall
      ? [
          [
            'Hypersensitive',
            `${of(fall)}${HYPERSENSITIVE[fall.metric](fall.limit)}, at the ${judged(fall.judged)} reading from day ${fall.fromDay} on; borderline within ${fall.borderline} of the limit`,
          ] as Term,
        ]
      : []),
    ...(responder ? [['Responder', `${of(responder)}${responderInWords(responder)}`] as Term] : []),
  ];
}

function treatmentTerms(protocol: Protocol): Term[] {
  const { stimulation, titration, substances = [] } = protocol;
  const settings = stimulation ? settingsOf(stimulation) : [];
  return [
    ...settings.map((setting): Term => [
      setting.id === undefined ? 'Stimulation' : `Stimulation ${setting.id.replaceAll('-', ' ')}`,
      settingInWords(setting),
    ]),
    ...substances.map(({ id, name, doses, route, washoutHours }): Term => [
      `Substance ${id.replaceAll('-', ' ')}`,
      [
        name ?? id,
        ...(doses ? [doses.map(formatQuantity).join(', ')] : []),
        ...(route === undefined ? [] : [route]),
        ...(washoutHours === undefined ? [] : [`at least ${washoutHours} h apart`]),
      ].join('; '),
    ]),
    ...(titration
      ? [
          [
            'Titration',
            `${titration.drug}: ${titration.doses.map(formatQuantity).join(', ')}; at least ${titration.washoutHours} h apart; judged at ${minutes(titration.windowMinutes)}`,
          ] as Term,
        ]
      : []),
  ];
}

function settingInWords(setting: PlannedSetting): string {
  const { sham, frequency, pulseWidth, duration, amplitudeFraction: fraction, burst, dutyCycle } = setting;
  return [
    ...(sham ? ['sham'] : []),
    ...[frequency, pulseWidth, duration].flatMap((one) => (one ? [formatQuantity(one)] : [])),
    ...(burst ? [`bursts of ${burst.pulses} pulses at ${formatQuantity(burst.frequency)}`] : []),
    ...(dutyCycle ? [`${formatQuantity(dutyCycle.on)} on, ${formatQuantity(dutyCycle.off)} off`] : []),
    ...(fraction
      ? [`at ${percent(fraction.low)} to ${percent(fraction.high)} of the animal’s own motor threshold`]
      : []),
  ].join(', ');
}

/** What a rule judges, where that is not the threshold. */
function of({ of: assay, site }: HypersensitivityRule | ResponderRule): string {
  if (assay === undefined) return '';
  return `${[assay, site].filter(Boolean).join(', ').replaceAll('-', ' ')}: `;
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

const HYPERSENSITIVE: Readonly<Record<HypersensitivityRule['metric'], (limit: string) => string>> = {
  'fall-log10e4': (limit) => `a fall of at least ${limit} log units from the baseline`,
  'fall-percent': (limit) => `a fall of at least ${limit} % from the baseline`,
  grams: (limit) => `a threshold of ${limit} g or less`,
  difference: (limit) => `worse than the baseline by at least ${limit}`,
  percent: (limit) => `worse than the baseline by at least ${limit} %`,
  absolute: (limit) => `a value of ${limit}, or worse`,
};

const METRICS: Readonly<Record<ResponderRule['metric'], (limit: string) => string>> = {
  log10e4: (limit) => `a rise of at least ${limit.replace('-', '−')} log units`,
  grams: (limit) => `a rise of at least ${limit} g`,
  difference: (limit) => `relief of at least ${limit}`,
  percent: (limit) => `relief of at least ${limit} %`,
  absolute: (limit) => `a value of ${limit}, or better`,
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
  return `${METRICS[rule.metric](rule.limit)} against ${REFERENCES[rule.reference]}, ${AGGREGATES[rule.aggregate]} of the readings at ${minutes(rule.windowMinutes)}, at least ${rule.minPoints} of them; borderline within ${rule.borderline}`;
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
