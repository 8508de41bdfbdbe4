import { API } from '../../shared/api-prefix.js';
import { STUDY_READERS } from '../../study/who.js';
import type { ReadRoute } from './read-route.js';

/** Addresses at which records are signed. What was signed is read at the second. */
export const SIGNATURE_ROUTES = {
  prepare: `${API}/studies/:code/signatures/prepare`,
  signatures: `${API}/studies/:code/signatures`,
} as const;

export const SIGNATURE_READS = {
  signatures: {
    path: SIGNATURE_ROUTES.signatures,
    summary: 'The signatures of a study, each checked now: valid, superseded or broken',
    readers: { study: STUDY_READERS },
    parameters: ['atLeast'],
    refusals: ['study-unknown'],
  },
  attestation: {
    path: `${API}/attestation`,
    summary: 'What a person states before the first signature, and its SHA-256',
    readers: 'signed-in',
    parameters: [],
    refusals: [],
  },
} as const satisfies Record<string, ReadRoute>;
