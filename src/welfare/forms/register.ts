import type { UseRecord } from '../../study/welfare/animal-use-record.js';

/** The register of animals of Dir. 2010/63/EU, Art. 30: one line an animal and study, used or not. */
export const REGISTER_COLUMNS = [
  'study',
  'animal',
  'identification',
  'species',
  'strain',
  'sex',
  'born on',
  'place of birth',
  'bred for procedures',
  'from whom',
  'received on',
  'enrolled on',
  'used',
  'used before',
  'project',
  'use began',
  'use ended',
  'fate',
  'fate on',
  'method',
  'cause',
  'to whom',
  'tissue taken',
  'records',
] as const;

export function buildRegisterLine(study: string, use: UseRecord): string[] {
  const { animal, fate } = use;
  const end = fate.value;
  const records = [
    ...use.use.enrolledOn.records,
    ...use.use.startedOn.records,
    ...use.use.endedOn.records,
    ...fate.records,
  ];
  return [
    study,
    use.subject,
    text(animal.identification.value),
    text(animal.species.value),
    text(animal.strain.value),
    text(animal.sex.value),
    text(animal.dateOfBirth.value),
    text(animal.placeOfBirth.value),
    text(animal.bredForProcedures.value),
    text(animal.supplier.value),
    text(animal.arrival.value),
    text(use.use.enrolledOn.value),
    text(use.use.used),
    text(use.use.reuse.value),
    text(use.use.project.value),
    text(use.use.startedOn.value),
    text(use.use.endedOn.value),
    text(end?.kind ?? null),
    text(end?.on ?? null),
    text(end?.method ?? null),
    text(end?.cause ?? null),
    text(end?.to ?? null),
    text(end?.tissue ?? null),
    [...new Set(records)].sort((a, b) => a - b).join(' '),
  ];
}

/** First and last day, as `2026-12-31`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Whether the animal was in the facility: enrolled by the end of the period, and not gone before it. */
export function wasPresent({ use, fate }: UseRecord, { from, to }: Period): boolean {
  const enrolled = use.enrolledOn.value;
  const gone = fate.value !== null && fate.value.kind !== 'kept-alive' ? fate.value.on : null;
  return (enrolled === null || enrolled <= to) && (gone === null || gone >= from);
}

function text(value: string | boolean | null): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value ?? '';
}
