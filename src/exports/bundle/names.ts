import { sha256 } from '../../shared/sha256.js';
import type { StoredStudyRecord } from '../../study/record.js';
import { isCommitment, opens, readDisclosure } from '../../tlog/commitment.js';

/** The name of a person, with what shows that it is the one that the lab recorded. */
export interface BundledName {
  readonly person: string;
  readonly name: string;
  readonly digest: string;
  readonly disclosure: string;
}

/** Where the disclosures lie in a bundle, below `data/`. */
export const DISCLOSURES = 'ledger/disclosures';

/**
 * The names of the persons that the records of a study name: of each the last that the lab recorded, where it can be opened.
 * Names of others, and labels of passkeys and tokens, have no business in the bundle of a study.
 * @param labTexts the records of the lab, in order
 * @param find a disclosure, by its digest
 */
export function namesIn(
  labTexts: Iterable<string>,
  records: Iterable<StoredStudyRecord>,
  find: (digest: string) => string | undefined,
): BundledName[] {
  const digests = lastNames(labTexts);
  const found: BundledName[] = [];
  for (const person of [...textsIn(records)].sort()) {
    const digest = digests.get(person);
    const disclosure = digest === undefined ? undefined : find(digest);
    if (digest === undefined || disclosure === undefined || !opens(sha256, digest, disclosure)) continue;
    const { value } = readDisclosure(disclosure);
    if (typeof value === 'string') found.push({ person, name: value, digest, disclosure });
  }
  return found;
}

/** The digest of the name that each person has now. */
function lastNames(labTexts: Iterable<string>): Map<string, string> {
  const digests = new Map<string, string>();
  for (const text of labTexts) {
    if (!text.includes('"...":')) continue;
    const { data } = JSON.parse(text) as { data?: { person?: unknown; name?: unknown } };
    if (typeof data?.person === 'string' && isCommitment(data.name))
      digests.set(data.person, data.name['...']);
  }
  return digests;
}

/** Every text in the records that may be a person's id. */
function textsIn(records: Iterable<StoredStudyRecord>): Set<string> {
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const { record } of records) collect([record.actor, record.data]);
  return texts;
}
