/**
 * The built-in codes, each from a list that was read in the original. A word without a code is a gap in the return until
 * the laboratory's own code map has one. There are none for the Netherlands: its list has not been read.
 */

export type Table =
  | 'species'
  | 'speciesName'
  | 'placeOfBirth'
  | 'geneticStatus'
  | 'purpose'
  | 'law'
  | 'lawOrigin'
  | 'severity'
  | 'legalType'
  | 'technique'
  | 'answer';

type Tables = Readonly<Record<Table, Record<string, string>>>;

/** As the annex of the German Versuchstiermeldeverordnung prints the EU's central list. */
export const EU_CODES: Tables = {
  species: { 'rattus norvegicus': 'A2', 'mus musculus': 'A1' },
  speciesName: {},
  // An animal born in the United Kingdom has no code of its own there: whether O3 applies, the authority decides.
  placeOfBirth: {
    'eu-registered': 'O1',
    'eu-not-registered': 'O2',
    'rest-of-europe': 'O3',
    'rest-of-world': 'O4',
  },
  geneticStatus: {
    'not-altered': 'GS1',
    'altered-no-harmful-phenotype': 'GS2',
    'altered-harmful-phenotype': 'GS3',
  },
  purpose: {
    'basic/oncology': 'PB1',
    'basic/cardiovascular': 'PB2',
    'basic/nervous': 'PB3',
    'basic/respiratory': 'PB4',
    'basic/gastrointestinal': 'PB5',
    'basic/musculoskeletal': 'PB6',
    'basic/immune': 'PB7',
    'basic/urogenital': 'PB8',
    'basic/sensory': 'PB9',
    'basic/endocrine': 'PB10',
    'basic/multisystemic': 'PB11',
    'basic/ethology': 'PB12',
    'basic/other': 'PB13',
    'basic/developmental': 'PB14',
    'translational/cancer': 'PT21',
    'translational/infectious': 'PT22',
    'translational/cardiovascular': 'PT23',
    'translational/nervous': 'PT24',
    'translational/respiratory': 'PT25',
    'translational/gastrointestinal': 'PT26',
    'translational/musculoskeletal': 'PT27',
    'translational/immune': 'PT28',
    'translational/urogenital': 'PT29',
    'translational/sensory': 'PT30',
    'translational/endocrine': 'PT31',
    'translational/other': 'PT32',
    'translational/animal-disease': 'PT33',
    'translational/animal-welfare': 'PT34',
    'translational/diagnosis': 'PT35',
    'translational/plant': 'PT36',
    'translational/non-regulatory-toxicology': 'PT37',
    'translational/animal-nutrition': 'PT38',
    'regulatory/neurotoxicity': 'PR94',
    'regulatory/kinetics': 'PR95',
    'regulatory/pharmacodynamics': 'PR96',
    environment: 'PE40',
    'species-preservation': 'PS41',
    'higher-education': 'PE42-1',
    training: 'PE42-2',
    forensic: 'PF43',
    'colony-maintenance': 'PG43',
  },
  law: {
    'human-medicines': 'LT1',
    'veterinary-medicines': 'LT2',
    'medical-devices': 'LT3',
    chemicals: 'LT4',
    'plant-protection': 'LT5',
    biocides: 'LT6',
    food: 'LT7',
    feed: 'LT8',
    cosmetics: 'LT9',
    other: 'LT10',
  },
  lawOrigin: { eu: 'LO1', national: 'LO2', 'non-eu': 'LO3' },
  // The Union's list has nothing below the threshold of a procedure.
  severity: { 'non-recovery': 'SV1', mild: 'SV2', moderate: 'SV3', severe: 'SV4' },
  legalType: { procedure: 'T1', 'killed-for-tissue': 'T2' },
  technique: {},
  answer: { yes: 'yes', no: 'no' },
};

/** The words of the United Kingdom's Return of Procedures; a purpose is its area and its field with a slash between them. */
export const UK_CODES: Tables = {
  species: { 'rattus norvegicus': 'rats', 'mus musculus': 'mice' },
  speciesName: {},
  placeOfBirth: {
    'uk-licensed': 'uk-licenced',
    'uk-not-licensed': 'uk-non-licenced',
    'eu-registered': 'eu-registered',
    'eu-not-registered': 'eu-non-registered',
    'rest-of-europe': 'europe',
    'rest-of-world': 'rest-of-world',
  },
  geneticStatus: {
    'not-altered': 'no-ga',
    'altered-no-harmful-phenotype': 'ga-not-harmful',
    'altered-harmful-phenotype': 'ga-harmful',
  },
  purpose: {
    ...fields('basic', ['oncology', 'multisystemic', 'ethology', 'developmental']),
    ...fields('translational', [
      'cancer',
      'infectious',
      'animal-welfare',
      'animal-nutrition',
      'diagnosis',
      'plant',
    ]),
    'translational/animal-disease': 'translational/animal-diseases',
    'translational/non-regulatory-toxicology': 'translational/non-reg-tox',
    'regulatory/neurotoxicity': 'regulatory/toxicity-neurotoxicity',
    'regulatory/kinetics': 'regulatory/toxicity-kinetics',
    'regulatory/pharmacodynamics': 'regulatory/toxicity-pharmaco-dynamics',
    environment: 'protection',
    'species-preservation': 'preservation',
    'higher-education': 'education_or_training',
    training: 'education_or_training',
    forensic: 'forensic',
    'colony-maintenance': 'breeding',
  },
  law: {
    'human-medicines': 'human-use',
    'veterinary-medicines': 'veterinary-use',
    'medical-devices': 'medical-devices',
    chemicals: 'industrial-chemicals',
    'plant-protection': 'plant-protection',
    biocides: 'biocides',
    food: 'food',
    feed: 'feed',
    cosmetics: 'cosmetics',
    other: 'other',
  },
  lawOrigin: { eu: 'eu', national: 'uk', 'non-eu': 'non-eu' },
  severity: {
    'sub-threshold': 'sub',
    mild: 'mild',
    moderate: 'moderate',
    severe: 'severe',
    'non-recovery': 'non',
  },
  legalType: { procedure: 'procedure' },
  technique: {
    'forced-swim-test': 'forced_swim_test',
    'household-product-testing': 'household',
    'tobacco-product-testing': 'tobacco',
    'alcohol-product-testing': 'alcohol',
    'monoclonal-antibodies-from-ascites': 'antibodies',
  },
  answer: { yes: '1', no: '0' },
};

/** The fields that both areas have and those of one area, where the form uses the ledger's names. */
function fields(area: string, own: readonly string[]): Record<string, string> {
  const same = [
    'nervous',
    'respiratory',
    'musculoskeletal',
    'dentistry',
    'immune',
    'urogenital',
    'sensory',
    'endocrine',
    'other',
  ];
  const entries = [...same, ...own].map((field) => [`${area}/${field}`, `${area}/${field}`] as const);
  return {
    ...Object.fromEntries(entries),
    [`${area}/cardiovascular`]: `${area}/cardio`,
    [`${area}/gastrointestinal`]: `${area}/gastro`,
  };
}
