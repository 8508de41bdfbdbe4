import { openLedger } from '../src/operations/open-ledger.js';
import { commandNamed } from '../src/study/catalogue.js';
import { exampleProtocol } from '../src/study/commands/common/example-protocol.js';
import { THRESHOLD_BODY, benchOn, type Bench } from './bench-study.js';
import { ANIMALS, CODES, COURSE } from './return-studies.js';

/** Makes the ledger that returns are made from. */
const [folder = ''] = process.argv.slice(2);
const bench = await benchOn(
  await openLedger(folder, { holder: 'bench', facility: 'lab.example', simulated: true }),
);
for (const code of CODES) await playStudy(bench, code);
await bench.close();

async function playStudy(bench: Bench, code: string): Promise<void> {
  await bench.send('RegisterStudy', code, { data: { title: 'Bench', director: 'bench' } });
  const example = (name: string): object =>
    name === 'RecordThreshold' ? THRESHOLD_BODY : (commandNamed(name)?.example ?? {});
  const commands = Array.from({ length: ANIMALS }, (_, index) =>
    COURSE.map((name) => ({ name, body: { ...example(name), subject: `R${index}`, reason: 'Bench' } })),
  );
  await Promise.all([
    bench.send('ApproveProtocol', code, { data: { protocol: exampleProtocol } }),
    ...commands.flat().map(({ name, body }) => bench.send(name, code, body)),
  ]);
}
