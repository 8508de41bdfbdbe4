import { createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { clockOf, dateInWords, dayOfStudy, offsetOf } from '../words/dates.js';

/** The day on which the study was opened, as `localDay`; undefined outside a study. */
export const FirstDay = createContext<number | undefined>(undefined);

/** `Mon 9 Mar 2026, 09:24 (+01:00)`, with the day of the study where `day` is set. */
export function When({ at, day = false }: { readonly at: string; readonly day?: boolean }): JSX.Element {
  const first = useContext(FirstDay);
  return (
    <time dateTime={at} class="when">
      {dateInWords(at)}, {clockOf(at)} <span class="zone">({offsetOf(at)})</span>
      {day && <OfStudy at={at} first={first} />}
    </time>
  );
}

/** `09:24`, under a heading that says the day; with its offset where `zone` is set. */
export function Clock({ at, zone = false }: { readonly at: string; readonly zone?: boolean }): JSX.Element {
  return (
    <time dateTime={at}>
      {clockOf(at)}
      {zone && <span class="zone"> ({offsetOf(at)})</span>}
    </time>
  );
}

/** `Mon 9 Mar 2026`, with the day of the study. */
export function Day({ at }: { readonly at: string }): JSX.Element {
  const first = useContext(FirstDay);
  return (
    <time dateTime={at.slice(0, 10)}>
      {dateInWords(at)}
      <OfStudy at={at} first={first} />
    </time>
  );
}

function OfStudy({
  at,
  first,
}: {
  readonly at: string;
  readonly first: number | undefined;
}): JSX.Element | null {
  const day = first === undefined ? undefined : dayOfStudy(at, first);
  return day === undefined ? null : <span class="zone">, day {day} of the study</span>;
}
