import { setImmediate } from 'node:timers/promises';
import { studyStream } from '../../recording/streams.js';
import type { EventStore } from '../../store/event-store.js';
import { fold, type Study } from '../../study/study.js';
import { READING_THREAD, pagesAside, prefixPages, type Asked, type PrefixPage } from './prefix-pages.js';

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

/** The thread that reads: its program, and from how many studies on it is worth the time that it takes to start. */
export interface Threading {
  readonly program: URL;
  readonly studies: number;
}

const THREADING: Threading = { program: READING_THREAD, studies: 32 };

/**
 * Studies one after the other: each is folded and let go before the next, so that memory holds the largest, and some
 * pages of what a thread has read ahead.
 */
export async function* studyStates(
  store: EventStore,
  codes: readonly string[],
  sizes?: ReadonlyMap<string, Size>,
  { program, studies } = THREADING,
): AsyncGenerator<StudyState> {
  const asked = codes.map((code) => ({ code, until: sizes?.get(code)?.treeSize ?? Infinity }));
  const { folder } = store;
  const isMany = folder !== undefined && asked.length >= studies;
  let aside = isMany ? pagesAside({ folder, asked }, program) : undefined;
  try {
    for (const one of asked) {
      // A server has others to answer while a return is made.
      await setImmediate();
      let state = aside && (await folded(one.code, aside).catch(() => undefined));
      // Where the thread came to grief, or its pages make no study, it is this one that says why, or does without.
      if (!state) {
        await aside?.return(undefined);
        aside = undefined;
      }
      state ??= (await folded(one.code, prefixPages(store, one))) as StudyState;
      mustBe(one, state, sizes?.get(one.code));
      if (state.study.size > 0) yield state;
    }
  } finally {
    await aside?.return(undefined);
  }
}

/** Undefined where the pages end before the prefix does. */
async function folded(code: string, pages: AsyncIterator<PrefixPage>): Promise<StudyState | undefined> {
  const kind = studyStream(code);
  let study = kind.empty;
  for (let next = await pages.next(); !next.done; next = await pages.next()) {
    const { texts, root } = next.value;
    const { size } = study;
    const records = texts.map((text, index) => ({
      number: size + index,
      leaf: '',
      record: kind.parse(text),
    }));
    study = fold(study, records);
    if (root !== undefined) return { study, root };
  }
  return undefined;
}

/** @throws SizesError where a ledger does not hold what an earlier answer was computed from. */
function mustBe({ code, until }: Asked, { study, root }: StudyState, size: Size | undefined): void {
  if (size === undefined) return;
  if (study.size < until)
    throw new SizesError(
      'at-beyond-head',
      `${code} holds ${study.size} records; there is no tree size ${until} yet.`,
    );
  if (size.root === undefined || size.root === root) return;
  const message = `${code} at tree size ${until} has the root ${root}, not ${size.root}: run verify.`;
  throw new SizesError('root-differs', message);
}
