import type { ContactStatus, WatchState, WatchStatus } from '../../shared/watch-status.js';
import { counted, countText } from './phrase.js';

const STATES: Readonly<Record<Exclude<WatchState, 'unwitnessed'>, string>> = {
  commissioning:
    'Witnesses or a time-stamp authority are named, and have not all answered yet. No study begins before they have.',
  witnessed:
    'All that the policy asks for have answered: what was recorded until then cannot be replaced unnoticed.',
  unanchored:
    'The witnesses that the policy asks for have not answered for too long. No study begins or ends until they do; what happens to animals is recorded all the same.',
};

/** @param unwitnessed what it means that nobody watches. */
export function watchStateInWords({ state }: WatchStatus, unwitnessed: string): string {
  return state === 'unwitnessed' ? unwitnessed : STATES[state];
}

/** How far the log of the laboratory has gone out of the house. */
export function publishedInWords({ labTreeSize, published }: WatchStatus): string {
  const all = counted(labTreeSize, 'record');
  if (published.size === 0) return `${all}; no signed state was published yet.`;
  const rest = labTreeSize - published.size;
  return rest <= 0
    ? `${all}, all under a published signed state.`
    : `${all}, ${countText(published.size)} under a published signed state; ${countText(rest)} wait for the next.`;
}

/** How a witness or an authority stands: a shape is put before it. */
export function contactInWords({ size, failures, problem, disputed }: ContactStatus): {
  readonly stands: 'holds' | 'fails' | 'open';
  readonly words: string;
} {
  if (disputed)
    return {
      stands: 'fails',
      words:
        `Disputed: it claims to remember another log of this laboratory, without proof. ${problem ?? ''}`.trim(),
    };
  if (failures > 0)
    return {
      stands: 'fails',
      words: `Failed ${counted(failures, 'time')} since: ${problem ?? 'no reason given'}`,
    };
  return size === 0
    ? { stands: 'open', words: 'Has not answered yet' }
    : { stands: 'holds', words: 'Answers' };
}
