import type { View } from '../../study/projections/projection.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { isPlainObject } from '../../study/schema.js';
import type { FactType } from '../../study/events/events.js';
import { factsOf, type Fact, type Study, type Subject } from '../../study/study.js';

type Values = Record<string, unknown>;

/** What a form begins with: what the protocol or the last entry of its kind says, and nothing that has to be looked at anew. */
export function prefilled({ study, protocols, untilMs }: View, { name }: CommandDefinition): Values {
  const protocol = (protocols.inForceAt(untilMs) ?? protocols.versions[0])?.protocol;
  switch (name) {
    case 'EnrolSubject':
      return takenOver(lastAnimal(study)?.enrolled, OF_A_BATCH);
    // The side and the procedure are looked at anew: they differ from animal to animal.
    case 'LigateNerve':
      return takenOver(lastOf(study, 'NerveLigated'), ['nerve', 'fraction', 'suture', 'surgeon']);
    case 'ImplantElectrode':
      return takenOver(lastOf(study, 'ElectrodeImplanted'), ['model', 'level', 'contacts', 'surgeon']);
    case 'ImplantCatheter':
      return takenOver(lastOf(study, 'CatheterImplanted'), ['route', 'tipLevel', 'deadVolume', 'surgeon']);
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

function lastOf(study: Study, type: FactType): Fact | undefined {
  const ofAnimals = [...study.subjects.values()].map(({ facts }) => factsOf(facts.toArray(), type).at(-1));
  return ofAnimals.findLast((fact) => fact !== undefined);
}

function takenOver(fact: Fact | undefined, names: readonly string[]): Values {
  const data = (fact?.data ?? {}) as Values;
  return Object.fromEntries(names.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));
}

/** `R26` where the last animal is R25; undefined where its identifier ends with no number, or the next is taken. */
export function nextIdentifier(study: Study): string | undefined {
  const last = lastAnimal(study)?.id;
  const [, stem = '', digits = ''] = /^(.*?)(\d{1,9})$/.exec(last ?? '') ?? [];
  if (digits === '') return undefined;
  const next = `${stem}${String(Number(digits) + 1).padStart(digits.length, '0')}`;
  return study.subjects.has(next) ? undefined : next;
}

function lastAnimal({ subjects }: Study): Subject | undefined {
  return [...subjects.values()].filter(({ enrolled }) => enrolled !== undefined).at(-1);
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
