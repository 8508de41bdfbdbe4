import type { Notable } from './notable.js';
import type { Attributes } from './record.js';
import { Changes } from './signatures/changes.js';
import { readSigned, type Signed } from './signatures/statement.js';

/** What the records of a study say of each other: who signed which, what was changed, and which acts there are. */
export class Trail {
  /** In the order of their records. */
  readonly signed: Signed[] = [];
  readonly unreadable: { readonly record: number; readonly why: string }[] = [];
  readonly changes = new Changes();
  /** All but signatures, corrections and voids. */
  readonly acts: Notable[] = [];
  /** Corrections, by number. */
  readonly corrections = new Map<number, Attributes>();
  /** Whether acts of the study hold only once they are signed: its opening says so, and nothing takes that back. */
  isGoverned = false;

  /** To be told of all notable records in order. */
  take(notables: readonly Notable[]): void {
    for (const notable of notables) {
      const { number, record } = notable;
      const type = record['type'];
      if (type === 'SignatureApplied') this.sign(number, record);
      else if (type === 'RecordCorrected' || type === 'RecordVoided') {
        this.changes.take(notable);
        if (type === 'RecordCorrected') this.corrections.set(number, record);
      } else {
        const data = record['data'] as Attributes | undefined;
        if (type === 'StudyOpened' && data?.['governance'] === 'signed') this.isGoverned = true;
        this.acts.push(notable);
      }
    }
  }

  private sign(number: number, record: Attributes): void {
    const signed = readSigned(number, record);
    if (typeof signed === 'string') this.unreadable.push({ record: number, why: signed });
    else this.signed.push(signed);
  }
}
