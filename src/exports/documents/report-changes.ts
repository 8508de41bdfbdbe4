import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { dataInWords } from './in-words.js';

/** What a correction changed, or that the record withdraws another. */
export function changesInWords({ changes }: TrailRecord): string {
  if (changes.length === 0) return 'withdrawn';
  return changes
    .map(
      ({ field, from, to }) => `${field.replace(/^data\./, '')}: ${dataInWords(from)} → ${dataInWords(to)}`,
    )
    .join('; ');
}
