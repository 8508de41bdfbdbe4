import type { RefusalCode } from './refusal-codes.js';

/** The answer “no”: a stable code for programs, a sentence for people, the field that it is about. */
export class Refusal<C extends RefusalCode = RefusalCode> {
  constructor(
    readonly code: C,
    readonly message: string,
    readonly field?: string,
  ) {}
}

export function refuse<C extends RefusalCode>(code: C, message: string, field?: string): Refusal<C> {
  return new Refusal(code, message, field);
}
