import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../src/shared/sha256.js';
import { formatProof } from '../../src/tlog/proof.js';
import { entryBundles, hashTiles } from '../../src/tlog/tiles.js';
import { BagWriter } from '../../src/exports/bundle/bag-writer.js';
import type { About } from '../../src/exports/bundle/about.js';
import { verifyText } from '../../src/exports/bundle/verify-text.js';
import { provenRecords } from '../../src/verify/bundle/bundle-proofs.js';
import { signatureFiles } from '../../src/verify/bundle/signature-files.js';
import type { Attributes } from '../../src/verify/checks/record.js';
import { readSigned, type Signed } from '../../src/verify/checks/signatures/statement.js';
import { Findings } from '../../src/verify/checks/findings.js';
import { keysText, Lab } from '../../src/verify/checks/lab.js';
import type { LedgerBuilder } from './ledger-builder.js';

/**
 * A bundle of a study as it would be handed out, without a bag around it. The product hands out none that does not verify;
 * whoever forges one does it like this.
 */
export function writeBundle(ledger: LedgerBuilder, log: string, folder: string, only?: Part): void {
  addFiles(ledger, log, only, (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  });
}

interface Part {
  readonly subject: string;
  readonly records: readonly number[];
}

/** The same with the bag around it, and with VERIFY.md. */
export function writeBag(ledger: LedgerBuilder, log: string, folder: string, only?: Part): void {
  const bag = new BagWriter(folder);
  addFiles(ledger, log, only, (path, content) => bag.add(`ledger/${path}`, content));
  const { record, size } = ledger.anchored.get(log)!;
  const about = {
    code: log.slice('study-'.length),
    title: 'A study',
    facility: ledger.facility,
    simulated: false,
    size,
    root: '',
    labSize: ledger.streams.get('lab')!.length,
    labVkey: ledger.vkey('lab'),
    anchor: { record, size, recorded: '2026-03-02T08:00:00.000Z' },
    partial: only && { subject: only.subject, records: only.records.length },
    witnessed: false,
    attachments: { named: 0, missing: 0 },
    names: new Map<string, string>(),
    people: [] as unknown as About['people'],
    version: '0.0.0',
  } satisfies About;
  const signatures = ledger.streams.get(log)!.filter(({ text }) => text.includes('"SignatureApplied"'));
  bag.add('ledger/VERIFY.md', verifyText(about, signatures.length));
  bag.finish({ 'Bag-Software-Agent': 'Study Ledger 0.0.0' }, {});
}

function addFiles(
  ledger: LedgerBuilder,
  log: string,
  only: Part | undefined,
  add: (path: string, content: string | Uint8Array) => void,
): void {
  if (ledger.anchored.get(log)?.size !== ledger.trees.get(log)!.size) ledger.anchor(log);
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
  const lab = labOf(ledger);
  add('keys.txt', keysText(lab));
  const signatures: Signed[] = [];
  for (const number of only?.records ?? ledger.streams.get(log)!.keys()) {
    const signed = readSigned(number, JSON.parse(ledger.streams.get(log)![number]!.text) as Attributes);
    if (typeof signed === 'string') continue;
    signatures.push(signed);
    const { credential } = signed.statement.predicate.authentication;
    const { publicKey } = lab.people.registry.credentials.get(credential)!;
    for (const [name, content] of signatureFiles(signed, publicKey))
      add(`signatures/${number}/${name}`, content);
  }
  const study = ledger.trees.get(log)!;
  for (const number of only?.records ?? provenRecords(signatures, ledger.trees.get(log)!.size)) {
    const inclusion = study.inclusionProof(number, study.size);
    add(
      `proofs/${number}.tlog-proof`,
      formatProof({ index: number, proof: inclusion, note: ledger.note(log) }),
    );
  }
  add('policy/lab.policy', ledger.policy);
  add('policy/study.policy', `log ${ledger.vkey(log)}\nquorum none\n`);
}

function labOf(ledger: LedgerBuilder): Lab {
  const lab = new Lab(new Findings());
  for (const [number, { text }] of ledger.streams.get('lab')!.entries())
    lab.take(number, JSON.parse(text) as Record<string, unknown>);
  return lab;
}
