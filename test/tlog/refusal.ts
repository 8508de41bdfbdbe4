import { LedgerError, type LedgerErrorCode } from '../../src/tlog/error.js';

/** The code with which the work was refused; anything thrown but a LedgerError fails the test. */
export function refusalCode(work: () => unknown): LedgerErrorCode | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return undefined;
}
