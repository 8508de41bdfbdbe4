/**
 * Imports a file and kills itself where it is told to: `answered:600` after so many answers, `written:600` when so many records
 * were handed to the database. `parts` makes the store one that keeps only single appends together.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder, path, mappingPath, study, kill = '', store = ''] = process.argv.slice(2);
const [moment, count] = kill.split(':');
const die = () => process.kill(process.pid, 'SIGKILL');
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
  if (phase === 'recording' && moment === 'answered' && done >= Number(count)) die();
};
const inParts = store === 'parts';
if (inParts) engine.store.groupsAppends = false;
if (moment === 'written') {
  // Each record’s leaf hash is made a buffer when its row is inserted.
  const { from } = Buffer;
  let written = 0;
  Buffer.from = (value, encoding, ...rest) => {
    if (encoding === 'latin1' && value.length === 32 && ++written > Number(count)) die();
    return from(value, encoding, ...rest);
  };
}
const request = { ...who, file, mapping, study, dryRun: false, keepGoing: inParts, progress };
const result = await importRows(request, engine);
process.stdout.write(JSON.stringify(result.rows.map(({ outcome }) => outcome)));
await engine.close();
