import type { JSX } from 'preact';
import type { Lab } from '../../lab/lab.js';
import type { Reader } from '../page.js';
import { idOf } from '../forms/form-context.js';
import { Labelled } from '../forms/inputs.js';
import { BEGINNINGS } from './beginnings.js';

/** What a protocol can begin with. */
export interface Beginnings {
  readonly chosen: string;
  /** The codes of the other studies that one may read. */
  readonly earlier: readonly string[];
}

export function beginningsFor(
  { studies }: Lab,
  { mayRead }: Reader,
  own: string | undefined,
  chosen: string,
): Beginnings {
  return { chosen, earlier: [...studies.keys()].filter((code) => code !== own && mayRead(code)) };
}

const NO_DEFAULT =
  'The numbers of a template are examples, not recommendations. Decide each of them yourself.';

export function BeginningSelect({
  name,
  beginnings: { chosen, earlier },
}: {
  readonly name: string;
  readonly beginnings: Beginnings;
}): JSX.Element {
  return (
    <Labelled name={name} label="The protocol begins with" help={NO_DEFAULT} isDue>
      <select id={idOf(name)} name={name}>
        <option value="">–</option>
        <optgroup label="Templates">
          {BEGINNINGS.map(([from, words]) => (
            <option value={from} selected={from === chosen}>
              {words}
            </option>
          ))}
        </optgroup>
        {earlier.length > 0 && (
          <optgroup label="Earlier studies">
            {earlier.map((code) => (
              <option value={code} selected={code === chosen}>
                {`The protocol of ${code}`}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </Labelled>
  );
}

/** Begins anew, or with a protocol that is there as a file. */
export function Begin({
  code,
  beginnings,
  text,
}: {
  readonly code: string;
  /** Undefined where a version is amended: that is what it begins with. */
  readonly beginnings: Beginnings | undefined;
  /** What was brought in and could not be read. */
  readonly text: string;
}): JSX.Element {
  const action = `/studies/${code}/protocol`;
  return (
    <div class="begin">
      {beginnings && (
        <details open={beginnings.chosen === ''}>
          <summary>Begin with a template or an earlier study</summary>
          <form class="enter" method="get" action={action}>
            <BeginningSelect name="from" beginnings={beginnings} />
            <button>Begin with it</button> <small>This replaces what the form below says.</small>
          </form>
        </details>
      )}
      <details open={text !== ''}>
        <summary>Bring in a protocol that you have as a file</summary>
        <form class="enter" method="post" action={action} data-bring="">
          <Labelled name="file" label="The text of the file, JSON with comments" isDue>
            <textarea id={idOf('file')} name="file" rows={4} value={text} />
          </Labelled>
          <button name="bring" value="yes">
            Bring it in
          </button>{' '}
          <small>This replaces what the form below says.</small>
        </form>
      </details>
    </div>
  );
}
