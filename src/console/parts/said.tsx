import type { JSX } from 'preact';
import type { Phrase } from '../words/phrase.js';
import { AnimalLink, RecordLink } from './links.js';

/** A sentence with its records and animals as links. */
export function Said({ phrases }: { readonly phrases: readonly Phrase[] }): JSX.Element {
  return (
    <>
      {phrases.map((part) => {
        if (typeof part === 'string') return part;
        return 'record' in part ? <RecordLink number={part.record} /> : <AnimalLink id={part.animal} />;
      })}
    </>
  );
}
