import type { Stage } from '../../study/projections/study-flow.projection.js';

const STAGES: Readonly<Record<Stage, string>> = {
  enrolled: 'Enrolled',
  operated: 'Model induced',
  hypersensitive: 'Hypersensitive',
  stimulated: 'Stimulated',
  responders: 'Responders to stimulation alone',
  'non-responders': 'Non-responders to stimulation alone',
  titrated: 'Drug titrated',
  designated: 'Sub-effective dose designated',
  combined: 'Dose and stimulation',
  converted: 'Converted to responders',
};

export function stageInWords(stage: Stage): string {
  return STAGES[stage];
}

/** In the order of the flow. */
export function stagesInWords(): [Stage, string][] {
  return Object.entries(STAGES) as [Stage, string][];
}
