import { isOf, type StoredStudyRecord } from '../../src/study/record.js';

/** One effective fact as the oracle sees it. */
export interface Effective {
  readonly number: number;
  readonly holder: number;
  readonly type: string;
  readonly subject: string | undefined;
  readonly time: string;
  /** Of the record that first stated it. */
  readonly protocolVersion: number | undefined;
  readonly data: object;
}

export interface Holding {
  readonly facts: readonly Effective[];
  readonly supersededBy: ReadonlyMap<number, number>;
}

/**
 * What holds after some records, worked out fact by fact and each time from all of them: what a fact says is a chain
 * of the record that first stated it and its corrections. A correction makes the chain longer, a void of a correction
 * takes that link out, a void of the fact ends the chain for good.
 */
export function whatHolds(records: readonly StoredStudyRecord[]): Holding {
  const facts: Effective[] = [];
  const supersededBy = new Map<number, number>();
  for (const { number, record } of records) {
    if (isOf('RecordCorrected', record) || isOf('RecordVoided', record)) continue;
    const chain = [number];
    let end: number | undefined;
    for (const later of records.slice(number + 1)) {
      if (end !== undefined) break;
      if (isOf('RecordCorrected', later.record) && later.record.data.target.number === number) {
        chain.push(later.number);
      } else if (isOf('RecordVoided', later.record)) {
        const link = chain.indexOf(later.record.data.target.number);
        if (link === 0) end = later.number;
        else if (link > 0) supersededBy.set(chain.splice(link, 1)[0] as number, later.number);
      }
    }
    chain.forEach((link, place) => {
      const next = chain[place + 1] ?? end;
      if (next !== undefined) supersededBy.set(link, next);
    });
    if (end === undefined) facts.push(said(records, number, chain.at(-1) as number));
  }
  return { facts, supersededBy };
}

function said(records: readonly StoredStudyRecord[], number: number, holder: number): Effective {
  const {
    type,
    subject,
    time,
    data,
    protocolversion: protocolVersion,
  } = (records[number] as StoredStudyRecord).record;
  const { record } = records[holder] as StoredStudyRecord;
  if (!isOf('RecordCorrected', record)) return { number, holder, type, subject, time, protocolVersion, data };
  const { subject: about, occurredAt, corrected } = record.data;
  return { number, holder, type, subject: about, time: occurredAt, protocolVersion, data: corrected };
}

/** Facts in the order in which they happened, by a clock of its own. */
export function inOrder(facts: readonly Effective[]): Effective[] {
  return [...facts].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.number - b.number);
}
