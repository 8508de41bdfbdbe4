import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { Scores } from '../events/fact-parts.js';
import { Line, Severity, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { Observation } from './common/observation.js';
import { checkScores } from './common/scoring.js';
import { ANIMAL_CARE } from '../who.js';

class WelfareScore extends Observation {
  @Required(Line, 'The score sheet, by the name the protocol gives it.')
  sheet!: string;

  @Required(Scores, 'One score an item; 0 is normal.')
  scores!: Static<typeof Scores>;

  @Optional(Severity, 'Severity as the observer grades it.')
  severity?: 'mild' | 'moderate' | 'severe';

  @Optional(Text, 'What was done about it.')
  action?: string;

  @Optional(Type.Boolean(), 'Whether the veterinarian was called.')
  veterinarianContacted?: boolean;
}

/** Scores an animal's welfare on the protocol's sheet. */
export class ScoreWelfare extends SubjectCommand {
  @Data(WelfareScore) readonly data!: WelfareScore;
}

export const scoreWelfare = defineCommand(ScoreWelfare, {
  phase: 'welfare',
  who: ANIMAL_CARE,
  summary: 'Score the welfare of an animal',
  records: 'WelfareScored',
  refuses: ['item-twice', 'item-unknown', 'scale-unknown', 'score-too-high'],
  example: { subject: 'R01', data: { sheet: 'daily-sheet', scores: [{ item: 'posture', score: 0 }] } },
  decide({ data }, { protocol: { welfare } }) {
    return (
      checkScores(data.sheet, welfare.sheet, data.scores, welfare.items, 'data.sheet') ??
      propose('WelfareScored', { ...data })
    );
  },
});
