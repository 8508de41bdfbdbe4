import { printInstant } from '../../study/instant.js';
import { View } from '../../study/projections/projection.js';
import {
  qualityAssurance,
  type Inspection,
  type QualityAssurance,
} from '../../study/projections/quality-assurance.projection.js';
import type { FileSource } from '../snapshot.js';
import { cited, heading, paragraph, tableOf, type Block, type Document } from './document.js';
import { frameOf } from './study-report.js';

/** The statement of quality assurance, made of the records of its inspections. What was found is not in it. */
export function qualityStatement(source: FileSource): Document {
  const { study, snapshot } = source;
  return {
    title: `${snapshot.code}: statement of quality assurance`,
    ...frameOf(snapshot),
    blocks: [
      paragraph(`Study ${snapshot.code}, “${snapshot.title}”, at ${snapshot.facility}.`),
      ...statementBlocks(qualityAssurance.project(new View(study))),
    ],
  };
}

/** The statement without its frame, as a part of another document as well. */
export function statementBlocks(answer: QualityAssurance): Block[] {
  const { inspections } = answer;
  if (inspections.length === 0)
    return [paragraph('No inspection by quality assurance is recorded, so there is nothing to state.')];
  return [
    paragraph(
      'Quality assurance inspected the phases of this study that are named below, on the days given, and reported what it found to the study director and to management on the days given. The statement follows from the records; findings are kept by quality assurance and are not part of it.',
    ),
    tableOf(
      [
        ['record', 0.8],
        ['phase', 2.6],
        ['inspected on', 1.4],
        ['by', 1.4],
        ['reported to the director', 1.8],
        ['reported to management', 1.8],
      ],
      inspections.map(({ record, phase, on, inspector, reported: { director, management } }) => [
        `#${record}`,
        phase,
        on,
        inspector,
        director ? `${director.on} (#${director.record})` : 'not reported yet',
        management ? `${management.on} (#${management.record})` : 'not reported yet',
      ]),
    ),
    ...openBlocks(answer),
    heading('Signatures', 3),
    ...signatureBlocks(inspections),
  ];
}

function openBlocks({ unreported, unsigned }: QualityAssurance): Block[] {
  return [
    paragraph(
      unreported.length === 0
        ? 'Every inspection was reported to the study director and to management.'
        : `Not yet reported to both: ${cited(unreported)}. The statement is not complete.`,
    ),
    ...(unsigned.length === 0 ? [] : [paragraph(`Not signed by quality assurance: ${cited(unsigned)}.`)]),
  ];
}

function signatureBlocks(inspections: readonly Inspection[]): Block[] {
  const signed = inspections.flatMap(({ record, signatures }) =>
    signatures.map((signature) => ({ over: record, signature })),
  );
  if (signed.length === 0) return [paragraph('None of the inspections is signed.')];
  return [
    tableOf(
      [
        ['over', 0.8],
        ['signed by', 2.4],
        ['meaning', 1.2],
        ['at', 2],
        ['status', 2],
        ['signature', 1],
      ],
      signed.map(
        ({ over, signature: { record, printedName, person, role, signedAt, status, supersededBy } }) => [
          `#${over}`,
          `${printedName} (${person}, ${role})`,
          'inspected',
          printInstant(signedAt),
          supersededBy === null ? status : `${status} by #${supersededBy}`,
          `#${record}`,
        ],
      ),
    ),
    paragraph(
      'Whether a key made each of these signatures, the verifier checks; the status here says what became of the records.',
    ),
  ];
}
