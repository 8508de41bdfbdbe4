import type { Refusal } from '../../study/refusal.js';

/** Something a person can put right: what is wrong, and what to do. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly next = '',
    readonly code = 'failed',
    /** False where the command line cannot be right, whatever the ledger holds: exit code 2 instead of 1. */
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

/** Refusals of a read that are about how an argument is written, not about what is there. */
const MALFORMED: ReadonlySet<string> = new Set(['at-invalid', 'projection-unknown', 'until-invalid']);
