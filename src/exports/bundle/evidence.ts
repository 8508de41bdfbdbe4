import { asksForWitnesses } from '../../anchoring/lab-policy.js';
import type { LedgerFolder } from '../../anchoring/ledger-folder.js';
import { cosignedNote, hasQuorum } from '../../anchoring/witnesses.js';
import type { Engine } from '../../recording/engine.js';
import type { LabRecord } from '../../lab/lab.js';
import type { StudyCheckpointed } from '../../lab/events.js';

/** The first anchor that covers a tree size. */
export interface CoveringAnchor {
  readonly record: number;
  readonly size: number;
  readonly recorded: string;
}

/** A lab checkpoint that was published. */
export interface PublishedLab {
  readonly size: number;
  readonly note: string;
  /** It has not the cosignatures that the policy asks for. */
  readonly lacksQuorum: boolean;
}

/** The first anchor, not the newest: an earlier state is then always exported with the same bytes. */
export async function coveringAnchor(
  engine: Engine,
  code: string,
  size: number,
): Promise<CoveringAnchor | undefined> {
  for await (const anchor of anchorsOf(engine, code)) if (anchor.size >= size) return anchor;
  return undefined;
}

/** The size of the newest anchor among the first records of the lab. */
export async function newestAnchor(
  engine: Engine,
  code: string,
  labSize: number,
): Promise<number | undefined> {
  let newest: number | undefined;
  for await (const { record, size } of anchorsOf(engine, code)) if (record < labSize) newest = size;
  return newest;
}

async function* anchorsOf(engine: Engine, code: string): AsyncGenerator<CoveringAnchor> {
  for await (const page of engine.store.read('lab'))
    for (const { number, text } of page) {
      if (!text.includes('"StudyCheckpointed"')) continue;
      const { type, data, recordedtime } = JSON.parse(text) as LabRecord;
      const anchored = data as StudyCheckpointed;
      if (type === 'StudyCheckpointed' && anchored.code === code)
        yield { record: number, size: anchored.size, recorded: recordedtime };
    }
}

/**
 * The smallest published lab checkpoint that covers a lab record and has the quorum of the policy; the smallest at all where
 * the policy asks for none, or none has it yet. None smaller is ever signed later.
 */
export function publishedLab(folder: LedgerFolder, record: number, nowMs: number): PublishedLab | undefined {
  const { anchors } = folder;
  const policy = folder.policy() ?? '';
  const sizes = anchors.labSizes().filter((size) => size > record);
  const witnessed = asksForWitnesses(policy)
    ? sizes.find((size) => hasQuorum(policy, cosignedNote(anchors, size) ?? '', nowMs))
    : undefined;
  const size = witnessed ?? sizes[0];
  const note = size === undefined ? undefined : anchors.noteAt('lab', size);
  if (size === undefined || note === undefined) return undefined;
  return { size, note, lacksQuorum: asksForWitnesses(policy) && witnessed === undefined };
}
