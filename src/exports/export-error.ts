/** Why a bundle could not be exported. */
export class ExportError extends Error {
  override readonly name = 'ExportError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
