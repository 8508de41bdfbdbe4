/** Imports a file and kills itself after so many answers, where it is told to: what was appended then is what was durable. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder, path, mappingPath, study, killAfter] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(dist, name)).href);
const { openLedger } = await load('operations/open-ledger.js');
const { readMapping } = await load('imports/mapping/read-mapping.js');
const { readSpreadsheet } = await load('imports/reading/read-spreadsheet.js');
const { importRows } = await load('imports/import.js');

const engine = await openLedger(folder, { holder: 'import test', facility: 'lab.example', simulated: true });
const mapping = readMapping(readFileSync(mappingPath, 'utf8'));
const file = await readSpreadsheet(path, mapping);
const who = { actor: 'dev', role: 'development', importer: 'stat-1' };
const progress = (phase, done) => {
  if (phase === 'recording' && Number(killAfter) > 0 && done >= Number(killAfter))
    process.kill(process.pid, 'SIGKILL');
};
const request = { ...who, file, mapping, study, dryRun: false, keepGoing: false, progress };
const result = await importRows(request, engine);
process.stdout.write(JSON.stringify(result.rows.map(({ outcome }) => outcome)));
await engine.close();
