import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { dataClassOf, fieldsOf, type Field } from '../../study/commands/common/fields.js';
import { isPlainObject } from '../../study/schema.js';
import { FoundAfterClosing, asksFoundLater } from '../bench/closed-study.js';
import { Foreseen } from '../bench/foreseen.js';
import { errorInWords } from './error-words.js';
import { FormContext, idOf } from './form-context.js';
import { labelOf } from './labels.js';
import { pathOf } from './names.js';
import { SchemaField } from './schema-field.js';

/** Fields of every command. */
const AROUND: ReadonlySet<string> = new Set(['occurredAt', 'reason', 'enteredAt', 'afterClose']);

/** Nobody types when an entry was made; that it was found after closing is asked where the study is closed. */
const NOT_ASKED: ReadonlySet<string> = new Set(['enteredAt', 'afterClose']);

/**
 * All fields of a command: what is due, then when and why, and what may be left out folded away until something is in it.
 * `body` is what they show, as the command takes it. `without` are fields that the form asks for in another way.
 * `foreseen` are flags: what they mean stands at the reason, where the script says it anew as one types.
 */
export function CommandFields({
  definition,
  body,
  without = [],
  foreseen,
  isBefore = false,
}: {
  readonly definition: CommandDefinition;
  readonly body: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
  readonly foreseen?: readonly string[];
  /** Whether it was done before, so that its time is due. */
  readonly isBefore?: boolean;
}): JSX.Element {
  const { errors, closed } = useContext(FormContext);
  const isFoundLater = asksFoundLater(closed, definition);
  const data = isPlainObject(body['data']) ? body['data'] : {};
  const own = [...fieldsOf(definition.command)].map(([name, field]) => ({ name, field, value: body[name] }));
  const facts = [...fieldsOf(dataClassOf(definition.command))].map(([name, field]) => ({
    name: `data.${name}`,
    field,
    value: data[name],
  }));
  const asked = [...own.filter(({ name }) => !AROUND.has(name)), ...facts].filter(
    ({ name }) => !without.includes(name),
  );
  const shown = asked.filter(({ field }) => field.required);
  const others = asked.filter(({ field }) => !field.required);
  const isOpen = others.some(
    ({ name, value }) => value !== undefined || errors.some(({ field }) => field.startsWith(name)),
  );
  const around = own.filter(
    ({ name }) => AROUND.has(name) && !NOT_ASKED.has(name) && !without.includes(name),
  );
  return (
    <>
      {shown.map(fieldOf)}
      {others.length > 0 && (
        <details class="others" open={isOpen}>
          <summary>{moreInWords(others.map(({ name }) => labelOf(name).toLowerCase()))}</summary>
          {others.map(fieldOf)}
        </details>
      )}
      {isFoundLater && <FoundAfterClosing closed={closed!} isSaid={body['afterClose'] === true} />}
      {around.map(({ name, field, value }) => (
        <>
          {name === 'reason' && foreseen && <Foreseen flags={foreseen} data={data} />}
          {fieldOf({
            name,
            field: aroundField(name, field, {
              isBefore: isBefore || isFoundLater,
              isReasonDue: definition.reasonRequired || isFoundLater,
              why: isFoundLater ? 'Why it is recorded only now.' : 'Why this is done.',
            }),
            value,
          })}
        </>
      ))}
    </>
  );
}

function aroundField(
  name: string,
  field: Field,
  { isBefore, isReasonDue, why }: { isBefore: boolean; isReasonDue: boolean; why: string },
): Field {
  return name === 'reason'
    ? {
        ...field,
        required: isReasonDue,
        description: isReasonDue ? why : 'Required if the entry is late or departs from the protocol.',
      }
    : {
        ...field,
        required: isBefore,
        description: isBefore ? 'As it was noted.' : 'Now, if it is left empty.',
      };
}

/** The first of what is folded away, so that one knows what to look for there. */
function moreInWords(labels: readonly string[]): string {
  const rest = labels.length - MOST_NAMED;
  const named = labels.slice(0, rest > 1 ? MOST_NAMED : labels.length).join(', ');
  return rest > 1 ? `More: ${named} and ${rest} others` : `More: ${named}`;
}

const MOST_NAMED = 5;

/** One field of a command, by its path: `data.route`. Nothing where the command has none of the name. */
export function CommandField({
  definition,
  body,
  name,
}: {
  readonly definition: CommandDefinition;
  readonly body: Readonly<Record<string, unknown>>;
  readonly name: string;
}): JSX.Element | null {
  const own = name.replace(/^data\./, '');
  const [owner, values] =
    own === name ? [definition.command, body] : [dataClassOf(definition.command), body['data']];
  const field = fieldsOf(owner).get(own);
  if (!field) return null;
  return fieldOf({ name, field, value: isPlainObject(values) ? values[own] : undefined });
}

function fieldOf({
  name,
  field,
  value,
}: {
  readonly name: string;
  readonly field: Field;
  readonly value: unknown;
}): JSX.Element {
  const { schema, description, required } = field;
  return <SchemaField schema={schema} name={name} value={value} isDue={required} help={description} />;
}

/** Everything that is wrong, each with the way to its field. */
export function ErrorSummary(): JSX.Element | null {
  const { errors } = useContext(FormContext);
  if (errors.length === 0) return null;
  return (
    <section class="wrong" role="alert" aria-label="What is wrong">
      <h2>{errors.length === 1 ? 'Not recorded' : `Not recorded: ${errors.length} things to put right`}</h2>
      <ul>
        {errors.map((error) => (
          <li>
            {error.field === '' ? (
              error.detail
            ) : (
              <a href={`#${idOf(pathOf(error.field))}`}>{errorInWords(error)}</a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
