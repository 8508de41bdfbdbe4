import { OpenStream } from '../engine/open-stream.js';
import { studyStream } from '../engine/streams.js';
import { studyLog } from '../lab/origins.js';
import type { EventStore } from '../store/event-store.js';
import { studyAt, type Study } from '../study/study.js';

/** A study as it was known at a tree size, with the root there. */
export interface StudyState {
  readonly study: Study;
  readonly root: string;
}

/** A size or a root that the ledger does not have. */
export class SizesError extends Error {
  constructor(
    readonly code: 'at-beyond-head' | 'root-differs',
    message: string,
  ) {
    super(message);
  }
}

/** Where an earlier answer was computed; the root, where given, proves that it is the same prefix. */
export interface Size {
  readonly treeSize: number;
  readonly root?: string | undefined;
}

/** Studies one after the other: each is read, folded, and let go before the next, so that memory holds the largest. */
export async function* studyStates(
  store: EventStore,
  codes: readonly string[],
  sizes?: ReadonlyMap<string, Size>,
): AsyncGenerator<StudyState> {
  for (const code of codes) {
    const open = new OpenStream(studyStream(code), store);
    await open.catchUp();
    const { treeSize, root } = sizes?.get(code) ?? { treeSize: open.size, root: undefined };
    if (treeSize > open.size)
      throw new SizesError(
        'at-beyond-head',
        `${studyLog(code)} holds ${open.size} records; there is no tree size ${treeSize} yet.`,
      );
    const found = open.root(treeSize);
    if (root !== undefined && root !== found)
      throw new SizesError(
        'root-differs',
        `${code} at tree size ${treeSize} has the root ${found}, not ${root}: run verify.`,
      );
    if (treeSize > 0) yield { study: studyAt(open.state, treeSize), root: found };
  }
}
