import type { View } from '../../study/projections/projection.js';
import type { Fact } from '../../study/study.js';
import type { FileSource, Snapshot } from '../snapshot.js';
import { cited } from '../documents/document.js';
import { printInstant } from '../../study/instant.js';

/** A section of the pack: what one number of 21 CFR 58.185(a) asks for, what the records hold of it, and what they lack. */
export interface Section {
  readonly clause: string;
  readonly asks: string;
  readonly items: readonly Item[];
  /** What the ledger does not hold: the writer of the report has to supply it. */
  readonly gaps: readonly string[];
}

/** What the sections are written from. */
export interface Sources {
  readonly view: View;
  readonly snapshot: Snapshot;
  readonly source: FileSource;
  readonly opened: Fact<'StudyOpened'> | undefined;
  readonly closed: Fact<'StudyClosed'> | undefined;
  readonly animals: readonly { readonly id: string; readonly history: readonly Fact[] }[];
}

export interface Item {
  readonly what: string;
  readonly value: string;
  /** Record numbers on which the value rests, ascending. */
  readonly records: readonly number[];
}

export function item(what: string, value: string | number, records: Iterable<number>): Item {
  return { what, value: String(value), records: [...new Set(records)].sort((a, b) => a - b) };
}

/** When something happened; no item where it has not happened. */
export function dated(what: string, fact: Fact | undefined): Item[] {
  return fact ? [item(what, printInstant(fact.time), own(fact))] : [];
}

export function own(fact: Fact | undefined): number[] {
  return fact ? [fact.holder] : [];
}

/** An item where the value was recorded; otherwise a gap that names it. */
export function recordedOr(
  what: string,
  value: string | undefined | null,
  records: Iterable<number>,
): { items: Item[]; gaps: string[] } {
  if (value === undefined || value === null || value === '')
    return { items: [], gaps: [`${what}: not recorded`] };
  return { items: [item(what, value, records)], gaps: [] };
}

/** Nobody looks up more record numbers from paper; `data-pack.json` lists all. */
const MAX_CITED = 40;

export function itemText({ value, records }: Item): string {
  if (records.length === 0) return value;
  const rest = records.length - MAX_CITED;
  const shown = cited(records.slice(0, MAX_CITED));
  return `${value} (${rest > 0 ? `${shown} and ${rest} more, in data-pack.json` : shown})`;
}
