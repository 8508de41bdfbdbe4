import { minutesBetween } from '../../study/instant.js';
import { factsOf, type Fact } from '../../study/study.js';
import type { Paw } from './run.js';

/** Both paws are measured one after the other: runs that lie further apart are of two occasions. */
const ONE_OCCASION_MINUTES = 120;

/** The run of the other paw that was made on the same occasion. */
export function otherPawRun(
  history: readonly Fact[],
  run: Fact<'ThresholdRecorded'>,
): Fact<'ThresholdRecorded'> | undefined {
  const { paw, session, minute } = run.data;
  return factsOf(history, 'ThresholdRecorded').find(
    ({ at, data }) =>
      data.paw !== paw &&
      data.session === session &&
      data.minute === minute &&
      Math.abs(minutesBetween(at, run.at)) <= ONE_OCCASION_MINUTES,
  );
}

/** The paw that is measured next: the one that is missing of an occasion that has just begun, or else the ipsilateral one. */
export function pawDue(
  history: readonly Fact[],
  { session, minute, nowMs }: { readonly session?: number; readonly minute?: number; readonly nowMs: number },
): Paw {
  const last = factsOf(history, 'ThresholdRecorded')
    .filter(
      ({ at, data }) =>
        data.session === session &&
        data.minute === minute &&
        Math.abs(minutesBetween(at, nowMs)) <= ONE_OCCASION_MINUTES,
    )
    .at(-1);
  if (!last || otherPawRun(history, last)) return 'ipsilateral';
  return last.data.paw === 'ipsilateral' ? 'contralateral' : 'ipsilateral';
}
