import { join } from 'node:path';
import { Findings, type Finding } from '../../src/verify/checks/findings.js';
import type { Report } from '../../src/verify/checks/report.js';
import { foldAnchored, foldLab } from '../../src/verify/checks/study.js';
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
export function findings({ streams }: PeopleBuilder): Promise<readonly Finding[]> {
  return findingsIn(new Map([...streams].map(([log, records]) => [log, records.map(({ text }) => text)])));
}

/** @param logs the texts of the records, by log */
export async function findingsIn(logs: ReadonlyMap<string, readonly string[]>): Promise<readonly Finding[]> {
  const found = new Findings();
  const context = { checker, findings: found };
  const { lab, folded } = await foldLab(sourceOf('lab', logs.get('lab')!), [], context);
  lab.people.lookIntoSessions();
  const studies = [...logs.keys()].filter((log) => log.startsWith('study-'));
  for (const log of ['access', ...studies])
    await foldAnchored(sourceOf(log, logs.get(log) ?? []), lab, folded.size, [], context);
  return found.list;
}

function sourceOf(log: string, texts: readonly string[]): LogSource {
  const bytes = Buffer.from(texts.map((text) => `\n${text}`).join(''));
  return {
    log,
    source: `/${log.replace('study-', 'studies/')}`,
    async *chunks() {
      if (texts.length > 0) yield await Promise.resolve({ first: 0, bytes });
    },
  };
}

export async function failures(ledger: PeopleBuilder): Promise<Pick<Finding, 'check' | 'log' | 'record'>[]> {
  return (
    (await findings(ledger))
      // What the hand-made data lack is for other tests.
      .filter(({ check: id, severity }) => severity === 'fail' && id !== 'schema')
      .map(({ check: id, log, record }) => ({ check: id, log, record: record! }))
  );
}

export function notes({ findings: found }: Report, of: string): string[] {
  return found
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
