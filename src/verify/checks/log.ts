import { hashFromBase64, isHash, type Hash } from '../../tlog/encoding.js';
import { HashColumn } from '../../tlog/hash-column.js';
import { Frontier } from '../../tlog/merkle.js';
import type { NamedAttachment } from './attachments.js';
import type { Checked, Chunk } from '../runtime/chunk.js';
import { sha256 } from '../runtime/crypto.js';
import type { Findings } from './findings.js';
import { ID_WORDS, IdSet } from './id-set.js';
import type { CheckerPool } from '../runtime/pool.js';
import type { Attributes, Reference } from './record.js';
import { quote } from './printable.js';

/** The records of one log, in order, from the first. A gap is for the source to report: it ends what it hands out. */
export interface LogSource {
  readonly log: string;
  readonly source: string;
  /** The number after the last record that is there, after all were handed out; larger than what was handed out after a gap. */
  reach?(): number;
  chunks(): AsyncIterable<Pick<Chunk, 'first' | 'bytes' | 'lengths' | 'storedLeaves'>>;
}

/** A log as its bytes make it, whatever was said about it. */
export interface FoldedLog {
  readonly log: string;
  /** Records from the first on, up to a gap. */
  readonly size: number;
  /** The number after the last record that is there: the size, but where there is a gap. */
  readonly reach: number;
  readonly root: Hash;
  /** Files that its records name, in their order. */
  readonly attachments: readonly NamedAttachment[];
  /** Undefined where it is not that large. One pass over all leaf hashes, unless the size was told before. */
  rootAt(size: number): Hash | undefined;
  leafAt(number: number): Hash;
}

export interface FoldOptions {
  readonly checker: CheckerPool;
  readonly findings: Findings;
  /** Sizes at which the root will be needed. */
  readonly sizes?: Iterable<number>;
  readonly hashOnly?: boolean;
  /** Every record, in order, with what the others cannot know; the record is undefined where it could not be read. */
  readonly each?: (number: number, recordedMs: number, labSize: number) => void;
  /** Every record's content: only for logs that are small. */
  readonly keep?: (number: number, record: Attributes | undefined) => void;
  /** A run of records, in order, with who made them. */
  readonly acts?: { take(first: number, checked: Checked): void };
  /** What signatures and acts of a study are about. */
  readonly trail?: { take(notables: Checked['notables']): void };
  readonly onRecords?: (count: number) => void;
}

/** Reads a log once: chunks are checked side by side, and folded here in their order. */
export async function foldLog(source: LogSource, options: FoldOptions): Promise<Fold> {
  const fold = new Fold(source.log, options);
  const { checker, hashOnly = false, keep, acts, trail } = options;
  const pending: Promise<Checked>[] = [];
  for await (const chunk of source.chunks()) {
    const checked = checker.check({
      ...chunk,
      log: source.log,
      source: source.source,
      hashOnly,
      keep: !!keep,
      authors: !!acts,
      notables: !!trail,
    });
    // An error is taken up where the answer is; until then nobody is to call it unhandled.
    checked.catch(() => undefined);
    pending.push(checked);
    if (pending.length >= checker.width) fold.take(await pending.shift()!);
  }
  for (const checked of pending) fold.take(await checked);
  fold.reach = Math.max(fold.size, source.reach?.() ?? 0);
  return fold;
}

class Fold implements FoldedLog {
  reach = 0;
  readonly attachments: NamedAttachment[] = [];
  private readonly leaves = new HashColumn();
  private readonly frontier = new Frontier(sha256);
  private readonly wanted: number[];
  private readonly roots = new Map<number, Hash>();
  private readonly ids = new IdSet();
  private lastRecordedMs = -Infinity;

  constructor(
    readonly log: string,
    private readonly options: FoldOptions,
  ) {
    this.wanted = [...new Set(options.sizes)].sort((a, b) => b - a);
    this.note();
  }

  get size(): number {
    return this.leaves.length;
  }

  get root(): Hash {
    return this.frontier.root();
  }

  rootAt(size: number): Hash | undefined {
    if (size === this.size) return this.root;
    if (!this.roots.has(size)) this.noteRoots([size]);
    return this.roots.get(size);
  }

  leafAt(number: number): Hash {
    return this.leaves.at(number);
  }

  /** For sizes that became known only from the records: one pass for all. */
  noteRoots(sizes: Iterable<number>): void {
    for (const [size, root] of rootsAt(this, sizes)) this.roots.set(size, root);
  }

  take(checked: Checked): void {
    const { findings, keep, each, acts, trail, onRecords } = this.options;
    const first = this.size;
    const count = checked.leaves.length / 32;
    for (const finding of checked.findings) findings.add(finding);
    this.attachments.push(...checked.attachments);
    for (let i = 0; i < count; i++) {
      const number = this.size;
      const leaf = checked.leaves.slice(32 * i, 32 * i + 32);
      this.leaves.push(leaf);
      this.frontier.append(leaf);
      if (!this.options.hashOnly) {
        this.inOrder(number, checked.recordedMs[i]!);
        if (!this.ids.add(checked.ids, ID_WORDS * i))
          findings.fail('id', this.log, `record ${number} has the id of an earlier record`, {
            record: number,
          });
        each?.(number, checked.recordedMs[i]!, checked.labSizes[i]!);
        keep?.(number, checked.kept[i]);
      }
      this.note();
    }
    for (const reference of checked.references) this.resolve(reference);
    trail?.take(checked.notables);
    acts?.take(first, checked);
    onRecords?.(count);
  }

  private note(): void {
    if (this.wanted.at(-1) !== this.size) return;
    this.wanted.pop();
    this.roots.set(this.size, this.root);
  }

  private inOrder(record: number, recordedMs: number): void {
    if (recordedMs < this.lastRecordedMs)
      this.options.findings.fail(
        'recorded-time',
        this.log,
        `record ${record} was recorded before record ${record - 1}, by what it says`,
        { record },
      );
    if (recordedMs > this.lastRecordedMs) this.lastRecordedMs = recordedMs;
  }

  private resolve({ from, number, leaf }: Reference): void {
    const { findings } = this.options;
    if (!Number.isSafeInteger(number) || number < 0 || number >= from)
      findings.fail('reference', this.log, `record ${from} names record ${number}, which is not before it`, {
        record: from,
      });
    else if (decoded(leaf) !== this.leafAt(number))
      findings.fail(
        'reference',
        this.log,
        `record ${from} names record ${number} with the leaf hash ${quote(leaf)}, which it does not have`,
        { record: from },
      );
  }
}

/** The roots of a log at these sizes, as far as it is that large. */
export function rootsAt(
  log: { readonly size: number; leafAt(number: number): Hash },
  sizes: Iterable<number>,
): Map<number, Hash> {
  const wanted = new Set(sizes);
  const frontier = new Frontier(sha256);
  const roots = new Map<number, Hash>();
  for (;;) {
    if (wanted.has(frontier.size)) roots.set(frontier.size, frontier.root());
    if (frontier.size === log.size) return roots;
    frontier.append(log.leafAt(frontier.size));
  }
}

/** A hash in base64 as a record or a proof has it; undefined where it is none. */
export function decoded(text: unknown): Hash | undefined {
  try {
    const hash = typeof text === 'string' ? hashFromBase64(text) : undefined;
    return isHash(hash) ? hash : undefined;
  } catch {
    return undefined;
  }
}
