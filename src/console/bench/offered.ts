import type { View } from '../../study/projections/projection.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { substancesOf } from '../../study/rules/planned.js';
import { isClosed } from '../../study/study.js';
import type { Lab } from '../../lab/lab.js';
import type { Offered } from '../forms/form-context.js';

/** The values that the study itself offers for the fields of a command, by path. */
export function offeredFor(
  { study, protocols, untilMs }: View,
  { people }: Lab,
  definition: CommandDefinition,
): Record<string, Offered> {
  const protocol = (protocols.inForceAt(untilMs) ?? protocols.versions[0])?.protocol;
  const animals = [...study.subjects.values()].filter(
    // What is found after closing happened while they were alive.
    ({ died, fate }) => isClosed(study) || (died === undefined && fate === undefined),
  );
  const persons = open([...people.persons.keys()]);
  const isSideEffects = definition.name === 'ScoreSideEffects';
  const items = (isSideEffects ? protocol?.sideEffects : protocol?.welfare)?.items ?? [];
  const assays = protocol?.assays ?? [];
  return {
    ...(animals.length > 0 &&
      definition.name !== 'EnrolSubject' && { subject: open(animals.map(({ id }) => id)) }),
    ...(people.persons.size > 0 && {
      'data.observedBy': persons,
      'data.surgeon': persons,
      'data.assistant': persons,
      'data.preparedBy': persons,
      'data.witnessedBy': persons,
    }),
    ...(protocol?.ladder && {
      'data.ladder': closed([[protocol.ladder.id, protocol.ladder.id]]),
      'data.touches.filament': closed(
        protocol.ladder.filaments.map(({ label, grams }) => [label, `${label} (${grams} g)`]),
      ),
    }),
    ...(items.length > 0 && { 'data.scores.item': closed(items.map(({ code, label }) => [code, label])) }),
    ...(assays.length > 0 && {
      'data.assay': closed(assays.map(({ id, title }) => [id, title])),
      'data.site': closed(assays.flatMap(({ sites }) => sites.map((site) => [site, site] as const))),
    }),
    ...(protocol && {
      'data.substance': open(substancesOf(protocol).map(({ id }) => id)),
      'data.endpoint': closed(protocol.welfare.endpoints.map(({ id, description }) => [id, description])),
    }),
  };
}

function open(values: readonly string[]): Offered {
  return { values: values.map((value) => [value, ''] as const) };
}

function closed(values: Offered['values']): Offered {
  return { values, isClosed: true };
}
