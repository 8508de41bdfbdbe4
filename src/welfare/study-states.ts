import { setImmediate } from 'node:timers/promises';
import { sha256 } from '../engine/sha256.js';
import { studyStream } from '../engine/streams.js';
import { hashToBase64 } from '../ledger/encoding.js';
import { Frontier } from '../ledger/merkle.js';
import type { EventStore } from '../store/event-store.js';
import { fold, type Study } from '../study/study.js';

/** A study as it was known at a tree size, with the root there. */
export interface StudyState {
  readonly study: Study;
  /**
   * Base64, over the leaf hashes as they are stored: it names the prefix that was read. That the records are what was
   * hashed is for `verify` to say, which reads every byte; a return does not do that work a second time.
   */
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
    // A server has others to answer while a return is made.
    await setImmediate();
    const size = sizes?.get(code);
    const state = await stateOf(store, code, size?.treeSize);
    if (size?.root !== undefined && size.root !== state.root) {
      const message = `${code} at tree size ${size.treeSize} has the root ${state.root}, not ${size.root}: run verify.`;
      throw new SizesError('root-differs', message);
    }
    if (state.study.size > 0) yield state;
  }
}

async function stateOf(store: EventStore, code: string, until = Infinity): Promise<StudyState> {
  const kind = studyStream(code);
  const tree = new Frontier(sha256);
  let study = kind.empty;
  for await (const page of store.read(kind.stream)) {
    const wanted = page.filter(({ number }) => number < until);
    study = fold(
      study,
      wanted.map((stored) => {
        tree.append(stored.leaf);
        return { number: stored.number, leaf: '', record: kind.parse(stored.text) };
      }),
    );
    if (wanted.length < page.length) break;
  }
  if (Number.isFinite(until) && study.size < until)
    throw new SizesError(
      'at-beyond-head',
      `${code} holds ${study.size} records; there is no tree size ${until} yet.`,
    );
  return { study, root: hashToBase64(tree.root()) };
}
