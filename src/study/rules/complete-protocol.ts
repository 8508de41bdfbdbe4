import type { Protocol } from '../protocol.js';
import { RESPONDER_PRESETS, type ResponderRule } from '../protocol/rules.js';
import { LADDER_PRESETS, type Ladder } from './ladder.js';
import { problemsOf, type Problem } from './protocol-problems.js';

export type ProtocolInput = Omit<Protocol, 'ladder' | 'responder'> & {
  ladder?: Ladder | string;
  responder?: ResponderRule | string;
};

/** The protocol with shipped ladders and rules written out, or everything that makes it unusable. */
export function completeProtocol(input: ProtocolInput): Protocol | Problem[] {
  const { ladder: namedLadder, responder: namedRule, ...rest } = input;
  const unknown: Problem[] = [];
  const ladder = resolve(namedLadder, LADDER_PRESETS, 'ladder', 'a ladder', unknown);
  const responder = resolve(namedRule, RESPONDER_PRESETS, 'responder', 'a responder rule', unknown);
  const protocol: Protocol = { ...rest, ...(ladder && { ladder }), ...(responder && { responder }) };
  const problems = [...unknown, ...problemsOf(protocol)];
  return problems.length > 0 ? problems : protocol;
}

function resolve<T extends object>(
  named: T | string | undefined,
  presets: Readonly<Record<string, T>>,
  path: string,
  what: string,
  unknown: Problem[],
): T | undefined {
  if (typeof named !== 'string') return named;
  if (Object.hasOwn(presets, named)) return presets[named];
  unknown.push({
    path,
    message: `${what} is one of ${Object.keys(presets).join(', ')}, or written out`,
  });
  // Stands in for what was meant, so that the rest is judged as well.
  return Object.values(presets)[0];
}
