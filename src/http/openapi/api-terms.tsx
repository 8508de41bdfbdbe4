/** The terms of the page of the interface: a name, what it takes in words, and what it means. */
import type { ComponentChildren, JSX } from 'preact';
import type { Field } from '../../study/commands/common/fields.js';
import { statusOf, type ProblemCode } from '../platform/problems.js';
import { PARAMETERS, type ParameterName } from '../routes/parameters.js';
import { inWords } from './schema-in-words.js';

export function FieldTerm({
  name,
  field: { schema, description, required },
}: {
  readonly name: string;
  readonly field: Field;
}): JSX.Element {
  const words = `${required ? 'required' : 'may be left out'}; ${inWords(schema)}`;
  return <Term name={name} words={words} description={description} />;
}

export function ParameterTerm({ name }: { readonly name: ParameterName }): JSX.Element {
  const { schema, description } = PARAMETERS[name];
  return <Term name={name} words={inWords(schema)} description={description} />;
}

export function Term({
  name,
  words,
  description,
}: {
  readonly name: string;
  readonly words: string;
  readonly description: string;
}): JSX.Element {
  return (
    <>
      <dt>
        <code>{name}</code> <span class="quiet">{words}</span>
      </dt>
      <dd>{marked(description)}</dd>
    </>
  );
}

export function Codes({ codes }: { readonly codes: readonly ProblemCode[] }): JSX.Element {
  return (
    <>
      {codes.map((code, index) => (
        <>
          {index > 0 && ', '}
          <code>{code}</code> ({statusOf(code)})
        </>
      ))}
    </>
  );
}

/** Words between backticks are code, as in the OpenAPI document. */
function marked(text: string): ComponentChildren {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part));
}
