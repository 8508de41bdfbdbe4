import { Fragment, type JSX } from 'preact';
import { flagInWords } from '../words/flags.js';

/** Flags of a record, each a shape and a word. */
export function Flags({ flags }: { readonly flags: readonly string[] }): JSX.Element {
  return (
    <>
      {flags.map((flag) => (
        <Fragment key={flag}>
          {' '}
          <span class="flag">
            <span aria-hidden="true">▲</span> {flag.replaceAll('-', ' ')}
          </span>
        </Fragment>
      ))}
    </>
  );
}

/** What each flag of a record means, a line each. */
export function FlagMeanings({
  flags,
  data,
}: {
  readonly flags: readonly string[];
  readonly data: object;
}): JSX.Element | null {
  const meanings = flags.flatMap((flag) => flagInWords(flag, data) ?? []);
  if (meanings.length === 0) return null;
  return (
    <ul class="meanings">
      {meanings.map((meaning) => (
        <li key={meaning}>{meaning}</li>
      ))}
    </ul>
  );
}

/** A verdict: a word and a shape, never colour alone. */
export function Mark({
  holds,
  yes,
  no,
  borderline = false,
}: {
  readonly holds: boolean | null;
  readonly yes: string;
  readonly no: string;
  readonly borderline?: boolean;
}): JSX.Element {
  const [shape, word] = holds === null ? ['○', 'not known'] : holds ? ['●', yes] : ['◯', no];
  return (
    <span class={`mark ${holds === null ? 'open' : holds ? 'yes' : 'no'}`}>
      <span aria-hidden="true">{holds === null ? '–' : shape}</span> {word}
      {borderline && <span class="borderline"> borderline</span>}
    </span>
  );
}
