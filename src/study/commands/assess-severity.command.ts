import type { Static } from 'typebox';
import { refuse } from '../refusal.js';
import { ActualSeverity, Text } from '../schema.js';
import { ABOVE_LICENCE, CHANGES_PROPOSAL } from '../welfare/assessment.js';
import { Course } from '../welfare/course.js';
import { gradedObservations, isWorse, proposedSeverity } from '../welfare/grading.js';
import { useOf } from '../welfare/animal-use.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { deviation, form } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { WELFARE_DECISION } from '../who.js';

class Assessment {
  @Required(ActualSeverity, 'The severity that the animal really experienced in this use.')
  severity!: Static<typeof ActualSeverity>;

  @Optional(Text, 'What it is judged on.')
  basis?: string;

  @Optional(
    Text,
    'Why suffering was severe and could not be eased, where that is so (Art. 55). In the United Kingdom also why it was below the threshold, where it was.',
  )
  explanation?: string;
}

/**
 * A named person says how severe one use was: as the graded observations propose, or otherwise and why. Until people
 * have accounts the assessor is the actor, and returns call the assessment unsigned.
 */
export class AssessSeverity extends SubjectCommand {
  @Data(Assessment) readonly data!: Assessment;
}

export const assessSeverity = defineCommand(AssessSeverity, {
  phase: 'welfare',
  who: WELFARE_DECISION,
  summary: 'Assess the actual severity of a use that has ended',
  records: 'SeverityAssessed',
  refuses: ['never-used', 'severity-assessed', 'subject-unknown', 'use-not-ended'],
  // Most animals are dead by then, and many studies closed.
  anyAnimal: true,
  afterClose: true,
  example: { subject: 'R07', data: { severity: 'moderate', basis: 'Ligation; scores never above 2' } },
  decide({ data, subject, reason }, { animal, protocols }) {
    if (!animal.enrolled) {
      return refuse('subject-unknown', `${subject} is not enrolled in this study.`, 'subject');
    }
    const [assessed] = animal.ever('SeverityAssessed');
    if (assessed) {
      return refuse(
        'severity-assessed',
        `Record ${assessed.holder} assesses the severity of ${subject}: correct that record.`,
        'subject',
      );
    }
    const course = new Course(animal.history());
    const { used, end, version } = useOf(course, protocols);
    if (!used)
      return refuse(
        'never-used',
        `Nothing was done to ${subject} by then: there is no use to assess.`,
        'subject',
      );
    if (!end) {
      return refuse('use-not-ended', `${subject} is still in use: record its end first.`, 'subject');
    }
    const proposed = proposedSeverity(gradedObservations(course, protocols));
    const changes = proposed !== null && proposed.severity !== data.severity;
    if (changes && reason === undefined) {
      return refuse(
        'reason-required',
        `The records propose ${proposed.severity} (${proposed.evidence.slice(0, 5).join(', ')}): say in “reason” why it was ${data.severity}.`,
        'reason',
      );
    }
    const foreseen = version?.protocol.licence?.prospectiveSeverity;
    return propose('SeverityAssessed', { ...data }, [
      changes && form(CHANGES_PROPOSAL),
      foreseen !== undefined && isWorse(data.severity, foreseen) && deviation(ABOVE_LICENCE),
    ]);
  },
});
