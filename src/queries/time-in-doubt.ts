import { recordsInDoubt, type ClockDoubt } from '../lab/clock-doubts.js';
import { studyLog } from '../lab/origins.js';
import type { Engine } from '../recording/engine.js';
import { concernsOneLog } from '../store/store-error.js';

/** Consecutive records of a study that were recorded while the clock was, or may have been, wrong. */
export interface TimeInDoubt {
  /** Record numbers, the first and the last. */
  readonly from: number;
  readonly to: number;
  /** The lab record that shows it. */
  readonly labRecord: number;
  /** The lab record by which the clock was right again, or was confirmed; left out while it lasts. */
  readonly endedBy?: number;
  /** The cause that a person gave for the confirmation. */
  readonly confirmed?: string;
}

export interface StudyTimeInDoubt extends TimeInDoubt {
  readonly study: string;
}

interface Cached {
  readonly size: number;
  readonly doubts: readonly ClockDoubt[];
  readonly found: readonly StudyTimeInDoubt[];
}

/** By study. An entry is used while study and lab say the same, so that an unchanged study is not read again. */
const caches = new WeakMap<Engine, Map<string, Cached>>();

/** Of one study, oldest first. */
export async function timeInDoubt(engine: Engine, code: string): Promise<TimeInDoubt[]> {
  const { clockDoubts } = await engine.lab();
  if (clockDoubts.length === 0) return [];
  const { records } = (await engine.study(code)).state;
  return clockDoubts.flatMap((doubt) => {
    const range = recordsInDoubt(records.toArray(), doubt);
    const { labRecord, endedBy, confirmed } = doubt;
    const end = { ...(endedBy !== undefined && { endedBy }), ...(confirmed !== undefined && { confirmed }) };
    return range ? [{ ...range, labRecord, ...end }] : [];
  });
}

/** Of all studies that can be read. */
export async function allTimeInDoubt(engine: Engine): Promise<StudyTimeInDoubt[]> {
  const { clockDoubts, studies } = await engine.lab();
  if (clockDoubts.length === 0) return [];
  let cache = caches.get(engine);
  if (!cache) caches.set(engine, (cache = new Map()));
  const all: StudyTimeInDoubt[] = [];
  for (const study of studies.keys()) {
    try {
      const size = await engine.storedSize(studyLog(study));
      const known = cache.get(study);
      if (known?.size === size && known.doubts === clockDoubts) {
        all.push(...known.found);
        continue;
      }
      const found = (await timeInDoubt(engine, study)).map((range) => ({ study, ...range }));
      cache.set(study, { size, doubts: clockDoubts, found });
      all.push(...found);
    } catch (error) {
      if (!concernsOneLog(error)) throw error;
    }
  }
  return all;
}
