/** Why there is no bundle, for whoever asked for one. */
export class ExportError extends Error {
  override readonly name = 'ExportError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
