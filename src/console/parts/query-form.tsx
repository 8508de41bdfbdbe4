import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { StudyHref } from './links.js';

/** A form that asks a page of this study with other parameters; the reader stays where they are in the records. */
export function QueryForm({
  to,
  kept = {},
  label,
  children,
  ...rest
}: {
  /** After the study’s own address, as for a link. */
  readonly to: string;
  /** Parameters that the form keeps as they are. */
  readonly kept?: Readonly<Record<string, string>> | undefined;
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const [path, query = ''] = useContext(StudyHref)(to, kept).split('?', 2);
  return (
    <form method="get" action={path} aria-label={label} {...rest}>
      {[...new URLSearchParams(query)].map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

/** One of a few, or any. */
export function Choice({
  name,
  label,
  any,
  chosen,
  options,
}: {
  readonly name: string;
  readonly label: string;
  /** What is said where none is chosen. */
  readonly any: string;
  readonly chosen: string | undefined;
  readonly options: readonly (readonly [value: string, words: string])[];
}): JSX.Element {
  const known = options.some(([value]) => value === chosen);
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="">{any}</option>
        {chosen !== undefined && !known && (
          <option value={chosen} selected>
            {chosen}
          </option>
        )}
        {options.map(([value, words]) => (
          <option value={value} selected={value === chosen}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
