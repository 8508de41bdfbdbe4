import type { CopiedAttachments } from '../../operations/attachments.js';
import { counted } from '../../shared/counted.js';

/** What became of the files that records name. */
export function filesInWords({ there, missing }: CopiedAttachments): string {
  const found = `${counted(there, 'attached file is', 'attached files are')} there, each with the bytes of its SHA-256.`;
  if (missing.length === 0) return found;
  const named = missing.slice(0, 5).join(', ');
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return `${found} MISSING OR CHANGED: ${counted(missing.length, 'attached file')} (${named}${more}).`;
}
