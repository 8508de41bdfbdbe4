import { groupedBy } from '../grouped-by.js';
import { doseOf, type AnyDose, type Quantity } from '../quantity.js';
import { isDose, substanceOf } from '../rules/administration.js';
import type { Fact, Protocols } from '../study.js';
import type { Course } from './course.js';
import type { ProcedureKind } from '../protocol/welfare.js';
import { isSurgery, procedureOf } from './animal-use.js';

/** What was done: each operation by itself, repeated things as one entry. */
export interface Procedure {
  readonly kind: ProcedureKind;
  /** The substance of doses, the agent of an induction, the assay of measurements. */
  readonly what?: string;
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

export function proceduresOf({ facts: history }: Course, protocols: Protocols): Procedure[] {
  const done = history.filter((fact) => procedureOf(fact) !== undefined);
  const repeated = groupedBy(
    done.filter((fact) => !isSurgery(fact)),
    (fact) => `${procedureOf(fact)} ${whatOf(fact, protocols) ?? ''}`,
  );
  return [
    ...done.filter(isSurgery).map((fact) => entry([fact], protocols)),
    ...[...repeated.values()].map((facts) => entry(facts, protocols)),
  ];
}

/** One entry of facts of one kind. */
function entry(facts: readonly Fact[], protocols: Protocols): Procedure {
  const [fact] = facts as [Fact];
  const what = whatOf(fact, protocols);
  return {
    kind: procedureOf(fact) as ProcedureKind,
    ...(what !== undefined && { what }),
    n: facts.length,
    first: fact.time,
    last: facts.at(-1)!.time,
    ...circumstances(fact),
    ...totalDose(facts),
    records: facts.map(({ holder }) => holder),
  };
}

function whatOf(fact: Fact, protocols: Protocols): string | undefined {
  if (isDose(fact)) return substanceOf(fact, protocols).id;
  const { agent, assay } = fact.data as { agent?: string; assay?: string };
  return agent ?? assay;
}

type Circumstances = Pick<Procedure, 'side' | 'level' | 'anaesthesia' | 'analgesia' | 'performedBy'>;

/** What an operation or an induction says of how it was done. */
function circumstances({ data }: Fact): Circumstances {
  const { side, anaesthesia, analgesia, surgeon } = data as Partial<Fact<'NerveLigated'>['data']>;
  const { level, tipLevel } = data as { level?: string; tipLevel?: string };
  const at = level ?? tipLevel;
  return {
    ...(side !== undefined && { side }),
    ...(at !== undefined && { level: at }),
    ...(anaesthesia && { anaesthesia: anaesthesia.agent }),
    ...(analgesia && { analgesia: [analgesia.agent, analgesia.dose].filter(Boolean).join(' ') }),
    ...(surgeon !== undefined && { performedBy: surgeon }),
  };
}

function totalDose(facts: readonly Fact[]): { totalDose?: Quantity } {
  const doses = facts.filter(isDose).map(({ data }) => doseOf(data.dose as AnyDose, undefined).microgram);
  if (doses.length === 0 || doses.includes(null)) return {};
  const sum = doses.reduce<number>((total, dose) => total + (dose ?? 0), 0);
  return { totalDose: { value: String(Number(sum.toPrecision(12))), unit: 'ug' } };
}
