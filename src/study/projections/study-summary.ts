import { archiveOf } from '../archive.js';
import { closureOf, directorOf, factsOf } from '../study.js';
import type { View } from './projection.js';

/** One study in a few lines: what it is, how far it is, under which protocol. */
export function studySummary(view: View): Record<string, unknown> {
  const { study, protocols } = view;
  const opened = factsOf(study.facts, 'StudyOpened')[0];
  const inForce = protocols.versions.findLast(({ at }) => at <= view.untilMs);
  const animals = view.animals();
  const { state } = closureOf(study);
  const archive = archiveOf(study);
  const has = (type: 'SubjectEnrolled' | 'SubjectExcluded' | 'SubjectEuthanised'): number =>
    animals.filter(({ history }) => factsOf(history, type).length > 0).length;
  return {
    state: state === 'open' && protocols.versions.length === 0 ? 'registered' : state,
    title: opened?.data.title ?? null,
    director: directorOf(study) ?? null,
    ethicsApproval: opened?.data.ethicsApproval ?? null,
    protocol: inForce
      ? { version: inForce.version, record: inForce.holder, title: inForce.protocol.title }
      : null,
    animals: {
      enrolled: has('SubjectEnrolled'),
      excluded: has('SubjectExcluded'),
      euthanised: has('SubjectEuthanised'),
    },
    lastRecordedAt: study.records.last?.record.recordedtime ?? null,
    ...(archive && { archive }),
  };
}
