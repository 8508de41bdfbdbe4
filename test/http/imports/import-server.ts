import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import request, { type Test } from 'supertest';
import type { ImportAnswer } from '../../../src/http/imports/import-desk.js';
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

export const outcomes = ({ rows }: ImportAnswer): string[] =>
  rows.map(({ row, outcome, code }) => `${row ?? ''} ${code ?? outcome}`);
