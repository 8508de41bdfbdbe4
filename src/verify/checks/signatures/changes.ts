import type { Attributes } from '../record.js';
import type { Notable } from '../notable.js';
import type { Covered } from './statement.js';

/** Which records corrections and voids put out of force, and which brought one back. */
export class Changes {
  /** By the record that does not hold: the record that says so. */
  readonly supersededBy = new Map<number, number>();
  /** By the record that first stated a fact: its corrections in force. */
  private readonly corrections = new Map<number, number[]>();
  /** By correction: what it corrects. */
  private readonly targets = new Map<number, number>();
  /** By the record that first stated a fact: the void that withdrew it. */
  private readonly voided = new Map<number, number>();
  /** Every correction and void in order, also those that were withdrawn since, with the records that it is about. */
  private readonly made: { readonly number: number; readonly about: readonly unknown[] }[] = [];

  take({ number, record }: Notable): void {
    const { target, replaces } = (record['data'] ?? {}) as { target?: Attributes; replaces?: Attributes };
    const named = target?.['number'];
    if (typeof named !== 'number') return;
    this.made.push({ number, about: [named, this.originOf(named), replaces?.['number']] });
    if (record['type'] === 'RecordCorrected') this.correct(number, named);
    if (record['type'] === 'RecordVoided') this.void(number, named);
  }

  isVoidedBefore(record: number, before: number): boolean {
    return (this.voided.get(this.originOf(record)) ?? Infinity) < before;
  }

  /** The record that first stated what this one states. */
  originOf(record: number): number {
    return this.targets.get(record) ?? record;
  }

  /** The first record that put one of these out of force, counted from `since` on. */
  firstOver(covers: readonly Covered[], since: number): number | undefined {
    let first: number | undefined;
    for (const [record, by] of this.supersededBy)
      if (
        by >= since &&
        (first === undefined || by < first) &&
        covers.some(({ from, to }) => from <= record && record <= to)
      )
        first = by;
    return first;
  }

  /** The first correction or void of a record of this range that was made after another record. */
  firstAfter(record: number, { from, to }: Pick<Covered, 'from' | 'to'>): number | undefined {
    return this.made.find(
      ({ number, about }) =>
        number > record && about.some((one) => typeof one === 'number' && from <= one && one <= to),
    )?.number;
  }

  private correct(number: number, target: number): void {
    if (this.voided.has(target)) return;
    const inForce = this.corrections.get(target) ?? [];
    this.supersededBy.set(inForce.at(-1) ?? target, number);
    this.corrections.set(target, [...inForce, number]);
    this.targets.set(number, target);
  }

  private void(number: number, named: number): void {
    const target = this.targets.get(named);
    if (target === undefined) {
      if (this.voided.has(named)) return;
      this.supersededBy.set(this.corrections.get(named)?.at(-1) ?? named, number);
      this.voided.set(named, number);
      return;
    }
    const inForce = this.corrections.get(target) ?? [];
    const place = inForce.indexOf(named);
    if (place < 0 || this.voided.has(target)) return;
    this.supersededBy.set(named, number);
    const [before, after] = [inForce[place - 1] ?? target, inForce[place + 1]];
    if (after === undefined) this.supersededBy.delete(before);
    else this.supersededBy.set(before, after);
    this.corrections.set(target, inForce.toSpliced(place, 1));
  }
}
