import type { Fact } from '../events/fact.js';

/** Which expiry dates the doses of a study state for a lot. */
export interface Lots {
  /** Whether a dose states another expiry date for the lot of a substance. */
  hasOtherExpiry(lot: Lot): boolean;
}

/** A lot as a dose states it. */
export interface Lot {
  readonly substance: string;
  readonly lot: string;
  readonly expiry: string;
}

/** How many doses state each expiry date. */
type Expiries = ReadonlyMap<string, number>;

/** Lots that belong to one draft and may be counted in place; a copy shares them until one of the two changes. */
export class LotsDraft implements Lots {
  private isOwn = false;

  private constructor(private byLot: Map<string, Expiries>) {}

  static none(): LotsDraft {
    return new LotsDraft(new Map());
  }

  copy(): LotsDraft {
    this.isOwn = false;
    return new LotsDraft(this.byLot);
  }

  hasOtherExpiry(lot: Lot): boolean {
    const expiries = this.byLot.get(keyOf(lot));
    return expiries !== undefined && [...expiries.keys()].some((expiry) => expiry !== lot.expiry);
  }

  /** Counts a fact in, or out again. */
  count(fact: Fact | undefined, by: 1 | -1): void {
    const lot = fact && lotOf(fact);
    if (!lot) return;
    if (!this.isOwn) this.byLot = new Map(this.byLot);
    this.isOwn = true;
    const expiries = new Map(this.byLot.get(keyOf(lot)));
    const count = (expiries.get(lot.expiry) ?? 0) + by;
    if (count > 0) expiries.set(lot.expiry, count);
    else expiries.delete(lot.expiry);
    if (expiries.size > 0) this.byLot.set(keyOf(lot), expiries);
    else this.byLot.delete(keyOf(lot));
  }
}

function keyOf({ substance, lot }: Lot): string {
  return JSON.stringify([substance.toLowerCase(), lot]);
}

/** The lot of a dose or of the agent of a model; undefined where the fact names none, or no expiry date. */
function lotOf({ type, data }: Fact): Lot | undefined {
  const { substance, lot, expiry } = data as Partial<Lot>;
  const what = type === 'KetamineAdministered' ? 'ketamine' : substance;
  return what !== undefined && lot !== undefined && expiry !== undefined
    ? { substance: what, lot, expiry }
    : undefined;
}
