import { isGoverned } from '../../study/study.js';
import type { FileSource } from '../snapshot.js';
import { signatureLines } from '../signature-lines.js';
import { heading, paragraph, tableOf, type Block } from './document.js';

/** Who signed what, with which meaning, and whether it still holds; nothing for a study that takes no signatures. */
export function signatureBlocks({ study, snapshot }: FileSource): Block[] {
  const lines = signatureLines(study, snapshot);
  if (lines.length === 0 && !isGoverned(study)) return [];
  return [
    heading('Signatures'),
    paragraph(
      'Name, time and meaning are those of the bytes that were signed. Valid: no signed record was corrected or withdrawn by this tree size, and the signature checked when this was made. This page proves nothing: the verifier of a bundle checks each signature anew.',
    ),
    tableOf(
      [
        ['record', 0.9],
        ['signed by', 2.6],
        ['role', 1.4],
        ['meaning', 1.6],
        ['when', 2.2],
        ['over', 1.6],
        ['status', 1.8],
      ],
      lines.map(({ record, printedName, person, role, meaning, signedAt, over, status }) => [
        `#${record}`,
        `${printedName} (${person})`,
        role,
        meaning,
        signedAt,
        over,
        status,
      ]),
    ),
    ...(lines.length === 0 ? [paragraph('Nothing is signed yet.')] : []),
  ];
}
