import type { View } from '../../study/projections/projection.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { isPlainObject } from '../../study/schema.js';
import { factsOf, type Fact } from '../../study/study.js';

type Values = Record<string, unknown>;

/** What a form begins with: what the protocol or the last entry of its kind says, and nothing that has to be looked at anew. */
export function prefilled({ study, protocols, untilMs }: View, { name }: CommandDefinition): Values {
  const protocol = (protocols.inForceAt(untilMs) ?? protocols.versions[0])?.protocol;
  switch (name) {
    case 'EnrolSubject':
      return takenOver(factsOf(study.facts, 'SubjectEnrolled').at(-1), OF_A_BATCH);
    case 'RecordThreshold':
      return { ...(protocol?.ladder && { ladder: protocol.ladder.id }) };
    case 'ScoreWelfare':
      return { ...(protocol && { sheet: protocol.welfare.sheet }) };
    case 'ScoreSideEffects':
      return { ...(protocol?.sideEffects && { scale: protocol.sideEffects.scale }) };
    default:
      return {};
  }
}

/** What animals that arrive together have in common. */
const OF_A_BATCH = [
  'species',
  'strain',
  'sex',
  'dateOfBirth',
  'supplier',
  'healthStatus',
  'arrival',
  'acclimatisationDays',
  'placeOfBirth',
  'bredForProcedures',
  'geneticStatus',
  'newGeneticLine',
  'use',
] as const;

function takenOver(fact: Fact | undefined, names: readonly string[]): Values {
  const data = (fact?.data ?? {}) as Values;
  return Object.fromEntries(names.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));
}

/** Values put over others, object by object. */
export function mergeValues(under: Values, over: Values): Values {
  const merged = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const before = merged[name];
    merged[name] = isPlainObject(before) && isPlainObject(value) ? mergeValues(before, value) : value;
  }
  return merged;
}
