/** `text/csv` of `text/csv; charset=utf-8`: RO-Crate’s `encodingFormat` is a media type alone. */
export function withoutParameters(mediaType: string): string {
  return mediaType.split(';')[0]!;
}
