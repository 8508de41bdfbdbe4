/** Something that holds from one lab record on, until another one ends it. */
export interface Span {
  /** The lab record that states it. */
  readonly at: number;
  /** The lab record that ends it; `Infinity` while none does. */
  end: number;
}

/** Whether it holds for whoever knows the first `labSize` records of the lab. */
export function holdsAt({ at, end }: Span, labSize: number): boolean {
  return at < labSize && labSize <= end;
}

/** Ends it, where nothing ended it before. */
export function endAt(span: Span, number: number): void {
  if (span.end === Infinity) span.end = number;
}
