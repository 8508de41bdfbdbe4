import type { Person } from '../script.js';

/** In the study of mice nobody is registered: roles are what a person says, as before the ledger knew roles. */
export const SURGEON: Person = { actor: 'surg-1', role: 'surgeon' };
export const DIRECTOR: Person = { actor: 'sd-01', role: 'study-director' };
