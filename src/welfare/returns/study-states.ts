import { counted } from '../../shared/counted.js';
import { setImmediate } from 'node:timers/promises';
import { studyStream } from '../../recording/streams.js';
import type { EventStore } from '../../store/event-store.js';
import { fold, type Study } from '../../study/study.js';
import {
  PREFIX_THREAD,
  readPrefixesAhead,
  readPrefix,
  type Prefix,
  type PrefixPage,
} from './prefix-pages.js';

/** A study as it was known at a tree size, with the root there. */
export interface StudyState {
  readonly study: Study;
  /**
   * Base64, over the stored leaf hashes: it names the prefix that was read. Whether the records have these hashes is
   * checked by `verify`, which reads every byte; a return does not check it again.
   */
  readonly root: string;
}

/** The ledger does not have the size or the root of an earlier answer. */
export class SizesError extends Error {
  constructor(
    readonly code: 'at-beyond-head' | 'root-differs',
    message: string,
  ) {
    super(message);
  }
}

/** The prefix that an earlier answer was computed from; the root, where given, proves that it is the same one. */
export interface Size {
  readonly treeSize: number;
  readonly root?: string | undefined;
}

/** The program of the reading thread, and from how many studies on the thread is worth its start. */
export interface Threading {
  readonly program: URL;
  readonly studies: number;
}

const THREADING: Threading = { program: PREFIX_THREAD, studies: 32 };

/**
 * Folds studies one after the other. Each is released before the next, so memory holds the largest study and some pages
 * that the thread has read ahead.
 * @throws SizesError.
 */
export async function* readStudyStates(
  store: EventStore,
  codes: readonly string[],
  sizes?: ReadonlyMap<string, Size>,
  { program, studies } = THREADING,
): AsyncGenerator<StudyState> {
  const prefixes = codes.map((code) => ({ code, until: sizes?.get(code)?.treeSize ?? Infinity }));
  const { folder } = store;
  const isMany = folder !== undefined && prefixes.length >= studies;
  let ahead = isMany ? readPrefixesAhead({ folder, prefixes }, program) : undefined;
  try {
    for (const prefix of prefixes) {
      // A server answers other requests while a return is made.
      await setImmediate();
      let state = ahead && (await foldPages(prefix.code, ahead).catch(() => undefined));
      // When the thread has failed, this thread reads the study itself: it succeeds, or its error says why.
      if (!state) {
        await ahead?.return(undefined);
        ahead = undefined;
      }
      state ??= (await foldPages(prefix.code, readPrefix(store, prefix))) as StudyState;
      checkSize(prefix, state, sizes?.get(prefix.code));
      yield state;
    }
  } finally {
    await ahead?.return(undefined);
  }
}

/** Undefined where the pages end before the prefix does. */
async function foldPages(code: string, pages: AsyncIterator<PrefixPage>): Promise<StudyState | undefined> {
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

/** @throws SizesError where the ledger does not hold the prefix that an earlier answer was computed from. */
function checkSize({ code, until }: Prefix, { study, root }: StudyState, size: Size | undefined): void {
  if (size === undefined) return;
  if (study.size < until)
    throw new SizesError(
      'at-beyond-head',
      `${code} holds ${counted(study.size, 'record')}; there is no tree size ${until} yet.`,
    );
  if (size.root === undefined || size.root === root) return;
  const message = `${code} at tree size ${until} has the root ${root}, not ${size.root}: run verify.`;
  throw new SizesError('root-differs', message);
}
