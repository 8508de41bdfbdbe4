import type { Attachment } from '../study/attachments.js';
import { printInstant } from '../study/instant.js';
import type { Applied } from '../study/signatures/applied.js';
import { statusOf } from '../study/signatures/signatures.js';
import type { Snapshot } from './snapshot.js';
import { signaturesOf, type Study } from '../study/study.js';

/** A signature as a file of the study shows it (21 CFR 11.50): all of it from the payload that was signed, but for its status. */
export interface SignatureLine {
  /** Of the SignatureApplied. */
  readonly record: number;
  readonly meaning: string;
  readonly printedName: string;
  readonly person: string;
  readonly role: string;
  readonly signedAt: string;
  /** `#12 #834`, `#0 to #57`. */
  readonly over: string;
  /** The ends of what it covers, ascending. */
  readonly covered: readonly number[];
  /** Whether what was signed still holds by the records up to this tree size, and whether it checks. */
  readonly status: string;
}

/** In the order of the records. */
export function signatureLines(study: Study, { broken = [] }: Pick<Snapshot, 'broken'>): SignatureLine[] {
  return signaturesOf(study).map((signature) =>
    broken.includes(signature.record)
      ? { ...lineOf(study, signature), ...NOTHING_TAKEN, status: 'BROKEN: it does not check' }
      : lineOf(study, signature),
  );
}

/** Of a signature that does not check neither a name nor a meaning is shown. */
const NOTHING_TAKEN = { meaning: '–', printedName: '–', person: '–', role: '–', signedAt: '–' } as const;

function lineOf(study: Study, signature: Applied): SignatureLine {
  const { record, meaning, person, role, covers, statement } = signature;
  const { printedName, time } = statement.predicate;
  const status = statusOf(study, signature);
  return {
    record,
    meaning,
    printedName,
    person,
    role,
    signedAt: printInstant(time),
    over: covers.map(({ from, to }) => (from === to ? `#${from}` : `#${from} to #${to}`)).join(' '),
    covered: [...new Set(covers.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b),
    status: status.status === 'valid' ? 'valid' : `superseded by #${status.by}`,
  };
}

/** `approved by A. Example (sd-1, director), 2026-03-02 10:15 +01:00: valid`, or `BROKEN: it does not check`. */
export function signatureText({
  meaning,
  printedName,
  person,
  role,
  signedAt,
  status,
}: SignatureLine): string {
  if (meaning === NOTHING_TAKEN.meaning) return status;
  return `${meaning} by ${printedName} (${person}, ${role}), ${signedAt}: ${status}`;
}

/** The signatures over one record. */
export function linesOver(lines: readonly SignatureLine[], record: number, study: Study): SignatureLine[] {
  const over = new Map(signaturesOf(study).map(({ record: number, covers }) => [number, covers]));
  return lines.filter((line) =>
    over.get(line.record)?.some(({ from, to }) => from <= record && record <= to),
  );
}

/** What of a study lies in files, with the digest of each. */
export function fileText(file: Attachment): string {
  return `“${file.name}”, ${file.size} bytes, SHA-256 ${file.sha256}`;
}
