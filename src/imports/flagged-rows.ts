import type { Flag } from '../study/commands/common/flags.js';

/** The rows that bear one flag, in the order of the file. */
export interface Flagged {
  readonly kind: Flag['kind'];
  readonly code: string;
  readonly sheet?: string;
  readonly rows: readonly number[];
}

interface Collected extends Flagged {
  readonly rows: number[];
}

/** Collects the rows of each flag, for each sheet. */
export class FlaggedRows {
  private readonly found = new Map<string, Collected>();

  add({ sheet, row }: { sheet: string | undefined; row: number }, flags: readonly Flag[]): void {
    for (const { kind, code } of flags) {
      const key = JSON.stringify([kind, code, sheet]);
      const there = this.found.get(key);
      if (there) there.rows.push(row);
      else this.found.set(key, { kind, code, ...(sheet !== undefined && { sheet }), rows: [row] });
    }
  }

  /** By kind and code. */
  list(): Flagged[] {
    const rank = ({ kind, code }: Flagged): string => `${KINDS.indexOf(kind)} ${code}`;
    return [...this.found.values()]
      .map((one) => ({ ...one, rows: one.rows.toSorted((a, b) => a - b) }))
      .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}

/** Most urgent first. */
const KINDS: readonly Flag['kind'][] = ['query', 'implausible', 'deviation', 'form'];
