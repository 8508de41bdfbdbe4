import type { Protocol } from '../protocol.js';
import type { Substance } from '../protocol/treatments.js';
import type { Fact, Protocols } from '../study.js';
import { isStimulated, startsWashout } from './administration.js';

/** Time that has to pass before a dose: since the dose before (wash-out), or since a stimulation (carry-over). */
export interface Wait {
  readonly after: 'dose' | 'stimulation';
  readonly record: number;
  readonly sinceMs: number;
  readonly hours: number;
  readonly endsMs: number;
}

const HOUR = 3_600_000;

/** What a dose of a substance waits for, or waited: by the protocol’s hours, since the last dose and stimulation. */
export function waitsBefore(
  substance: Pick<Substance, 'id' | 'washoutHours'>,
  history: readonly Fact[],
  protocol: Protocol,
  protocols: Protocols,
): Wait[] {
  const { id, washoutHours } = substance;
  const carryOverHours = protocol.carryOverHours ?? washoutHours;
  const dose = history.findLast((fact) => startsWashout(fact, id, protocols));
  const stimulation = history.findLast(isStimulated);
  return [
    ...(dose && washoutHours !== undefined ? [waitOf('dose', dose, washoutHours)] : []),
    ...(stimulation && carryOverHours !== undefined
      ? [waitOf('stimulation', stimulation, carryOverHours)]
      : []),
  ];
}

function waitOf(after: Wait['after'], { holder, at }: Fact, text: string): Wait {
  const hours = Number(text);
  return { after, record: holder, sinceMs: at, hours, endsMs: at + hours * HOUR };
}
