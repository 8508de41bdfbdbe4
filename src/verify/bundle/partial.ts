import type { Hash } from '../../tlog/encoding.js';
import { ChunkChecker } from '../runtime/chunk.js';
import type { Files } from '../runtime/files.js';
import type { NamedAttachment } from '../checks/attachments.js';
import type { Findings } from '../checks/findings.js';
import type { Lab } from '../checks/lab.js';
import { decoded, rootsAt, type FoldedLog } from '../checks/log.js';
import { SchemaSet, type Reference, type Schemas } from '../checks/record.js';
import { StudyActs } from '../checks/people/study-acts.js';
import { Digests } from '../checks/signatures/digests.js';
import { checkSignatures } from '../checks/signatures/signatures.js';
import { signatureTerms, type Context, tellStudyCommitments } from '../checks/study.js';
import { Trail } from '../checks/trail.js';
import { leavesInTiles } from '../checks/tiles.js';

/** Which records of a study a partial export holds: `study/selection.json`. */
export interface Selection {
  readonly subject: string;
  /** Records of the study, with those that are withheld. */
  readonly size: number;
  readonly numbers: readonly number[];
}

export function readSelection(files: Files, findings: Findings): Selection | undefined {
  if (!files.has('study/selection.json')) return undefined;
  try {
    const { subject, size, records } = JSON.parse(files.text('study/selection.json') ?? '') as Record<
      string,
      unknown
    >;
    const numbers = records as number[];
    const isSize = Number.isSafeInteger(size) && (size as number) > (numbers.at(-1) ?? -1);
    const inOrder = numbers.every(
      (number, i) => Number.isSafeInteger(number) && number > (numbers[i - 1] ?? -1),
    );
    if (typeof subject === 'string' && isSize && inOrder) return { subject, size: size as number, numbers };
  } catch {
    // Told below.
  }
  findings.fail('layout', 'bundle', 'study/selection.json does not say which records are here');
  return { subject: '', size: 0, numbers: [] };
}

/**
 * A part of a study: the hash tiles give every leaf hash, so the tree is whole; each record that is here must be the
 * leaf whose number it bears.
 */
export async function foldPartial(
  files: Files,
  log: string,
  selection: Selection,
  { lab, labLog, schemas }: { readonly lab: Lab; readonly labLog: FoldedLog; readonly schemas: Schemas },
  context: Context,
): Promise<FoldedLog> {
  const { findings, signatures, signed } = context;
  const { numbers, size } = selection;
  const leaves = leavesInTiles(files, 'study', size);
  if (!leaves) findings.fail('tile', log, 'study/tile/0 does not hold the leaf hashes of all records');
  const tree = { size: leaves?.length ?? 0, leafAt: (number: number) => leaves![number]! };
  const anchored = (lab.anchors.get(log) ?? []).map((anchor) => anchor.size);
  const roots = rootsAt(tree, [tree.size, ...anchored]);
  const lines = (files.text('study/records.ndjson') ?? '').split('\n');
  if (lines.pop() !== '' || lines.length !== numbers.length)
    findings.fail(
      'layout',
      log,
      `study/records.ndjson has not the ${numbers.length} records that study/selection.json lists`,
    );
  const checker = new ChunkChecker(new SchemaSet(schemas));
  const { areThere, registry } = lab.people;
  const trail = new Trail();
  const acts = areThere ? new StudyActs(log, registry, undefined, findings, trail) : undefined;
  const named: Reference[] = [];
  const attachments: NamedAttachment[] = [];
  const source = `/studies/${log.slice('study-'.length)}`;
  for (const [i, number] of numbers.entries()) {
    const bytes = Buffer.from(`\n${lines[i] ?? ''}`);
    const checked = checker.check({
      log,
      source,
      first: number,
      bytes,
      keep: false,
      authors: !!acts,
      notables: true,
      hashOnly: false,
    });
    for (const finding of checked.findings) findings.add(finding);
    if (checked.leaves !== leaves?.[number])
      findings.fail('tile', log, `record ${number} is not the leaf of that number`, { record: number });
    for (const reference of checked.references) resolve(reference, log, leaves ?? [], findings);
    named.push(...checked.references);
    attachments.push(...checked.attachments);
    trail.take(checked.notables);
    acts?.take(number, checked);
  }
  acts?.finish();
  const digests = new Digests(trail.signed.flatMap(({ covers }) => covers));
  for (const [i, number] of numbers.entries()) digests.take(number, Buffer.from(lines[i] ?? ''));
  const terms = signatureTerms(context);
  const of = { ...terms, log, lab, labLog, study: tree, trail, acts, digests: digests.found };
  signatures?.push(...checkSignatures(of));
  signed?.push(...trail.signed);
  tellStudyCommitments({ log, acts: trail.acts, isHere: (number) => numbers.includes(number) }, lab, context);
  findings.incomplete('missing', log, withheldText(selection, named));
  return {
    log,
    ...tree,
    attachments,
    reach: tree.size,
    root: roots.get(tree.size)!,
    rootAt: (at) => roots.get(at),
  };
}

function resolve(
  { from, number, leaf }: Reference,
  log: string,
  leaves: readonly Hash[],
  findings: Findings,
): void {
  if (!(number < from) || decoded(leaf) !== leaves[number])
    findings.fail(
      'reference',
      log,
      `record ${from} names record ${number} with a leaf hash that it does not have`,
      { record: from },
    );
}

/** So many numbers or ranges are listed. */
const LISTED = 12;

/** What is left out, by number, and which records that are here speak of it. */
function withheldText({ subject, size, numbers }: Selection, named: readonly Reference[]): string {
  const here = new Set(numbers);
  const ranges = gapsOf(numbers, size).map(([first, last]) =>
    first === last ? `${first}` : `${first}…${last}`,
  );
  const spokenOf = named.filter(({ number }) => !here.has(number));
  const speaks = [...new Set(spokenOf.map(({ from, number }) => `record ${from} names record ${number}`))];
  return (
    `a part only: ${numbers.length} of ${size} records, about ${subject}; ${size - numbers.length} are withheld` +
    (ranges.length > 0 ? `: ${listed(ranges)}` : '') +
    (speaks.length > 0 ? `. Records that are here speak of them: ${listed(speaks)}` : '') +
    '. That no record about this animal is among them is what the laboratory says; no proof shows it'
  );
}

/** First and last number of each run of numbers below `size` that are not there. */
function gapsOf(numbers: readonly number[], size: number): [first: number, last: number][] {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const number of [...numbers, size]) {
    if (number > next) gaps.push([next, number - 1]);
    next = number + 1;
  }
  return gaps;
}

function listed(texts: readonly string[]): string {
  const more = texts.length - LISTED;
  return `${texts.slice(0, LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
