import type { JSX } from 'preact';
import { countText, counted } from '../words/phrase.js';

/** How far the records of a study are vouched for outside its own log. */
export interface Anchored {
  /** The largest tree size whose root stands in the lab's log; 0 for none. */
  readonly size: number;
  readonly head: number;
  readonly state: 'none' | 'lab' | 'cosigned' | 'stamped';
  /** What keeps the ledger from signing, where something does. */
  readonly alarm?: string | undefined;
  readonly href: string | undefined;
}

const VOUCHED = {
  none: 'in the lab’s log',
  lab: 'in the lab’s log',
  cosigned: 'cosigned by witnesses',
  stamped: 'time-stamped',
};

/** A shape and words, never colour alone. Whether the records verify is computed where the reader is. */
export function Badge({ size, head, state, alarm, href }: Anchored): JSX.Element {
  const waiting = head - size;
  const [kind, shape, words] =
    alarm !== undefined
      ? ['alarm', '✕', `Does not verify: ${alarm}`]
      : waiting > 0
        ? ['waits', '◇', `${counted(waiting, 'record')} ${waiting === 1 ? 'waits' : 'wait'} for an anchor`]
        : ['stands', '◆', `Anchored to ${countText(size)}, ${VOUCHED[state]}`];
  const content = (
    <>
      <span aria-hidden="true">{shape}</span> {words}
    </>
  );
  return href === undefined ? (
    <span class={`badge ${kind}`}>{content}</span>
  ) : (
    <a class={`badge ${kind}`} href={href}>
      {content}
    </a>
  );
}
