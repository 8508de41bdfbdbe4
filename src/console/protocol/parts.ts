import type { ProtocolInputSchema } from '../../study/protocol-input.js';

export type Member = keyof typeof ProtocolInputSchema.properties;

/** A part of a protocol as the form shows it: members that are decided together. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly members: readonly Member[];
  /** What a study says that has the part, where it may do without; it then has all its members. */
  readonly optional?: string;
}

/** All parts, in the order in which a study meets them. `reading` is in none: it is never chosen by hand. */
export const PARTS: readonly Part[] = [
  { id: 'study', title: 'Study', members: ['title', 'plannedSubjects', 'document'] },
  {
    id: 'licence',
    title: 'Licence',
    members: ['licence'],
    optional: 'The protocol names the licence',
  },
  {
    id: 'model',
    title: 'Model of injury or pain',
    members: ['model'],
    optional: 'The protocol names the model',
  },
  {
    id: 'filaments',
    title: 'Filaments of up-down thresholds',
    members: ['ladder', 'censoring'],
    optional: 'Thresholds are measured by the up-down method',
  },
  { id: 'assays', title: 'Other measurements', members: ['assays'], optional: 'Something else is measured' },
  { id: 'baseline', title: 'Baseline', members: ['baseline'], optional: 'Animals have a baseline' },
  {
    id: 'hypersensitivity',
    title: 'Hypersensitivity rule',
    members: ['hypersensitivity'],
    optional: 'Animals are judged hypersensitive or not',
  },
  {
    id: 'responder',
    title: 'Responder rule',
    members: ['responder'],
    optional: 'Animals are judged responders or not, or doses effective or not',
  },
  {
    id: 'substances',
    title: 'Substances and doses',
    members: ['substances'],
    optional: 'Substances are listed, vehicles and controls among them',
  },
  {
    id: 'titration',
    title: 'Titration',
    members: ['titration'],
    optional: 'The dose of one drug is found for each animal',
  },
  {
    id: 'stimulation',
    title: 'Stimulation',
    members: ['stimulation'],
    optional: 'Animals are stimulated',
  },
  {
    id: 'side-effects',
    title: 'Side effects',
    members: ['sideEffects'],
    optional: 'Side effects are scored',
  },
  { id: 'welfare', title: 'Welfare: sheet, endpoints, checks', members: ['welfare'] },
  { id: 'training', title: 'Training', members: ['training'], optional: 'Training has to be on record' },
  {
    id: 'witnessed',
    title: 'Witnessed procedures',
    members: ['witnessed'],
    optional: 'A second person witnesses what is done',
  },
  {
    id: 'plausible',
    title: 'What is plausible',
    members: ['plausible'],
    optional: 'Values outside a range are flagged',
  },
  {
    id: 'times',
    title: 'Late entries and times',
    members: ['lateAfterMinutes', 'minuteTolerance', 'followsWithinMinutes', 'carryOverHours'],
  },
];

/** The part that a member of a protocol stands in: of `titration.doses[0]` the titration. */
export function partOf(path: string): Part | undefined {
  const member = /^[^.[]*/.exec(path)![0];
  return PARTS.find(({ members }) => (members as readonly string[]).includes(member));
}

/** The parts that a protocol has. */
export function partsIn(protocol: object): string[] {
  return PARTS.filter(
    ({ optional, members }) =>
      optional === undefined ||
      members.some((member) => (protocol as Record<string, unknown>)[member] !== undefined),
  ).map(({ id }) => id);
}
