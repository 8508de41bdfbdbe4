import { sha256Hex } from '../../shared/sha256.js';
import { Problem } from '../platform/problems.js';
import type { ImportDraft } from './import-drafts.js';
import { checkedMapping, type ImportAsked } from './import-form.js';
import { textOf, type SuggestedFor } from './import-suggestion.js';
import { withSaid } from './leave-out.js';

/** Of all that decides what the rows become: the file, its mapping with the rows that are left out, the reason. */
export function digestOfShown({ file, sha256, rowReason, skipKnown }: ImportDraft, text: string): string {
  return sha256Hex(JSON.stringify([sha256, file.name, text, rowReason, skipKnown]));
}

/** @throws Problem where another tab changed what the page that is sent showed. */
export function mustBeAsShown(draft: ImportDraft, text: string, shown: string | null): void {
  if (shown === digestOfShown(draft, text)) return;
  throw new Problem(
    'shown-differs',
    'Nothing was recorded: the sheet is not read any more as this page showed it. Its columns, its reasons or the rows that are left out were changed since, perhaps in another tab. Look at the rows as they are now, and record them then.',
    'shown',
  );
}

/** What is left out stands in the mapping alone. */
export function unnamed(): Problem {
  const detail =
    'Give the mapping a name: it is saved with the study, since it says which rows were left out, and why.';
  return new Problem('field-missing', detail, 'saveAs');
}

/** The mapping by which the file of a draft is read; undefined while something is to be said. */
export function textOfDraft(
  draft: ImportDraft,
  { mapping }: Pick<SuggestedFor, 'mapping'>,
): string | undefined {
  const text = draft.mapping?.text ?? (mapping && textOf(mapping));
  return text === undefined ? undefined : withSaid(text, draft);
}

export function askedOf({ file, rowReason, skipKnown }: ImportDraft, text: string): ImportAsked {
  const reason = rowReason === '' ? undefined : rowReason;
  return {
    file,
    text,
    mapping: checkedMapping(text),
    reason,
    skipKnown,
    keepGoing: false,
    saveAs: undefined,
  };
}
