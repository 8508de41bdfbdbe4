import { isOf } from '../record.js';
import type { Steps } from '../steps.js';
import { Course } from '../welfare/course.js';
import { endpointsOf, type EndpointAlert } from '../welfare/endpoints.js';
import { recordFlags } from './audit-trail.projection.js';
import type { View } from './projection.js';

/** What a study waits for until somebody acts, by the records that ask for it. */
export interface Waiting {
  /** Humane endpoints that were reached, and about which nothing is decided. */
  readonly endpoints: readonly EndpointAlert[];
  /** Records with a deviation that the study director has not assessed. */
  readonly deviations: readonly number[];
  /** Records that were written late, for no other reason than that, and were not assessed. */
  readonly late: readonly number[];
}

/** A record that was corrected or withdrawn asks for nothing any more; its correction may. */
export function* waitingIn(view: View): Steps<Waiting> {
  const { study } = view;
  const assessed = new Set<number>();
  const flagged: { readonly number: number; readonly about: number; readonly deviates: boolean }[] = [];
  for (const { number, record } of study.records) {
    if (isOf('DeviationAcknowledged', record)) assessed.add(record.data.target.number);
    const flags = recordFlags(record);
    if (flags.length === 0 || study.supersededBy.has(number)) continue;
    const deviates = flags.includes('deviation');
    const about = isOf('RecordCorrected', record) ? record.data.target.number : number;
    yield;
    if (deviates || flags.includes('late')) flagged.push({ number, about, deviates });
  }
  const open = flagged.filter(({ number, about }) => !assessed.has(number) && !assessed.has(about));
  const endpoints: EndpointAlert[] = [];
  for (const { id, history } of view.animals()) {
    for (const { decision, ...endpoint } of endpointsOf(new Course(history), view.protocols))
      if (decision === null) endpoints.push({ subject: id, ...endpoint });
    yield;
  }
  return {
    endpoints,
    deviations: open.filter(({ deviates }) => deviates).map(({ number }) => number),
    late: open.filter(({ deviates }) => !deviates).map(({ number }) => number),
  };
}
