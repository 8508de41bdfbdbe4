import type { Receipt } from '../../src/recording/open-stream.js';
import { sha256 } from '../../src/shared/sha256.js';
import { hashToBase64 } from '../../src/tlog/encoding.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import { Refusal } from '../../src/study/refusal.js';

/** Enrolled before anything goes wrong. */
export const FIRST = 'R01';

/** What a world may do to reads: in a faithful one a refusal rests on all that was answered before it was asked for. */
export type Reads = 'faithful' | 'stale';

export interface Sent {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  /** Ticks of one counter, so that "answered before the other was sent" can be told. */
  readonly begun: number;
  ended: number;
  answer: Receipt | Refusal | 'unknown';
}

interface Stored {
  readonly commandid: string;
  readonly type: string;
  readonly subject?: string;
}

/** Holds every answer against what is recorded. */
export function judge(sent: readonly Sent[], texts: readonly string[], reads: Reads): void {
  const records = texts.map((text) => JSON.parse(text) as Stored);
  const place = new Map<string, number>();
  const tree = new MerkleTree(sha256);
  const roots = texts.map((text) => {
    tree.append(leafHash(sha256, text));
    return hashToBase64(tree.root(tree.size));
  });
  for (const [number, { commandid }] of records.entries()) {
    expect(place.has(commandid)).toBe(false);
    place.set(commandid, number);
  }
  const enrolled = records.filter(({ type }) => type === 'SubjectEnrolled').map(({ subject }) => subject);
  expect(new Set(enrolled).size).toBe(enrolled.length);

  for (const { id, answer } of sent) {
    if (answer === 'unknown') continue;
    const number = place.get(id);
    if (answer instanceof Refusal) {
      const hope = sent.some((other) => other.id === id && !(other.answer instanceof Refusal));
      if (!hope) expect([answer.code, number]).toEqual([answer.code, undefined]);
    } else {
      const { records: mine, treeSize, root } = answer;
      expect([mine.map((record) => record.number), treeSize, root]).toEqual([
        [number],
        number! + 1,
        roots[number!],
      ]);
    }
  }
  for (const no of sent)
    if (no.answer instanceof Refusal) judgeRefusal(no, no.answer.code, sent, place, reads);
  // Answered before the other was first sent: recorded before it, too.
  const first = new Map<string, number>();
  for (const { id, begun } of sent) first.set(id, Math.min(begun, first.get(id) ?? Infinity));
  const answered = sent.filter(({ answer }) => isReceipt(answer));
  for (const { id, ended } of answered)
    for (const [other, begun] of first)
      if (begun > ended && place.has(other)) expect(place.get(other)!).toBeGreaterThan(place.get(id)!);
}

/** A refusal has to rest on what stood between the question and the answer. */
function judgeRefusal(
  { subject, begun, ended, name }: Sent,
  code: string,
  sent: readonly Sent[],
  place: ReadonlyMap<string, number>,
  reads: Reads,
): void {
  const enrolments = sent.filter((one) => one.name === 'EnrolSubject' && one.subject === subject);
  const isEnrolled = subject === FIRST || enrolments.some(({ id }) => place.has(id));
  if (name === 'EnrolSubject') {
    const earliest = Math.min(...enrolments.filter(({ id }) => place.has(id)).map((one) => one.begun));
    expect([code, isEnrolled, subject === FIRST || earliest < ended]).toEqual([
      'subject-enrolled',
      true,
      true,
    ]);
  } else {
    const known = enrolments.filter((one) => one.ended < begun && place.has(one.id) && isReceipt(one.answer));
    expect(code).toBe('subject-unknown');
    if (reads === 'faithful') expect([subject, known]).toEqual([subject, []]);
  }
}

function isReceipt(answer: Sent['answer']): answer is Receipt {
  return answer !== 'unknown' && !(answer instanceof Refusal);
}
