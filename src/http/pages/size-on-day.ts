import { addressOf } from '../../console/parts/frame.js';
import { treeSizeAt } from '../../queries/as-of.js';
import { instantMs, utcInstant } from '../../study/instant.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Study } from '../../study/study.js';
import { Reply } from '../platform/reply.js';

const DAY_MS = 86_400_000;

/** Leads to the page as it was known at the end of a day, in UTC as `recordedtime` is. */
export function sizeOnDay(
  study: Study,
  day: string,
  path: string,
  query: Readonly<Record<string, string>>,
): Reply | Refusal {
  const begin = instantMs(`${day}T00:00:00Z`);
  if (begin === undefined)
    return refuse('at-invalid', `on: “${day.slice(0, 40)}” is not a day such as 2026-03-02.`, 'on');
  const size = treeSizeAt(study, utcInstant(begin + DAY_MS - 1));
  if (size instanceof Refusal) return size;
  if (size === 0) {
    const first = study.records.at(0)?.record.recordedtime.slice(0, 10) ?? 'not there yet';
    return refuse(
      'at-invalid',
      `Nothing was recorded by the end of ${day}: the first record is of ${first}.`,
      'on',
    );
  }
  const address = addressOf(path, { ...query, ...(size < study.size && { at: String(size) }) });
  return new Reply(303, { Location: address }, '');
}
