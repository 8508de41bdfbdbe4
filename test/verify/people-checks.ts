import { join } from 'node:path';
import { Findings, type Finding } from '../../src/verify/checks/findings.js';
import type { Report } from '../../src/verify/checks/report.js';
import { foldAnchored, foldLab } from '../../src/verify/checks/study.js';
import type { Disclosures } from '../../src/verify/checks/people/commitments.js';
import type { SignatureReport } from '../../src/verify/checks/signatures/signature-report.js';
import type { LogSource } from '../../src/verify/checks/log.js';
import { allSchemas } from '../../src/verify/folder/record-schemas.js';
import { CheckerPool } from '../../src/verify/runtime/pool.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { PeopleBuilder } from './people-builder.js';
import { freshFolder } from './real-ledger.js';

export const DAY_MS = 24 * 3_600_000;
export const STUDY = 'study-KET-01';

export async function check(ledger: PeopleBuilder): Promise<Report> {
  const folder = join(freshFolder(), 'ledger');
  await ledger.write(folder);
  return verifyLedger(folder, { threads: 0 });
}

const checker = new CheckerPool({ schemas: allSchemas(), threads: 0 });

/** What the checks of a folder find, without the folder. */
export async function findings(ledger: PeopleBuilder): Promise<readonly Finding[]> {
  return (await found(ledger)).findings;
}

/** The same, and what each signature is worth. */
export function found({ streams, disclosures }: PeopleBuilder): Promise<Found> {
  const logs = new Map([...streams].map(([log, records]) => [log, records.map(({ text }) => text)]));
  return foundIn(logs, (digest) => disclosures.get(digest));
}

export interface Found {
  readonly findings: readonly Finding[];
  readonly signatures: readonly SignatureReport[];
}

/** @param logs the texts of the records, by log */
export async function findingsIn(logs: ReadonlyMap<string, readonly string[]>): Promise<readonly Finding[]> {
  return (await foundIn(logs)).findings;
}

export async function foundIn(
  logs: ReadonlyMap<string, readonly string[]>,
  disclosures?: Disclosures,
): Promise<Found> {
  const list = new Findings();
  const signatures: SignatureReport[] = [];
  const context = { checker, findings: list, signatures, ...(disclosures && { disclosures }) };
  const { lab, folded } = await foldLab(sourceOf('lab', logs.get('lab')!), [], context);
  lab.people.lookIntoSessions();
  const studies = [...logs.keys()].filter((log) => log.startsWith('study-'));
  for (const log of ['access', ...studies])
    await foldAnchored(sourceOf(log, logs.get(log) ?? []), lab, folded, [], context);
  return { findings: list.list, signatures };
}

function sourceOf(log: string, texts: readonly string[]): LogSource {
  return {
    log,
    source: `/${log.replace('study-', 'studies/')}`,
    async *chunks() {
      const bytes = Buffer.from(texts.map((text) => `\n${text}`).join(''));
      if (texts.length > 0) yield await Promise.resolve({ first: 0, bytes });
    },
  };
}

export async function failures(ledger: PeopleBuilder): Promise<Failure[]> {
  return failuresIn(await findings(ledger));
}

export type Failure = Pick<Finding, 'check' | 'log' | 'record'>;

export function failuresIn(list: readonly Finding[]): Failure[] {
  return (
    list
      // What the hand-made data lack is for other tests.
      .filter(({ check: id, severity }) => severity === 'fail' && id !== 'schema')
      .map(({ check: id, log, record }) => ({ check: id, log, record: record! }))
  );
}

export function notes({ findings: listed }: Report, of: string): string[] {
  return listed
    .filter(({ check: id, severity }) => id === of && severity === 'note')
    .map(({ message }) => message);
}

/** A laboratory of three, with a study. */
export function laboratory(): PeopleBuilder {
  const ledger = PeopleBuilder.begun();
  ledger.hire('sd-1', 'director');
  ledger.hire('tech-1', 'technician', {}, 'sd-1');
  ledger.open('KET-01');
  return ledger;
}
