import { micrograms, type Dose, type Quantity } from '../quantity.js';
import type { Fact } from '../study.js';
import type { Course } from './course.js';
import type { ProcedureKind } from '../protocol/welfare.js';
import { SURGERIES, procedureOf } from './animal-use.js';

/** What was done: each operation by itself, repeated things as one entry. */
export interface Procedure {
  readonly kind: ProcedureKind;
  readonly n: number;
  readonly first: string;
  readonly last: string;
  readonly side?: string;
  readonly level?: string;
  readonly anaesthesia?: string;
  readonly analgesia?: string;
  readonly performedBy?: string;
  /** Where every dose is an amount. */
  readonly totalDose?: Quantity;
  readonly records: readonly number[];
}

export function proceduresOf({ facts: history }: Course): Procedure[] {
  const operations: Procedure[] = [];
  const repeated = new Map<ProcedureKind, Fact[]>();
  for (const fact of history) {
    const kind = procedureOf(fact);
    if (kind === undefined) continue;
    if (SURGERIES.has(kind)) operations.push(operation(kind, fact as Fact<'NerveLigated'>));
    else if (repeated.get(kind)?.push(fact) === undefined) repeated.set(kind, [fact]);
  }
  const others = [...repeated].map(([kind, facts]) => ({
    kind,
    n: facts.length,
    first: facts[0]?.time ?? '',
    last: facts.at(-1)?.time ?? '',
    ...(kind === 'dose' && totalDose(facts as Fact<'KetamineAdministered'>[])),
    records: facts.map(({ holder }) => holder),
  }));
  return [...operations, ...others];
}

function operation(kind: ProcedureKind, { holder, time, data }: Fact<'NerveLigated'>): Procedure {
  const { side, anaesthesia, analgesia, surgeon } = data;
  const { level, tipLevel } = data as { level?: string; tipLevel?: string };
  const at = level ?? tipLevel;
  return {
    kind,
    n: 1,
    first: time,
    last: time,
    ...(side !== undefined && { side }),
    ...(at !== undefined && { level: at }),
    ...(anaesthesia && { anaesthesia: anaesthesia.agent }),
    ...(analgesia && { analgesia: [analgesia.agent, analgesia.dose].filter(Boolean).join(' ') }),
    ...(surgeon !== undefined && { performedBy: surgeon }),
    records: [holder],
  };
}

function totalDose(facts: readonly Fact<'KetamineAdministered'>[]): { totalDose?: Quantity } {
  const doses: Dose[] = facts.map(({ data }) => data.dose);
  if (doses.some(({ unit }) => unit.includes('/'))) return {};
  const sum = doses.reduce((total, dose) => total + micrograms(dose), 0);
  return { totalDose: { value: String(Number(sum.toPrecision(12))), unit: 'ug' } };
}
