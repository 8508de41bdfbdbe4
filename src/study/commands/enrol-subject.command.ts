import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { EVENTS } from '../events/events.js';
import { BodyWeight, isOutside } from '../quantity.js';
import { refuse, refuseAll, type Refusal } from '../refusal.js';
import { CalendarDate, Line, Text } from '../schema.js';
import type { AnimalAt } from './common/animal-at.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { implausible, query } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { ANIMAL_CARE } from '../who.js';

const { housing, allocation, identification, acclimatisationDays, placeOfBirth, geneticStatus, use } =
  EVENTS.SubjectEnrolled.properties;

class Enrolment {
  @Required(Line, 'Species.')
  species!: string;

  @Required(Line, 'Strain and substrain in full nomenclature.')
  strain!: string;

  @Required(Type.Enum(['female', 'male', 'unknown']), 'Sex.')
  sex!: 'female' | 'male' | 'unknown';

  @Optional(CalendarDate, 'Date of birth.')
  dateOfBirth?: string;

  @Optional(BodyWeight, 'Body weight at enrolment.')
  bodyWeight?: Static<typeof BodyWeight>;

  @Optional(Line, 'Where the animal came from.')
  supplier?: string;

  @Optional(Line, 'Health status.')
  healthStatus?: string;

  @Optional(Line, 'Genotype.')
  genotype?: string;

  @Optional(identification, 'How the animal is marked.')
  identification?: Static<typeof identification>;

  @Optional(CalendarDate, 'Day of arrival.')
  arrival?: string;

  @Optional(acclimatisationDays, 'Days of acclimatisation.')
  acclimatisationDays?: number;

  @Optional(Text, 'What was done with the animal before.')
  previousProcedures?: string;

  @Optional(placeOfBirth, 'Where the animal was born, and at whose.')
  placeOfBirth?: Static<typeof placeOfBirth>;

  @Optional(Type.Boolean(), 'Whether it was bred for use in procedures.')
  bredForProcedures?: boolean;

  @Optional(geneticStatus, 'Whether it is genetically altered, and its phenotype harmful.')
  geneticStatus?: Static<typeof geneticStatus>;

  @Optional(Type.Boolean(), 'Whether it serves to create a new genetically altered line.')
  newGeneticLine?: boolean;

  @Optional(
    use,
    'Used for the first time, or again: then how severe the last use was, and where it was severe why the authority permits another (Dir. 2010/63/EU, Art. 16).',
  )
  use?: Static<typeof use>;

  @Optional(housing, 'Cage, companions, bedding, enrichment, light, temperature, diet.')
  housing?: Static<typeof housing>;

  @Optional(allocation, 'Group, and how the animal came into it.')
  allocation?: Static<typeof allocation>;

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** Takes an animal into the study. */
export class EnrolSubject extends SubjectCommand {
  @Data(Enrolment) readonly data!: Enrolment;
}

export const enrolSubject = defineCommand(EnrolSubject, {
  phase: 'animal',
  who: ANIMAL_CARE,
  summary: 'Enrol an animal',
  records: 'SubjectEnrolled',
  refuses: ['never-used-before', 'previous-severity-missing', 'subject-enrolled'],
  anyAnimal: true,
  example: {
    subject: 'R01',
    data: {
      species: 'Rattus norvegicus',
      strain: 'Crl:CD(SD)',
      sex: 'male',
      bodyWeight: { value: '212.4', unit: 'g' },
      placeOfBirth: 'eu-registered',
      bredForProcedures: true,
      geneticStatus: 'not-altered',
      newGeneticLine: false,
      use: { kind: 'first' },
    },
  },
  check: (_, { animal }) => [checkNew(animal)],
  decide({ data, subject }, { animal, protocol, study }) {
    const unfit = refuseAll([checkNew(animal), data.use && checkUse(data.use)]);
    if (unfit) return unfit;
    const [alike] = study.subjects.like(subject);
    const odd = data.bodyWeight && isOutside(protocol.plausible?.bodyWeight, data.bodyWeight);
    return propose('SubjectEnrolled', { ...data }, [
      odd && implausible('body-weight-out-of-range'),
      alike !== undefined && query('looks-like', study.subjects.get(alike)?.enrolled?.holder),
    ]);
  },
});

function checkNew({ enrolled, id }: AnimalAt): Refusal<'subject-enrolled'> | undefined {
  if (!enrolled) return undefined;
  return refuse(
    'subject-enrolled',
    `${id} is enrolled already; every animal has an identifier of its own.`,
    'subject',
  );
}

/** A first use states no earlier one; a re-use states its actual severity (Dir. 2010/63/EU, Art. 16). */
function checkUse({
  kind,
  previousActualSeverity,
  previousProject,
  authorityReason,
}: Static<typeof use>): Refusal<'previous-severity-missing' | 'never-used-before'> | undefined {
  const place = 'data.use.previousActualSeverity';
  if (kind === 'reuse' && previousActualSeverity === undefined)
    return refuse(
      'previous-severity-missing',
      'An animal that is used again needs the actual severity of its last use: state it.',
      place,
    );
  if (kind === 'first' && [previousActualSeverity, previousProject, authorityReason].some(isSaid))
    return refuse(
      'never-used-before',
      'An animal that is used for the first time has no earlier use: leave out what is said about one.',
      'data.use.kind',
    );
  return undefined;
}

function isSaid(value: string | undefined): boolean {
  return value !== undefined;
}
