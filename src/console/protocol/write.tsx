import type { JSX } from 'preact';
import type { TSchema } from 'typebox';
import { commandNamed } from '../../study/catalogue.js';
import { fieldsOf } from '../../study/commands/common/fields.js';
import { Text } from '../../study/schema.js';
import { FormContext } from '../forms/form-context.js';
import { Wrong } from '../forms/inputs.js';
import { SchemaField } from '../forms/schema-field.js';
import { StudyLink } from '../parts/links.js';
import { RecordedLine, type Recorded } from '../parts/recorded.js';
import { Begin } from './begin.js';
import { BesideForm } from './beside.js';
import { NotApproved } from './findings.js';
import { ProtocolParts } from './protocol-form.js';
import type { Writing } from './writing.js';

const FIELDS = fieldsOf(commandNamed('AmendProtocol')!.command);

/** Of the fields that stand beside the protocol. */
export const SCHEMAS: Readonly<Record<string, TSchema>> = {
  occurredAt: FIELDS.get('occurredAt')!.schema,
  reason: FIELDS.get('reason')!.schema,
  comment: Text,
};

/** The form of a protocol, with what it says beside it. */
export function Write({
  code,
  writing,
  recorded,
}: {
  readonly code: string;
  readonly writing: Writing;
  readonly recorded: Recorded | undefined;
}): JSX.Element {
  const { id, draft, from, open, form, beside, beginnings, around, isDecided, director, amends, isPosted } =
    writing;
  return (
    <FormContext.Provider value={form}>
      <section class="bench drafting">
        <p class="back">
          {amends ? <StudyLink to="/protocol">Protocol</StudyLink> : <StudyLink to="">Study</StudyLink>}
        </p>
        <h1>{amends ? `Amend version ${amends.version} of the protocol` : `The protocol of ${code}`}</h1>
        <RecordedLine recorded={recorded} />
        {director !== undefined && (
          <p class="notice">
            {director} directs this study, and {amends ? 'amends' : 'approves'} its protocol. You can write a
            draft and pass it on as a file.
          </p>
        )}
        <NotApproved errors={form.errors} />
        <Begin code={code} beginnings={amends ? undefined : beginnings} text={around.file} />
        <form
          class="enter"
          method="post"
          action={`/studies/${code}/protocol`}
          data-protocol=""
          data-posted={isPosted ? '' : undefined}
        >
          <button class="unseen" name="preview" value="words" tabIndex={-1} aria-hidden="true">
            Show in words
          </button>
          <input type="hidden" name="id" value={id} />
          <input type="hidden" name="base" value={amends?.version ?? 0} />
          <input type="hidden" name="from" value={from} />
          <div class="columns">
            <div class="form">
              <ProtocolParts draft={draft} open={open} />
              <Around
                around={around}
                amends={amends !== undefined}
                examples={beside.examples}
                isDecided={isDecided}
              />
              <button name="preview" value="words" class="preview">
                Show in words
              </button>
              <button class="send">{amends ? 'Amend the protocol' : 'Approve the protocol'}</button>
            </div>
            <BesideForm of={beside} />
          </div>
        </form>
      </section>
    </FormContext.Provider>
  );
}

function Reason(of: { readonly value: string; readonly isDue: boolean; readonly help: string }): JSX.Element {
  return <SchemaField schema={SCHEMAS['reason']!} name="reason" {...of} />;
}

/** What is said of the approval itself. */
function Around({
  around,
  amends,
  examples,
  isDecided,
}: {
  readonly around: Writing['around'];
  readonly amends: boolean;
  readonly examples: number;
  readonly isDecided: boolean;
}): JSX.Element {
  return (
    <section class="around">
      <h2>{amends ? 'The amendment' : 'The approval'}</h2>
      {amends && <Reason value={around.reason} isDue help="Why the protocol is amended." />}
      <SchemaField
        schema={SCHEMAS['occurredAt']!}
        name="occurredAt"
        label="Holds from"
        value={around.occurredAt}
        isDue={false}
        help={
          amends
            ? 'Now, if it is left empty.'
            : 'Now, if it is left empty. For a study that has begun: when its protocol was approved. No later version can hold from before.'
        }
      />
      {!amends && (
        <Reason
          value={around.reason}
          isDue={false}
          help="Why it is entered only now, if it holds from before."
        />
      )}
      <SchemaField
        schema={SCHEMAS['comment']!}
        name="comment"
        value={around.comment}
        isDue={false}
        help="Anything else worth keeping."
      />
      {(examples > 0 || isDecided) && (
        <div class="field" data-field="decided">
          <label class="tickbox">
            <input type="checkbox" id="f-decided" name="decided" value="yes" checked={isDecided} />
            <span>The numbers that are marked as examples are decided for this study.</span>
          </label>
          <Wrong name="decided" />
        </div>
      )}
    </section>
  );
}
