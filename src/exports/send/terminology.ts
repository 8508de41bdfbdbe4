/**
 * Terms of the SEND controlled terminology (2026-03-27) that follow from facts of the ledger without a judgement. A value
 * that has no such term stays as recorded.
 */
export const SPECIES: Readonly<Record<string, string>> = {
  'rattus norvegicus': 'RAT',
  rat: 'RAT',
};

export const STRAIN: Readonly<Record<string, string>> = {
  'sprague-dawley': 'SPRAGUE-DAWLEY',
  'sprague dawley': 'SPRAGUE-DAWLEY',
  'crl:cd(sd)': 'SPRAGUE-DAWLEY',
  wistar: 'WISTAR',
  'wistar han': 'WISTAR HAN',
  lewis: 'LEWIS',
  'long evans': 'LONG EVANS',
};

export const SEX = { female: 'F', male: 'M', unknown: 'U' } as const;

export const ROUTE: Readonly<Record<string, string>> = {
  intrathecal: 'INTRATHECAL',
  epidural: 'EPIDURAL',
};

/** DSDECOD for how an animal left. A cause to which more than one term applies has none here. */
export const DISPOSITION: Readonly<Record<string, string | undefined>> = {
  planned: 'TERMINAL SACRIFICE',
  'humane-endpoint': 'MORIBUND SACRIFICE',
  'found-dead': 'FOUND DEAD',
  released: 'REMOVED FROM STUDY ALIVE',
  rehomed: 'REMOVED FROM STUDY ALIVE',
  'kept-alive': 'REMOVED FROM STUDY ALIVE',
};

/** The term, or the recorded value where there is none. */
export function controlled(terms: Readonly<Record<string, string>>, recorded: string): string {
  return terms[recorded.toLowerCase()] ?? recorded;
}
