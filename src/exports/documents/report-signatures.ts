import { isGoverned, type Study } from '../../study/study.js';
import { signatureLines } from '../signature-lines.js';
import { heading, paragraph, tableOf, type Block } from './document.js';

/** Who signed what, with which meaning, and whether it still holds; nothing for a study that takes no signatures. */
export function signatureBlocks(study: Study): Block[] {
  const lines = signatureLines(study);
  if (lines.length === 0 && !isGoverned(study)) return [];
  return [
    heading('Signatures'),
    paragraph(
      'Name, time and meaning are those of the bytes that were signed. The status is by the records of this tree size; that each key made its signature, the verifier of a bundle checks.',
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
