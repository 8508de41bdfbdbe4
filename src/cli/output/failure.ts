import type { Refusal } from '../../study/refusal.js';

/** An error that the user can correct: what is wrong, and what to do next. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly next = '',
    readonly code = 'failed',
    /** False for a usage error, which no ledger could make right: exit code 2 instead of 1. */
    readonly understood = true,
  ) {
    super(message);
  }

  static of({ code, message }: Refusal): Failure {
    return new Failure(message, '', code, !MALFORMED.has(code));
  }

  static usage(message: string, next = '', code = 'usage'): Failure {
    return new Failure(message, next, code, false);
  }
}

/** Refusals that concern the form of an argument: usage errors. */
const MALFORMED: ReadonlySet<string> = new Set(['at-invalid', 'projection-unknown', 'until-invalid']);
