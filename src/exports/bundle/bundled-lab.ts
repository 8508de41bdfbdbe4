import { join } from 'node:path';
import { fileSource } from '../../verify/runtime/file-source.js';
import { Findings } from '../../verify/checks/findings.js';
import type { Lab } from '../../verify/checks/lab.js';
import { CheckerPool } from '../../verify/runtime/pool.js';
import { foldLab } from '../../verify/checks/study.js';

/** The lab as folded from its records in a bag by the verifier's own code. Faults in them are the verifier's to report. */
export async function bundledLab(bag: string): Promise<Lab> {
  const findings = new Findings();
  const file = join(bag, 'data', 'ledger', 'lab', 'records.ndjson');
  const checker = new CheckerPool({ schemas: {} });
  return (await foldLab(fileSource(file, 'lab', '/lab', findings), [], { checker, findings })).lab;
}
