import type { RefusalCode } from './refusal-codes.js';

/** What is wrong with one field of a command. */
export interface FieldError {
  /** The path inside the body, such as `data.touches[3].filament`. */
  readonly field: string;
  readonly code: RefusalCode;
  /** A sentence: the field, what was sent, and the bound or unit that it breaks. */
  readonly detail: string;
}

/** The answer “no”: a stable code for programs, a sentence for people, the field that it is about. */
export class Refusal<C extends RefusalCode = RefusalCode> {
  constructor(
    readonly code: C,
    readonly message: string,
    readonly field?: string,
    /** Everything that is wrong, where it is more than one thing; `code`, `message` and `field` are those of the first. */
    readonly errors?: readonly FieldError[],
  ) {}
}

export function refuse<C extends RefusalCode>(code: C, message: string, field?: string): Refusal<C> {
  return new Refusal(code, message, field);
}

/** More than a person puts right at one time. */
export const MOST_ERRORS = 50;

/** Everything that a refusal says, field by field; of no field in particular where `field` is empty. */
export function errorsOf(refusal: Refusal | undefined): readonly FieldError[] {
  if (!refusal) return [];
  const { code, message, field = '', errors } = refusal;
  return errors ?? [{ field, code, detail: message }];
}

/** Several refusals as one: what comes first, and what else they say, once a field. */
export function refuseAll<C extends RefusalCode>(
  found: readonly (Refusal<C> | undefined)[],
): Refusal<C> | undefined {
  const refusals = found.filter((one) => one !== undefined);
  const [first] = refusals;
  if (!first || refusals.length === 1) return first;
  const errors = new Map<string, FieldError>();
  for (const error of refusals.flatMap(errorsOf))
    if (!errors.has(error.field)) errors.set(error.field, error);
  return errors.size === 1
    ? first
    : new Refusal(first.code, first.message, first.field, [...errors.values()].slice(0, MOST_ERRORS));
}
