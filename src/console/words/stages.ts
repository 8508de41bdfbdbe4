import type { Stage } from '../../study/projections/study-flow.projection.js';

export const STAGES_IN_WORDS: Readonly<Record<Stage, string>> = {
  enrolled: 'Enrolled',
  operated: 'Nerve ligated',
  hypersensitive: 'Hypersensitive',
  stimulated: 'Stimulated',
  responders: 'Responders to stimulation alone',
  'non-responders': 'Non-responders to stimulation alone',
  titrated: 'Ketamine titrated',
  designated: 'Sub-effective dose designated',
  combined: 'Dose and stimulation',
  converted: 'Converted to responders',
};

export function stageInWords(stage: Stage): string {
  return STAGES_IN_WORDS[stage];
}
