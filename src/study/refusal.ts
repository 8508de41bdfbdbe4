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
    /** Everything that is wrong with the form of a command; `code`, `message` and `field` are those of the first. */
    readonly errors?: readonly FieldError[],
  ) {}
}

export function refuse<C extends RefusalCode>(code: C, message: string, field?: string): Refusal<C> {
  return new Refusal(code, message, field);
}
