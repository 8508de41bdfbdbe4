import type { JSX } from 'preact';
import { Refusal } from '../../study/refusal.js';
import type { RefusalCode } from '../../study/refusal-codes.js';
import { StudyLink } from '../parts/links.js';

/** Why nothing can be done here with the animal of the address, as a page says it. */
export interface Unable {
  readonly unable: string;
  readonly animal: string;
}

const OF_THE_ANIMAL: ReadonlySet<RefusalCode> = new Set(['subject-dead', 'subject-unknown']);

/** A refusal that a page answers with a sentence and what one can do; any other as it is. */
export function unableOr<A>(found: A | Refusal, animal: string): A | Refusal | Unable {
  return found instanceof Refusal && OF_THE_ANIMAL.has(found.code)
    ? { unable: found.message, animal }
    : found;
}

/** The sentence, another animal, and the form for what was done before and is entered only now. */
export function UnableHere({
  unable,
  animal,
  to,
  late,
}: Omit<Unable, 'animal'> & {
  readonly animal: string | undefined;
  /** The page that chooses an animal. */
  readonly to: string;
  /** The command, and what leads to its form. */
  readonly late: { readonly command: string; readonly words: string };
}): JSX.Element {
  return (
    <>
      <p>{unable}</p>
      <ul class="choose">
        <li>
          <StudyLink to={to}>Choose an animal</StudyLink>
        </li>
        {animal !== undefined && (
          <li>
            <StudyLink to={`/bench/enter/${late.command}`} query={{ animal, before: 'yes' }}>
              {late.words}
            </StudyLink>
          </li>
        )}
      </ul>
    </>
  );
}
