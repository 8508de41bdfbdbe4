import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import request, { type Test } from 'supertest';
import { createServer } from '../../../src/http/platform/server.js';
import { studyLedger } from '../../support/cli.js';
import { freshFolder } from '../../support/folders.js';
import { opened } from '../../recording/test-ledger.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples/import/', import.meta.url));
export const STUDY = 'IMP-01';
export const API = `/api/v1/studies/${STUDY}`;
export const LAYOUTS = [
  'one-run-a-row.csv',
  'one-filament-a-column.csv',
  'one-touch-a-row.csv',
  'one-animal-a-sheet.xlsx',
] as const;

export interface Sheet {
  readonly name: string;
  readonly bytes: Buffer;
  readonly mapping: string;
}

export function layout(name: string): Sheet {
  const mapping = readFileSync(join(EXAMPLES, name.replace(/\.\w+$/, '.json')), 'utf8');
  return { name, bytes: readFileSync(join(EXAMPLES, name)), mapping };
}

/** A folder with the study that the examples import into. */
export async function studyFolder(): Promise<string> {
  const folder = freshFolder('imports');
  await studyLedger('play', join(EXAMPLES, 'study.ndjson'), '--data', folder, '--simulated');
  return folder;
}

/** A server on it. */
export async function serveFolder(folder: string) {
  const { engine } = await opened(folder, { clock: () => Date.now() });
  const server = await createServer(engine, { port: 0, logger: false });
  const send = (path: string, sheet: Partial<Sheet>, fields: Record<string, string> = {}): Test => {
    const asked = request(server.url).post(`${API}${path}`);
    const all = { ...(sheet.mapping !== undefined && { mapping: sheet.mapping }), ...fields };
    for (const [name, value] of Object.entries(all)) asked.field(name, value);
    return sheet.bytes ? asked.attach('file', sheet.bytes, sheet.name) : asked;
  };
  return {
    ...server,
    engine,
    send,
    get: (path: string) => request(server.url).get(path),
    size: async () => (await engine.study(STUDY)).size,
    records: async () => (await engine.study(STUDY)).state.records.toArray().map(({ record }) => record),
  };
}

export type ImportServer = Awaited<ReturnType<typeof serveFolder>>;

/** A sheet of so many weights of R01, and its mapping. */
export const weighings = (count: number): string =>
  [
    'Animal;Date;Time;Weight (g)',
    ...Array.from({ length: count }, (_, i) => `R01;${day(i)}.01.2026;${clock(i)};243,${i % 10}0`),
  ].join('\n');
const day = (i: number): string => String(6 + Math.floor(i / 600)).padStart(2, '0');
const clock = (i: number): string =>
  `${String(8 + Math.floor((i % 600) / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
export const WEIGHTS = JSON.stringify({
  mapping: 'study-ledger/1',
  decimal: ',',
  dates: ['DD.MM.YYYY'],
  zone: 'Europe/Amsterdam',
  reason: 'Entered from the sheet of the ward',
  tables: [
    {
      record: 'RecordBodyWeight',
      subject: 'Animal',
      occurredAt: { date: 'Date', time: 'Time' },
      data: { weight: { column: 'Weight (g)', unit: 'g' } },
    },
  ],
});
