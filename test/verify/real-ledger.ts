import { setImmediate } from 'node:timers/promises';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v5 } from 'uuid';
import { compiledSources } from '../support/compiled.js';
import { openLedgerFolder, type OpenedLedger } from '../../src/operations/open-ledger.js';
import { exportBundle } from '../../src/exports/bundle/export-bundle.js';
import type { ExportRequest } from '../../src/exports/bundle/export-request.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { verifyBundle } from '../../src/verify/bundle/verify-bundle.js';
import type { Pins } from '../../src/verify/checks/pins.js';
import { CheckerPool } from '../../src/verify/runtime/pool.js';
import { allSchemas } from '../../src/verify/folder/record-schemas.js';
import type { Report } from '../../src/verify/checks/report.js';

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'study-ledger-verify-'));
}

/** A ledger as the product makes it: two studies, a correction, a void, an acknowledgement; anchored several times. */
export async function makeLedger(path: string): Promise<void> {
  await withLedger(path, async (ledger) => {
    for (const code of ['KET-01', 'KET-02']) {
      await record(ledger, code, 'RegisterStudy', { data: { title: `Study ${code}`, director: 'sd-1' } });
      await record(ledger, code, 'ApproveProtocol', { data: { protocol: exampleProtocol } });
      await record(ledger, code, 'EnrolSubject', {
        ...commandNamed('EnrolSubject')?.example,
        subject: 'R01',
      });
      await record(ledger, code, 'EnrolSubject', {
        ...commandNamed('EnrolSubject')?.example,
        subject: 'R02',
      });
    }
    await ledger.anchoring.anchor();
    await weigh(ledger, 'KET-01', 30);
    await weigh(ledger, 'KET-02', 12);
    await ledger.anchoring.anchor();
    await record(ledger, 'KET-01', 'CorrectRecord', {
      reason: 'misread',
      data: {
        target: { number: 5 },
        subject: 'R01',
        occurredAt: new Date().toISOString(),
        corrected: { weight: { value: '301.5', unit: 'g' } },
      },
    });
    await record(ledger, 'KET-01', 'VoidRecord', { reason: 'wrong animal', data: { target: { number: 6 } } });
    await weigh(ledger, 'KET-01', 20);
    await ledger.anchoring.anchor();
  });
}

let count = 0;

export async function weigh(ledger: OpenedLedger, code: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++)
    await record(ledger, code, 'RecordBodyWeight', {
      subject: `R0${(i % 2) + 1}`,
      data: { weight: { value: `${250 + i}.${i % 10}`, unit: 'g' }, comment: 'on “scale” nº 2 – µ' },
    });
}

export async function record(ledger: OpenedLedger, study: string, name: string, body: object): Promise<void> {
  const definition = commandNamed(name)!;
  // Reproducible, and of a version that clients may use.
  const id = v5(`${study} ${count++}`, v5.URL).replace(/^(.{14})5/, '$14');
  const command = parseCommand(definition, body, { id, study, actor: 'tech-1', role: 'technician' });
  // Each record in a millisecond of its own: attacks swap records and look for times that go back.
  for (const before = Date.now(); Date.now() === before;) await setImmediate();
  const answer = command instanceof Refusal ? command : await ledger.engine.execute(definition, command);
  if (answer instanceof Refusal) throw new Error(`${name}: ${answer.code} ${answer.message}`);
}

export async function withLedger<T>(path: string, work: (ledger: OpenedLedger) => Promise<T>): Promise<T> {
  const ledger = await openLedgerFolder(path, { holder: 'test', facility: 'lab.example', simulated: true });
  try {
    return await work(ledger);
  } finally {
    await ledger.engine.close();
  }
}

export function copyOf(folder: string): string {
  const copy = join(freshFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  return copy;
}

export function labVkey(ledger: string): string {
  return /^log (\S+)/m.exec(readFileSync(join(ledger, 'policy', 'lab.policy'), 'utf8'))![1]!;
}

export function exported(ledger: string, to: string, more: Partial<ExportRequest> = {}) {
  const who = { actor: 'qa-1', role: 'quality', id: v5(`export ${count++}`, v5.URL) };
  const request = { code: 'KET-01', to, who, verifier: '// as built\n', version: '0.0.0', ...more };
  return withLedger(ledger, (source) => exportBundle(source, request));
}

export function checkBundle(folder: string, pins: Pins): Promise<Report> {
  const schemas = allSchemas();
  const checker = new CheckerPool({ schemas });
  return verifyBundle(folder, { schemas, checker, version: '0.0.0', ...pins });
}

/** `verify.mjs` of the sources as they are. */
export function verifier(): string {
  return readFileSync(join(compiledSources(), 'verify.mjs'), 'utf8');
}
