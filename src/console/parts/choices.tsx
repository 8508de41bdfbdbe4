import type { JSX } from 'preact';
import { StudyLink } from './links.js';
import { Choice as OneOf, QueryForm } from './query-form.js';
import { counted, countText } from '../words/phrase.js';

/** A choice that a page offers in its address. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly chosen: string;
  readonly options: Options;
}

/** What can be chosen, each with its words; the first is what holds where the address says nothing. */
export type Options<T extends string = string> = readonly (readonly [value: T, words: string])[];

/** Choices of which each has a first that holds where none is made. */
export function Choices({
  page,
  label,
  choices,
}: {
  /** After the study’s own address: `/animals`. */
  readonly page: string;
  readonly label: string;
  readonly choices: readonly Choice[];
}): JSX.Element {
  return (
    <QueryForm to={page} label={label} class="filters">
      {choices.map(({ name, label: about, chosen, options: [first, ...others] }) => (
        <OneOf
          name={name}
          label={about}
          any={first![1]}
          chosen={chosen === first![0] ? undefined : chosen}
          options={others}
        />
      ))}
      <button>Show</button>
    </QueryForm>
  );
}

/** Which rows of a long list are shown, and the way to the others; nothing where all are. */
export function Pager({
  to,
  query,
  what,
  shown: { page, from, until, count },
}: {
  readonly to: string;
  readonly query: Readonly<Record<string, string>>;
  readonly what: string;
  readonly shown: Shown;
}): JSX.Element | null {
  if (from === 0 && until === count) return null;
  const { page: _, ...kept } = query;
  const at = (other: number): Record<string, string> => (other === 1 ? kept : { ...kept, page: `${other}` });
  return (
    <nav class="pager" aria-label={`Pages of ${what}s`}>
      <span>
        {countText(from + 1)} to {countText(until)} of {counted(count, what)}
      </span>
      {page > 1 && (
        <StudyLink to={to} query={at(page - 1)}>
          ‹ Before
        </StudyLink>
      )}
      {until < count && (
        <StudyLink to={to} query={at(page + 1)}>
          After ›
        </StudyLink>
      )}
    </nav>
  );
}

/** One page of a list: its number, counted from 1, and the rows from `from` up to `until`. */
export interface Shown {
  readonly page: number;
  readonly from: number;
  readonly until: number;
  readonly count: number;
}
