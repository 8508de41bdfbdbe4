import { doseKind, doseSize, isPerWeight } from '../dose.js';
import { baseValue, type AnyDose } from '../quantity.js';
import type { Protocol } from '../protocol.js';
import { legislationProblem, purposeProblem } from '../welfare/purposes.js';
import { inductionType } from './induction.js';
import { ladderProblems } from './ladder.js';
import { namesSubstance, settingsOf } from './planned.js';
import { ruleProblems, type Say } from './rule-problems.js';

/** What is missing from a protocol or contradicts itself: where, and the end of a sentence. */
export interface Problem {
  /** Of the member, as `titration.doses`. */
  readonly path: string;
  readonly message: string;
}

/** Every problem of a protocol that fits its schema, in the order of its sections. */
export function problemsOf(protocol: Protocol): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (path, message) => problems.push({ path, message });
  modelProblems(protocol, say);
  measurementProblems(protocol, say);
  ruleProblems(protocol, say);
  stimulationProblems(protocol, say);
  substanceProblems(protocol, say);
  titrationProblems(protocol, say);
  welfareProblems(protocol, say);
  licenceProblems(protocol, say);
  const { bodyWeight, amplitude } = protocol.plausible ?? {};
  for (const range of [bodyWeight, amplitude])
    if (range && baseValue(range.low) > baseValue(range.high))
      say('plausible', 'a plausible range ends below where it begins');
  return problems;
}

/** Says of each entry that stands in a list twice. */
function saidTwice(entries: readonly string[], path: string, what: string, say: Say): void {
  const twice = new Set(entries.filter((entry, index) => entries.indexOf(entry) < index));
  for (const entry of twice) say(path, `${what} is listed twice: ${entry}`);
}

function modelProblems(protocol: Protocol, say: Say): void {
  const { model } = protocol;
  if (!model) return;
  const type = inductionType(protocol);
  if (model.kind === 'none' && model.induction)
    say('model.induction', 'naive animals have no induction: leave it out, or name the kind of the model');
  if (model.procedure && type !== 'NerveLigated')
    say('model.procedure', `an operation on a nerve is planned, and the model is induced by ${type}`);
  if (model.agent !== undefined && type !== 'ModelInduced')
    say('model.agent', `an agent is planned, and day 0 is ${type}`);
}

function measurementProblems({ ladder, censoring, assays = [] }: Protocol, say: Say): void {
  if (ladder) for (const problem of ladderProblems(ladder)) say('ladder', problem);
  if (ladder && !censoring) say('censoring', 'a ladder is there, and not what counts for a bound');
  if (!ladder && censoring) say('ladder', 'it says what counts for a bound, and has no ladder');
  if (censoring?.policy === 'substitute') {
    const [floor, ceiling] = [Number(censoring.floorGrams), Number(censoring.ceilingGrams)];
    if (floor === 0)
      say('censoring.floorGrams', 'a threshold of 0 g has no logarithm: substitute a floor above zero');
    if (floor > ceiling) say('censoring', 'the substitute for the floor lies above that for the ceiling');
  }
  saidTwice(
    assays.map(({ id }) => id),
    'assays',
    'an assay',
    say,
  );
  assays.forEach(({ id, unit, cutOff, sites, trials }, index) => {
    const path = `assays[${index}]`;
    saidTwice(sites, `${path}.sites`, `a site of ${id}`, say);
    if (trials.kind !== 'value' && unit !== '%' && unit !== '1')
      say(
        `${path}.unit`,
        `${trials.kind === 'pair' ? 'a pair of values' : 'responses'} of ${id} give % or 1, not ${unit}`,
      );
    if (cutOff !== undefined && Number(cutOff) === 0)
      say(`${path}.cutOff`, `the cut-off of ${id} is 0, so that no trial could be read`);
    if (cutOff !== undefined && trials.kind !== 'value')
      say(`${path}.cutOff`, `${id} has a cut-off, and no trial of it is a value`);
  });
}

function stimulationProblems(protocol: Protocol, say: Say): void {
  const { stimulation } = protocol;
  if (!stimulation) return;
  const { settings } = stimulation;
  saidTwice(
    (settings ?? []).map(({ id }) => id),
    'stimulation.settings',
    'a setting',
    say,
  );
  settingsOf(stimulation).forEach((setting, index) => {
    const path = settings ? `stimulation.settings[${index}]` : 'stimulation';
    const name = setting.id ?? 'the stimulation';
    for (const member of ['frequency', 'pulseWidth', 'duration', 'amplitudeFraction'] as const)
      if (setting[member] === undefined && !(setting.sham && member !== 'duration'))
        say(`${path}.${member}`, `${name} has no ${IN_WORDS[member]}`);
    const { low, high } = setting.amplitudeFraction ?? {};
    if (Number(low) > Number(high))
      say(`${path}.amplitudeFraction`, 'the amplitude range ends below where it begins');
  });
  if (settings && settings.every(({ sham }) => sham)) say('stimulation.settings', 'every setting is a sham');
  if (stimulation.crossOver && (settings ?? []).length < 2)
    say('stimulation.crossOver', 'a cross-over needs two settings or more');
}

const IN_WORDS = {
  frequency: 'frequency',
  pulseWidth: 'pulse width',
  duration: 'duration',
  amplitudeFraction: 'amplitude as a fraction of the motor threshold',
};

function substanceProblems({ substances = [] }: Protocol, say: Say): void {
  saidTwice(
    substances.map(({ id }) => id),
    'substances',
    'a substance',
    say,
  );
  substances.forEach(({ doses = [] }, index) => doseProblems(doses, `substances[${index}].doses`, say));
}

function titrationProblems({ titration, responder, substances }: Protocol, say: Say): void {
  if (!titration) return;
  const { drug, doses, minPoints, windowMinutes } = titration;
  if (substances && !substances.some((substance) => namesSubstance(substance, drug)))
    say(
      'titration.drug',
      `${drug} is titrated, and is none of the substances (${substances.map(({ id }) => id).join(', ')})`,
    );
  doseProblems(doses, 'titration.doses', say);
  if (minPoints > windowMinutes.length)
    say('titration.minPoints', 'the titration asks for more points than its window has');
  if (!responder) say('responder', 'the titration is judged by the responder rule, and there is none');
}

function doseProblems(doses: readonly AnyDose[], path: string, say: Say): unknown {
  if (new Set(doses.map(isPerWeight)).size > 1)
    return say(path, 'the dose ladder mixes amounts and amounts per body weight');
  if (new Set(doses.map(doseKind)).size > 1)
    return say(path, 'the doses are in units that cannot be compared');
  const sizes = doses.map(doseSize);
  const falls = sizes.some((size, index) => index > 0 && size <= (sizes[index - 1] as number));
  return falls && say(path, 'a dose is not larger than the one before it: list the smallest first');
}

/** Gradings and endpoints on items that the sheet does not have could never be reached. */
function welfareProblems({ sideEffects, welfare }: Protocol, say: Say): void {
  const { items, grades = [], endpoints, monitoring = [] } = welfare;
  const codesOf = (of: readonly { code: string }[]): string[] => of.map(({ code }) => code);
  saidTwice(codesOf(sideEffects?.items ?? []), 'sideEffects.items', 'an item of a score sheet', say);
  saidTwice(codesOf(items), 'welfare.items', 'an item of a score sheet', say);
  const idsOf = (of: readonly { id: string }[]): string[] => of.map(({ id }) => id);
  saidTwice(idsOf(endpoints), 'welfare.endpoints', 'a humane endpoint', say);
  saidTwice(idsOf(monitoring), 'welfare.monitoring', 'a check of the monitoring', say);
  const named = [...grades.map(({ item }) => item), ...endpoints.map(({ itemScore }) => itemScore?.item)];
  for (const item of new Set(named))
    if (item !== undefined && !items.some(({ code }) => code === item))
      say('welfare', `“${item}” is graded, and is no item of the welfare sheet`);
}

function licenceProblems({ licence }: Protocol, say: Say): void {
  if (!licence) return;
  const { purpose, legislation, predicted = [] } = licence;
  const ofPurpose = purpose && purposeProblem(purpose);
  if (ofPurpose !== undefined) say('licence.purpose', ofPurpose);
  const ofLaw = legislation && legislationProblem(legislation);
  if (ofLaw !== undefined) say('licence.legislation', ofLaw);
  const classes = predicted.map(({ severity }) => severity);
  if (new Set(classes).size < classes.length) say('licence.predicted', 'a severity is predicted twice');
}
