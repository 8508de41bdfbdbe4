import type { View } from '../../study/projections/projection.js';
import {
  responderStatus,
  type ResponderStatus,
} from '../../study/projections/responder-status.projection.js';
import { factsOf } from '../../study/study.js';

/**
 * Animals with their groups, those of a group side by side: as they were allocated or, in a study without allocation, as
 * they responded, which is known only at its end.
 */
export function groupsOf(view: View): { readonly group: string; readonly id: string }[] {
  const allocated = view.animals().map(({ id, history }) => ({
    id,
    group: factsOf(history, 'SubjectEnrolled')[0]?.data.allocation?.group,
  }));
  if (allocated.some(({ group }) => group !== undefined))
    return inOrder(allocated.map(({ id, group }) => ({ id, group: group ?? 'not allocated' })));
  const statuses = new Map(responderStatus.project(view).subjects.map((status) => [status.subject, status]));
  return inOrder(allocated.map(({ id }) => ({ id, group: responseGroup(statuses.get(id)) })));
}

const RESPONSES = [
  'responders',
  'non-responders',
  'response not known',
  'not stimulated',
  'not hypersensitive',
  'excluded',
];

function responseGroup(status: ResponderStatus | undefined): string {
  if (status?.excluded) return 'excluded';
  if (status?.scs) return `${status.scs}s`;
  if (status?.hypersensitive === false) return 'not hypersensitive';
  return status && status.verdicts.scs.why !== 'not-treated-yet' ? 'response not known' : 'not stimulated';
}

function inOrder(animals: { group: string; id: string }[]): { group: string; id: string }[] {
  const rank = (group: string): number => RESPONSES.indexOf(group);
  return animals.sort(
    (a, b) =>
      rank(a.group) - rank(b.group) ||
      (a.group < b.group ? -1 : a.group > b.group ? 1 : 0) ||
      (a.id < b.id ? -1 : 1),
  );
}
