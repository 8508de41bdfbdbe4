import type { JSX } from 'preact';
import { flagsInWords } from '../words/flags.js';

/** What would be irregular if it were recorded now; the script says it anew as one types. */
export function Foreseen({
  flags,
  data,
}: {
  readonly flags: readonly string[];
  readonly data: object;
}): JSX.Element {
  return (
    <output class="told" data-told="">
      {flagsInWords(flags, data).join(' ')}
    </output>
  );
}
