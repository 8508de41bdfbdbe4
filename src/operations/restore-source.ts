import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { leafHash } from '../tlog/merkle.js';
import type { StoredRecord } from '../store/event-store.js';
import { ledgerExists, openSqliteReader } from '../store/sqlite/open-sqlite.js';
import { sha256 } from '../shared/sha256.js';
import type { RecordSource } from './replicate.js';

/** Where lost records are brought back from. Nothing in it is believed: what fits the signed heads is taken. */
export interface RestoreSource extends RecordSource {
  /** Recorded in the lab, so the folder's own name and nothing of the path. */
  readonly name: string;
  close(): Promise<void>;
}

/** A restore that only goes on with what is there. */
export const NO_SOURCE: RestoreSource = {
  name: 'none',
  size: async () => 0,
  async *read() {},
  close: async () => undefined,
};

const PAGE = 256;

/** Opens a ledger’s folder, a backup, or an unpacked bundle or mirror with files called `records.ndjson`. */
export async function openRestoreSource(path: string): Promise<RestoreSource> {
  if (!existsSync(path)) throw new Error(`There is no folder ${path}.`);
  return ledgerExists(path) ? ledgerSource(path) : bundleSource(path);
}

function ledgerSource(path: string): RestoreSource {
  const store = openSqliteReader(path);
  return {
    name: basename(path),
    size: (log) => store.size(log),
    read: (log, from) => store.read(log, from),
    close: () => store.close(),
  };
}

async function bundleSource(path: string): Promise<RestoreSource> {
  const files = new Map<string, string>();
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    if (basename(name) !== 'records.ndjson') continue;
    const log = await logOf(join(path, name));
    if (log !== undefined) files.set(log, join(path, name));
  }
  if (files.size === 0)
    throw new Error(
      `${path} holds no ledger and no records.ndjson. Unpack a bundle first, and name its folder.`,
    );
  return {
    name: basename(path),
    async size(log) {
      let size = 0;
      for await (const page of recordsIn(files.get(log), 0)) size += page.length;
      return size;
    },
    read: (log, from = 0) => recordsIn(files.get(log), from),
    close: async () => undefined,
  };
}

async function* recordsIn(file: string | undefined, from: number): AsyncGenerator<readonly StoredRecord[]> {
  if (file === undefined) return;
  let page: StoredRecord[] = [];
  let number = 0;
  for await (const text of linesOf(file)) {
    if (sequenceOf(text) !== number)
      throw new Error(`${file} is not a whole log: line ${number + 1} is not record ${number}.`);
    if (number >= from) page.push({ number, text, leaf: leafHash(sha256, text) });
    number++;
    if (page.length === PAGE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** Which log a file holds, by the `source` of its first record. */
async function logOf(file: string): Promise<string | undefined> {
  for await (const line of linesOf(file)) {
    const { source } = parsed(line);
    if (source === '/lab' || source === '/access') return source.slice(1);
    return typeof source === 'string' && source.startsWith('/studies/')
      ? `study-${source.slice('/studies/'.length)}`
      : undefined;
  }
  return undefined;
}

/** Split at LF alone: a line may hold characters that other readers take for a line break. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function sequenceOf(text: string): number {
  const { sequence } = parsed(text);
  return typeof sequence === 'string' ? Number(sequence) : -1;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
