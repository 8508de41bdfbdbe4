import type { ProtocolInput } from '../../rules/complete-protocol.js';

type Section =
  | 'ladder'
  | 'censoring'
  | 'baseline'
  | 'hypersensitivity'
  | 'responder'
  | 'stimulation'
  | 'titration'
  | 'sideEffects';

/**
 * A protocol for the examples of the help, the API's page and the simulated study. Its numbers are choices of this
 * project for illustration. They are not those of a published study, and nothing falls back on them.
 */
export const exampleProtocol: ProtocolInput & Required<Pick<ProtocolInput, Section>> = {
  title: 'Simulated: SCS and sub-effective ketamine after partial sciatic nerve ligation',
  ladder: 'RAT-N8',
  censoring: { policy: 'bound' },
  baseline: { aggregate: 'mean', minRuns: 2 },
  hypersensitivity: {
    name: 'fall of at least 0.2 log units',
    version: 1,
    metric: 'fall-log10e4',
    limit: '0.2',
    borderline: '0.05',
    fromDay: 14,
    judged: 'first-completed',
  },
  responder: 'A',
  stimulation: {
    frequency: { value: '50', unit: 'Hz' },
    pulseWidth: { value: '0.2', unit: 'ms' },
    duration: { value: '30', unit: 'min' },
    amplitudeFraction: { low: '0.60', high: '0.70' },
  },
  titration: {
    drug: 'ketamine',
    doses: ['10', '20', '30', '40', '50'].map((value) => ({ value, unit: 'ug' as const })),
    volume: { value: '10', unit: 'uL' },
    vehicle: 'saline',
    washoutHours: '24',
    windowMinutes: [15, 30, 60],
    minPoints: 3,
  },
  sideEffects: {
    scale: 'motor-sedation',
    items: [
      { code: 'ataxia', label: 'Ataxia', max: 3 },
      { code: 'hind-limb-tone', label: 'Loss of hind-limb tone', max: 3 },
      { code: 'sedation', label: 'Sedation', max: 3 },
    ],
  },
  welfare: {
    sheet: 'daily-sheet',
    items: [
      { code: 'posture', label: 'Posture and coat', max: 3 },
      { code: 'wound', label: 'Wound and device', max: 3 },
      { code: 'autotomy', label: 'Autotomy', max: 3 },
    ],
    grades: [
      { atLeast: 1, severity: 'mild' },
      { atLeast: 3, severity: 'moderate' },
      { atLeast: 6, severity: 'severe' },
      { item: 'autotomy', atLeast: 3, severity: 'severe' },
    ],
    weightGrades: [
      { lossPercent: '5', severity: 'mild' },
      { lossPercent: '10', severity: 'moderate' },
      { lossPercent: '20', severity: 'severe' },
    ],
    procedureGrades: [
      { procedure: 'partial-ligation', severity: 'moderate' },
      { procedure: 'electrode', severity: 'moderate' },
      { procedure: 'catheter', severity: 'moderate' },
    ],
    endpoints: [
      { id: 'weight-loss', description: 'Body weight a fifth below its maximum', weightLossPercent: '20' },
      { id: 'total-score', description: 'Sum of the daily sheet of 6 or more', totalScore: 6 },
      {
        id: 'autotomy',
        description: 'Autotomy beyond one digit',
        itemScore: { item: 'autotomy', atLeast: 3 },
      },
    ],
    monitoring: [
      { id: 'weekly-score', check: 'welfare-score', everyDays: 7 },
      { id: 'weight-twice-a-week', check: 'body-weight', everyDays: 4 },
      { id: 'score-after-surgery', check: 'welfare-score', everyDays: 1, afterSurgeryDays: 3 },
      { id: 'weight-after-surgery', check: 'body-weight', everyDays: 1, afterSurgeryDays: 5 },
    ],
    refinement: 'Soft bedding and pair housing until the catheter; buprenorphine before every operation',
    unrelievedPain: {
      justification: 'Allodynia is what is measured: an analgesic between the operations would remove it',
    },
  },
  licence: {
    number: 'Simulated-licence-1',
    title: 'Simulated: electrical stimulation and pharmacology in neuropathic pain',
    prospectiveSeverity: 'moderate',
    legalType: 'procedure',
    purpose: { area: 'translational', field: 'nervous' },
    predicted: [
      { severity: 'mild', animals: 0 },
      { severity: 'moderate', animals: 26 },
    ],
  },
  lateAfterMinutes: 240,
  plausible: {
    bodyWeight: { low: { value: '100', unit: 'g' }, high: { value: '700', unit: 'g' } },
    amplitude: { low: { value: '0.05', unit: 'mA' }, high: { value: '0.5', unit: 'mA' } },
  },
  plannedSubjects: 26,
};
