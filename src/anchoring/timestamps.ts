import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readSignedHead } from '../signing/signed-note.js';
import { originOf } from '../lab/origins.js';
import { hashToBase64 } from '../tlog/encoding.js';
import { NEVER, type AnchorsFolder } from './anchors-folder.js';
import type { Engine } from '../recording/engine.js';
import { ownCommandId, proposeLabFact } from '../recording/lab-records.js';
import type { OpenLog } from '../recording/streams.js';
import type { Lab } from '../lab/lab.js';
import type { AuthorityConfig } from './ledger-folder.js';
import { checkTimestamp, timestampRequest } from '../rfc3161/timestamp-request.js';
import { boundedBytes, reasonOf } from './witness-client.js';
import { delayAfter } from './witnesses.js';

const RECEIVE = 'ReceiveTimestamp';
const HOUR = 3_600_000;
const TIMEOUT_MS = 15_000;
const MOST_BYTES = 262_144;

/**
 * Has published lab checkpoints stamped by an RFC 3161 authority. Request and response are written to disk before they are
 * checked, and the record that one was received comes last. So the next round makes good a crash between any two steps.
 */
export class Timestamps {
  constructor(
    private readonly engine: Engine,
    private readonly folder: AnchorsFolder,
    private readonly authority: AuthorityConfig,
  ) {}

  /**
   * Whether a stamp is due: hourly where records are new, otherwise daily; at once where `isUrgent`, and after a failure
   * without waiting where `isNow`.
   */
  isDue(size: number, isUrgent: boolean, isNow = false): boolean {
    const { at, size: stamped, next } = this.folder.state.authority ?? NEVER;
    const now = this.engine.clock();
    if (next > now && !isNow) return false;
    const age = now - at;
    return size > stamped ? isUrgent || age >= HOUR : age >= 24 * HOUR;
  }

  /** Has the checkpoint stamped, and records it. A failure is remembered, not thrown. */
  async stamp(size: number, note: string): Promise<void> {
    const imprint = imprintOf(note);
    try {
      // A token that is recorded is never replaced.
      if (isRecorded(await this.engine.log('lab'), this.engine.labNow, imprint)) return;
      const request = timestampRequest(imprint);
      this.folder.keepRequest(imprint, request);
      this.folder.keepResponse(imprint, await this.#ask(request));
      await this.#record(imprint, size, note);
      this.folder.remember({ authority: { size, at: this.engine.clock(), failures: 0, next: 0 } });
    } catch (error) {
      this.#failed(reasonOf(error));
    }
  }

  /** Records responses that are on disk and not in the lab: those that came just before a crash. */
  async recordKept(): Promise<void> {
    const lab = await this.engine.log('lab');
    const { labNow } = this.engine;
    const pending = new Set(this.folder.stamped().filter((imprint) => !isRecorded(lab, labNow, imprint)));
    for (const size of this.folder.labSizes().reverse()) {
      if (pending.size === 0) return;
      const note = this.folder.noteAt('lab', size) ?? '';
      const imprint = imprintOf(note);
      if (!pending.delete(imprint)) continue;
      await this.#record(imprint, size, note).catch((error: unknown) => this.#failed(reasonOf(error)));
    }
  }

  async #ask(request: Buffer): Promise<Buffer> {
    const response = await fetch(this.authority.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/timestamp-query' },
      body: new Uint8Array(request),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await boundedBytes(response, MOST_BYTES);
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return body;
  }

  async #record(imprint: string, size: number, note: string): Promise<void> {
    const { request, response, sent, received } = this.folder.stamp(imprint);
    const { url, name, caFile, policies } = this.authority;
    // If this file cannot be read, the check fails; it is not skipped.
    const authorities = readFileSync(caFile, 'utf8');
    let genTime: string;
    try {
      ({ genTime } = checkTimestamp(request, response, { imprint, sent, received, authorities, policies }));
    } catch (error) {
      this.folder.setAside(imprint);
      throw error;
    }
    const { facility, keys, simulated } = this.engine.labNow;
    const origin = originOf(facility, 'lab');
    const head = readSignedHead(note, origin, keys.get(origin) ?? []);
    if (!head) throw new Error(`lab-${size}.note is not a checkpoint of this lab`);
    const tokenSha256 = createHash('sha256').update(response).digest('hex');
    const data = {
      size: head.size,
      root: hashToBase64(head.root),
      imprint,
      tokenSha256,
      tsa: name ?? url,
      genTime,
    };
    await this.engine.recordInLab(
      proposeLabFact(
        {
          type: 'TimestampReceived',
          command: RECEIVE,
          commandId: commandIdOf(imprint),
          data: () => data,
        },
        simulated ? (recordedMs) => recordedMs : this.engine.now,
      ),
    );
  }

  #failed(problem: string): void {
    const { size, at, failures } = this.folder.state.authority ?? NEVER;
    const next = this.engine.clock() + delayAfter(failures + 1);
    this.folder.remember({ authority: { size, at, failures: failures + 1, next, problem } });
  }
}

/** SHA-256 of the note as it is stored: text, empty line, the log's signature; no cosignature. */
function imprintOf(note: string): string {
  return createHash('sha256').update(note).digest('hex');
}

function commandIdOf(imprint: string): string {
  return ownCommandId('timestamp', imprint);
}

/** Whether a token is recorded. Another record that bears its command id is none: recording the token names it. */
function isRecorded(log: OpenLog, lab: Lab, imprint: string): boolean {
  const answered = log.answerTo(commandIdOf(imprint));
  return answered !== undefined && lab.commands.at(answered.first)?.command === RECEIVE;
}
