import { isSameDose } from '../dose.js';
import { formatQuantity } from '../quantity.js';
import { isTitrated, type DoseFact } from '../rules/administration.js';
import { chartOf, type Chart, type Treatment } from '../rules/chart.js';
import { judgeHypersensitivity } from '../rules/hypersensitivity.js';
import { periodsOf } from '../rules/periods.js';
import { namedSettings } from '../rules/planned.js';
import { judgeResponse } from '../rules/responder.js';
import { judgeEffect } from '../rules/titration.js';
import type { Verdict } from '../rules/verdict.js';
import type { Steps } from '../steps.js';
import type { Fact } from '../study.js';
import { defineProjection, type View } from './projection.js';
import { Support } from './unsupported.js';

export type Response = 'responder' | 'non-responder' | null;

/*
 * The answer’s shape, its verdicts and since when each has held stand together, although the file is long: `since` undoes
 * records in the chart that the verdicts were read from.
 */

/** A verdict with the flags of the records that it rests on: a run that stopped early, say, or a late entry. */
export interface CaveatedVerdict extends Verdict {
  readonly caveats: readonly string[];
}

/** A verdict, and the number of the record since which it has held. */
export interface StandingVerdict extends CaveatedVerdict {
  readonly since: number | null;
}

/** What an animal answers to one of the settings that a protocol compares. */
export interface SettingStatus {
  readonly setting: string;
  readonly sham: boolean;
  readonly scs: Response;
  readonly combination: Response;
  readonly verdicts: Readonly<Record<'scs' | 'combination', CaveatedVerdict>>;
}

/** A period of a cross-over. */
interface PeriodGiven {
  readonly setting: string | null;
  /** The stimulations by it, in order. */
  readonly records: readonly number[];
  /** From the last stimulation of the period before; null for the first. */
  readonly washoutHours: number | null;
}

export interface ResponderStatus {
  readonly subject: string;
  readonly hypersensitive: boolean | null;
  readonly scs: Response;
  readonly combination: Response;
  /** A non-responder to stimulation alone that responds to the combination. */
  readonly converted: boolean | null;
  readonly excluded: boolean;
  readonly subEffectiveDose: { record: number; dose: string; evidence: readonly number[] } | null;
  /** Whether the designated dose was effective alone. */
  readonly ketamine: StandingVerdict | null;
  readonly verdicts: Readonly<Record<'hypersensitivity' | 'scs' | 'combination', StandingVerdict>>;
  readonly flags: readonly string[];
  /** Where a protocol names settings: the answer to each. Those above are the answers to all but the shams. */
  readonly settings?: readonly SettingStatus[];
  /** Where a protocol plans a cross-over. */
  readonly periods?: readonly PeriodGiven[];
}

/** Who is hypersensitive, who responds to what, by which rule and on which records. An increase of the threshold is relief. */
export const responderStatus = defineProjection(
  'responder-status',
  'Per animal: hypersensitive, response to SCS alone, to dose + SCS, converted; rule, margin, evidence',
  function* (view): Steps<{ subjects: ResponderStatus[] }> {
    const subjects: ResponderStatus[] = [];
    const animals = view.protocols.versions.length === 0 ? [] : view.animals();
    for (const { id, history } of animals) subjects.push(yield* statusOf(view, id, history));
    return { subjects };
  },
);

type Kind = 'hypersensitivity' | 'scs' | 'combination' | 'ketamine';

/** How each verdict is made; only that on ketamine can be null, where no dose is designated. */
export const JUDGES = {
  hypersensitivity: (chart: Chart): Verdict => dropIfExcluded(chart, judgeHypersensitivity(chart)),
  scs: (chart: Chart): Verdict => dropIfExcluded(chart, judgeResponse('scs', chart)),
  combination: (chart: Chart): Verdict => dropIfExcluded(chart, judgeResponse('combination', chart)),
  ketamine: judgeDesignatedDose,
} satisfies Readonly<Record<Kind, (chart: Chart) => Verdict | null>>;

const KINDS = Object.keys(JUDGES) as Kind[];

type Verdicts = Readonly<Record<Exclude<Kind, 'ketamine'>, Verdict> & { ketamine: Verdict | null }>;

export interface Judged extends Pick<
  ResponderStatus,
  'hypersensitive' | 'scs' | 'combination' | 'converted'
> {
  readonly chart: Chart;
  readonly verdicts: Verdicts;
}

/** Every verdict on an animal, and what they make of it. */
export function* judgeAnimal({ protocols }: View, history: readonly Fact[]): Steps<Judged> {
  const chart = yield* chartOf(history, protocols);
  return { chart, ...judgeChart(chart) };
}

/** The same of a chart, as it is now. */
export function judgeChart(chart: Chart): Omit<Judged, 'chart'> {
  const verdicts = Object.fromEntries(
    KINDS.map((kind) => {
      const verdict = JUDGES[kind](chart);
      return [kind, verdict && { ...verdict }];
    }),
  ) as unknown as Verdicts;
  return { verdicts, ...conclude(verdicts) };
}

type Holding = { readonly [K in Exclude<Kind, 'ketamine'>]: Pick<Verdict, 'holds'> };

/** What the verdicts on an animal make of it. */
export function conclude({ hypersensitivity, scs: alone, combination: both }: Holding) {
  const [scs, combination] = [responseOf(alone), responseOf(both)];
  return {
    hypersensitive: hypersensitivity.holds,
    scs,
    combination,
    converted: scs === 'non-responder' && combination !== null ? combination === 'responder' : null,
  };
}

export function* statusOf(view: View, id: string, history: readonly Fact[]): Steps<ResponderStatus> {
  const { chart, verdicts, ...judged } = yield* judgeAnimal(view, history);
  const designation = chart.designations.last;
  const isExcluded = chart.exclusions.length > 0;
  const support = new Support(history, view.protocols);
  // Before the changes of the chart are undone.
  const bySetting = settingsOn(chart, (verdict) => caveatsOf(verdict, history, support));
  const since = yield* findSince(view, id, chart, verdicts);
  const standing = (kind: Kind, verdict: Verdict): StandingVerdict => ({
    ...verdict,
    since: since.get(kind) ?? null,
    caveats: caveatsOf(verdict, history, support),
  });
  const ketamine = verdicts.ketamine && standing('ketamine', verdicts.ketamine);
  return {
    subject: id,
    ...judged,
    excluded: isExcluded,
    subEffectiveDose: designation
      ? {
          record: designation.holder,
          dose: formatQuantity(designation.data.dose),
          evidence: designation.data.evidence,
        }
      : null,
    ketamine: ketamine && { ...ketamine, caveats: withDesignation(ketamine.caveats, designation) },
    verdicts: {
      hypersensitivity: standing('hypersensitivity', verdicts.hypersensitivity),
      scs: standing('scs', verdicts.scs),
      combination: standing('combination', verdicts.combination),
    },
    flags: history.some((fact) => support.lacks(fact)) ? ['unsupported'] : [],
    ...bySetting,
  };
}

function settingsOn(
  chart: Chart,
  caveats: (verdict: Verdict) => string[],
): Pick<ResponderStatus, 'settings' | 'periods'> {
  const { protocols, stimulations } = chart;
  const named = namedSettings(protocols);
  const isCrossOver = protocols.versions.some(({ protocol }) => protocol.stimulation?.crossOver);
  const settings = named.map(({ id, sham = false }): SettingStatus => {
    const judged = (treatment: Treatment): CaveatedVerdict => {
      const verdict = dropIfExcluded(chart, judgeResponse(treatment, chart, id));
      return { ...verdict, caveats: caveats(verdict) };
    };
    const verdicts = { scs: judged('scs'), combination: judged('combination') };
    const [scs, combination] = [responseOf(verdicts.scs), responseOf(verdicts.combination)];
    return { setting: id, sham, scs, combination, verdicts };
  });
  const periods = isCrossOver ? periodsOf(stimulations, protocols) : [];
  return {
    ...(named.length > 0 && { settings }),
    ...(isCrossOver && {
      periods: periods.map(({ setting = null, sessions, washoutHours }) => ({
        setting,
        records: sessions.map(({ holder }) => holder),
        washoutHours,
      })),
    }),
  };
}

/**
 * Whether the designated dose was effective alone: the verdict on the last administration that the designation cites. Under
 * the second reading on all courses of that dose: effective where one of them was.
 */
function judgeDesignatedDose(chart: Chart): Verdict | null {
  const designation = chart.designations.last;
  if (!designation) return null;
  if (chart.protocols.of(designation).reading === 2) return judgeCourses(designation, chart);
  const cited = chart.dose(designation.data.evidence.at(-1));
  return cited ? judgeEffect(cited, chart) : null;
}

/** Of the courses of one dose the last that was effective, that was not, and that settles nothing. */
interface Courses {
  readonly effective?: DoseFact;
  readonly ineffective?: DoseFact;
  readonly undecided?: DoseFact;
}

function judgeCourses(designation: Fact<'SubEffectiveDoseDesignated'>, chart: Chart): Verdict | null {
  const isOfThatDose = (dose: DoseFact): boolean =>
    isTitrated(dose, chart.protocols.of(dose)) &&
    isSameDose(designation.data.dose, dose.data.dose, dose.data.bodyWeight);
  const addCourse = (so: Courses, dose: DoseFact): Courses => {
    if (!isOfThatDose(dose)) return so;
    const { holds } = judgeEffect(dose, chart);
    return { ...so, [holds === null ? 'undecided' : holds ? 'effective' : 'ineffective']: dose };
  };
  const { effective, ineffective, undecided } = chart.doses.fold<Courses>([designation], {}, addCourse);
  const telling = effective ?? ineffective ?? undecided;
  if (!telling) return null;
  return {
    ...judgeEffect(telling, chart),
    get evidence() {
      const courses = [...chart.doses]
        .filter(isOfThatDose)
        .flatMap((dose) => judgeEffect(dose, chart).evidence);
      return [...new Set([designation.holder, ...courses])].sort((a, b) => a - b);
    },
  };
}

/** An excluded animal keeps the stages that it had reached; its verdicts after the exclusion are null. */
function dropIfExcluded({ exclusions }: Chart, verdict: Verdict): Verdict {
  const exclusion = exclusions.first;
  if (!exclusion) return verdict;
  const evidence = [...verdict.evidence, exclusion.holder].sort((a, b) => a - b);
  return {
    ...verdict,
    holds: null,
    why: 'excluded',
    value: null,
    between: null,
    margin: null,
    borderline: false,
    evidence,
  };
}

function responseOf({ holds }: Pick<Verdict, 'holds'>): Response {
  return holds === null ? null : holds ? 'responder' : 'non-responder';
}

/** Flags of a designation that say of its verdict what is left out. */
const OF_WHAT_IS_LEFT_OUT = ['evidence-left-out', 'lower-dose-effective'];

/** With the flags of the designation, where these were known when it was recorded: older answers stay as they were. */
function withDesignation(
  caveats: readonly string[],
  designation: Fact<'SubEffectiveDoseDesignated'> | undefined,
): readonly string[] {
  const flags = designation?.data.flags ?? [];
  if (!OF_WHAT_IS_LEFT_OUT.some((code) => flags.includes(code))) return caveats;
  return [...new Set([...caveats, ...flags])].sort();
}

function caveatsOf(
  { evidence }: Pick<Verdict, 'evidence'>,
  history: readonly Fact[],
  support: Support,
): string[] {
  const cited = new Set(evidence);
  const flags = history.filter(({ holder }) => cited.has(holder)).flatMap((fact) => support.flagsOf(fact));
  return [...new Set(flags)].sort();
}

/**
 * For each verdict that is yes or no, the record since which it has been the same. Undoes the changes of the animal in the
 * chart, the latest first, until every verdict was another: with no fact left, each is null.
 */
function* findSince(
  { study, untilMs }: View,
  id: string,
  chart: Chart,
  verdicts: Verdicts,
): Steps<ReadonlyMap<Kind, number>> {
  const since = new Map<Kind, number>();
  let same = KINDS.filter((kind) => (verdicts[kind]?.holds ?? null) !== null);
  for (const { record, out, put } of study.subjects.get(id)?.changes.toArray().reverse() ?? []) {
    if (same.length === 0) break;
    if (put && put.at <= untilMs) chart.put(put, false);
    if (out && out.at <= untilMs) chart.put(out, true);
    const differs = (kind: Kind): boolean => JUDGES[kind](chart)?.holds !== verdicts[kind]?.holds;
    for (const kind of same.filter(differs)) since.set(kind, record);
    same = same.filter((kind) => !since.has(kind));
    yield;
  }
  return since;
}
