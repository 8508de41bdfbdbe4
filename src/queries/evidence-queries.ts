import { counted } from '../shared/counted.js';
import { originOf, studyOf, type LogName } from '../lab/origins.js';
import { hashToBase64 } from '../tlog/encoding.js';
import { formatProof } from '../tlog/proof.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Engine } from '../recording/engine.js';
import type { Answer, ListLogRecords, ShowCheckpoint, ShowConsistency, ShowProof } from './queries.js';
import type { SignedHead } from '../signing/signed-note.js';
import { SigningError } from '../signing/signing-error.js';
import type { OpenLog } from '../recording/streams.js';

/** Signs the latest head, which may be larger than the one that the caller has seen. */
export async function showCheckpoint(engine: Engine, { log }: ShowCheckpoint): Promise<Answer | Refusal> {
  const open = await openLog(engine, log);
  if (open instanceof Refusal) return open;
  const head = await signHead(engine, log);
  if (head instanceof Refusal) return head;
  return { ...describeHead(engine, log, open, head.size), note: head.note };
}

export async function showProof(engine: Engine, { log, number }: ShowProof): Promise<Answer | Refusal> {
  const open = await openLog(engine, log);
  if (open instanceof Refusal) return open;
  if (number >= open.size)
    return refuse(
      'record-unknown',
      `There is no record #${number}: ${log} holds ${counted(open.size, 'record')}.`,
      'number',
    );
  // An existing signed head that covers the record is enough: proofs do not cause new heads.
  const head = await signHead(engine, log, number + 1);
  if (head instanceof Refusal) return head;
  if (number >= head.size)
    return refuse(
      'signing-unavailable',
      `No signed head covers record #${number} yet. Ask the server, which signs.`,
    );
  const proof = open.log.inclusionProof(number, head.size);
  return {
    ...describeHead(engine, log, open, head.size),
    number,
    proof: formatProof({ index: number, proof, note: head.note }),
  };
}

export async function showConsistency(
  engine: Engine,
  { log, from, to: wanted }: ShowConsistency,
): Promise<Answer | Refusal> {
  const open = await openLog(engine, log);
  if (open instanceof Refusal) return open;
  const to = wanted ?? open.size;
  if (to > open.size || from < 1 || from > to) {
    return refuse(
      'consistency-range',
      `from and to must be tree sizes with 1 ≤ from ≤ to ≤ ${open.size}, the size of ${log}.`,
      to > open.size ? 'to' : 'from',
    );
  }
  return {
    ...describeHead(engine, log, open, to),
    from: { size: from, root: open.root(from) },
    to: { size: to, root: open.root(to) },
    proof: open.log.consistencyProof(from, to).map(hashToBase64),
  };
}

/** Reads from the store, so each record is as it was stored. */
export async function listLogRecords(
  engine: Engine,
  { log, from, limit }: ListLogRecords,
): Promise<Answer | Refusal> {
  const open = await openLog(engine, log);
  if (open instanceof Refusal) return open;
  const end = Math.min(open.size, from + limit);
  const records: object[] = [];
  if (from < end) {
    for await (const page of engine.store.read(log, from)) {
      for (const { number, text } of page)
        if (number < end)
          records.push({ number, leaf: hashToBase64(open.leaf(number)), record: JSON.parse(text) as object });
      if (records.length >= end - from) break;
    }
  }
  return { ...describeHead(engine, log, open, open.size), records, next: end < open.size ? end : null };
}

async function openLog(engine: Engine, log: LogName): Promise<OpenLog | Refusal> {
  const lab = await engine.lab();
  const code = studyOf(log);
  if (code !== undefined && !lab.studies.has(code))
    return refuse('study-unknown', `There is no study ${code.slice(0, 60)}.`, 'study');
  return engine.log(log);
}

async function signHead(engine: Engine, log: LogName, atLeast?: number): Promise<SignedHead | Refusal> {
  try {
    return await engine.signHead(log, atLeast);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    if (error.refusal) return error.refusal;
    return refuse('signing-unavailable', error.message);
  }
}

function describeHead(engine: Engine, log: LogName, open: OpenLog, size: number): Answer {
  const code = studyOf(log);
  return {
    ...(code !== undefined && { study: code }),
    log: originOf(engine.labNow.facility, log),
    treeSize: size,
    root: open.root(size),
  };
}
