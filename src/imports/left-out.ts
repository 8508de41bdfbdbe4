import { printable } from '../study/schema.js';
import { ImportError, type Place } from './import-error.js';
import type { CheckedMapping } from './mapping/read-mapping.js';

/** The rows of a file that its mapping leaves out. A row that is not there is refused, not forgotten. */
export class LeftOutRows {
  private readonly rows = new Map<string, { readonly place: Place; readonly reason: string }>();
  private readonly met = new Set<string>();

  constructor({ leaveOut = [] }: CheckedMapping, sha256: string) {
    for (const { file, sheet, rows, reason } of leaveOut)
      if (file === sha256)
        for (const row of rows) this.rows.set(keyOf(sheet, row), { place: { sheet, row }, reason });
  }

  /** Why a row is left out; undefined where it is not. */
  reasonOf(sheet: string | undefined, row: number): string | undefined {
    const key = keyOf(sheet, row);
    this.met.add(key);
    return this.rows.get(key)?.reason;
  }

  /** What is named and was not met. */
  *missed(): Generator<ImportError> {
    for (const [key, { place }] of this.rows) {
      if (this.met.has(key)) continue;
      const { sheet, row } = place;
      const where = sheet === undefined ? '' : ` of the sheet “${printable(sheet)}”`;
      const message = `Row ${row}${where} cannot be left out: nothing is read there. Take it out of “leaveOut”.`;
      yield new ImportError('left-out-unknown', message, place);
    }
  }
}

function keyOf(sheet: string | undefined, row: number): string {
  return JSON.stringify([sheet?.trim(), row]);
}
