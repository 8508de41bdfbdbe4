import { Type } from '../../study/schema-types.js';
import { studyLog } from '../../lab/origins.js';
import type { Engine } from '../../recording/engine.js';
import { deletedRecords } from '../../recording/open-logs.js';
import { explainMismatch, mismatch } from '../../study/mismatch.js';
import { StudyCode, closed } from '../../study/schema.js';
import { FORMATS, buildCodeMap, parseCodeMap, type CodeMap, type Format } from '../forms/code-map.js';
import { KilledUnusedSchema, parseKilledUnused, type KilledUnusedStatement } from '../forms/killed-unused.js';
import type { Sink } from './sink.js';
import { readStudyStates, type Size } from './study-states.js';
import type { Finding } from './reported-use.js';
import { YearlyReturn } from './yearly-return.js';

export interface ReturnOptions {
  readonly year: number;
  readonly format: Format;
  /** The laboratory's own codes, parsed. */
  readonly codes?: unknown;
  /** Of the German return, parsed: the animals killed unused that were never enrolled, as a person states them. */
  readonly killedUnused?: unknown;
  /** The sizes that an earlier return was made from, parsed: its `return.json`, or `{"studies": {"KET-01": 1602}}`. */
  readonly at?: unknown;
  /** Called after each study with the number done and the number of all. */
  readonly progress?: (done: number, total: number) => void;
}

export interface MadeReturn {
  readonly uses: number;
  readonly gaps: readonly Finding[];
  readonly inconsistent: readonly Finding[];
  readonly codes: CodeMap;
  readonly studies: number;
}

/** The request for a return cannot be understood. */
export class ReturnError extends Error {
  constructor(
    readonly code: 'at-file-invalid' | 'at-file-differs',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Makes the return of a year over all studies of a ledger. The caller looks at what is missing or inconsistent before it
 * hands out the files, so that such a return is not handed out by accident.
 * @throws ReturnError, CodeMapError, KilledUnusedError, SizesError; StoreError `integrity` where a study is damaged.
 */
export async function makeReturn(engine: Engine, options: ReturnOptions, sink: Sink): Promise<MadeReturn> {
  const lab = await engine.lab();
  const { year, format, progress } = options;
  const at = options.at === undefined ? undefined : parseEarlier(options.at, year, format);
  const codes = options.codes === undefined && at?.codes ? at.codes : buildCodeMap(format, options.codes);
  const killedUnused =
    options.killedUnused === undefined ? at?.killedUnused : parseKilledUnused(options.killedUnused, format);
  const studies = [...(at?.sizes ?? lab.studies).keys()].sort();
  const unknown = studies.find((code) => !lab.studies.has(code));
  if (unknown !== undefined)
    throw new ReturnError('at-file-invalid', `There is no study ${unknown} in this ledger.`);
  const { facility, simulated } = lab;
  const made = new YearlyReturn({ year, format, codes, facility, simulated, killedUnused }, sink);
  let done = 0;
  for await (const state of readStudyStates(engine.store, studies, at?.sizes)) {
    const { code, size } = state.study;
    const anchored = at ? 0 : (lab.anchors.get(studyLog(code))?.size ?? 0);
    // Without its animals the return would be false, and nothing in it would show that.
    if (size < anchored) throw deletedRecords(studyLog(code), size, anchored);
    if (size > 0) made.add(state);
    progress?.(++done, studies.length);
  }
  made.finish();
  const { uses, gaps, inconsistent } = made;
  return { uses, gaps, inconsistent, codes, studies: studies.length };
}

const TreeSize = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const SizesSchema = Type.Object({
  year: Type.Optional(Type.Integer()),
  format: Type.Optional(Type.Enum([...FORMATS])),
  codes: Type.Optional(Type.Object({})),
  killedUnused: Type.Optional(KilledUnusedSchema),
  studies: Type.Record(
    StudyCode,
    Type.Union([TreeSize, closed({ treeSize: TreeSize, root: Type.Optional(Type.String()) })]),
  ),
});

interface Earlier {
  readonly sizes: ReadonlyMap<string, Size>;
  readonly codes: CodeMap | undefined;
  readonly killedUnused: KilledUnusedStatement | undefined;
}

function parseEarlier(at: unknown, year: number, format: Format): Earlier {
  const wrong = mismatch(SizesSchema, at);
  if (wrong) {
    const message = `The file of sizes does not fit: ${wrong.path || 'it'} ${explainMismatch(wrong)}. It is the return.json of a return.`;
    throw new ReturnError('at-file-invalid', message);
  }
  const earlier = at as {
    year?: number;
    format?: Format;
    codes?: unknown;
    killedUnused?: KilledUnusedStatement;
    studies: Record<string, number | Size>;
  };
  if (earlier.year !== undefined && earlier.year !== year)
    throw new ReturnError(
      'at-file-differs',
      `These sizes are of the return of ${earlier.year}, not of ${year}.`,
    );
  const sizes = Object.entries(earlier.studies).map(
    ([code, size]) => [code, typeof size === 'number' ? { treeSize: size } : size] as const,
  );
  // Another format of the same sizes has its own codes, and asks for other statements.
  const same = earlier.format === format;
  return {
    sizes: new Map(sizes),
    codes: same && earlier.codes !== undefined ? parseCodeMap(earlier.codes) : undefined,
    killedUnused: same ? earlier.killedUnused : undefined,
  };
}
