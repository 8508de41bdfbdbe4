import { API } from '../../shared/api-prefix.js';

/** Addresses that take spreadsheets. */
export const IMPORT_ROUTES = {
  record: { path: `${API}/studies/:code/imports`, method: 'POST' },
  preview: { path: `${API}/studies/:code/imports/preview`, method: 'POST' },
  suggestion: { path: `${API}/studies/:code/imports/suggestion`, method: 'POST' },
} as const;
