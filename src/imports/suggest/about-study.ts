import type { Assay } from '../../study/protocol/measurements.js';
import type { Ladder } from '../../study/rules/ladder.js';
import { substancesOf } from '../../study/rules/planned.js';
import { Protocols, type Study } from '../../study/study.js';

/** What a study says that helps to read its sheets. */
export interface AboutStudy {
  readonly animals: ReadonlySet<string>;
  readonly ladder: Ladder | undefined;
  readonly assays: readonly Assay[];
  /** The welfare sheet, by its name, with its items. */
  readonly welfare:
    { readonly sheet: string; readonly items: readonly { code: string; label: string }[] } | undefined;
  /** The scale of side effects, likewise. */
  readonly sideEffects:
    { readonly scale: string; readonly items: readonly { code: string; label: string }[] } | undefined;
  /** What the protocol names: path of a field → values, and what each means. */
  readonly offered: Readonly<Record<string, readonly (readonly [value: string, means: string])[]>>;
  /** Of the animals that are enrolled, where they are all of one. */
  readonly species: string | undefined;
}

/** Fields of commands that name a person. */
const OF_PERSONS = ['observedBy', 'surgeon', 'assistant', 'preparedBy', 'witnessedBy'];

/** @param persons who is registered: cells name them as the laboratory does, and a person says who each is */
export function aboutStudy(study: Study, persons: readonly string[]): AboutStudy {
  const protocol = new Protocols(study).versions.at(-1)?.protocol;
  const enrolled = [...study.subjects.values()].flatMap(({ enrolled }) => enrolled ?? []);
  const species = new Set(enrolled.map(({ data }) => data.species));
  return {
    animals: new Set(enrolled.flatMap(({ subject }) => subject ?? [])),
    ladder: protocol?.ladder,
    assays: protocol?.assays ?? [],
    welfare: protocol && { sheet: protocol.welfare.sheet, items: protocol.welfare.items },
    sideEffects: protocol?.sideEffects,
    offered: {
      ...(protocol && {
        substance: substancesOf(protocol).map(({ id, name }) => [id, name ?? id]),
        endpoint: protocol.welfare.endpoints.map(({ id, description }) => [id, description]),
      }),
      ...(persons.length > 0 &&
        Object.fromEntries(OF_PERSONS.map((path) => [path, persons.map((id) => [id, id] as const)]))),
    },
    species: species.size === 1 ? [...species][0] : undefined,
  };
}
