import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { openLedgerForReading } from '../../src/operations/open-ledger.js';
import { answerFromView } from '../../src/queries/ask.js';
import { sha256 } from '../../src/shared/sha256.js';
import { canonical } from '../../src/tlog/canonical.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { openStore } from '../../src/store/open-store.js';
import { PROJECTIONS } from '../../src/study/projections/catalogue.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { allSchemas } from '../../src/verify/folder/record-schemas.js';

/** The golden ledgers of each version, and today's program around them. All that it takes from `src` is imported here. */

export { allSchemas, canonical, verifyLedger };

/** Each in the folder of its version. */
export const LEDGERS = [
  'ledger-0.1/demo',
  'ledger-0.1/every-kind',
  'ledger-0.4/laboratory',
  'ledger-0.4/simulated',
  'ledger-0.7/governed',
] as const;

export type LedgerName = (typeof LEDGERS)[number];

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Records in one append: a store takes no more than so many bytes. */
const BATCH = 256;

export type Answers = Readonly<Record<string, object>>;

export interface Expected {
  /** By study code and tree size: the root. */
  readonly studies: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly verdict: string;
  readonly logs: readonly object[];
  /** Each signature as the verifier found it. */
  readonly signatures?: readonly object[];
  /** What the lab folds to; not frozen in version 0.1. */
  readonly lab?: object;
}

export interface Catalogue {
  readonly recordTypes: Readonly<Record<'lab' | 'access' | 'study', readonly string[]>>;
  readonly flags: readonly string[];
  readonly flagsOfAnswersOnly: readonly string[];
  readonly thresholds: readonly string[];
  readonly undecided: readonly string[];
}

export const catalogue = jsonOf(join(folder, 'ledger-0.1', 'catalogue.json')) as Catalogue;

/** A ledger as stored in the fixture. */
export class GoldenLedger {
  readonly expected: Expected;
  /** By log, the text of each record. */
  readonly records = new Map<string, readonly string[]>();
  private readonly path: string;

  constructor(name: LedgerName) {
    this.path = join(folder, name);
    this.expected = jsonOf(join(this.path, 'expected.json')) as Expected;
    for (const file of readdirSync(join(this.path, 'records')))
      this.records.set(
        file.replace('.ndjson', ''),
        readFileSync(join(this.path, 'records', file), 'utf8')
          .split('\n')
          .slice(0, -1),
      );
  }

  /** Study, tree size, and the answers of its version there. */
  *answers(): Generator<{ code: string; size: string; root: string; golden: Answers }> {
    const together = join(this.path, 'answers.json.gz');
    const all = existsSync(together) ? (jsonOf(together) as Record<string, Answers>) : undefined;
    for (const [code, roots] of Object.entries(this.expected.studies))
      for (const [size, root] of Object.entries(roots))
        yield { code, size, root, golden: all?.[`${code}-${size}`] ?? this.answersAt(code, size) };
  }

  private answersAt(code: string, size: string): Answers {
    const file = join(this.path, 'answers', `${code}-${size}.json`);
    return jsonOf(existsSync(file) ? file : `${file}.gz`) as Answers;
  }

  /** A ledger's folder, with the stored bytes in a store of today. */
  async rebuilt(): Promise<string> {
    const path = mkdtempSync(join(tmpdir(), 'study-ledger-golden-'));
    for (const beside of ['ledger.json', 'anchors', 'marks', 'policy'])
      cpSync(join(this.path, beside), join(path, beside), { recursive: true });
    const store = await openStore(path, { create: true, holder: 'test' });
    for (const [log, texts] of this.records)
      for (let from = 0; from < texts.length; from += BATCH) {
        const batch = texts.slice(from, from + BATCH);
        await store.append(
          log,
          from,
          batch.map((text) => ({ text, leaf: leafHash(sha256, text) })),
        );
      }
    await store.close();
    return path;
  }
}

/** Today's answer of every projection about a rebuilt ledger, as it would be sent. */
export async function openAnswers(path: string) {
  const { engine } = await openLedgerForReading(path);
  return {
    async at(code: string, size: string): Promise<Answers> {
      const answers: Record<string, object> = {};
      for (const projection of PROJECTIONS)
        answers[projection.name] = await answerFromView(engine, code, { at: size }, (view) =>
          projection.project(view),
        );
      return JSON.parse(JSON.stringify(answers)) as Answers;
    },
    /** What the register says: the lab folds as well. */
    studies: async () => [...(await engine.lab()).studies.keys()],
    /** What the lab and the access log fold to, in the form that is frozen. */
    async lab(): Promise<object> {
      const { keys, studies, anchors, ...lab } = await engine.lab();
      const named = [keys, studies, anchors].map((map) => Object.fromEntries<object>(map));
      const access = (await engine.log('access')).size;
      const folded = { ...lab, keys: named[0], studies: named[1], anchors: named[2], access };
      return JSON.parse(JSON.stringify(folded)) as object;
    },
    close: () => engine.close(),
  };
}

function jsonOf(path: string): unknown {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}
