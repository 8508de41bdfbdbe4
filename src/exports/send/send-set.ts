import type { View } from '../../study/projections/projection.js';
import type { Stand } from '../snapshot.js';
import { sendAnimals } from './animals.js';
import { clinicalSigns } from './cl.js';
import { comments, relations } from './co-relrec.js';
import { datasetJson, type Dataset } from './dataset.js';
import { demographics } from './dm.js';
import { bodyWeights, disposition, exposure } from './ds-ex-bw.js';
import { nervousSystem } from './nv.js';
import { procedures, stimulations } from './scs-pr.js';
import { trialSummary } from './ts.js';

/** Data sets in the manner of SEND, each row with the records that it rests on. */
export function sendDatasets(view: View, stand: Stand): Dataset[] {
  const { code } = stand;
  const animals = sendAnimals(view);
  const findings = [
    demographics(code, animals),
    disposition(code, animals),
    exposure(code, animals),
    bodyWeights(code, animals),
    clinicalSigns(view, animals),
    nervousSystem(view, animals),
    stimulations(code, animals),
    procedures(code, animals),
  ];
  return [
    ...findings,
    trialSummary(view, animals, stand),
    comments(view, animals, findings),
    relations(code, animals, findings),
  ];
}

/** The files of the set: a data set a file, and the record numbers of every row. */
export function sendFiles(view: View, stand: Stand): Map<string, string> {
  const datasets = sendDatasets(view, stand);
  const files = new Map(
    datasets.map((dataset) => [`${dataset.name.toLowerCase()}.json`, datasetJson(dataset, stand)]),
  );
  files.set('provenance.ndjson', provenance(datasets, stand));
  return files;
}

/** The first line says where it stands; every other one names a row, counted from 1, and its records. */
function provenance(datasets: readonly Dataset[], { code, size, root, simulated }: Stand): string {
  const lines: object[] = [{ study: code, treeSize: size, root, simulated }];
  for (const { name, rows } of datasets)
    rows.forEach(({ records }, index) => lines.push({ dataset: name, row: index + 1, records }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
