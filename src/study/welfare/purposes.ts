/**
 * The purposes of a procedure in the ledger's own words. Each authority has its codes for them; which code stands for
 * which word is a code map's business (`src/welfare/forms/code-map.ts`), never that of a record.
 */
const BODY = [
  'respiratory',
  'gastrointestinal',
  'musculoskeletal',
  'immune',
  'urogenital',
  'sensory',
  'endocrine',
  'dentistry',
] as const;

const PURPOSES: Readonly<Record<string, readonly string[]>> = {
  basic: [
    ...BODY,
    'oncology',
    'cardiovascular',
    'nervous',
    'multisystemic',
    'ethology',
    'developmental',
    'other',
  ],
  translational: [
    ...BODY,
    'cancer',
    'infectious',
    'cardiovascular',
    'nervous',
    'other',
    'animal-disease',
    'animal-welfare',
    'animal-nutrition',
    'diagnosis',
    'plant',
    'non-regulatory-toxicology',
  ],
  regulatory: ['neurotoxicity', 'kinetics', 'pharmacodynamics', 'other'],
  environment: [],
  'species-preservation': [],
  'higher-education': [],
  training: [],
  forensic: [],
  'colony-maintenance': [],
};

const LAWS: readonly string[] = [
  'human-medicines',
  'veterinary-medicines',
  'medical-devices',
  'chemicals',
  'plant-protection',
  'biocides',
  'food',
  'feed',
  'cosmetics',
  'other',
];

const ORIGINS: readonly string[] = ['eu', 'national', 'non-eu'];

export interface Purpose {
  readonly area: string;
  readonly field?: string;
}

/** What is wrong with a purpose, in words. Checked at approval, not a year later in the return. */
export function purposeProblem({ area, field }: Purpose): string | undefined {
  const fields = Object.hasOwn(PURPOSES, area) ? PURPOSES[area] : undefined;
  if (!fields) return `a purpose's area is one of ${Object.keys(PURPOSES).join(', ')}`;
  if (field === undefined)
    return fields.length > 0 ? `a ${area} purpose names its field: ${fields.join(', ')}` : undefined;
  if (fields.includes(field)) return undefined;
  return fields.length > 0
    ? `a ${area} purpose's field is one of ${fields.join(', ')}`
    : `the purpose ${area} has no fields`;
}

export function legislationProblem({
  law,
  origin,
}: {
  readonly law: string;
  readonly origin: string;
}): string | undefined {
  if (!LAWS.includes(law)) return `the law of a regulatory purpose is one of ${LAWS.join(', ')}`;
  return ORIGINS.includes(origin) ? undefined : `the origin of a law is one of ${ORIGINS.join(', ')}`;
}
