/** Where in a file something stands; as a spreadsheet shows it, rows from 1. */
export interface Place {
  readonly sheet?: string | undefined;
  readonly row?: number | undefined;
  /** The header of the column, or its letter. */
  readonly column?: string | undefined;
}

/** Why a file, a mapping or one row cannot be taken; the message says what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  constructor(
    readonly code: string,
    message: string,
    readonly place: Place = {},
  ) {
    super(message);
  }

  /** The same with what is known of the place from further out; what was known already stays. */
  at(place: Place): ImportError {
    const known = Object.fromEntries(Object.entries(this.place).filter(([, value]) => value !== undefined));
    return new ImportError(this.code, this.message, { ...place, ...known });
  }
}

/** “Sheet1, row 7, column Weight” */
export function inWords({ sheet, row, column }: Place): string {
  return [
    sheet,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column “${column}”`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}
