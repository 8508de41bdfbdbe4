import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { TSchema } from 'typebox';
import { PersonId, SubjectId, isPlainObject, withoutMeaning } from '../../study/schema.js';
import { shapeOf } from './field-kind.js';
import { errorInWords } from './error-words.js';
import { FormContext, idOf, useErrors, useLocal, useOffered, type FieldProps } from './form-context.js';
import { inWords, labelOf, unitInWords } from './labels.js';
import { memberName, pathOf } from './names.js';

/** What is wrong with a field, said of its label. `also` is told at it as well. */
export function Wrong({
  name,
  also,
  label,
}: {
  readonly name: string;
  readonly also?: string;
  readonly label?: string | undefined;
}): JSX.Element {
  const own = useErrors(name);
  const others = useErrors(also ?? name);
  const all = also === undefined ? own : [...own, ...others];
  return (
    <>
      {all.map((error) => (
        <p class="refused" id={`e-${name}`}>
          {errorInWords(error, label)}
        </p>
      ))}
    </>
  );
}

/** Short, since a form has many: FNV-1a of the name. */
function helpIdOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return `h${hash.toString(36)}`;
}

type Labels = Pick<FieldProps, 'name' | 'label' | 'help' | 'isDue'>;

/** Help that says what the label says is left out. */
function isTelling(help: string | undefined, label: string): help is string {
  const bare = (text: string): string => text.toLowerCase().replaceAll(/^the |[^\p{L}\p{N}]/gu, '');
  return help !== undefined && bare(help) !== bare(label);
}

/** Label, input, help and errors, tied together for those who do not see them. */
export function Labelled({
  name,
  label = labelOf(name),
  help,
  isDue,
  also,
  children,
}: Labels & {
  readonly also?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  // Where something is missing, a reason above all, it may not be left out.
  const isWrong = useErrors(name).length > 0;
  const isExample = useContext(FormContext).examples?.has(pathOf(name)) === true;
  return (
    <div class="field" data-field={pathOf(name)}>
      <label for={idOf(name)}>
        {label}
        {!isDue && !isWrong && <span class="quiet"> optional</span>}
        {isExample && <span class="example"> an example: decide it yourself</span>}
      </label>
      {children}
      {isTelling(help, label) && <small id={helpIdOf(name)}>{help}</small>}
      <Wrong name={name} label={label} {...(also !== undefined && { also })} />
    </div>
  );
}

interface Tied {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: 'true';
  readonly 'aria-required'?: 'true';
}

/** The attributes that tie an input to its help and its errors. */
function useTied({ name, isDue, help, label = labelOf(name) }: Labels): Tied {
  const isWrong = useErrors(name).length > 0;
  const described = [isTelling(help, label) && helpIdOf(name), isWrong && `e-${name}`]
    .filter(Boolean)
    .join(' ');
  return {
    id: idOf(name),
    ...(described !== '' && { 'aria-describedby': described }),
    ...(isWrong && { 'aria-invalid': 'true' }),
    ...(isDue && { 'aria-required': 'true' }),
  };
}

export function Input({
  schema,
  name,
  value,
  isDue,
  label,
  help: meaning,
  kind = 'line',
}: FieldProps & { readonly kind?: string }): JSX.Element {
  const offered = useOffered(name);
  const help = offered ? meaning : withForm(schema, meaning, label ?? labelOf(name));
  const tied = useTied({ name, isDue, help, label });
  const said = asText(value);
  const local = useLocal(said);
  const text = kind === 'instant' ? (local ?? said) : said;
  if (offered?.isClosed)
    return (
      <Labelled name={name} label={label} help={help} isDue={isDue}>
        <Select tied={tied} name={name} text={text} options={offered.values} />
      </Labelled>
    );
  return (
    <Labelled name={name} label={label} help={help} isDue={isDue}>
      <input
        {...tied}
        name={name}
        value={text}
        {...typeOf(kind, text)}
        {...(kind === 'instant' && text.length > 16 && { step: text.includes('.') ? 0.001 : 1 })}
        {...(kind === 'decimal' && { inputMode: 'decimal' as const })}
        {...(kind === 'integer' && { inputMode: 'numeric' as const })}
        {...(offered && { list: `o-${name}` })}
        autoComplete="off"
      />
      {offered && (
        <datalist id={`o-${name}`}>
          {offered.values.map(([one, words]) => (
            <option value={one}>{words}</option>
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

/** How an identifier is written, where none is offered: a name of a person, or one with a blank, is refused. */
function withForm(schema: TSchema, help: string | undefined, label: string): string | undefined {
  const form = IDENTIFIERS.get(shapeOf(withoutMeaning(schema)).pattern ?? '');
  if (form === undefined || help?.includes('identifier')) return help;
  return isTelling(help, label) ? `${help} ${form}` : form;
}

const IDENTIFIERS: ReadonlyMap<string, string> = new Map([
  [
    shapeOf(PersonId).pattern!,
    'An identifier such as sd-01, never a name: letters, digits, dot, underscore, hyphen.',
  ],
  [shapeOf(SubjectId).pattern!, 'An identifier such as R01: letters, digits, dot, underscore, hyphen.'],
]);

/** A time that a picker would change, such as one of another zone, is shown to the letter. */
function typeOf(kind: string, text: string): { readonly type?: string } {
  if (kind === 'instant' && (text === '' || /^[\d-]{10}T[\d:.]{5,12}$/.test(text)))
    return { type: 'datetime-local' };
  return kind === 'date' && (text === '' || /^\d{4}-\d\d-\d\d$/.test(text)) ? { type: 'date' } : {};
}

export function Lines({
  name,
  isDue,
  label,
  help,
  text,
}: FieldProps & { readonly text: string }): JSX.Element {
  const tied = useTied({ name, isDue, help, label });
  return (
    <Labelled name={name} label={label} help={help} isDue={isDue}>
      <textarea {...tied} name={name} rows={2} value={text} />
    </Labelled>
  );
}

export function QuantityField({
  name,
  value,
  isDue,
  label,
  help,
  units,
}: FieldProps & { readonly units: readonly string[] }): JSX.Element {
  const inner = memberName(name, 'value');
  const tied = useTied({ name: inner, isDue, help, label: label ?? labelOf(name) });
  const given = isPlainObject(value) ? value : {};
  const unit = asText(given['unit']);
  return (
    <Labelled name={inner} label={label ?? labelOf(name)} help={help} isDue={isDue} also={name}>
      <span class="quantity">
        <input {...tied} name={inner} value={asText(given['value'])} inputMode="decimal" autoComplete="off" />
        {units.length === 1 ? (
          <>
            <input type="hidden" name={memberName(name, 'unit')} value={units[0]} />
            <span>{unitInWords(units[0]!)}</span>
          </>
        ) : (
          <select name={memberName(name, 'unit')} aria-label={`Unit of ${label ?? labelOf(name)}`}>
            {units.map((one) => (
              <option value={one} selected={one === unit}>
                {unitInWords(one)}
              </option>
            ))}
          </select>
        )}
      </span>
      <Wrong name={memberName(name, 'unit')} label={label ?? labelOf(name)} />
    </Labelled>
  );
}

export function Choice({
  name,
  value,
  isDue,
  label,
  help,
  options,
  words,
}: FieldProps & { readonly options: readonly string[]; readonly words?: readonly string[] }): JSX.Element {
  const tied = useTied({ name, isDue, help, label });
  const offered = new Map(useOffered(name)?.values);
  const named = options.map(
    (one, index) => [one, offered.get(one) ?? words?.[index] ?? optionInWords(name, one)] as const,
  );
  return (
    <Labelled name={name} label={label} help={help} isDue={isDue}>
      <Select tied={tied} name={name} text={asText(value)} options={named} />
    </Labelled>
  );
}

function optionInWords(name: string, option: string): string {
  return name.endsWith('.unit') ? unitInWords(option) : inWords(option);
}

/** What does not fit stays to be seen. */
function Select({
  tied,
  name,
  text,
  options,
}: {
  readonly tied: Tied;
  readonly name: string;
  readonly text: string;
  readonly options: readonly (readonly [value: string, words: string])[];
}): JSX.Element {
  const isOther = text !== '' && !options.some(([value]) => value === text);
  return (
    <select {...tied} name={name}>
      <option value="">–</option>
      {isOther && (
        <option value={text} selected>
          {text}
        </option>
      )}
      {options.map(([value, said]) => (
        <option value={value} selected={value === text}>
          {said}
        </option>
      ))}
    </select>
  );
}

export function Several({
  schema,
  name,
  value,
  label = labelOf(name),
  help,
  options,
}: FieldProps & { readonly options: readonly string[] }): JSX.Element {
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <fieldset class="group several" id={idOf(name)} data-field={pathOf(name)}>
      <legend>{label}</legend>
      {help !== undefined && <small>{help}</small>}
      <Wrong name={name} label={label} />
      {options.map((one) => (
        <label class="tickbox">
          <input type="checkbox" name={name} value={one} checked={chosen.includes(one)} />
          <span>{inWords(one)}</span>
        </label>
      ))}
      {shapeOf(schema).minItems === undefined && (
        <label class="tickbox">
          <input type="checkbox" name={name} value="" checked={Array.isArray(value) && chosen.length === 0} />
          <span>None of these</span>
        </label>
      )}
    </fieldset>
  );
}

export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' ? value : String(value as number | boolean);
}
