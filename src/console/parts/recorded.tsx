import type { JSX } from 'preact';
import type { View } from '../../study/projections/projection.js';
import { sentence } from '../words/sentence.js';
import type { Phrase } from '../words/phrase.js';
import { FlagMeanings, Flags } from './flags.js';
import { RecordLink } from './links.js';
import { Said } from './said.js';

/** What was just recorded. */
export interface Recorded {
  readonly number: number;
  readonly said: readonly Phrase[];
  readonly flags: readonly string[];
  readonly data: object;
}

/** The record that the address names as just made. */
export function recordedIn({
  view,
  query,
}: {
  readonly view: View;
  readonly query: Readonly<Record<string, string>>;
}): Recorded | undefined {
  const stored = /^\d{1,15}$/.test(query['recorded'] ?? '')
    ? view.study.records.at(Number(query['recorded']))
    : undefined;
  if (!stored) return undefined;
  const { data } = stored.record;
  return { number: stored.number, said: sentence(view, stored), flags: data.flags ?? [], data };
}

/** One line that says what was just recorded, and what is irregular about it. */
export function RecordedLine({ recorded }: { readonly recorded: Recorded | undefined }): JSX.Element | null {
  if (!recorded) return null;
  const { number, said, flags, data } = recorded;
  return (
    <section class="recorded" aria-label="Just recorded">
      <p>
        <span aria-hidden="true">✓</span> Recorded as <RecordLink number={number} />: <Said phrases={said} />
        <Flags flags={flags} />
      </p>
      <FlagMeanings flags={flags} data={data} />
    </section>
  );
}
