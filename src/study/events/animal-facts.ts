import { Type } from '../schema-types.js';
import { BodyWeight, Temperature } from '../quantity.js';
import { CalendarDate, closed, Code, Line, PersonId, Text } from '../schema.js';
import { Use, data, observation, optional } from './fact-parts.js';

/** Facts about the life of an animal in the study. Part of the storage contract of `events.ts`. */
export const ANIMAL_FACTS = {
  SubjectEnrolled: data({
    species: Line,
    strain: Line,
    sex: Type.Enum(['female', 'male', 'unknown']),
    dateOfBirth: optional(CalendarDate),
    bodyWeight: optional(BodyWeight),
    supplier: optional(Line),
    healthStatus: optional(Line),
    genotype: optional(Line),
    identification: optional(closed({ method: Code, mark: Line })),
    arrival: optional(CalendarDate),
    acclimatisationDays: optional(Type.Integer({ minimum: 0, maximum: 365 })),
    previousProcedures: optional(Text),
    placeOfBirth: optional(
      Type.Enum([
        'eu-registered',
        'eu-not-registered',
        'uk-licensed',
        'uk-not-licensed',
        'rest-of-europe',
        'rest-of-world',
      ]),
    ),
    bredForProcedures: optional(Type.Boolean()),
    geneticStatus: optional(
      Type.Enum(['not-altered', 'altered-no-harmful-phenotype', 'altered-harmful-phenotype']),
    ),
    /** Whether the animal was used to create a new genetically altered line. */
    newGeneticLine: optional(Type.Boolean()),
    use: optional(Use),
    housing: optional(
      closed({
        cage: optional(Line),
        companions: optional(Type.Integer({ minimum: 0, maximum: 50 })),
        bedding: optional(Line),
        enrichment: optional(Line),
        lightCycle: optional(Line),
        temperature: optional(Temperature),
        diet: optional(Line),
      }),
    ),
    allocation: optional(
      closed({
        group: Line,
        method: optional(Line),
        sequenceSource: optional(Line),
        stratum: optional(Line),
        concealed: optional(Type.Boolean()),
      }),
    ),
    comment: optional(Text),
  }),
  BodyWeightRecorded: data({ weight: BodyWeight, ...observation }),
  SubjectExcluded: data({
    criterion: optional(Code),
    prespecified: Type.Boolean(),
    decidedBy: optional(PersonId),
    afterUnblinding: optional(Type.Boolean()),
    comment: optional(Text),
  }),
  SubjectEuthanised: data({
    method: Line,
    cause: Type.Enum(['planned', 'humane-endpoint', 'surgical-complication', 'other']),
    endpoint: optional(Code),
    agent: optional(Line),
    confirmation: optional(Line),
    tissue: optional(Text),
    electrodePosition: optional(Line),
    catheterPosition: optional(Line),
    ...observation,
  }),
  FateRecorded: data({
    fate: Type.Enum(['found-dead', 'released', 'rehomed', 'kept-alive']),
    /** Of death, where known. */
    cause: optional(Text),
    /** Where the animal went, and into whose hands. */
    to: optional(Line),
    ...observation,
  }),
} as const;
