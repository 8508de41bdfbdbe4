import { baseValue, micrograms, type Dose } from '../quantity.js';
import { RESPONDER_PRESETS, type Protocol, type ResponderRule } from '../protocol.js';
import { legislationProblem, purposeProblem } from '../welfare/purposes.js';
import { LADDER_PRESETS, ladderProblems, type Ladder } from './ladder.js';

export type ProtocolInput = Omit<Protocol, 'ladder' | 'responder'> & {
  ladder: Ladder | string;
  responder: ResponderRule | string;
};

/** The protocol with shipped ladders and rules written out, or what makes it unusable, in words. */
export function completeProtocol(input: ProtocolInput): Protocol | string {
  const ladder =
    typeof input.ladder === 'string' ? resolvePreset(LADDER_PRESETS, input.ladder) : input.ladder;
  if (!ladder) return `a ladder is one of ${Object.keys(LADDER_PRESETS).join(', ')}, or written out`;
  const responder =
    typeof input.responder === 'string' ? resolvePreset(RESPONDER_PRESETS, input.responder) : input.responder;
  if (!responder)
    return `a responder rule is one of ${Object.keys(RESPONDER_PRESETS).join(', ')}, or written out`;
  const protocol: Protocol = { ...input, ladder, responder };
  return problemsOf(protocol)[0] ?? protocol;
}

function resolvePreset<T>(presets: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(presets, name) ? presets[name] : undefined;
}

function problemsOf(protocol: Protocol): string[] {
  const { stimulation, titration, responder, plausible, censoring, sideEffects, welfare } = protocol;
  const problems = ladderProblems(protocol.ladder);
  const { low, high } = stimulation.amplitudeFraction;
  if (Number(low) > Number(high)) problems.push('the amplitude range ends below where it begins');
  if (responder.metric === 'percent-mpe' && !responder.cutOffGrams) {
    problems.push('a rule in per cent of the maximum possible effect needs cutOffGrams');
  }
  if (censoring.policy === 'substitute') {
    const [floor, ceiling] = [Number(censoring.floorGrams), Number(censoring.ceilingGrams)];
    if (floor === 0) problems.push('a threshold of 0 g has no logarithm: substitute a floor above zero');
    if (floor > ceiling) problems.push('the substitute for the floor lies above that for the ceiling');
  }
  if (responder.minPoints > responder.windowMinutes.length) {
    problems.push('the responder rule asks for more points than its window has');
  }
  if (titration.minPoints > titration.windowMinutes.length) {
    problems.push('the titration asks for more points than its window has');
  }
  if (new Set(titration.doses.map((dose) => dose.unit.includes('/'))).size > 1) {
    problems.push('the dose ladder mixes amounts and amounts per body weight');
  } else if (!isAscending(titration.doses.map(sizeOf))) {
    problems.push('a dose is not larger than the one before it: list the smallest first');
  }
  for (const codes of [sideEffects.items, welfare.items].map((items) => items.map(({ code }) => code))) {
    if (new Set(codes).size < codes.length) problems.push('an item of a score sheet is listed twice');
  }
  const endpoints = welfare.endpoints.map(({ id }) => id);
  if (new Set(endpoints).size < endpoints.length) problems.push('a humane endpoint is listed twice');
  problems.push(...welfareProblems(protocol));
  for (const range of [plausible?.bodyWeight, plausible?.amplitude]) {
    if (range && baseValue(range.low) > baseValue(range.high))
      problems.push('a plausible range ends below where it begins');
  }
  return problems;
}

/** Refuses gradings and endpoints on items that the sheet does not have: they could never be reached. */
function welfareProblems({ welfare, licence }: Protocol): string[] {
  const problems: (string | undefined)[] = [];
  const { items, grades = [], endpoints, monitoring = [] } = welfare;
  const named = [...grades.map(({ item }) => item), ...endpoints.map(({ itemScore }) => itemScore?.item)];
  const stranger = named.find((item) => item !== undefined && !items.some(({ code }) => code === item));
  if (stranger !== undefined) problems.push(`“${stranger}” is graded, and is no item of the welfare sheet`);
  const ids = monitoring.map(({ id }) => id);
  if (new Set(ids).size < ids.length) problems.push('a check of the monitoring is listed twice');
  if (!licence) return problems.filter((problem) => problem !== undefined);
  const { purpose, legislation, predicted = [] } = licence;
  if (purpose) problems.push(purposeProblem(purpose));
  if (legislation) problems.push(legislationProblem(legislation));
  const classes = predicted.map(({ severity }) => severity);
  if (new Set(classes).size < classes.length) problems.push('a severity is predicted twice');
  return problems.filter((problem) => problem !== undefined);
}

/** In µg, or in µg/kg: a ladder has doses of one kind. */
function sizeOf(dose: Dose): number {
  return dose.unit.includes('/') ? baseValue(dose) : micrograms(dose);
}

function isAscending(sizes: readonly number[]): boolean {
  return sizes.every((size, index) => index === 0 || size > (sizes[index - 1] as number));
}
