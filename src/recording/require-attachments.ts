import type { Attachments } from '../store/attachments.js';
import { attachmentIn } from '../study/attachments.js';
import type { StudyRecord } from '../study/record.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Study } from '../study/study.js';
import type { Proposal } from './write-plan.js';

/** A proposal that is refused where it would name a file whose bytes are not here. */
export function requireAttachments(
  proposal: Proposal<Study, StudyRecord>,
  attachments: Attachments,
): Proposal<Study, StudyRecord> {
  return {
    ...proposal,
    decide(study, size) {
      const decided = proposal.decide(study, size);
      if (decided instanceof Refusal) return decided;
      for (const { parsed } of decided) {
        const missing = refuseMissing(parsed.record, attachments);
        if (missing) return missing;
      }
      return decided;
    },
  };
}

/** A digest that was sent is that of the bytes; of them only the size is asked here. */
export function refuseMissing(
  record: Pick<StudyRecord, 'type' | 'data'>,
  attachments: Attachments,
): Refusal<'attachment-missing'> | undefined {
  const named = attachmentIn(record);
  const size = named && attachments.claim(named.sha256);
  if (!named || size === named.size) return undefined;
  const message =
    size === undefined
      ? `The bytes of “${named.name}” are not here: send them first, to …/attachments/${named.sha256}.`
      : `The file with that SHA-256 has ${size} bytes, not ${named.size}: give its own size.`;
  return refuse('attachment-missing', message, size === undefined ? 'data.sha256' : 'data.size');
}
