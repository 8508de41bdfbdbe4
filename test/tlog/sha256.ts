import { hash } from 'node:crypto';
import type { Sha256 } from '../../src/tlog/merkle.js';

/** SHA-256 in the form that the ledger asks for. */
export const sha256: Sha256 = (data) => hash('sha256', data, 'binary');
