import type { AnchorsFolder } from '../../anchoring/anchors-folder.js';
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
}

/** The first anchor, not the newest: an earlier state is then always exported with the same bytes. */
export async function coveringAnchor(
  engine: Engine,
  code: string,
  size: number,
): Promise<CoveringAnchor | undefined> {
  for await (const page of engine.store.read('lab'))
    for (const { number, text } of page) {
      if (!text.includes('"StudyCheckpointed"')) continue;
      const { type, data, recordedtime } = JSON.parse(text) as LabRecord;
      const anchored = data as StudyCheckpointed;
      if (type === 'StudyCheckpointed' && anchored.code === code && anchored.size >= size)
        return { record: number, size: anchored.size, recorded: recordedtime };
    }
  return undefined;
}

/** The smallest published lab checkpoint that covers a lab record. None smaller is ever signed later. */
export function publishedLab(anchors: AnchorsFolder, record: number): PublishedLab | undefined {
  const size = anchors.labSizes().find((one) => one > record);
  const note = size === undefined ? undefined : anchors.noteAt('lab', size);
  return size === undefined || note === undefined ? undefined : { size, note };
}
