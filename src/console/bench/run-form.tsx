import type { JSX } from 'preact';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { fieldsOf } from '../../study/commands/common/fields.js';
import { refuse, type Refusal } from '../../study/refusal.js';
import { isPlainObject } from '../../study/schema.js';
import type { Ladder } from '../../study/rules/ladder.js';
import type { Touch } from '../../study/rules/threshold.js';
import { CommandFields } from '../forms/command-fields.js';
import { idOf, useErrors } from '../forms/form-context.js';
import { SchemaField } from '../forms/schema-field.js';
import { readRun, type RunSetting } from './run.js';
import { estimateLines, filamentText, whyAsked } from './run-words.js';

/** A run by the rule takes nine touches at the most. */
const ROWS = 9;

/** A run as a form, for a browser without script and for a run that was written on paper. */
export function RunForm({
  action,
  definition,
  id,
  body,
  setting,
  isLonger,
  isBefore,
  isNow,
  fixed,
}: {
  readonly action: string;
  readonly definition: CommandDefinition;
  readonly id: string;
  /** What is typed so far, as the command takes it. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly setting: RunSetting;
  readonly isLonger: boolean;
  /** Whether it was written on paper, and its time is due; else it is made now, in a browser without script. */
  readonly isBefore: boolean;
  /** Whether somebody said that it is made now. */
  readonly isNow: boolean;
  /** What nobody types: names of fields, and their values. */
  readonly fixed: Readonly<Record<string, string | undefined>>;
}): JSX.Element {
  const typed = touchesIn(body);
  const rows = Math.max(ROWS, typed.length) + (isLonger ? ROWS : 0);
  return (
    <form class="enter" method="post" action={action} aria-label="The run as a form">
      {Object.entries({ id, before: isBefore ? 'yes' : undefined, ...fixed }).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
      <fieldset class="group" data-field="data.touches" id={idOf('data.touches')}>
        <legend>Touches in order; rows that stay empty do not count</legend>
        <SoFar touches={typed} setting={setting} />
        {Array.from({ length: rows }, (_, index) => (
          <Row index={index} touch={typed[index]} ladder={setting.ladder} />
        ))}
        <Wrong name="data.touches" />
        <button name="longer" value="data.touches">
          Show the estimate and more rows
        </button>
      </fieldset>
      {!isBefore && (
        <label class="now">
          <input type="checkbox" name="now" value="yes" checked={isNow} /> It is made now
        </label>
      )}
      <SchemaField
        schema={fieldsOf(definition.command).get('occurredAt')!.schema}
        name="occurredAt"
        value={body['occurredAt']}
        isDue={isBefore}
        help={isBefore ? 'As it stands on the paper.' : 'Where it is not made now.'}
      />
      <CommandFields definition={definition} body={body} without={['subject', 'occurredAt', ...OF_ITS_OWN]} />
      <button class="send">Record the run</button>
    </form>
  );
}

/** An empty time means now only where somebody says so. */
export function lacksNow(pairs: URLSearchParams): Refusal | undefined {
  if (pairs.get('occurredAt')?.trim() || pairs.get('now') === 'yes' || pairs.has('discard')) return undefined;
  return refuse(
    'field-missing',
    'The time is empty: say “It is made now”, or when it was made.',
    'occurredAt',
  );
}

/** Fields that the page asks for in its own way, or knows. */
const OF_ITS_OWN = ['data.touches', 'data.struck', 'data.ladder', 'data.session', 'data.minute'];

function Row({
  index,
  touch,
  ladder,
}: {
  readonly index: number;
  readonly touch: Partial<Touch> | undefined;
  readonly ladder: Ladder;
}): JSX.Element {
  const [filament, response] = [`data.touches[${index}].filament`, `data.touches[${index}].response`];
  return (
    <p class="touch" data-field={`data.touches[${index}]`}>
      <label>
        <span class="unseen">Touch </span>
        {index + 1}. <span class="unseen">filament</span>
        <select name={filament} id={idOf(filament)}>
          <option value="">–</option>
          {ladder.filaments.map((one) => (
            <option value={one.label} selected={one.label === touch?.filament}>
              {filamentText(one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">Touch {index + 1}, response</span>
        <select name={response} id={idOf(response)}>
          <option value="">–</option>
          {RESPONSES.map(([value, words]) => (
            <option value={value} selected={value === touch?.response}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <Wrong name={`data.touches[${index}]`} />
      <Wrong name={filament} />
      <Wrong name={response} />
    </p>
  );
}

const RESPONSES = [
  ['O', 'O no withdrawal'],
  ['X', 'X withdrawal'],
  ['?', '? ambiguous'],
] as const;

function Wrong({ name }: { readonly name: string }): JSX.Element {
  return (
    <>
      {useErrors(name).map(({ detail }) => (
        <span class="refused">{detail}</span>
      ))}
    </>
  );
}

/** The estimate from the rows that are filled, and the filament that the rule asks for next. */
function SoFar({
  touches,
  setting,
}: {
  readonly touches: readonly Partial<Touch>[];
  readonly setting: RunSetting;
}): JSX.Element | null {
  const { filaments } = setting.ladder;
  const made = touches.filter((touch): touch is Touch & { time: string } =>
    filaments.some(({ label }) => label === touch.filament && touch.response !== undefined),
  );
  const { asked, threshold } = readRun(setting, {
    paw: 'ipsilateral',
    made,
    taken: undefined,
    isStopped: false,
  });
  const [value, more] = estimateLines(threshold);
  const next = filaments.find(({ label }) => label === asked.next);
  return (
    <output>
      {made.length > 0 && (
        <>
          50 % threshold so far <strong>{value}</strong> <span class="quiet">{more}.</span>{' '}
        </>
      )}
      {next ? `Next by the rule: ${filamentText(next)}. ` : ''}
      {whyAsked(asked)}
    </output>
  );
}

function touchesIn(body: Readonly<Record<string, unknown>>): Partial<Touch>[] {
  const data = isPlainObject(body['data']) ? body['data'] : {};
  return Array.isArray(data['touches']) ? (data['touches'] as Partial<Touch>[]) : [];
}
