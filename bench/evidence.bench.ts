import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { openLedger } from '../src/operations/open-ledger.js';
import { sha256 } from '../src/shared/sha256.js';
import { nodeHash, verifyInclusion } from '../src/tlog/merkle.js';
import { formatProof } from '../src/tlog/proof.js';
import { MerkleTree } from '../src/tlog/tree.js';
import { THRESHOLD_BODY, animal, benchOn, prepareStudy, type Bench } from './bench-study.js';
import { benchFolder, concurrentPerSecond, median, p95, type Ratio } from './measure.js';

const RECORDS = 1_000_000;
const PROOFS = 20_000;
const ROUNDS = 5;
const CALLERS = 50;

/** What proofs and receipts cost: against the hashes that they consist of, and against a path without them. */
export async function benchEvidence(): Promise<Ratio[]> {
  return [inclusionProofs(), await receipts()];
}

/**
 * The tree of an open study, as the engine holds it, asked for the text of a proof of a random record; against
 * computing as many hashes as such a proof has.
 */
function inclusionProofs(): Ratio {
  const tree = new MerkleTree(sha256);
  for (let number = 0; number < RECORDS; number++) tree.append(sha256(`leaf ${number}`));
  const root = tree.root(RECORDS);
  const note = `bench.example/ledger/study/BENCH\n${RECORDS}\n`;
  const times: number[] = [];
  let most = 0;
  for (let asked = 0; asked < PROOFS; asked++) {
    const index = (asked * 7_919) % RECORDS;
    const start = performance.now();
    const proof = tree.inclusionProof(index, RECORDS);
    formatProof({ index, proof, note });
    times.push(performance.now() - start);
    most = Math.max(most, proof.length);
    if (
      asked % 1000 === 0 &&
      !verifyInclusion(sha256, tree.leaf(index), index, { size: RECORDS, root }, proof)
    )
      throw new Error(`the proof of ${index} is none`);
  }
  const hashes = Array.from({ length: PROOFS }, () => {
    const start = performance.now();
    for (let hash = 0, node = root; hash < most; hash++) node = nodeHash(sha256, node, root);
    return performance.now() - start;
  });
  const [ours, bare] = [p95(times) * 1000, p95(hashes) * 1000];
  const what = `inclusion proof in 1,000,000 records, p95${ours < 1000 ? '' : ' (OVER A MILLISECOND)'}`;
  return {
    what,
    against: `${most} node hashes, p95`,
    ours,
    bare,
    unit: 'µs',
    ratio: ours / bare,
    bound: { atMost: 10 },
  };
}

/**
 * The same commands through the same engine, once as it is and once where every leaf and node hash is a constant and no
 * tree is kept. The seam lies in this file: Node's own hash function and one tree are replaced for the time of a round.
 */
async function receipts(): Promise<Ratio> {
  const folder = benchFolder();
  const open = async (name: string): Promise<Bench> => {
    const bench = await benchOn(
      await openLedger(join(folder.path, name), {
        holder: 'bench',
        facility: 'lab.example',
        simulated: true,
      }),
    );
    await prepareStudy(bench, 'BENCH');
    return bench;
  };
  const [whole, bare] = [await open('with'), await open('without')];
  const load = (bench: Bench): Promise<number> =>
    concurrentPerSecond(1, CALLERS, (caller) =>
      bench.send('RecordThreshold', 'BENCH', { ...THRESHOLD_BODY, subject: animal(caller) }),
    );
  try {
    await withoutTree(bare);
    const rates = { whole: [] as number[], bare: [] as number[] };
    await load(whole);
    await withoutHashes(() => load(bare));
    for (let round = 0; round < ROUNDS; round++) {
      rates.whole.push(await load(whole));
      rates.bare.push(await withoutHashes(() => load(bare)));
    }
    const [ours, without] = [median(rates.whole), median(rates.bare)];
    const what = 'RecordThreshold with receipts, 50 callers on one study';
    const against = 'no leaf hash, no tree';
    return { what, against, ours, bare: without, unit: '/s', ratio: ours / without, bound: { atLeast: 0.8 } };
  } finally {
    await whole.close();
    await bare.close();
    folder.remove();
  }
}

const CONSTANT = '\u00a5'.repeat(32);

async function withoutTree({ engine }: Bench): Promise<void> {
  const { log } = await engine.log('study-BENCH');
  let size = log.size;
  Object.defineProperty(log, 'size', { get: () => size });
  Object.assign(log, { append: () => size++, root: () => CONSTANT, leaf: () => CONSTANT });
}

/** Digests in hex, which are the command's own, are made as ever. */
async function withoutHashes<A>(work: () => Promise<A>): Promise<A> {
  const { hash } = crypto;
  crypto.hash = ((algorithm: string, data: string, encoding: 'binary' | 'hex') =>
    encoding === 'binary' ? CONSTANT : hash(algorithm, data, encoding)) as typeof hash;
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    crypto.hash = hash;
    syncBuiltinESMExports();
  }
}
