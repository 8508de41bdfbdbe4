import { refuse, type Refusal } from '../../study/refusal.js';

/** The form of what was done before: an empty time would mean now, so it is refused. */
export function lacksTime(pairs: URLSearchParams): Refusal | undefined {
  if (pairs.get('before') !== 'yes' || pairs.get('occurredAt')?.trim() || pairs.has('discard'))
    return undefined;
  return refuse('field-missing', 'The time is empty: say when it was, as it was noted.', 'occurredAt');
}
