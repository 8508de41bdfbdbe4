import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../shared/sha256.js';
import { hashToBase64 } from '../../tlog/encoding.js';
import { formatProof } from '../../tlog/proof.js';
import { studyLog } from '../../lab/origins.js';
import { provenRecords } from '../../verify/bundle/bundle-proofs.js';
import { signatureFiles } from '../../verify/bundle/signature-files.js';
import { keysText, type Lab } from '../../verify/checks/lab.js';
import { readSigned, type Signed } from '../../verify/checks/signatures/statement.js';
import { allSchemas } from '../../verify/folder/record-schemas.js';
import { bagInfo } from './bag-info.js';
import { writeAttachments } from './bundled-attachments.js';
import { bundledLab } from './bundled-lab.js';
import type { BagWriter } from './bag-writer.js';
import type { ExportRequest, ExportSource, Prepared } from './export-request.js';
import { crate, CRATE } from './ro-crate.js';
import { writeLog } from './log-files.js';
import { isOf } from '../../study/record.js';
import type { Study } from '../../study/study.js';
import { madeFiles } from './made-files.js';
import { DISCLOSURES } from './names.js';
import { START_PAGE, startPage } from './start-page.js';
import { withoutLogs } from '../../anchoring/lab-policy.js';

/** Writes every file of a bundle; the SHA-256 of the bag's tag manifest, hex. */
export async function writeBag(
  source: ExportSource,
  { code, verifier }: ExportRequest,
  prepared: Prepared,
  bag: BagWriter,
): Promise<string> {
  const { about, study, labNote, studyNote, only, names, attachments } = prepared;
  const { size, labSize } = about;
  const { store } = source.engine;
  await writeLog(store, bag, { stream: studyLog(code), size, folder: 'ledger/study', only });
  await writeLog(store, bag, { stream: 'lab', size: labSize, folder: 'ledger/lab' });
  bag.add('ledger/study/checkpoint', studyNote);
  bag.add('ledger/lab/checkpoint', labNote);
  if (only) {
    const selection = { subject: about.partial?.subject, size, records: [...only] };
    bag.add('ledger/study/selection.json', `${JSON.stringify(selection)}\n`);
  }
  for (const { digest, disclosure } of names) bag.add(`${DISCLOSURES}/${digest}`, disclosure);
  await writeAttachments(attachments, source.engine.attachments, bag);
  const signed = signaturesIn(study);
  await writeProofs(source, code, prepared, only ?? provenRecords(signed, size), bag);
  const lab = await bundledLab(bag.folder);
  bag.add('ledger/keys.txt', keysText(lab));
  const later = keysAfter(source.engine.labNow.keys.get(lab.origin('lab')) ?? [], labSize);
  bag.add('ledger/policy/lab.policy', withoutLogs(source.folder.policy() ?? '', later));
  const vkey = lab.keyInForce(studyLog(code));
  bag.add('ledger/policy/study.policy', `log ${vkey}\nquorum none\n`);
  writeStamps(source, lab, prepared, bag);
  writeSignatures(signed, lab, bag);
  for (const [name, schema] of Object.entries(allSchemas()))
    bag.add(`ledger/schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  bag.add('ledger/verify.mjs', verifier);
  for await (const { path, parts } of madeFiles(about, study))
    bag.stream(path, (write) => {
      for (const part of parts) write(part);
    });
  bag.add(CRATE, crate(about, bag.written));
  return bag.finish(bagInfo(about), { [START_PAGE]: startPage(about, study) });
}

async function writeProofs(
  { engine }: ExportSource,
  code: string,
  { about, anchor, labNote, studyNote }: Prepared,
  proven: Iterable<number>,
  bag: BagWriter,
): Promise<void> {
  const lab = (await engine.log('lab')).log;
  const study = (await engine.study(code)).log;
  const path = `ledger/anchors/${anchor.record}`;
  const proof = lab.inclusionProof(anchor.record, about.labSize);
  bag.add(`${path}.tlog-proof`, formatProof({ index: anchor.record, proof, note: labNote }));
  if (anchor.size > about.size) {
    const hashes = study.consistencyProof(about.size, anchor.size);
    bag.add(`${path}.consistency`, hashes.map((hash) => `${hashToBase64(hash)}\n`).join(''));
  }
  for (const number of proven) {
    const inclusion = study.inclusionProof(number, anchor.size);
    bag.add(
      `ledger/proofs/${number}.tlog-proof`,
      formatProof({ index: number, proof: inclusion, note: studyNote }),
    );
  }
}

/** Keys that the lab published after this size: a bundle does not name them. */
function keysAfter(
  keys: readonly { readonly vkey: string; readonly number: number }[],
  labSize: number,
): string[] {
  return keys.filter(({ number }) => number >= labSize).map(({ vkey }) => vkey);
}

/** Those that can be read. Another one is for the verifier to tell. */
function signaturesIn(study: Study): Signed[] {
  const found: Signed[] = [];
  for (const { number, record } of study.records) {
    const signed = isOf('SignatureApplied', record) ? readSigned(number, { ...record }) : '';
    if (typeof signed !== 'string') found.push(signed);
  }
  return found;
}

/** Writes each signature as files that openssl reads. One that names no credential is for the verifier to tell. */
function writeSignatures(signatures: readonly Signed[], lab: Lab, bag: BagWriter): void {
  for (const signed of signatures) {
    const { credential } = signed.statement.predicate.authentication;
    const publicKey = lab.people.registry.credentials.get(credential)?.publicKey;
    if (publicKey === undefined) continue;
    for (const [name, content] of signatureFiles(signed, publicKey))
      bag.add(`ledger/signatures/${signed.record}/${name}`, content);
  }
}

/** Writes the time stamps that the lab recorded, and the one over the checkpoint in the bundle, where there is one. */
function writeStamps({ folder }: ExportSource, lab: Lab, { lab: published }: Prepared, bag: BagWriter): void {
  const notes = new Map(lab.tokens.map(({ size }) => [size, folder.anchors.noteAt('lab', size)]));
  notes.set(published.size, published.note);
  for (const note of notes.values()) {
    if (note === undefined) continue;
    const imprint = sha256Hex(note);
    const kept = join(folder.anchors.path, 'timestamps', imprint);
    if (!existsSync(`${kept}.tsq`) || !existsSync(`${kept}.tsr`)) continue;
    bag.add(`ledger/timestamps/${imprint}/note`, note);
    bag.add(`ledger/timestamps/${imprint}/request.tsq`, readFileSync(`${kept}.tsq`));
    bag.add(`ledger/timestamps/${imprint}/response.tsr`, readFileSync(`${kept}.tsr`));
  }
}
