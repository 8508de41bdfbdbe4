/** Why a table cannot be written as it was asked for. */
export class TableError extends Error {
  constructor(
    readonly code: 'assay-unknown' | 'separator-is-decimal' | 'sheet-too-long',
    message: string,
    /** The option that has to be another. */
    readonly field?: string,
  ) {
    super(message);
  }
}
