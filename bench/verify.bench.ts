import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedgerFolder } from '../src/operations/open-ledger.js';
import { exportBundle } from '../src/exports/bundle/export-bundle.js';
import { openSqliteReader } from '../src/store/sqlite/open-sqlite.js';
import { verifyBundle } from '../src/verify/bundle/verify-bundle.js';
import { fileSource } from '../src/verify/runtime/file-source.js';
import { Findings } from '../src/verify/checks/findings.js';
import { verifyLedger } from '../src/verify/folder/verify-ledger.js';
import type { Lab } from '../src/verify/checks/lab.js';
import { foldLog } from '../src/verify/checks/log.js';
import { CheckerPool } from '../src/verify/runtime/pool.js';
import { allSchemas } from '../src/verify/folder/record-schemas.js';
import { foldAnchored, foldLab } from '../src/verify/checks/study.js';
import { THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import { benchFolder, median, type Ratio } from './measure.js';

const RECORDS = 100_000;
const ANCHORS = 10;
const ROUNDS = 5;
const CODE = 'BENCH';

/** The verifier against bare loops over the same lines in one thread: what no verifier could do without. */
export async function benchVerify(): Promise<Ratio[]> {
  const folder = benchFolder();
  const [ledger, bundle] = [join(folder.path, 'ledger'), join(folder.path, 'bundle')];
  const schemas = allSchemas();
  const checker = new CheckerPool({
    schemas,
    worker: new URL('../src/verify/runtime/chunk-worker.js', import.meta.url),
  });
  try {
    await fill(ledger, bundle);
    const files = join(bundle, 'data', 'ledger');
    const lines = readFileSync(join(files, 'study', 'records.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    const rates = await interleaved({
      hash: () => lines.forEach((line) => hash('sha256', line, 'binary')),
      cryptographic: () => cryptographic(files, checker),
      parse: () => lines.forEach(parseAndHash),
      records: () => records(files, checker),
      persons: () => records(files, checker, addPeople),
      whole: () => whole(bundle, checker),
      store: () => readParseHash(ledger),
      data: () => data(ledger),
    });
    const against = 'JSON.parse + hash, one thread';
    return [
      ratio(
        'bundle: leaf hashes, tree, anchored roots',
        'hash, one thread',
        rates.cryptographic,
        rates.hash,
        0.3,
      ),
      ratio('bundle: every check of the records', against, rates.records, rates.parse, 0.45),
      ratio('bundle: who acted, too', 'the same without persons', rates.persons, rates.records, 0.9),
      ratio('bundle: with its tiles and checksums too', against, rates.whole, rates.parse, 0.25),
      ratio('verify --data', 'reading, JSON.parse, hash', rates.data, rates.store, 0.45),
    ];
  } finally {
    await checker.close();
    folder.remove();
  }
}

async function fill(path: string, bundle: string): Promise<void> {
  const { engine, folder, anchoring } = await openLedgerFolder(path, {
    holder: 'bench',
    facility: 'bench.example',
    simulated: true,
  });
  const bench = await benchOn(engine);
  let done = await prepareStudy(bench, CODE);
  while (done < RECORDS) {
    const count = Math.min(500, RECORDS - done);
    await Promise.all(
      Array.from({ length: count }, (_, run) =>
        bench.send('RecordThreshold', CODE, { ...THRESHOLD_BODY, subject: animal(run) }),
      ),
    );
    done += count;
    if (done % (RECORDS / ANCHORS) < 500) await anchoring.anchor();
  }
  await anchoring.anchor();
  const request = { code: CODE, to: bundle, who: undefined, verifier: '// not needed here\n', version: '0' };
  await exportBundle({ engine, folder, anchoring }, request);
  await bench.close();
}

/** Records a millisecond for each work: medians over rounds in which they take turns. */
async function interleaved<N extends string>(works: Record<N, () => unknown>): Promise<Record<N, number>> {
  const names = Object.keys(works) as N[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) {
      globalThis.gc?.();
      const start = performance.now();
      await works[name]();
      times[name].push(performance.now() - start);
    }
  return Object.fromEntries(names.map((name) => [name, RECORDS / median(times[name])])) as Record<N, number>;
}

function parseAndHash(line: string): void {
  JSON.parse(line);
  hash('sha256', line, 'binary');
}

async function cryptographic(files: string, checker: CheckerPool): Promise<void> {
  const findings = new Findings();
  const source = fileSource(
    join(files, 'study', 'records.ndjson'),
    `study-${CODE}`,
    `/studies/${CODE}`,
    findings,
  );
  const sizes = Array.from({ length: ANCHORS }, (_, i) => ((i + 1) * RECORDS) / ANCHORS);
  const folded = await foldLog(source, { checker, findings, sizes, hashOnly: true });
  if (folded.size !== RECORDS || folded.rootAt(sizes[0]!) === undefined)
    throw new Error(`${folded.size} records`);
}

async function records(
  files: string,
  checker: CheckerPool,
  prepare: (lab: Lab) => void = () => undefined,
): Promise<void> {
  const findings = new Findings();
  const context = { checker, findings };
  const { lab, folded } = await foldLab(
    fileSource(join(files, 'lab', 'records.ndjson'), 'lab', '/lab', findings),
    [],
    context,
  );
  prepare(lab);
  const source = fileSource(
    join(files, 'study', 'records.ndjson'),
    `study-${CODE}`,
    `/studies/${CODE}`,
    findings,
  );
  const study = await foldAnchored(source, lab, folded, [], context);
  if (study.size !== RECORDS || findings.list.length > 0) throw new Error(JSON.stringify(findings.list[0]));
}

/** From the first anchor on, the records are those of a person with a role. */
function addPeople({ people: { registry } }: Lab): void {
  const grant = {
    at: 1,
    end: Infinity,
    person: 'bench',
    role: 'technician',
    study: undefined,
    fromMs: -Infinity,
    untilMs: Infinity,
  };
  const nothing = { credentials: [], tokens: [], links: [] };
  registry.persons.set('bench', {
    at: 1,
    end: Infinity,
    id: 'bench',
    human: 'bench',
    grants: [grant],
    ...nothing,
    attested: Infinity,
  });
  registry.isSimulated = true;
  registry.begunAt = 2;
}

async function whole(bundle: string, checker: CheckerPool): Promise<void> {
  const report = await verifyBundle(bundle, { schemas: allSchemas(), checker });
  if (report.exitCode === 1) throw new Error(JSON.stringify(report.findings[0]));
}

async function data(ledger: string): Promise<void> {
  const report = await verifyLedger(ledger);
  if (report.exitCode !== 0) throw new Error(JSON.stringify(report.findings[0]));
}

async function readParseHash(ledger: string): Promise<void> {
  const store = openSqliteReader(ledger);
  for await (const page of store.read(`study-${CODE}`)) for (const { text } of page) parseAndHash(text);
  await store.close();
}

function ratio(what: string, against: string, ours: number, bare: number, atLeast: number): Ratio {
  return { what, against, ours, bare, unit: '/ms', ratio: ours / bare, bound: { atLeast } };
}
