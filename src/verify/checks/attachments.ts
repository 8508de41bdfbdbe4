import type { Findings } from './findings.js';
import { quote } from './printable.js';
import { textOf, type Attributes } from './record.js';

/** A file that a record names. Nothing in it is believed. */
export interface NamedAttachment {
  readonly record: number;
  readonly sha256: string;
  readonly size: unknown;
  readonly name: string;
}

/** The file that a record adds, or that a correction puts in its place. */
export function attachmentIn(record: Attributes, number: number): NamedAttachment | undefined {
  const { type } = record;
  if (type !== 'AttachmentAdded' && type !== 'RecordCorrected') return undefined;
  let data = (record['data'] ?? {}) as Attributes;
  if (type === 'RecordCorrected') {
    if (data['corrects'] !== 'AttachmentAdded') return undefined;
    data = (data['corrected'] ?? {}) as Attributes;
  }
  const { sha256, size, name } = data;
  return { record: number, sha256: textOf(sha256), size, name: textOf(name) };
}

/** Where the bytes of files are. */
export interface KeptFiles {
  /** In bytes; undefined where there is no file of that name. */
  sizeOf(sha256: string): number | undefined;
  /** SHA-256 of what is there, hex. */
  digestOf(sha256: string): Promise<string>;
}

/** Whether each file that a log names is there with the bytes of its digest. A missing one is told as `missing` says. */
export async function checkAttachments(
  log: string,
  named: readonly NamedAttachment[],
  kept: KeptFiles,
  missing: 'fail' | 'incomplete',
  findings: Findings,
): Promise<void> {
  const digests = new Map<string, string>();
  for (const { record, sha256, size, name } of named) {
    const place = { record };
    const found = /^[0-9a-f]{64}$/.test(sha256) ? kept.sizeOf(sha256) : undefined;
    const file = `the file ${quote(name)} of record ${record}`;
    if (found === undefined) {
      findings[missing]('attachment', log, `${file} is not here: attachments/${sha256}`, place);
      continue;
    }
    if (!digests.has(sha256)) digests.set(sha256, await kept.digestOf(sha256));
    if (digests.get(sha256) !== sha256)
      findings.fail('attachment', log, `${file} was changed: attachments/${sha256} has other bytes`, place);
    else if (found !== size)
      findings.fail(
        'attachment',
        log,
        `${file} has ${found} bytes, and the record says ${quote(size)}`,
        place,
      );
  }
}
