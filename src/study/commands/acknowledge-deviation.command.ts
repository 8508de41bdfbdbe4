import { Type } from '../schema-types.js';
import { Refusal, refuse } from '../refusal.js';
import { RecordReference, Text } from '../schema.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';
import { checkReference, findEffectiveFact, resolveReference } from './common/reference.js';
import { isWitnessAsked } from '../signatures/obligations.js';
import { isGoverned } from '../study.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

class Acknowledgement {
  @Required(RecordReference, 'The record that carries the deviation.')
  target!: { number: number; leaf?: string };

  @Required(Text, 'What it means for the study.')
  assessment!: string;

  @Optional(
    Type.Enum(['none', 'minor', 'major']),
    'Impact on the study’s integrity. Due where acknowledgements are signed.',
  )
  impact?: 'none' | 'minor' | 'major';

  @Optional(Text, 'What is done about it.')
  action?: string;
}

/** The study director has seen a deviation, or that nobody witnessed what the protocol asks a witness for, and says what it means. */
export class AcknowledgeDeviation extends StudyCommand {
  @Data(Acknowledgement) readonly data!: Acknowledgement;
}

export const acknowledgeDeviation = defineCommand(AcknowledgeDeviation, {
  phase: 'record',
  who: THE_STUDY_DIRECTOR,
  summary: 'Acknowledge a deviation',
  records: 'DeviationAcknowledged',
  refuses: ['leaf-mismatch', 'no-deviation', 'not-a-fact', 'not-in-force', 'record-unknown'],
  afterClose: true,
  example: {
    data: {
      target: { number: 57 },
      assessment: 'Washout two hours short; the dose had no effect',
      impact: 'minor',
    },
  },
  check: ({ data }, { study }) => [checkReference(study, data.target, 'data.target')],
  decide({ data }, { study }) {
    const target = resolveReference(study, data.target, 'data.target');
    if (target instanceof Refusal) return target;
    const fact = findEffectiveFact(study, target.number);
    if (fact instanceof Refusal) return fact;
    if (isGoverned(study) && data.impact === undefined)
      return refuse(
        'field-missing',
        'data.impact is missing: whoever signs the acknowledgement says what it means for the study’s integrity (none, minor, major).',
        'data.impact',
      );
    const flags = fact.data.flags ?? [];
    return flags.includes('deviation') || flags.includes('late') || isWitnessAsked(study, fact)
      ? propose('DeviationAcknowledged', { ...data, target })
      : refuse(
          'no-deviation',
          `Record ${target.number} has no deviation: name a record that has one.`,
          'data.target',
        );
  },
});
