import { useOf, isTissueOnly } from '../welfare/animal-use.js';
import type { Course } from '../welfare/course.js';
import { endpointsOf, seenInWords } from '../welfare/endpoints.js';
import { gradedObservations, proposedSeverity } from '../welfare/grading.js';
import { nextChecksOf } from '../welfare/monitoring.js';
import { instantMs } from '../instant.js';
import { beginOfDay, taskOf, type Task } from './task.js';
import type { Fact, Protocols } from '../study.js';

/** The checks of the monitoring plan, as long as the animal is in the study, excluded or not. */
export function checkTasks(id: string, course: Course, protocols: Protocols): Task[] {
  const [enrolled] = course.of('SubjectEnrolled');
  if (!enrolled) return [];
  const use = useOf(course, protocols);
  return nextChecksOf(course, use).map(({ rule, first, last, end, before }) => {
    const basis: Fact = before ?? enrolled;
    const from = beginOfDay(basis, first);
    const isWeight = rule.check === 'body-weight';
    const every = rule.everyDays === 1 ? 'every day' : `every ${rule.everyDays} days`;
    const surgery =
      rule.afterSurgeryDays === undefined ? '' : ` for ${rule.afterSurgeryDays} days after surgery`;
    return taskOf(
      id,
      basis,
      {
        kind: 'check',
        what: isWeight ? 'Body weight' : 'Welfare score',
        command: isWeight ? 'RecordBodyWeight' : 'ScoreWelfare',
        data: isWeight ? {} : { sheet: use.version?.protocol.welfare.sheet },
        why: `Check ${rule.id.replaceAll('-', ' ')}: ${every}${surgery}.`,
      },
      {
        from,
        due: from,
        overdueAfter: beginOfDay(basis, last + 1),
        until: end === Infinity ? undefined : beginOfDay(basis, end + 1),
        wholeDay: true,
      },
    );
  });
}

/** Humane endpoints that were reached and about which nothing is decided: they are due at once. */
export function endpointTasks(id: string, course: Course, protocols: Protocols): Task[] {
  return endpointsOf(course, protocols)
    .filter(({ decision }) => decision === null)
    .map(({ id: endpoint, description, record, occurredAt, ...seen }) => {
      const at = instantMs(occurredAt) ?? 0;
      return taskOf(
        id,
        { time: occurredAt, holder: record },
        {
          kind: 'endpoint',
          what: `Decision on the humane endpoint ${endpoint.replaceAll('-', ' ')}`,
          command: 'DecideEndpoint',
          data: { endpoint, reachedBy: record },
          why: `${description}: ${seenInWords(seen)}.`,
        },
        { from: at, due: at, overdueAfter: at },
      );
    });
}

/** The severity of a use that has ended. */
export function severityTasks(id: string, course: Course, protocols: Protocols): Task[] {
  const { end, first, used, version } = useOf(course, protocols);
  const isForTissue = !first && isTissueOnly(version?.protocol);
  if (!end || !used || isForTissue || course.of('SeverityAssessed').length > 0) return [];
  const proposed = proposedSeverity(gradedObservations(course, protocols));
  return [
    taskOf(
      id,
      end,
      {
        kind: 'severity',
        what: 'Assessment of the actual severity',
        command: 'AssessSeverity',
        why: `The use has ended${proposed ? `; the records propose ${proposed.severity}` : ''}.`,
      },
      { from: end.at },
    ),
  ];
}
