import { localDay } from '../../study/instant.js';
import type { View } from '../../study/projections/projection.js';
import { factsOf, type Fact } from '../../study/study.js';
import type { Snapshot } from '../snapshot.js';
import { withCells, type NamedCells, type TidyRow } from './columns.js';
import { kindOf } from './kinds.js';
import { rowsOf, yesOrNo } from './rows-of.js';
import { tidyAnimal, type TidyAnimal } from './tidy-animal.js';

type Acknowledged = ReadonlyMap<number, Fact<'DeviationAcknowledged'>['data']>;

/**
 * Every effective fact about an animal as rows for statistics, animal by animal, each in the order in which things
 * happened. Superseded records are in the audit trail only. Lazy: one row at a time.
 */
export function* tidyRows(view: View, snapshot: Snapshot): Generator<TidyRow> {
  const placed: NamedCells = {
    study: snapshot.code,
    tree_size: String(snapshot.size),
    root: snapshot.root,
    simulated: String(snapshot.simulated),
  };
  const acknowledgements = factsOf(view.study.facts, 'DeviationAcknowledged', view.untilMs);
  const acknowledged: Acknowledged = new Map(acknowledgements.map(({ data }) => [data.target.number, data]));
  for (const { id, history } of view.animals()) {
    const animal = tidyAnimal(view, id, history, placed);
    for (const fact of history) {
      const common = commonTo(animal, fact, acknowledged);
      for (const row of rowsOf(fact, animal)) yield withCells(common, row);
    }
  }
}

function commonTo(
  { view, support, dayZero, labels, everyRow }: TidyAnimal,
  fact: Fact,
  acknowledged: Acknowledged,
): TidyRow {
  const holder = view.study.records.at(fact.holder)?.record;
  const data = fact.data as { observedBy?: string; blinded?: boolean; comment?: string };
  const corrections = view.study.corrections.get(fact.number) ?? [];
  const acknowledgement = acknowledged.get(fact.number);
  return withCells(everyRow, {
    kind: kindOf(fact.type),
    label: labels.get(fact.number),
    occurred_at: fact.time,
    study_day: dayZero === undefined ? undefined : String(localDay(fact.time) - dayZero),
    observed_by: data.observedBy,
    blinded: yesOrNo(data.blinded),
    comment: data.comment,
    flags: support.flagsOf(fact).join(' ') || undefined,
    deviation_impact: acknowledgement?.impact,
    deviation_assessment: acknowledgement?.assessment,
    reason: holder?.reason,
    actor: holder?.actor,
    recorded_at: holder?.recordedtime,
    protocol_version: fact.protocolVersion === undefined ? undefined : String(fact.protocolVersion),
    record: String(fact.holder),
    records: corrections.length === 0 ? String(fact.number) : [fact.number, ...corrections].join(' '),
  });
}
