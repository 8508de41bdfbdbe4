import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v5 } from 'uuid';
import { sealRecord, type Sealed } from '../../src/recording/seal.js';
import { sha256, sha256Hex } from '../../src/shared/sha256.js';
import { KeyRing } from '../../src/signing/key-ring.js';
import { hashToBase64 } from '../../src/tlog/encoding.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import { signCheckpoint } from '../../src/tlog/sign.js';
import { timestampRequest } from '../../src/rfc3161/timestamp-request.js';
import { openToken } from '../../src/rfc3161/token.js';
import type { AuthorityDouble } from '../anchoring/authority-double.js';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite.js';
import type { RecordAttributes } from '../../src/study/record.js';

export const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);
export const FACILITY = 'lab.example';
const START = Date.parse('2026-03-02T08:00:00.000Z');

/** Writes ledgers record by record, sealed as the engine seals them, with every attribute in the test's hands. */
export class LedgerBuilder {
  readonly streams = new Map<string, Sealed<RecordAttributes>[]>();
  readonly trees = new Map<string, MerkleTree>();
  readonly anchored = new Map<string, { record: number; size: number }>();
  policy = '';
  private clock = START;

  get nowMs(): number {
    return this.clock;
  }

  wait(ms: number): void {
    this.clock += ms;
  }

  constructor(
    readonly facility = FACILITY,
    readonly ring = new KeyRing(SEED),
  ) {
    this.policy = `log ${this.vkey('lab')}\nquorum none\n`;
    this.add('lab', 'LedgerInitialised', {
      facility,
      simulated: false,
      keys: { lab: this.vkey('lab'), access: this.vkey('access'), esign: this.vkey('esign') },
      policy: sha256Hex(this.policy),
    });
  }

  vkey(log: string): string {
    return this.ring.key(this.origin(log)).vkey;
  }

  origin(log: string): string {
    return `${this.facility}/ledger/${log.replace(/^study-/, 'study/')}`;
  }

  add(log: string, type: string, data: object, more: object = {}): number {
    const records = this.streams.get(log) ?? [];
    const source = log.startsWith('study-') ? `/studies/${log.slice(6)}` : `/${log}`;
    const labsize = log.startsWith('study-') ? this.streams.get('lab')!.length : undefined;
    const time = new Date((this.clock += 1000)).toISOString();
    const commandid = v5(`${log} ${records.length}`, v5.URL);
    const record = sealRecord<RecordAttributes>(
      {
        actor: 'tech-1',
        actorrole: 'technician',
        command: `Do${type}`,
        commandid,
        commanddigest: sha256Hex(commandid),
        ...more,
      },
      { type, data, time, recordedtime: time, ...more },
      { source, number: records.length, labsize, ...more },
    );
    records.push(record);
    this.streams.set(log, records);
    const tree = this.trees.get(log) ?? new MerkleTree(sha256);
    tree.append(record.leaf);
    this.trees.set(log, tree);
    return tree.size - 1;
  }

  register(code: string): string {
    const log = `study-${code}`;
    this.add('lab', 'StudyRegistered', { code, registration: sha256Hex(code), vkey: this.vkey(log) });
    this.add(log, 'StudyOpened', { title: 'A study', director: 'sd-1' });
    return log;
  }

  weights(log: string, count: number, shiftMs = 0): void {
    this.clock += shiftMs;
    for (let i = 0; i < count; i++)
      this.add(
        log,
        'BodyWeightRecorded',
        { weight: { value: `2${i % 90}.70`, unit: 'g' } },
        { subject: `R${i % 24}` },
      );
  }

  anchor(log: string): number {
    const tree = this.trees.get(log)!;
    const from = this.anchored.get(log);
    const code = log.startsWith('study-') ? { code: log.slice(6) } : {};
    const record = this.add('lab', log === 'access' ? 'AccessCheckpointed' : 'StudyCheckpointed', {
      ...code,
      size: tree.size,
      root: hashToBase64(tree.root()),
      ...(from && { from }),
      proof: from ? tree.consistencyProof(from.size, tree.size).map(hashToBase64) : [],
      reason: 'interval',
    });
    this.anchored.set(log, { record, size: tree.size });
    return record;
  }

  /** A time stamp by an authority over the lab as it is; the lab may record another time than it bears. */
  stampBy(authority: AuthorityDouble, shiftMs = 0): { imprint: string; request: Buffer; response: Buffer } {
    const tree = this.trees.get('lab')!;
    const imprint = sha256Hex(this.note('lab'));
    const request = timestampRequest(imprint);
    const response = authority.stamp(request);
    const genTimeMs = openToken(response).genTimeMs + shiftMs;
    this.add('lab', 'TimestampReceived', {
      size: tree.size,
      root: hashToBase64(tree.root()),
      imprint,
      tokenSha256: createHash('sha256').update(response).digest('hex'),
      tsa: 'tsa.example',
      genTime: new Date(genTimeMs).toISOString(),
    });
    return { imprint, request, response };
  }

  /** A time stamp of now over the lab as it is. */
  stamp(): void {
    const tree = this.trees.get('lab')!;
    this.add('lab', 'TimestampReceived', {
      size: tree.size,
      root: hashToBase64(tree.root()),
      imprint: sha256Hex(this.note('lab')),
      tokenSha256: sha256Hex('token'),
      tsa: 'tsa.example',
      genTime: new Date(this.clock).toISOString(),
    });
  }

  note(log: string, size = this.trees.get(log)!.size): string {
    const { key, sign } = this.ring.key(this.origin(log));
    return signCheckpoint(
      { origin: this.origin(log), size, root: this.trees.get(log)!.root(size) },
      key,
      sign,
    );
  }

  async write(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const store = openSqliteStore(folder, { create: true, holder: 'test' });
    for (const [log, records] of this.streams)
      for (let at = 0; at < records.length; at += 1000)
        await store.append(log, at, records.slice(at, at + 1000));
    await store.close();
    for (const part of ['marks', 'policy', 'anchors']) mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'policy', 'lab.policy'), this.policy);
    for (const log of this.streams.keys())
      writeFileSync(join(folder, 'marks', `${log}.note`), this.note(log));
    const lab = this.note('lab');
    writeFileSync(join(folder, 'anchors', `lab-${this.trees.get('lab')!.size}.note`), lab);
  }
}
