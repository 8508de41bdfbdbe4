import { typeInWords } from '../../exports/documents/type-in-words.js';
import type { Protocol } from '../../study/protocol.js';
import type { HypersensitivityRule, ResponderRule } from '../../study/protocol/rules.js';
import type { Ladder } from '../../study/rules/ladder.js';
import { GAP, type Term } from './term.js';
import { careTerms, plausibleTerms, timeTerms } from './protocol-care.js';
import { treatmentTerms } from './protocol-treatment.js';

/**
 * A protocol in words, in the order in which a study meets its parts. What it leaves out is not there. Of one that is
 * being written, “…” stands for a word that is still to be chosen.
 */
export function protocolInWords(protocol: Protocol): Term[] {
  return [
    ...(protocol.plannedSubjects === undefined
      ? []
      : [['Animals', `${protocol.plannedSubjects} planned`] as Term]),
    ...licenceTerms(protocol),
    ...modelTerms(protocol),
    ...measuredTerms(protocol),
    ...judgedTerms(protocol),
    ...treatmentTerms(protocol),
    ...careTerms(protocol),
    ...(protocol.training ? [['Training on record', `due for ${protocol.training.join(', ')}`] as Term] : []),
    ...(protocol.witnessed
      ? [['Witnessed by a second person', protocol.witnessed.map(typeInWords).join(', ')] as Term]
      : []),
    ...plausibleTerms(protocol),
    ...timeTerms(protocol),
  ];
}

function licenceTerms({ licence }: Protocol): Term[] {
  if (!licence) return [];
  const { number, title, prospectiveSeverity, predicted = [] } = licence;
  const said = [
    number,
    ...(title === undefined ? [] : [title]),
    `severity ${prospectiveSeverity} foreseen`,
    ...predicted.map(({ severity, animals }) => `${severity} predicted for ${animals}`),
  ];
  return [['Licence', said.join('; ')]];
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
    ...(ladder ? [['Filaments', ladderInWords(ladder)] as Term] : []),
    ...(censoring
      ? [['Where a run gives only a bound', wordsIn(CENSORING, censoring.policy)(censoring)] as Term]
      : []),
    ...assays.map(({ id, title, unit, increase, cutOff, trials, sites }): Term => [
      `Assay ${id.replaceAll('-', ' ')}`,
      `${title}${unit === '1' ? '' : `, in ${unit}`}: the ${trials.aggregate} of ${trials.count ?? 'its'} trials${cutOff === undefined ? '' : `, stopped at ${cutOff}`}; an increase is ${increase}; ${sites.join(', ').replaceAll('-', ' ')}`,
    ]),
  ];
}

/** A label that is not the force in grams is told with it. */
function ladderInWords({ id, filaments, start, fixedDelta, boundAfter }: Ladder): string {
  const told = filaments.map(({ label, grams }) =>
    Number(label) === Number(grams) || label === grams ? label : `${label} (${grams} g)`,
  );
  return [
    `${told.join(', ')}, begun at ${start} (${id})`,
    ...(fixedDelta === undefined ? [] : [`a step counts as ${fixedDelta} log units`]),
    ...(boundAfter === undefined ? [] : [`${boundAfter} equal responses make a bound`]),
  ].join('; ');
}

function judgedTerms({ baseline, hypersensitivity: fall, responder }: Protocol): Term[] {
  return [
    ...(baseline
      ? [
          [
            'Baseline',
            `${BASELINES[baseline.aggregate] ?? GAP} at least ${baseline.minRuns} ${baseline.minRuns === 1 ? 'run or measurement' : 'runs or measurements'} before day 0; thresholds on the log scale`,
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
  const { limit, referenceWithinMinutes: age, windowMinutes, minPoints, borderline, cutOffGrams } = rule;
  return [
    `${wordsIn(METRICS, rule.metric)(limit)} against ${REFERENCES[rule.reference] ?? GAP}${age === undefined ? '' : `, at most ${age} min old`}, ${AGGREGATES[rule.aggregate] ?? GAP} of the readings at ${windowMinutes.join(', ')} min, at least ${minPoints} of them`,
    `borderline within ${borderline}`,
    ...(cutOffGrams === undefined ? [] : [`cut-off ${cutOffGrams} g`]),
  ].join('; ');
}

function judged(which: string): string {
  return which === 'first-completed' ? 'first complete' : which === 'last-completed' ? 'last complete' : GAP;
}
