import { heading, paragraph, tableOf, type Document } from '../documents/document.js';
import { frameOf } from '../documents/study-report.js';
import type { FileSource } from '../snapshot.js';
import { itemText } from './section.js';
import { packSections } from './sections.js';

const STATEMENT =
  'What the records hold for each number of 21 CFR 58.185(a), and what they lack. It is material for the writer of the final report; it is not the report.';

/** The data pack as JSON. */
export function dataPackJson(source: FileSource): string {
  const { snapshot } = source;
  const { code, title, size, root, recorded, simulated, archived } = snapshot;
  const pack = {
    study: code,
    title,
    treeSize: size,
    root,
    lastRecord: recorded,
    simulated,
    ...(archived && { archived }),
    statement: STATEMENT,
    sections: packSections(source),
  };
  return `${JSON.stringify(pack, null, 2)}\n`;
}

/** The data pack as a document. */
export function dataPackDocument(source: FileSource): Document {
  const { snapshot } = source;
  return {
    title: `${snapshot.code}: data for the final report`,
    ...frameOf(snapshot),
    blocks: [
      paragraph(STATEMENT),
      ...packSections(source).flatMap(({ clause, asks, items, gaps }) => [
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
