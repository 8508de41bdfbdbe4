import type { JSX } from 'preact';
import { countText } from '../words/phrase.js';
import { AnimalLink, RecordLinks } from './links.js';

/** Records of a row, the first of them where they are many. */
export function FirstRecords({ numbers }: { readonly numbers: readonly number[] }): JSX.Element {
  const most = 3;
  return (
    <>
      <RecordLinks numbers={numbers.slice(0, most)} />
      {numbers.length > most && <span class="quiet"> +{countText(numbers.length - most)}</span>}
    </>
  );
}

/** Animals that share something, the first of them where they are many. */
export function FirstAnimals({ ids }: { readonly ids: readonly string[] }): JSX.Element {
  const most = 30;
  return (
    <>
      {ids.slice(0, most).flatMap((id) => [<AnimalLink id={id} />, ' '])}
      {ids.length > most && <span class="quiet">and {countText(ids.length - most)} more</span>}
    </>
  );
}
