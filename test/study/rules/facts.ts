import { AppendList } from '../../../src/study/fold/append-list.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import type { EventData, FactType } from '../../../src/study/events/events.js';
import { instantMs } from '../../../src/study/instant.js';
import type { Protocol } from '../../../src/study/protocol.js';
import { completeProtocol, type ProtocolInput } from '../../../src/study/rules/complete-protocol.js';
import type { Ladder } from '../../../src/study/rules/ladder.js';
import { Protocols, emptyStudy, type Fact } from '../../../src/study/study.js';
import { touches } from '../bench.js';

/**
 * Facts for rules, small enough to be worked out by hand. The ladder has five filaments 0.2 log units apart, a of 4.0
 * (1 g) to e of 4.8, so that the run “cd” (O at c, X at d, k = −0.5) stands for 4.5 and every other pair for its middle.
 */
export const LADDER: Ladder = {
  id: 'FIVE',
  start: 'c',
  filaments: [
    { label: 'a', handle: '4.0', grams: '1' },
    { label: 'b', handle: '4.2', grams: '1.585' },
    { label: 'c', handle: '4.4', grams: '2.512' },
    { label: 'd', handle: '4.6', grams: '3.981' },
    { label: 'e', handle: '4.8', grams: '6.310' },
  ],
};

/** ab 4.1, bc 4.3, cd 4.5, de 4.7; `<` below 4.0, `>` above 4.8, `-` broken off. */
export type Run = 'ab' | 'bc' | 'cd' | 'de' | '<' | '>' | '-';

const RUNS: Readonly<Record<Run, string>> = {
  ab: 'aO bX',
  bc: 'bO cX',
  cd: 'cO dX',
  de: 'dO eX',
  '<': 'cX bX aX',
  '>': 'cO dO eO',
  '-': 'cO dO',
};

export type Changes = Partial<ProtocolInput>;

export function protocol(changes: Changes = {}): Protocol {
  const complete = completeProtocol({ ...exampleProtocol, ladder: LADDER, ...changes });
  if (Array.isArray(complete)) throw new Error(JSON.stringify(complete));
  return complete;
}

export function protocols(...versions: Changes[]): Protocols {
  const facts = (versions.length > 0 ? versions : [{}]).map((changes, index) =>
    fact('ProtocolApproved', '2026-03-01', { version: index + 1, protocol: protocol(changes) }),
  );
  return new Protocols({ ...emptyStudy('X'), facts: AppendList.of<Fact>(facts) });
}

/** The number stands for itself in every fact, and 1000 more is the correction that holds it. */
export function fact<T extends FactType>(
  type: T,
  when: string,
  data: object,
  {
    number = 0,
    corrected = false,
    version = 1,
  }: Partial<{ number: number; corrected: boolean; version: number }> = {},
): Fact<T> {
  const time = when.length === 10 ? `${when}T10:00:00Z` : `${when}:00Z`;
  return {
    number,
    holder: corrected ? number + 1000 : number,
    type,
    subject: 'R01',
    time,
    at: instantMs(time) ?? NaN,
    protocolVersion: version,
    data: data as EventData<T>,
  };
}

type Options = Parameters<typeof fact>[3];

export function run(number: number, when: string, of: Run, data: object = {}, options: Options = {}): Fact {
  const facts = { paw: 'ipsilateral', ladder: 'FIVE', touches: touches(RUNS[of]), ...data };
  return fact('ThresholdRecorded', when, facts, { number, ...options });
}

export function ligation(number: number, when = '2026-03-03', options: Options = {}): Fact {
  return fact('NerveLigated', when, { side: 'left', nerve: 'sciatic' }, { number, ...options });
}

export function session(
  number: number,
  when: string,
  data: object = {},
  options: Options = {},
): Fact<'SCSApplied'> {
  return fact('SCSApplied', when, { outcome: 'completed', ...data }, { number, ...options });
}

export function dose(number: number, when: string, options: Options = {}): Fact<'KetamineAdministered'> {
  return fact('KetamineAdministered', when, { purpose: 'titration' }, { number, ...options });
}

/** Facts as a study holds them. */
export function history(...facts: Fact[]): Fact[] {
  return facts.sort((a, b) => a.at - b.at || a.number - b.number);
}
