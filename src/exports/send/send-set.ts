import type { View } from '../../study/projections/projection.js';
import { isSectionPlanned } from '../../study/rules/planned.js';
import { viewOf, type FileSource, type Snapshot } from '../snapshot.js';
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
export function sendDatasets(view: View, snapshot: Snapshot): Dataset[] {
  const { code } = snapshot;
  const animals = sendAnimals(view);
  const findings = [
    demographics(code, animals),
    disposition(code, animals),
    exposure(view, code, animals),
    bodyWeights(code, animals),
    clinicalSigns(view, animals),
    nervousSystem(view, animals),
    ...(isSectionPlanned('stimulation', view.protocols) ? [stimulations(code, animals)] : []),
    procedures(code, animals),
  ];
  return [
    ...findings,
    trialSummary(view, animals, snapshot),
    comments(view, animals, findings),
    relations(code, animals, findings),
  ];
}

/** The files of the set: one for each data set, and one with the record numbers of every row. */
export function sendFiles(source: FileSource): Map<string, string> {
  const { snapshot } = source;
  const datasets = sendDatasets(viewOf(source), snapshot);
  const files = new Map(
    datasets.map((dataset) => [`${dataset.name.toLowerCase()}.json`, datasetJson(dataset, snapshot)]),
  );
  files.set('provenance.ndjson', provenance(datasets, snapshot));
  return files;
}

/** The first line names study, tree size and root; every other one a row, counted from 1, and its records. */
function provenance(datasets: readonly Dataset[], { code, size, root, simulated }: Snapshot): string {
  const lines: object[] = [{ study: code, treeSize: size, root, simulated }];
  for (const { name, rows } of datasets)
    rows.forEach(({ records }, index) => lines.push({ dataset: name, row: index + 1, records }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
