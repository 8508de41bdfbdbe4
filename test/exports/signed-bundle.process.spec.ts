/** A bundle of a study with signatures, as the program exports it: checked by the one file and by hand. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v5 } from 'uuid';
import { exportBundle } from '../../src/exports/bundle/export-bundle.js';
import { ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { openLedgerFolder, type OpenedLedger } from '../../src/operations/open-ledger.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { instantMs } from '../../src/study/instant.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { peopleLines } from '../../tools/simulation/people.js';
import { freshFolder, labVkey, verifier } from '../verify/real-ledger.js';

const [ledger, bundle] = [join(freshFolder(), 'ledger'), join(freshFolder(), 'bundle')];
const NOON = '2026-03-02T12:00:00+01:00';
let count = 0;
const id = (): string => v5(`signed bundle ${++count}`, v5.URL).replace(/^(.{14})5/, '$14');

interface Line {
  readonly command: string;
  readonly id: string;
  readonly actor: string;
  readonly role: string;
  readonly at: string;
  readonly data: object;
}

/** Given: a simulated study whose protocol its director signed, exported. */
beforeAll(async () => {
  const opened = await openLedgerFolder(ledger, {
    holder: 'test',
    facility: 'lab.example',
    simulated: true,
    clock: () => instantMs('2026-03-02T11:00:00Z')!,
  });
  const { engine, anchoring } = opened;
  for (const line of peopleLines(1) as unknown as Line[]) await inLab(opened, line);
  const text = { text: ATTESTATION_SHA256 };
  await inLab(opened, {
    command: 'GiveAttestation',
    id: id(),
    actor: 'sd-01',
    role: '',
    at: NOON,
    data: text,
  });
  const send = async (name: string, body: unknown): Promise<void> => {
    const definition = commandNamed(name)!;
    const submission = { id: id(), study: 'KET-01', actor: 'sd-01', role: '', clock: NOON };
    taken(await executed(opened, definition, parseCommand(definition, body, submission)));
  };
  const { data } = commandNamed('RegisterStudy')!.example as { data: object };
  await send('RegisterStudy', { data: { ...data, director: 'sd-01', governance: 'signed' } });
  await send('ApproveProtocol', commandNamed('ApproveProtocol')!.example);
  await send('SignRecords', { data: { meaning: 'approved', records: [1] } });
  await send('SignRecords', { data: { meaning: 'authored', range: { from: 0, to: 1 } } });
  await anchoring.anchor();
  await exportBundle(opened, {
    code: 'KET-01',
    to: bundle,
    who: undefined,
    verifier: verifier(),
    version: '0.0.0',
  });
  await engine.close();
});

async function inLab(opened: OpenedLedger, { command: name, data, at, ...submission }: Line): Promise<void> {
  const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
  const command = parseCommand(definition, { data }, { ...submission, study: '', clock: at });
  taken(command instanceof Refusal ? command : await opened.engine.executeInLab(definition, command));
}

async function executed(
  { engine }: OpenedLedger,
  definition: NonNullable<ReturnType<typeof commandNamed>>,
  command: ReturnType<typeof parseCommand>,
) {
  return command instanceof Refusal ? command : engine.execute(definition, command as never);
}

function taken(answer: unknown): void {
  if (answer instanceof Refusal) throw new Error(`${answer.code}: ${answer.message}`);
}

it('lists its signatures, by the one file alone [R23]', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(bundle, 'data', 'ledger', 'verify.mjs'), '--lab-vkey', labVkey(ledger)],
    { encoding: 'utf8', env: {} },
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/2 +approved .* sd-01 +director .* record 1 \(ProtocolApproved\) +valid/);
  expect(stdout).toMatch(/3 +authored .* sd-01 +director .* records 0–1 +valid/);
});

it('passes by hand, as VERIFY.md says', () => {
  const cwd = join(bundle, 'data', 'ledger');
  const lines = [...readFileSync(join(cwd, 'VERIFY.md'), 'utf8').matchAll(/^```bash\n(.*?)^```$/gms)];
  const shell = lines.map(([, text]) => text).join('');
  const { status, stdout, stderr } = spawnSync('bash', ['-c', shell], { cwd, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^2: approved, .+ \(sd-01, director\), 2026-03-02T12:00:00\.000\+01:00$/m);
});
