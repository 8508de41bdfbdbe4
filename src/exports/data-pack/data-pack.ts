import { View } from '../../study/projections/projection.js';
import type { Study } from '../../study/study.js';
import { heading, paragraph, tableOf, type Document } from '../documents/document.js';
import { frameOf } from '../documents/study-report.js';
import type { Snapshot } from '../snapshot.js';
import { itemText } from './section.js';
import { packSections } from './sections.js';

const STATEMENT =
  'What the records hold for each number of 21 CFR 58.185(a), and what they lack. It is material for the writer of the final report; it is not the report.';

/** The data pack as JSON. */
export function dataPackJson(study: Study, snapshot: Snapshot): string {
  const { code, title, size, root, recorded, simulated } = snapshot;
  const pack = {
    study: code,
    title,
    treeSize: size,
    root,
    lastRecord: recorded,
    simulated,
    statement: STATEMENT,
    sections: packSections(new View(study), snapshot),
  };
  return `${JSON.stringify(pack, null, 2)}\n`;
}

/** The data pack as a document. */
export function dataPackDocument(study: Study, snapshot: Snapshot): Document {
  return {
    title: `${snapshot.code}: data for the final report`,
    ...frameOf(snapshot),
    blocks: [
      paragraph(STATEMENT),
      ...packSections(new View(study), snapshot).flatMap(({ clause, asks, items, gaps }) => [
        heading(`${clause} ${asks}`),
        ...(items.length === 0
          ? []
          : [
              tableOf(
                [
                  ['what', 2],
                  ['value, with the records it rests on', 5],
                ],
                items.map((one) => [one.what, itemText(one)]),
              ),
            ]),
        ...(gaps.length === 0 ? [] : [paragraph(`Not in the records: ${gaps.join('; ')}.`)]),
      ]),
    ],
  };
}
