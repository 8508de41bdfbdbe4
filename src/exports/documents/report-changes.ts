import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { dataInWords } from './in-words.js';

/** What a correction or an amendment changed, or that the record withdraws another. */
export function changesInWords({ changes, amended }: TrailRecord): string {
  const all = amended ?? changes;
  if (all.length === 0) return amended ? 'nothing' : 'withdrawn';
  return all
    .map(
      ({ field, from, to }) => `${field.replace(/^data\./, '')}: ${dataInWords(from)} → ${dataInWords(to)}`,
    )
    .join('; ');
}
