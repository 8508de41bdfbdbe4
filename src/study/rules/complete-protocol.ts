import { RESPONDER_PRESETS, type Protocol, type ResponderRule } from '../protocol.js';
import { LADDER_PRESETS, ladderProblems, type Ladder } from './ladder.js';

export type ProtocolInput = Omit<Protocol, 'ladder' | 'responder'> & {
  ladder: Ladder | string;
  responder: ResponderRule | string;
};

/** The protocol with shipped ladders and rules written out, or what makes it unusable, in words. */
export function completeProtocol(input: ProtocolInput): Protocol | string {
  const ladder = typeof input.ladder === 'string' ? named(LADDER_PRESETS, input.ladder) : input.ladder;
  if (!ladder) return `a ladder is one of ${Object.keys(LADDER_PRESETS).join(', ')}, or written out`;
  const responder =
    typeof input.responder === 'string' ? named(RESPONDER_PRESETS, input.responder) : input.responder;
  if (!responder)
    return `a responder rule is one of ${Object.keys(RESPONDER_PRESETS).join(', ')}, or written out`;
  const protocol: Protocol = { ...input, ladder, responder };
  return problemsOf(protocol)[0] ?? protocol;
}

function named<T>(presets: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(presets, name) ? presets[name] : undefined;
}

function problemsOf(protocol: Protocol): string[] {
  const { stimulation, titration, responder, plausible } = protocol;
  const problems = ladderProblems(protocol.ladder);
  const { low, high } = stimulation.amplitudeFraction;
  if (Number(low) > Number(high)) problems.push('the amplitude range ends below where it begins');
  if (responder.metric === 'percent-mpe' && !responder.cutOffGrams) {
    problems.push('a rule in per cent of the maximum possible effect needs cutOffGrams');
  }
  if (responder.minPoints > responder.windowMinutes.length) {
    problems.push('the responder rule asks for more points than its window has');
  }
  if (titration.minPoints > titration.windowMinutes.length) {
    problems.push('the titration asks for more points than its window has');
  }
  if (new Set(titration.doses.map((dose) => dose.unit.includes('/'))).size > 1) {
    problems.push('the dose ladder mixes amounts and amounts per body weight');
  }
  for (const range of [plausible?.bodyWeight, plausible?.amplitude]) {
    if (range && range.low.unit !== range.high.unit) problems.push('a plausible range mixes two units');
  }
  return problems;
}
