import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Looks for everything that was answered in what both processes hand out afterwards, and compares every root that anybody
 * was told with the one that follows from the bytes.
 */
export async function inspected(dist, ledgers, load) {
  const part = (name) => import(pathToFileURL(join(resolve(dist), 'tlog', `${name}.js`)).href);
  const [{ leafHash }, { MerkleTree }] = await Promise.all([part('merkle'), part('tree')]);
  const sha256 = (data) => createHash('sha256').update(data).digest('binary');
  const base64 = (hash) => Buffer.from(hash, 'binary').toString('base64');
  let lost = 0;
  let twice = 0;
  let unasked = 0;
  let forks = 0;
  let recorded = 0;
  const trees = new Map();
  for (const study of load.studies) {
    const [mine, theirs] = await Promise.all(ledgers.map(({ url }) => recordsOf(url, study)));
    if (mine.join('\n') !== theirs.join('\n')) forks++;
    recorded += mine.length;
    const tree = new MerkleTree(sha256);
    const numbers = new Map();
    for (const [number, text] of mine.entries()) {
      tree.append(leafHash(sha256, text));
      const { commandid, command } = JSON.parse(text);
      if (numbers.has(commandid) && command !== 'RegisterStudy') twice++;
      numbers.set(commandid, number);
    }
    trees.set(study, tree);
    const asked = new Set();
    for (const { study: of, key, number, leaf, treeSize, root } of load.answered) {
      if (of !== study) continue;
      asked.add(key);
      const isThere = numbers.get(key) === number && base64(tree.leaf(number)) === leaf;
      if (!isThere) lost++;
      else if (base64(tree.root(treeSize)) !== root) forks++;
    }
    for (const [key, number] of numbers) if (number > 2 && !asked.has(key)) unasked++;
  }
  forks += forked(load.heads, (study, size) =>
    study === undefined ? undefined : base64(trees.get(study).root(size)),
  );
  return { recorded, lost, twice, recordedWithoutAnswer: unasked, heads: load.heads.length, forks };
}

/** Signed heads that contradict each other, or the bytes where those are at hand. */
function forked(heads, rootOf) {
  const known = new Map();
  let forks = 0;
  for (const { origin, study, size, root } of heads) {
    const place = `${origin} ${size}`;
    if ((known.get(place) ?? root) !== root || (rootOf(study, size) ?? root) !== root) forks++;
    known.set(place, root);
  }
  return forks;
}

/** The stored bytes of a study, by the feed, which ends each line with a cursor that is no part of the record. */
async function recordsOf(url, study) {
  const answer = await fetch(`${url}/api/v1/feed?study=${study}`, {
    headers: { Accept: 'application/x-ndjson' },
  });
  if (answer.status !== 200) throw new Error(`${url} does not hand out ${study}: ${await answer.text()}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { feedcursor: _place, ...record } = JSON.parse(line);
    return JSON.stringify(record);
  });
}
