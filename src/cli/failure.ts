import type { Refusal } from '../study/refusal.js';

/** Something a person can put right: what is wrong, and what to do. Ends the program with exit code 1. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly next = '',
    readonly code = 'failed',
  ) {
    super(message);
  }

  static of({ code, message }: Refusal): Failure {
    return new Failure(message, '', code);
  }
}
