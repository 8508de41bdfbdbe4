import type { JSX } from 'preact';
import { countText } from '../words/phrase.js';

/** At which size of the lab a page is read, and the way to another. */
export function LabMoment({
  path,
  size,
  isPast,
}: {
  readonly path: string;
  readonly size: number;
  readonly isPast: boolean;
}): JSX.Element {
  return (
    <form method="get" action={path} class="jump" aria-label="Another tree size">
      {isPast && <strong>As recorded at {countText(size)}</strong>}
      <label>
        Tree size of the lab <input type="number" name="at" min={1} value={size} />
      </label>
      <button>Show</button>
      {isPast && <a href={path}>Latest</a>}
    </form>
  );
}
