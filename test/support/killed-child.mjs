/** Gives one command of the lab, and is killed at the moment that it names: before the record, or before the file is deleted. */
import 'reflect-metadata';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, folder, moment, name, data, submission] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openLedgerFolder } = await load('operations/open-ledger.js');
const { LAB_CATALOGUE } = await load('lab/commands/catalogue.js');
const { parseCommand } = await load('study/parse.js');

const sent = JSON.parse(submission);
const { engine } = await openLedgerFolder(folder, { holder: 'test', clock: () => sent.by.signedInMs });
const die = () => process.kill(process.pid, 'SIGKILL');
if (moment === 'before-record') engine.store.append = die;
if (moment === 'before-deletion') engine.disclosures.erase = die;
const definition = LAB_CATALOGUE.find((one) => one.name === name);
const command = parseCommand(definition, { data: JSON.parse(data) }, sent);
const answer = await engine.executeInLab(definition, command);
process.stdout.write(JSON.stringify(answer));
