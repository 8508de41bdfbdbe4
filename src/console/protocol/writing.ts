import { checkProtocol } from '../../study/rules/check-protocol.js';
import { doubtsAbout } from '../../study/rules/protocol-doubts.js';
import type { Protocol } from '../../study/protocol.js';
import { Refusal, errorsOf, refuse, type FieldError } from '../../study/refusal.js';
import { isPlainObject } from '../../study/schema.js';
import { directorOf, factsOf, type ProtocolVersion } from '../../study/study.js';
import { JsonError, parseJsonWithComments } from '../../shared/json-with-comments.js';
import type { FormState } from '../forms/form-context.js';
import type { BenchAsked } from '../page.js';
import { beginningsFor, type Beginnings } from './begin.js';
import { beginningOf, examplesIn } from './beginnings.js';
import { changesOf, type Beside } from './beside.js';
import {
  PREFIX,
  checkDraft,
  draftInWords,
  draftOf,
  readDraft,
  shaped,
  untouchedAsBefore,
  withRequired,
  type Draft,
} from './draft.js';
import { missingFields, wrongFields } from './findings.js';
import { PRESETS, type Open } from './protocol-form.js';

/** A protocol that is being written: the first one, or an amendment. */
export interface Writing {
  readonly id: string;
  readonly draft: Draft;
  readonly open: Open;
  readonly beside: Beside;
  readonly form: FormState;
  /** What it began with. */
  readonly from: string;
  readonly beginnings: Beginnings;
  /** What was typed into the other fields. */
  readonly around: Readonly<Record<'occurredAt' | 'reason' | 'comment' | 'file', string>>;
  readonly isDecided: boolean;
  readonly isPosted: boolean;
  /** Who approves it, where that is not the reader. */
  readonly director: string | undefined;
  readonly amends: ProtocolVersion | undefined;
}

export function writingIn(asked: BenchAsked): Writing {
  const { view, posted, query, lab, reader } = asked;
  const pairs = posted?.pairs;
  const amends = view.protocols.versions.at(-1);
  const from = pairs?.get('from') ?? query['from'] ?? '';
  const file = pairs?.get('file');
  const brought = typeof file === 'string' ? broughtIn(file) : undefined;
  const draft = draftIn(asked, from, brought);
  const checked = checkDraft(draft);
  const [missing, wrong] = [missingFields(checked), wrongFields(checked)];
  const examples = examplesIn(draft.value, from);
  const director = directorOf(view.study);
  const typed = (name: string): string => pairs?.get(name) ?? '';
  return {
    id: pairs?.get('id') ?? asked.newId(),
    draft,
    from,
    open: { missing: checked.missing.map(({ path }) => path), wrong: checked.wrong.map(({ path }) => path) },
    form: {
      errors: errorsIn(asked, brought, wrong),
      offered: PRESETS,
      longer: pairs?.get('longer') ?? undefined,
      examples: new Set([...examples].map((path) => `${PREFIX}${path}`)),
    },
    beside: {
      words: draftInWords(draft),
      missing,
      wrong,
      doubts: checked.protocol ? doubtsIn(checked.protocol) : [],
      examples: examples.size,
      amends,
      changes: changesOf(
        amends,
        untouchedAsBefore(checked.protocol, amends?.protocol) as Protocol | undefined,
      ),
      file: `${JSON.stringify(withRequired(draft), null, 2)}\n`,
    },
    beginnings: beginningsFor(lab, reader, view.study.code, from),
    around: {
      occurredAt: typed('occurredAt'),
      reason: typed('reason'),
      comment: typed('comment'),
      file: brought instanceof Refusal ? typed('file') : '',
    },
    isDecided: pairs?.has('decided') === true,
    isPosted: posted !== undefined,
    director: reader.person === undefined || reader.person === director ? undefined : director,
    amends,
  };
}

/** An empty list of endpoints is allowed, and in a form it is most often one that was not reached yet. */
function doubtsIn(protocol: Protocol): string[] {
  const none = protocol.welfare.endpoints.length === 0 ? ['No humane endpoint is set.'] : [];
  return [...doubtsAbout(protocol).map(({ message }) => message), ...none];
}

/** What is shown at the fields. While one is still writing, that something is missing is said beside the form only. */
function errorsIn(
  { posted }: BenchAsked,
  brought: unknown,
  wrong: readonly FieldError[],
): readonly FieldError[] {
  if (brought instanceof Refusal) return errorsOf(brought);
  if (brought !== undefined) return wrongFields(checkProtocol(brought));
  return posted?.refusal ? errorsOf(posted.refusal) : posted ? wrong : [];
}

/** What the form shows: what was typed or brought in, else the version that is amended, else what the address begins with. */
function draftIn(asked: BenchAsked, from: string, brought: unknown): Draft {
  const { view, posted, other } = asked;
  if (brought !== undefined && !(brought instanceof Refusal)) return draftOf(shaped(brought));
  if (posted && brought === undefined) return readDraft(posted.pairs, asked.inZone);
  const amends = view.protocols.versions.at(-1);
  if (amends && from === '') return draftOf(amends.protocol);
  const opened = factsOf(view.study.facts, 'StudyOpened')[0]?.data;
  const begun: Readonly<Record<string, unknown>> =
    other?.protocols.versions.at(-1)?.protocol ?? beginningOf(from);
  const { licence } = begun;
  const number = opened?.ethicsApproval;
  return draftOf({
    ...begun,
    title: opened?.title,
    ...(isPlainObject(licence) && { licence: { ...licence, ...(number !== undefined && { number }) } }),
  });
}

/** What a file holds. */
function broughtIn(text: string): unknown {
  try {
    return parseJsonWithComments(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refuse('protocol-invalid', `This is not JSON with comments: ${error.message}.`, 'file');
  }
}
