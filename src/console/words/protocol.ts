import { typeInWords } from '../../exports/documents/type-in-words.js';
import type { Protocol } from '../../study/protocol.js';
import type { HypersensitivityRule, ResponderRule } from '../../study/protocol/rules.js';
import { formatQuantity } from '../../study/quantity.js';
import { settingsOf, type PlannedSetting } from '../../study/rules/planned.js';

/** A rule of the protocol: what it is about, and what it says with its numbers. */
export type Term = readonly [about: string, words: string];

/**
 * A protocol in words, in the order in which a study meets its parts. What it leaves out is not there. Of one that is
 * being written, “…” stands for a word that is still to be chosen.
 */
export function protocolInWords(protocol: Protocol): Term[] {
  const { welfare } = protocol;
  return [
    ...(protocol.plannedSubjects === undefined
      ? []
      : [['Animals', `${protocol.plannedSubjects} planned`] as Term]),
    ...licenceTerms(protocol),
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
    ...(protocol.witnessed
      ? [['Witnessed by a second person', protocol.witnessed.map(typeInWords).join(', ')] as Term]
      : []),
    ...plausibleTerms(protocol),
    ['A record is late', `when it is entered more than ${protocol.lateAfterMinutes} min after it happened`],
  ];
}

function licenceTerms({ licence }: Protocol): Term[] {
  if (!licence) return [];
  const { number, title, prospectiveSeverity } = licence;
  const said = [number, ...(title === undefined ? [] : [title]), `severity ${prospectiveSeverity} foreseen`];
  return [['Licence', said.join('; ')]];
}

function plausibleTerms({ plausible = {} }: Protocol): Term[] {
  const ranges = [
    ['body weight', plausible.bodyWeight],
    ['amplitude', plausible.amplitude],
  ] as const;
  const said = ranges.flatMap(([what, range]) =>
    range ? [`${what} ${formatQuantity(range.low)} to ${formatQuantity(range.high)}`] : [],
  );
  return said.length === 0 ? [] : [['Plausible', said.join('; ')]];
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
      ? [['Where a run gives only a bound', wordsIn(CENSORING, censoring.policy)(censoring)] as Term]
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
            `${BASELINES[baseline.aggregate] ?? GAP} at least ${baseline.minRuns} runs or measurements before day 0; thresholds on the log scale`,
          ] as Term,
        ]
      : []),
    ...(fall
      ? [
          [
            'Hypersensitive',
            `${of(fall)}${wordsIn(HYPERSENSITIVE, fall.metric)(fall.limit)}, at the ${judged(fall.judged)} reading from day ${fall.fromDay} on; borderline within ${fall.borderline} of the limit`,
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
  return termDifferences(protocolInWords(before), protocolInWords(after));
}

export function termDifferences(before: readonly Term[], after: readonly Term[]): Difference[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((about) => ({ about, before: old.get(about), after: now.get(about) }))
    .filter((one) => one.before !== one.after);
}

const GAP = '…';

/** What a word says of its numbers; a gap where it is still to be chosen. */
function wordsIn<A extends unknown[]>(
  words: Readonly<Record<string, (...numbers: A) => string>>,
  chosen: string,
): (...numbers: A) => string {
  return (Object.hasOwn(words, chosen) ? words[chosen] : undefined) ?? (() => GAP);
}

const BASELINES: Readonly<Partial<Record<string, string>>> = { mean: 'the mean of', last: 'the last of' };

const CENSORING: Readonly<Record<string, (of: Censoring) => string>> = {
  bound: () => 'it counts as that bound',
  substitute: ({ floorGrams, ceilingGrams }) =>
    `it counts as ${floorGrams ?? GAP} g below and ${ceilingGrams ?? GAP} g above the ladder`,
  exclude: () => 'it is left out',
};

interface Censoring {
  readonly policy: string;
  readonly floorGrams?: string;
  readonly ceilingGrams?: string;
}

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

const REFERENCES: Readonly<Partial<Record<string, string>>> = {
  'pre-stimulation': 'the run before stimulation',
  'pre-drug': 'the run before the drug',
  'pre-lesion': 'the baseline',
};

const AGGREGATES: Readonly<Partial<Record<string, string>>> = {
  any: 'any',
  max: 'the highest',
  mean: 'the mean',
  last: 'the last',
};

export function responderInWords(rule: ResponderRule): string {
  return `${wordsIn(METRICS, rule.metric)(rule.limit)} against ${REFERENCES[rule.reference] ?? GAP}, ${AGGREGATES[rule.aggregate] ?? GAP} of the readings at ${minutes(rule.windowMinutes)}, at least ${rule.minPoints} of them; borderline within ${rule.borderline}`;
}

function minutes(list: readonly number[]): string {
  return `${list.join(', ')} min`;
}

function percent(fraction: string): string {
  return Number.isNaN(Number(fraction)) ? `${GAP} %` : `${Math.round(Number(fraction) * 100)} %`;
}

function judged(which: string): string {
  return which === 'first-completed' ? 'first complete' : which === 'last-completed' ? 'last complete' : GAP;
}

function scaled({ label, max }: { label: string; max: number }): string {
  return `${label} (0 to ${max})`;
}
