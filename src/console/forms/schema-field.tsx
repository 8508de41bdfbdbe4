import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { TSchema } from 'typebox';
import { isPlainObject, withoutMeaning } from '../../study/schema.js';
import { isRequired, kindOf, shapeOf } from './field-kind.js';
import { FormContext, idOf, type FieldProps } from './form-context.js';
import { Choice, Input, Lines, QuantityField, Several, Wrong, asText } from './inputs.js';
import { inWords, labelOf } from './labels.js';
import { inVariant, itemName, memberName, pathOf, variantName } from './names.js';
import { variantOf } from './variant-of.js';

/** One field of a form with its label, its help and what is wrong with it, by its schema. */
export function SchemaField(props: FieldProps): JSX.Element {
  const { schema, name, value } = props;
  const kind = kindOf(schema);
  switch (kind.kind) {
    case 'constant':
      return <></>;
    case 'choice':
      return <Choice {...props} options={kind.options} />;
    case 'boolean':
      return <Choice {...props} value={asText(value)} options={['true', 'false']} words={['Yes', 'No']} />;
    case 'quantity':
      return <QuantityField {...props} units={kind.units} />;
    case 'group':
      return (
        <Group {...props} isOptional={!props.isDue}>
          <Members schema={schema} name={name} value={value} />
        </Group>
      );
    case 'several':
      return <Several {...props} options={kind.options} />;
    case 'few':
      return <Input {...props} value={Array.isArray(value) ? value.join(', ') : value} />;
    case 'list':
      return <List {...props} items={kind.items} />;
    case 'variants':
      return <Variants {...props} variants={kind.variants} />;
    case 'text':
      return <Lines {...props} text={asText(value)} />;
    case 'json':
      return <Lines {...props} text={value === undefined ? '' : JSON.stringify(value, null, 1)} />;
    default:
      return <Input {...props} kind={kind.kind} />;
  }
}

/** The members of an object, those that are due first. What may be left out is folded away until something is in it. */
export function Members({
  schema,
  name,
  value,
  isBrief = false,
}: {
  readonly schema: TSchema;
  readonly name: string;
  readonly value: unknown;
  /** Without help, where it stands in the row before. */
  readonly isBrief?: boolean;
}): JSX.Element {
  const members = Object.entries(shapeOf(schema).properties ?? {});
  const values = isPlainObject(value) ? value : {};
  return (
    <>
      {members.map(([member, one]) => (
        <SchemaField
          schema={one}
          name={memberName(name, member)}
          value={values[member]}
          isDue={isRequired(schema, member)}
          help={isBrief ? undefined : helpOf(one)}
        />
      ))}
    </>
  );
}

/** What a member means; undefined where its schema says only how it is written. */
export function helpOf(schema: TSchema): string | undefined {
  const { description } = shapeOf(schema);
  const { description: form } = shapeOf(withoutMeaning(schema));
  if (description === form) return undefined;
  // That a text is a text, and a number a number, goes without saying.
  return form !== undefined && PLAIN.test(form) ? description?.replace(` As ${form}.`, '') : description;
}

const PLAIN = /^(one line of )?text that is not blank$|^a decimal number/;

function Group({
  name,
  label = labelOf(name),
  help,
  isOptional = false,
  children,
}: FieldProps & { readonly isOptional?: boolean; readonly children: ComponentChildren }): JSX.Element {
  return (
    <fieldset class="group" id={idOf(name)} data-field={pathOf(name)}>
      <legend>
        {label}
        {isOptional && ' (optional)'}
      </legend>
      {help !== undefined && <small>{help}</small>}
      <Wrong name={name} label={label} />
      {children}
    </fieldset>
  );
}

function List(props: FieldProps & { readonly items: TSchema }): JSX.Element {
  const { name, value, items } = props;
  const { longer } = useContext(FormContext);
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  const blank = longer === name || rows.length === 0 ? 1 : 0;
  const all = [...rows, ...Array<undefined>(blank).fill(undefined)];
  return (
    <Group {...props}>
      {Array.isArray(value) && value.length === 0 && <input type="hidden" name={name} value="" />}
      <ol class="rows">
        {all.map((row, index) => (
          <li>
            <Row schema={items} name={itemName(name, index)} value={row} isBrief={index > 0} />
          </li>
        ))}
      </ol>
      <button name="longer" value={name} class="longer" formNoValidate>
        One more
      </button>
    </Group>
  );
}

function Row({
  schema,
  name,
  value,
  isBrief,
}: Pick<FieldProps, 'schema' | 'name' | 'value'> & { readonly isBrief: boolean }): JSX.Element {
  if (kindOf(schema).kind !== 'group')
    return <SchemaField schema={schema} name={name} value={value} isDue label={labelOf(name)} />;
  return (
    <div class="row" id={idOf(name)}>
      <Wrong name={name} />
      <Members schema={schema} name={name} value={value} isBrief={isBrief} />
    </div>
  );
}

function Variants(props: FieldProps & { readonly variants: readonly TSchema[] }): JSX.Element {
  const { name, value, variants, isDue } = props;
  const chosen = value === undefined ? (isDue ? 0 : -1) : variantOf(variants, value);
  return (
    <Group {...props}>
      <div class="field">
        <label for={idOf(variantName(name))}>{`${props.label ?? labelOf(name)}: which form`}</label>
        <select id={idOf(variantName(name))} name={variantName(name)} data-variant="">
          {!isDue && <option value="">–</option>}
          {variants.map((one, index) => (
            <option value={String(index)} selected={index === chosen}>
              {variantInWords(one, variants)}
            </option>
          ))}
        </select>
      </div>
      {variants.map((one, index) => (
        <div class="variant" data-of={String(index)}>
          <VariantFields
            schema={one}
            name={inVariant(name, index)}
            value={index === chosen ? value : undefined}
            label={variantInWords(one, variants)}
          />
        </div>
      ))}
    </Group>
  );
}

function VariantFields({
  schema,
  name,
  value,
  label,
}: Pick<FieldProps, 'schema' | 'name' | 'value' | 'label'>): JSX.Element {
  if (kindOf(schema).kind === 'group') return <Members schema={schema} name={name} value={value} />;
  return <SchemaField schema={schema} name={name} value={value} isDue={false} label={label} />;
}

/**
 * A form is named by the word that tells it from the others. What is either spelt out or named by a word is told so, and
 * others by their members.
 */
function variantInWords(schema: TSchema, all: readonly TSchema[]): string {
  const { properties, enum: words } = shapeOf(schema);
  const isSpeltOutOrNamed = all.filter((one) => shapeOf(one).properties).length === 1;
  if (isSpeltOutOrNamed) return properties ? 'Written out' : 'By its name';
  if (words) return words.join(', ');
  if (!properties) return shapeOf(withoutMeaning(schema)).description ?? 'text';
  const constants = Object.values(properties).flatMap((one) => shapeOf(one).const ?? []);
  return constants.length > 0
    ? constants.map((one) => inWords(String(one))).join(', ')
    : Object.keys(properties).map(inWords).join(', ');
}
