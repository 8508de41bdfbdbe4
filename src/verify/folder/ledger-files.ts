import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { utf8Text } from '../../tlog/encoding.js';
import type { Disclosures } from '../checks/people/commitments.js';

/** A signed head in a file; nothing in it is verified. */
export interface NoteFile {
  /** For people: where it lies. */
  readonly file: string;
  readonly text: string;
  /** As the file is named; undefined for a mark. */
  readonly size?: number;
}

/**
 * What a ledger keeps beside its records: the last signed head of each log, heads that were anchored or published, what
 * witnesses and time-stamp authorities answered. Read before the records: it may lag behind them, never lie ahead.
 */
export interface LedgerFiles {
  readonly policy: string | undefined;
  readonly marks: ReadonlyMap<string, NoteFile>;
  /** By log, smallest first. */
  readonly notes: ReadonlyMap<string, readonly NoteFile[]>;
  /** Size of a lab checkpoint → the newest cosignature line of each witness. */
  readonly cosignatures: ReadonlyMap<number, readonly string[]>;
  /** By imprint: the whole answer of a time-stamp authority, and what it was asked. */
  readonly tokens: ReadonlyMap<string, Buffer>;
  readonly requests: ReadonlyMap<string, Buffer>;
  /** Certificates of the authorities, as the ledger itself names them. */
  readonly authorities: string | undefined;
  /** What opens the commitments in records, by digest. */
  readonly disclosures: Disclosures;
  /** The folder of attached files. */
  readonly attachments: string;
  /** Time between two rounds of anchoring. */
  readonly intervalMs: number;
  /** The cluster that holds the records, as `ledger.json` names it. */
  readonly store: string | undefined;
  /** Why the ledger itself stopped signing, in its own words. */
  readonly alarm: string | undefined;
}

/** Seconds. */
const DEFAULT_INTERVAL = 600;

const LOG = '(lab|access|study-[A-Z0-9]+(?:-[A-Z0-9]+)*)';
const MARK = new RegExp(`^${LOG}\\.note$`);
const NOTE = new RegExp(`^${LOG}-(0|[1-9][0-9]{0,15})\\.note$`);

export function readLedgerFiles(folder: string): LedgerFiles {
  const places = placesOf(folder);
  const marks = new Map<string, NoteFile>();
  for (const name of namesIn(places.marks)) {
    const [, log] = MARK.exec(name) ?? [];
    if (log) marks.set(log, { file: `marks/${name}`, text: readText(join(places.marks, name)) });
  }
  const notes = new Map<string, NoteFile[]>();
  for (const name of namesIn(places.anchors)) {
    const [, log, size] = NOTE.exec(name) ?? [];
    const text = log && readText(join(places.anchors, name));
    if (log)
      notes.set(log, [
        ...(notes.get(log) ?? []),
        { file: `anchors/${name}`, text: text!, size: Number(size) },
      ]);
  }
  for (const list of notes.values()) list.sort((a, b) => a.size! - b.size!);
  return {
    policy: existsSync(places.policy) ? readText(places.policy) : undefined,
    marks,
    notes,
    cosignatures: cosignaturesIn(join(places.anchors, 'witness')),
    tokens: byImprint(join(places.anchors, 'timestamps'), '.tsr'),
    requests: byImprint(join(places.anchors, 'timestamps'), '.tsq'),
    authorities:
      places.authorities && existsSync(places.authorities) ? readText(places.authorities) : undefined,
    disclosures: (digest) => disclosureIn(places.disclosures, digest),
    attachments: places.attachments,
    intervalMs: places.intervalMs,
    store: places.store,
    alarm: existsSync(join(folder, 'alarm.json')) ? readText(join(folder, 'alarm.json')) : undefined,
  };
}

/** `ledger.json` may put them on other media. */
function placesOf(folder: string): {
  marks: string;
  anchors: string;
  disclosures: string;
  attachments: string;
  policy: string;
  intervalMs: number;
  store?: string;
  authorities?: string;
} {
  let config: Record<string, unknown> = {};
  try {
    config = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8')) as Record<string, unknown>;
  } catch {
    // Without one, everything lies where it lies by default.
  }
  const at = (path: unknown, otherwise: string): string => {
    const place = typeof path === 'string' ? path : otherwise;
    return isAbsolute(place) ? place : join(folder, place);
  };
  const { caFile } = (config['timestampAuthority'] ?? {}) as Record<string, unknown>;
  return {
    marks: at(config['marks'], 'marks'),
    anchors: at(config['anchors'], 'anchors'),
    disclosures: at(config['disclosures'], 'disclosures'),
    attachments: at(config['attachments'], 'attachments'),
    policy: at(config['policyFile'], 'policy/lab.policy'),
    intervalMs: 1000 * (Number(config['interval']) || DEFAULT_INTERVAL),
    ...(typeof caFile === 'string' && { authorities: at(caFile, '') }),
    ...(typeof config['store'] === 'string' && { store: config['store'] }),
  };
}

function disclosureIn(folder: string, digest: string): string | undefined {
  const file = join(folder, digest);
  return /^[A-Za-z0-9_-]{43}$/.test(digest) && existsSync(file) ? readText(file) : undefined;
}

function cosignaturesIn(folder: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const name of namesIn(folder)) {
    const [, size] = /^lab-([0-9]{1,16})$/.exec(name) ?? [];
    const files = namesIn(join(folder, name)).filter((file) => file.endsWith('.cosignature'));
    const latest = files.filter(
      (file) => file.endsWith('.latest.cosignature') || !files.includes(file.replace('.first.', '.latest.')),
    );
    if (size !== undefined)
      found.set(
        Number(size),
        latest.map((file) => readText(join(folder, name, file))),
      );
  }
  return found;
}

function byImprint(folder: string, ending: string): Map<string, Buffer> {
  const names = namesIn(folder).filter((name) => name.endsWith(ending));
  return new Map(names.map((name) => [name.slice(0, -ending.length), readFileSync(join(folder, name))]));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Bytes that are no text become a note that nobody signed. */
function readText(file: string): string {
  try {
    return utf8Text(readFileSync(file));
  } catch {
    return '';
  }
}
