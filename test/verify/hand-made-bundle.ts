import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../src/shared/sha256.js';
import { formatProof } from '../../src/tlog/proof.js';
import { entryBundles, hashTiles } from '../../src/tlog/tiles.js';
import { Findings } from '../../src/verify/checks/findings.js';
import { keysText, Lab } from '../../src/verify/checks/lab.js';
import type { LedgerBuilder } from './ledger-builder.js';

/**
 * A bundle of a study as it would be handed out, without a bag around it. The product hands out none that does not verify;
 * whoever forges one does it like this.
 */
export function writeBundle(
  ledger: LedgerBuilder,
  log: string,
  folder: string,
  only?: { readonly subject: string; readonly records: readonly number[] },
): void {
  if (ledger.anchored.get(log)?.size !== ledger.trees.get(log)!.size) ledger.anchor(log);
  const add = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [name, stream] of [
    ['lab', 'lab'],
    ['study', log],
  ] as const) {
    const records = ledger.streams.get(stream)!;
    const isPart = name === 'study' && only !== undefined;
    const shown = isPart ? only.records.map((number) => records[number]!) : records;
    add(`${name}/records.ndjson`, shown.map(({ text }) => `${text}\n`).join(''));
    add(`${name}/checkpoint`, ledger.note(stream));
    for (const { path, bytes } of hashTiles(sha256, records.length, (index) => records[index]!.leaf))
      add(`${name}/${path}`, bytes);
    if (isPart) add('study/selection.json', JSON.stringify({ size: records.length, ...only }));
    else
      for (const { path, bytes } of entryBundles(records.length, (index) =>
        Buffer.from(records[index]!.text),
      ))
        add(`${name}/${path}`, bytes);
  }
  const { record } = ledger.anchored.get(log)!;
  const tree = ledger.trees.get('lab')!;
  const proof = tree.inclusionProof(record, tree.size);
  add(`anchors/${record}.tlog-proof`, formatProof({ index: record, proof, note: ledger.note('lab') }));
  add('keys.txt', keysText(labOf(ledger)));
  add('policy/lab.policy', ledger.policy);
  add('policy/study.policy', `log ${ledger.vkey(log)}\nquorum none\n`);
}

function labOf(ledger: LedgerBuilder): Lab {
  const lab = new Lab(new Findings());
  for (const [number, { text }] of ledger.streams.get('lab')!.entries())
    lab.take(number, JSON.parse(text) as Record<string, unknown>);
  return lab;
}
