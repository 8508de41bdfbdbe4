import type { Disclosures } from '../identity/disclosures.js';
import type { CommandForm, Submission } from '../study/commands/common/command.js';
import type { Commitment } from '../tlog/commitment.js';

/** The personal texts of a command, as its record may hold them, and whether a commitment that is recorded is one to a text. */
export interface PersonalTexts {
  readonly commitments: Readonly<Record<string, Commitment>>;
  readonly agrees: (commitment: Commitment, text: unknown) => boolean;
}

/** Of a command without such texts, or that is only looked at. */
export const NO_TEXTS: PersonalTexts = { commitments: {}, agrees: () => true };

/** The texts are durable before the record that commits to them. */
export function commitTexts(
  disclosures: Disclosures,
  { personal }: Pick<CommandForm, 'personal'>,
  { submission, data }: { readonly submission: Submission; readonly data: object },
): Record<string, Commitment> {
  const values = data as Readonly<Record<string, unknown>>;
  const given = personal.filter((field) => values[field] !== undefined);
  return Object.fromEntries(
    given.map((field) => [field, disclosures.commit(submission.id, field, values[field])]),
  );
}

/** Of a command that was refused, or recorded before: what no record commits to is erased. */
export function forgetTexts(
  disclosures: Disclosures,
  commitments: Readonly<Record<string, Commitment>>,
  isRecorded: (digest: string) => boolean,
): void {
  for (const { '...': digest } of Object.values(commitments))
    if (!isRecorded(digest)) disclosures.erase(digest);
}

/** Whether a record of a command that comes again says the same in its personal texts, as far as that is known. */
export function agreeInTexts(
  recorded: object | undefined,
  { personal }: Pick<CommandForm, 'personal'>,
  { data }: { readonly data: object },
  { agrees }: PersonalTexts,
): boolean {
  return personal.every((field) => {
    const commitment = (recorded as Readonly<Record<string, Commitment>> | undefined)?.[field];
    const text = (data as Readonly<Record<string, unknown>>)[field];
    return commitment === undefined || text === undefined ? commitment === text : agrees(commitment, text);
  });
}
