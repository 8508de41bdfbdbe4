/** Records without pause until it is killed, and prints each receipt once it has it: what is printed was answered. */
import 'reflect-metadata';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [dist, folder, run] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { openLedger } = await load('operations/open-ledger.js');
const { commandNamed } = await load('study/catalogue.js');
const { parseCommand } = await load('study/parse.js');
const { exampleProtocol } = await load('study/commands/common/example-protocol.js');

const engine = await openLedger(folder, { holder: 'crash test', facility: 'lab.example', simulated: true });
let count = 0;
async function send(name, study, body) {
  const id = `00000000-0000-4000-8000-${run.padStart(4, '0')}${String(count++).padStart(8, '0')}`;
  const definition = commandNamed(name);
  const command = parseCommand(definition, body, { id, study, actor: 'crash', role: 'test' });
  const answer = await engine.execute(definition, command);
  process.stdout.write(
    `${JSON.stringify({ id, name, study, code: answer.code, treeSize: answer.treeSize, root: answer.root, records: answer.records })}\n`,
  );
  // A refusal waits for nothing. Without a turn for the others, those who ask too early would keep a study from being registered.
  if (answer.code) await setImmediate();
}

const enrolment = commandNamed('EnrolSubject').example;
const threshold = commandNamed('RecordThreshold').example;
async function caller(index) {
  const study = `CRASH-${index % 3}`;
  if (index < 3) {
    await send('RegisterStudy', study, { data: { title: 'Crash', director: 'crash' } });
    await send('ApproveProtocol', study, { data: { protocol: exampleProtocol } });
    await send('EnrolSubject', study, enrolment);
  }
  for (;;) await send('RecordThreshold', study, threshold);
}
await Promise.all(Array.from({ length: 24 }, (_, index) => caller(index)));
