import type { Static } from 'typebox';
import { Scores } from '../events/fact-parts.js';
import { refuseAll } from '../refusal.js';
import { Line, Minute, RecordNumber } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';
import { flagMinute } from './common/minutes.js';
import { Observation } from './common/observation.js';
import { checkScores } from './common/scoring.js';
import { lacksSection } from './common/section.js';
import { checkSession, sessionNumbered } from './common/session.js';
import { ANIMAL_CARE } from '../who.js';

class SideEffects extends Observation {
  @Required(Line, 'The scale, by the name the protocol gives it.')
  scale!: string;

  @Required(Scores, 'One score an item; 0 is none.')
  scores!: Static<typeof Scores>;

  @Required(RecordNumber, 'Record number of the dose or stimulation after which it was scored.')
  after!: number;

  @Required(Minute, 'The planned minute since then.')
  minute!: number;
}

/** Scores side effects after a dose or a stimulation; scoring that there was none is a fact worth recording. */
export class ScoreSideEffects extends SubjectCommand {
  @Data(SideEffects) readonly data!: SideEffects;
}

export const scoreSideEffects = defineCommand(ScoreSideEffects, {
  phase: 'treatment',
  who: ANIMAL_CARE,
  summary: 'Score side effects',
  records: 'SideEffectsScored',
  refuses: [
    'item-twice',
    'item-unknown',
    'protocol-lacks-section',
    'scale-unknown',
    'score-too-high',
    'session-unknown',
  ],
  example: {
    subject: 'R01',
    data: { scale: 'motor-sedation', after: 57, minute: 15, scores: [{ item: 'ataxia', score: 0 }] },
  },
  check: ({ data }, { animal }) => [checkSession(animal, data.after, 'data.after')],
  decide({ data }, situation) {
    const { animal, protocol } = situation;
    if (!protocol.sideEffects) return lacksSection(protocol, 'sideEffects', 'a score of side effects');
    const session = sessionNumbered(animal, data.after);
    const { scale, items } = protocol.sideEffects;
    const unfit = refuseAll([
      checkSession(animal, data.after, 'data.after'),
      checkScores(data.scale, scale, data.scores, items, 'data.scale'),
    ]);
    return unfit ?? propose('SideEffectsScored', { ...data }, [flagMinute(data.minute, session, situation)]);
  },
});
