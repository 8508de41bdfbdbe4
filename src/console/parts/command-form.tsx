import type { ComponentChildren, JSX } from 'preact';
import { API } from '../../shared/api-prefix.js';

/**
 * A form that the script sends as a command: fields become members of `data` by their names. Refusals stand at the field
 * that they are about, and what was typed stays. Without a script nothing is sent, and the form says so.
 */
export function CommandForm({
  command,
  label,
  fixed = {},
  children,
  send,
  secret,
  isGrave = false,
}: {
  /** As in the address: `register-person`. */
  readonly command: string;
  /** What is done, for those who do not see what stands around. */
  readonly label: string;
  /** Members of `data` that nobody types; a number stays one. */
  readonly fixed?: Readonly<Record<string, string | number | true>>;
  readonly children?: ComponentChildren;
  /** On the button. */
  readonly send: string;
  /** Where the command hands out a secret: what stands before it, and what is said of it. */
  readonly secret?: {
    readonly before: string;
    readonly told: string;
    /** The field that says for how many hours it holds. */
    readonly hours?: string;
  };
  /** Cannot be taken back: the script asks once more. */
  readonly isGrave?: boolean;
}): JSX.Element {
  return (
    <form
      class="command"
      method="post"
      action={`${API}/lab/commands/${command}`}
      aria-label={label}
      data-command=""
      data-before={secret?.before}
      data-told={secret?.told}
      data-hours={secret?.hours}
      data-ask={isGrave ? `${label}? This cannot be taken back.` : undefined}
    >
      {Object.entries(fixed).map(([name, value]) => (
        <input
          type="hidden"
          name={name}
          value={String(value)}
          data-as={typeof value === 'string' ? undefined : typeof value}
        />
      ))}
      {children}
      <button>{send}</button>
      <noscript>
        <p class="quiet">This form is sent by a script, and this browser runs none.</p>
      </noscript>
    </form>
  );
}

/** One field with its label. */
export function Field({
  name,
  label,
  hint,
  ...input
}: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
} & JSX.IntrinsicElements['input']): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input name={name} autoComplete="off" {...input} />
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}

/** A choice of one. Nothing is chosen before a person does: whatever stood first would be recorded by a slip. */
export function Pick({
  name,
  label,
  options,
  none,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  /** What is said where none is chosen; the field may then be left out. */
  readonly none?: string;
}): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <select name={name} required={none === undefined}>
        <option value="">{none ?? '–'}</option>
        {options.map(([value, words]) => (
          <option value={value}>{words}</option>
        ))}
      </select>
    </label>
  );
}

/** Yes, or nothing. */
export function Tick({ name, label }: { readonly name: string; readonly label: string }): JSX.Element {
  return (
    <label class="tickbox">
      <input type="checkbox" name={name} value="true" data-as="boolean" />
      <span>{label}</span>
    </label>
  );
}

/** Any number of a few. */
export function Several({
  name,
  label,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, words: string])[];
}): JSX.Element {
  return (
    <fieldset>
      <legend>{label}</legend>
      {options.map(([value, words]) => (
        <label class="tickbox">
          <input type="checkbox" name={name} value={value} data-as="list" />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
