import { AttachmentError, MOST_ATTACHED_BYTES } from '../../store/attachments.js';
import { Problem, type ProblemCode } from '../platform/problems.js';

const CODES: Readonly<Record<AttachmentError['code'], ProblemCode>> = {
  cut: 'request-malformed',
  damaged: 'attachment-damaged',
  differs: 'attachment-differs',
  empty: 'attachment-differs',
  missing: 'attachment-missing',
  quota: 'attachment-quota',
  'too-large': 'file-too-large',
};

/** What a file is refused with. @throws Problem */
export async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AttachmentError)) throw error;
    throw new Problem(CODES[error.code], error.message, 'file');
  }
}

/** A request that says beforehand that it is too long is not read. @throws Problem */
export function refuseTooLong(length: string | undefined, most = MOST_ATTACHED_BYTES): void {
  if (Number(length ?? 0) > most)
    throw new Problem(
      'file-too-large',
      `The file is larger than ${MOST_ATTACHED_BYTES / 1_048_576} MB: divide it.`,
      'file',
    );
}
