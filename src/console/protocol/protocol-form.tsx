import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { LADDER_PRESETS } from '../../study/rules/ladder.js';
import { RESPONDER_PRESETS } from '../../study/protocol/rules.js';
import { ProtocolInputSchema } from '../../study/protocol-input.js';
import { isRequired, kindOf } from '../forms/field-kind.js';
import { FormContext, idOf, type Offered } from '../forms/form-context.js';
import { Wrong } from '../forms/inputs.js';
import { Members, SchemaField, helpOf } from '../forms/schema-field.js';
import { counted } from '../words/phrase.js';
import { responderInWords } from '../words/protocol.js';
import { PREFIX, type Draft } from './draft.js';
import { PARTS, partOf, type Member, type Part } from './parts.js';

/** The shipped ladders and rules, each with what it holds. */
export const PRESETS: Readonly<Record<string, Offered>> = {
  [`${PREFIX}ladder`]: {
    isClosed: true,
    values: Object.values(LADDER_PRESETS).map(({ id, filaments, start }) => [
      id,
      `${id}: ${filaments.map(({ label }) => label).join(' ')}, begins at ${start}`,
    ]),
  },
  [`${PREFIX}responder`]: {
    values: Object.entries(RESPONDER_PRESETS).map(([id, rule]) => [id, `${id}: ${responderInWords(rule)}`]),
  },
};

/** The paths of what is still to be given, and of what is wrong. */
export interface Open {
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
}

/** All parts of a protocol, folded: each says whether something in it is open. */
export function ProtocolParts({
  draft: { value, parts },
  open,
}: {
  readonly draft: Draft;
  readonly open: Open;
}): JSX.Element {
  return (
    <>
      {value['reading'] !== undefined && (
        <input type="hidden" name={`${PREFIX}reading`} value={String(value['reading'] as number)} />
      )}
      {PARTS.map((part) => (
        <OnePart part={part} isOn={parts.has(part.id)} value={value} open={open} />
      ))}
    </>
  );
}

function OnePart({
  part,
  isOn,
  value,
  open,
}: {
  readonly part: Part;
  readonly isOn: boolean;
  readonly value: Readonly<Record<string, unknown>>;
  readonly open: Open;
}): JSX.Element {
  const { id, title, members, optional } = part;
  const { errors, longer } = useContext(FormContext);
  const isIn = (name: string): boolean =>
    name.startsWith(PREFIX) && partOf(name.slice(PREFIX.length)) === part;
  const isOpen =
    id === 'study' || errors.some(({ field }) => isIn(field)) || (longer !== undefined && isIn(longer));
  return (
    <details class="part" id={`part-${id}`} open={isOpen}>
      <summary>
        {title} <PartState part={part} isOn={isOn} open={open} />
      </summary>
      {optional !== undefined && (
        <label class="tickbox switch">
          <input type="checkbox" name="part" value={id} checked={isOn} />
          <span>{optional}</span>
        </label>
      )}
      <div class="fields">
        {members.map((member) => (
          <OneMember
            member={member}
            isAlone={members.length === 1}
            isDue={optional !== undefined}
            value={value[member]}
          />
        ))}
      </div>
    </details>
  );
}

/** How far a part is. */
function PartState({
  part,
  isOn,
  open: { missing, wrong },
}: {
  readonly part: Part;
  readonly isOn: boolean;
  readonly open: Open;
}): JSX.Element {
  const own = (paths: readonly string[]): number => paths.filter((path) => partOf(path) === part).length;
  const [lacks, errs] = [own(missing), own(wrong)];
  const said = [
    ...(lacks > 0 ? [`${lacks} still to be given`] : []),
    ...(errs > 0 ? [counted(errs, 'error')] : []),
  ];
  return (
    <span class={isOn && errs > 0 ? 'state bad' : 'state'} id={`state-${part.id}`}>
      {!isOn ? 'not in this study' : said.length > 0 ? said.join(', ') : '✓ complete'}
    </span>
  );
}

/** The title of a part with one member is its heading; its members need no frame around them. */
function OneMember({
  member,
  isAlone,
  isDue,
  value,
}: {
  readonly member: Member;
  readonly isAlone: boolean;
  readonly isDue: boolean;
  readonly value: unknown;
}): JSX.Element {
  const schema = ProtocolInputSchema.properties[member];
  const name = `${PREFIX}${member}`;
  const kind = kindOf(schema);
  if (isAlone && kind.kind === 'group')
    return (
      <div id={idOf(name)} data-field={name}>
        <Wrong name={name} />
        <Members schema={schema} name={name} value={value} />
      </div>
    );
  return (
    <SchemaField
      schema={schema}
      name={name}
      value={value}
      // Of several forms none is chosen by itself.
      isDue={kind.kind !== 'variants' && (isDue || isRequired(ProtocolInputSchema, member))}
      help={helpOf(schema)}
    />
  );
}
