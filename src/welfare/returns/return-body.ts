import type { Static } from 'typebox';
import { Type } from '../../study/schema-types.js';
import { closed } from '../../study/schema.js';
import { OverridesSchema } from '../forms/code-map.js';
import { KilledUnusedSchema } from '../forms/killed-unused.js';
import { SizesSchema } from './make-return.js';

/** The body of a POST for a return, whose year and format are in the address. */
export const ReturnBody = closed({
  codes: Type.Optional(OverridesSchema),
  at: Type.Optional(SizesSchema),
  /** Of the German return: the animals killed unused that were never enrolled; no animals where there were none. */
  killedUnused: Type.Optional(KilledUnusedSchema),
  gaps: Type.Optional(Type.Enum(['allow'])),
});

export type ReturnBody = Static<typeof ReturnBody>;

export const RETURN_EXAMPLE: ReturnBody = {
  codes: {
    id: 'lab-2026',
    standing: 'From the template that our authority sent on 5 January 2026',
    placeOfBirth: { 'uk-licensed': 'O3' },
  },
  killedUnused: {
    standing: 'The breeding records of the animal facility',
    animals: [
      {
        species: 'Rattus norvegicus',
        placeOfBirth: 'eu-registered',
        geneticStatus: 'not-altered',
        number: 12,
      },
    ],
  },
  at: { studies: { 'KET-01': { treeSize: 1602 } } },
  gaps: 'allow',
};
