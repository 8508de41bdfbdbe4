import { CATALOGUE } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { FOLLOWED } from '../../study/commands/correct-record.command.js';
import { checkVoidable } from '../../study/commands/void-record.command.js';
import { isOf } from '../../study/record.js';
import { refuse, type Refusal } from '../../study/refusal.js';
import { closureOf, factNumbered, type Fact, type Study } from '../../study/study.js';

/** What can be done about a record. */
export interface Changeable {
  /** The record that first stated the fact: the one that a correction names. Absent where it is not corrected. */
  readonly corrects?: number;
  readonly voids: boolean;
  /** What is done instead of a correction. */
  readonly instead?: string;
}

export function changeableFact(study: Study, number: number): Changeable {
  if (closureOf(study).state === 'archived') return { voids: false, instead: 'the study is archived' };
  const fact = standingFact(study, number);
  const instead = fact && FOLLOWED[fact.type];
  const isFollowed = instead !== undefined || !fact || fact.holder !== number;
  return {
    ...(isFollowed ? {} : { corrects: fact.number }),
    ...(fact && instead !== undefined && { instead }),
    voids: checkVoidable(study, number) === undefined,
  };
}

/** The fact that a record states, or corrects, and that still holds. */
function standingFact(study: Study, number: number): Fact | undefined {
  const record = study.records.at(number)?.record;
  return factNumbered(study, record && isOf('RecordCorrected', record) ? record.data.target.number : number);
}

export interface Correctable {
  readonly fact: Fact;
  /** Of the command that states such facts. */
  readonly definition: CommandDefinition;
}

/** The fact that can be corrected; refused with what to do instead. */
export function correctable(study: Study, number: number): Correctable | Refusal {
  if (!study.records.at(number))
    return refuse(
      'record-unknown',
      `There is no record ${number} among the ${study.size} records of ${study.code}.`,
      'number',
    );
  const fact = standingFact(study, number);
  if (!fact)
    return refuse(
      'not-in-force',
      `Record ${number} states nothing that holds: it was withdrawn, or withdraws another. Record anew what should hold.`,
      'number',
    );
  const instead = FOLLOWED[fact.type];
  const definition = CATALOGUE.find(({ records }) => records === fact.type);
  if (!definition || instead !== undefined)
    return refuse('not-correctable', `A ${fact.type} is not corrected: ${instead}.`, 'number');
  return { fact, definition };
}
