/** Fields whose name alone does not say what is meant. */
const LABELS: Readonly<Record<string, string>> = {
  subject: 'Animal',
  occurredAt: 'When it happened',
  reason: 'Reason',
  afterClose: 'Found after closing',
  observedBy: 'Observed by',
  scores: 'Scores',
  n: 'Responses',
  of: 'Touches',
  atLeast: 'At least',
  sha256: 'SHA-256',
  target: 'Record',
  leaf: 'Leaf hash',
};

/** `data.bodyWeight` → “Body weight”. */
export function labelOf(name: string): string {
  // A rule is of an assay, a share of touches.
  if (/\.(hypersensitivity|responder)(\|\d+)?\.of$/.test(name)) return 'Assay';
  const last = name.replace(/\[\d+\]$/, '').replace(/^.*[.|]\d*/, '');
  return LABELS[last] ?? inWords(last);
}

/** `bodyWeight` → “Body weight”; `partial-ligation` → “Partial ligation”. */
export function inWords(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
    .replace(/^eu\b/, 'EU');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const UNIT_WORDS: Readonly<Record<string, string>> = {
  ug: 'µg',
  'ug/kg': 'µg/kg',
  'ug/uL': 'µg/µL',
  'ug/mL': 'µg/mL',
  uL: 'µL',
  'uL/min': 'µL/min',
  us: 'µs',
  uA: 'µA',
  umol: 'µmol',
  'umol/kg': 'µmol/kg',
  'nmol/uL': 'nmol/µL',
  'umol/mL': 'µmol/mL',
  kOhm: 'kΩ',
  Ohm: 'Ω',
  Cel: '°C',
  '[iU]': 'IU',
  '[iU]/kg': 'IU/kg',
  '[iU]/mL': 'IU/mL',
};

/** A UCUM unit as it is written by hand. */
export function unitInWords(unit: string): string {
  return UNIT_WORDS[unit] ?? unit;
}
