import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openCheckpoint } from '../../src/tlog/checkpoint.js';
import { hashFromBase64, parseDecimal } from '../../src/tlog/encoding.js';
import { LedgerError } from '../../src/tlog/error.js';
import {
  COSIGNATURE,
  ed25519Verifier,
  formatVkey,
  parseNote,
  parseVkey,
  verifierKey,
} from '../../src/tlog/note.js';
import { verifyConsistency, type TreeHead } from '../../src/tlog/merkle.js';
import { cosign } from '../../src/tlog/sign.js';
import { ed25519Key, ed25519Verify } from '../../src/signing/ed25519.js';
import { sha256 } from '../../src/shared/sha256.js';

/** A witness as C2SP tlog-witness v1.0.0 has it, which believes nothing and forgets nothing. */
export class WitnessDouble {
  readonly vkey: string;
  readonly name: string;
  url = '';
  /** The lab’s verifier keys that it knows; without any it answers 404. */
  known: string[] = [];
  latest: TreeHead = { size: 0, root: '' };
  /** The last note that it cosigned, with its cosignature: what its monitoring address shows. */
  latestNote: string | undefined;
  /** Whether it has a monitoring address, as later tlog-witness texts have it. */
  shows = true;
  /** Answers so instead, as a witness does that is broken. */
  instead: { status: number; type?: string; body?: string } | undefined;
  readonly requests: { status: number; old: number; size: number }[] = [];
  /** What v1.0.0 answers to another root at the same size; later texts answer 422. */
  conflictStatus: 409 | 422 = 422;
  time = Math.floor(Date.now() / 1000);
  readonly #key;
  readonly #signer;
  #server: Server | undefined;

  constructor(name: string, seed: number) {
    const { publicKey, sign } = ed25519Key(Buffer.alloc(32, seed));
    this.name = name;
    this.#key = verifierKey(sha256, name, COSIGNATURE, publicKey);
    this.#signer = sign;
    this.vkey = formatVkey(this.#key);
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'GET') return this.#show(request.url ?? '', response);
        const { status, type, body, old, size } = this.#answer(
          request.url ?? '',
          Buffer.concat(chunks).toString(),
        );
        this.requests.push({ status, old, size });
        response.writeHead(status, type === undefined ? {} : { 'Content-Type': type }).end(body ?? '');
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/witness`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }

  get last(): { status: number; old: number; size: number } | undefined {
    return this.requests.at(-1);
  }

  /** GET <prefix>/<hex SHA-256 of the origin>/checkpoint, of later tlog-witness texts. */
  #show(url: string, response: ServerResponse): void {
    const origin = this.latestNote?.split('\n')[0] ?? '';
    const path = `/witness/${createHash('sha256').update(origin).digest('hex')}/checkpoint`;
    const isKnown = this.shows && this.latestNote !== undefined && url === path;
    response.writeHead(isKnown ? 200 : 404).end(isKnown ? this.latestNote : '');
  }

  #answer(
    url: string,
    body: string,
  ): { status: number; type?: string; body?: string; old: number; size: number } {
    const [head = '', ...rest] = body.split('\n\n');
    const [first = '', ...proof] = head.split('\n');
    const note = rest.join('\n\n');
    const old = parseDecimal(first.replace('old ', ''));
    const size = Number(note.split('\n')[1]);
    const say = (status: number, text?: string, type?: string) => ({
      status,
      old,
      size,
      ...(text !== undefined && { body: text }),
      ...(type !== undefined && { type }),
    });
    if (this.instead) return { ...this.instead, old, size };
    if (url !== '/witness/add-checkpoint') return say(404);
    if (this.known.length === 0) return say(404);
    let checkpoint;
    try {
      const verifiers = this.known.map((vkey) => ed25519Verifier(parseVkey(sha256, vkey), ed25519Verify));
      ({ checkpoint } = openCheckpoint(note, verifiers));
    } catch (error) {
      if (error instanceof LedgerError) return say(403);
      throw error;
    }
    if (old > checkpoint.size) return say(400);
    if (old !== this.latest.size) return say(409, `${this.latest.size}\n`, 'text/x.tlog.size');
    if (old === checkpoint.size && this.latest.root !== checkpoint.root)
      return this.conflictStatus === 422 ? say(422) : say(409, `${old}\n`, 'text/x.tlog.size');
    const hashes = proof.map(hashFromBase64);
    if (old > 0 && !verifyConsistency(sha256, this.latest, checkpoint, hashes)) return say(422);
    if (old === 0 && hashes.length > 0) return say(400);
    this.latest = { size: checkpoint.size, root: checkpoint.root };
    const line = cosign(parseNote(note).text, this.#key, this.time, this.#signer);
    this.latestNote = note + line;
    return say(200, line);
  }
}
