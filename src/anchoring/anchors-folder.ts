import { readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogName } from '../lab/origins.js';
import { createDurably, makeFolder, writeDurably } from '../shared/durable-file.js';

/** The state of the exchange with a witness or a time-stamp authority. */
export interface Contact {
  /** The lab tree size of its last answer. */
  readonly size: number;
  /** When, ms; 0 where never. */
  readonly at: number;
  readonly failures: number;
  /** Not to be asked again before, ms. */
  readonly next: number;
  readonly problem?: string;
  /** What the witness says of this lab log and does not prove, until it answers honestly. It is disputed then. */
  readonly claim?: Claim;
}

export interface Claim {
  /** The size that it claims to have seen, where that is larger than the lab log. */
  readonly larger?: number;
  /** A person has decided that it is wrong. */
  readonly isDismissed?: true;
}

/**
 * What is remembered between two runs. It is a cache: witnesses, the lab log and the notes are the authority.
 */
export interface AnchorState {
  readonly published: { readonly size: number; readonly at: number };
  /** The newest lab checkpoint that has the quorum of the policy, and when it was seen to have it. */
  readonly quorum?: { readonly size: number; readonly at: number };
  readonly witnesses: Readonly<Record<string, Contact>>;
  readonly authority?: Contact;
}

const NOTHING: AnchorState = { published: { size: 0, at: 0 }, witnesses: {} };
export const NEVER: Contact = { size: 0, at: 0, failures: 0, next: 0 };

const LAB_NOTE = /^lab-(0|[1-9][0-9]{0,15})\.note$/;
const RESPONSE = /^([0-9a-f]{64})\.tsr$/;

/**
 * Signed heads that left the process, and what others answered, byte for byte as it came.
 *
 *     lab-<size>.note                       published lab checkpoints, with the log’s signature alone
 *     <log>-<size>.note                     heads of studies and of access as they were anchored
 *     witness/lab-<size>/<witness>.…        the first and the latest answer, and the cosignature lines that verified
 *     timestamps/<imprint>.tsq, .tsr        RFC 3161 request and whole response
 *     state.json                            a cache
 *
 * Trust: each file can be verified on its own, and none can be made again once it is lost. The folder may be on other
 * media than the records. A copy of it is as good.
 */
export class AnchorsFolder {
  readonly path: string;
  #newest: { size: number; note: string } | undefined;
  #state: AnchorState | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The largest lab checkpoint that was published, among those that are the lab's own. */
  newest(isOwn: (note: string) => boolean): { readonly size: number; readonly note: string } | undefined {
    if (this.#newest) return this.#newest;
    for (const size of this.labSizes().reverse()) {
      const note = this.noteAt('lab', size) ?? '';
      if (isOwn(note)) return (this.#newest = { size, note });
    }
    return undefined;
  }

  /** Sizes of the published lab checkpoints, smallest first. */
  labSizes(): number[] {
    return names(this.path)
      .map((name) => LAB_NOTE.exec(name)?.[1])
      .filter((size) => size !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  }

  noteAt(log: LogName, size: number): string | undefined {
    return textOf(join(this.path, `${log}-${size}.note`));
  }

  /** Keeps a signed head. A file of this size is not replaced: signing is deterministic, so it is the same. */
  keep(log: LogName, size: number, note: string): void {
    makeFolder(this.path);
    createDurably(join(this.path, `${log}-${size}.note`), note);
    if (log === 'lab' && size > (this.#newest?.size ?? -1)) this.#newest = { size, note };
  }

  /** Keeps the answer of a witness before it is checked. */
  keepAnswer(size: number, witness: string, body: string): void {
    const folder = this.#witnessFolder(size);
    makeFolder(folder);
    if (!createDurably(join(folder, `${witness}.first.answer`), body))
      writeDurably(join(folder, `${witness}.latest.answer`), body);
  }

  /** Keeps cosignature lines that verified. The first are never replaced, so that exports do not change. */
  keepCosignature(size: number, witness: string, lines: string): void {
    const folder = this.#witnessFolder(size);
    if (!createDurably(join(folder, `${witness}.first.cosignature`), lines))
      writeDurably(join(folder, `${witness}.latest.cosignature`), lines);
  }

  /** Cosignature lines under the lab checkpoint of a size: the first of each witness, or the latest. */
  cosignatures(size: number, which: 'first' | 'latest'): string[] {
    const folder = this.#witnessFolder(size);
    const all = names(folder)
      .filter((name) => name.endsWith('.cosignature'))
      .sort();
    return all
      .filter((name) => name.endsWith('.first.cosignature'))
      .map((name) => {
        const latest = name.replace('.first.', '.latest.');
        return textOf(join(folder, which === 'latest' && all.includes(latest) ? latest : name)) ?? '';
      });
  }

  /** The latest cosignature lines of one witness. */
  cosignature(size: number, witness: string): string | undefined {
    const folder = this.#witnessFolder(size);
    return (
      textOf(join(folder, `${witness}.latest.cosignature`)) ??
      textOf(join(folder, `${witness}.first.cosignature`))
    );
  }

  keepRequest(imprint: string, bytes: Uint8Array): void {
    makeFolder(this.#stamps);
    writeDurably(join(this.#stamps, `${imprint}.tsq`), bytes);
  }

  keepResponse(imprint: string, bytes: Uint8Array): void {
    writeDurably(join(this.#stamps, `${imprint}.tsr`), bytes);
  }

  /** Keeps a response that was refused under a name that nothing reads. */
  setAside(imprint: string): void {
    const response = join(this.#stamps, `${imprint}.tsr`);
    renameSync(response, `${response}.refused`);
  }

  /** The imprints of the responses that are kept. */
  stamped(): string[] {
    return names(this.#stamps)
      .map((name) => RESPONSE.exec(name)?.[1])
      .filter((imprint) => imprint !== undefined);
  }

  /** A kept request and response, and when each was written, ms. */
  stamp(imprint: string): { request: Buffer; response: Buffer; sent: number; received: number } {
    const [tsq, tsr] = [join(this.#stamps, `${imprint}.tsq`), join(this.#stamps, `${imprint}.tsr`)];
    return {
      request: readFileSync(tsq),
      response: readFileSync(tsr),
      sent: statSync(tsq).mtimeMs,
      received: statSync(tsr).mtimeMs,
    };
  }

  get state(): AnchorState {
    return (this.#state ??= this.#readState());
  }

  remember(changes: Partial<AnchorState>): void {
    this.#state = { ...this.state, ...changes };
    makeFolder(this.path);
    writeDurably(join(this.path, 'state.json'), `${JSON.stringify(this.#state)}\n`);
  }

  #readState(): AnchorState {
    try {
      const read = JSON.parse(textOf(join(this.path, 'state.json')) ?? '{}') as Partial<AnchorState>;
      return { ...NOTHING, ...read };
    } catch {
      return NOTHING;
    }
  }

  get #stamps(): string {
    return join(this.path, 'timestamps');
  }

  #witnessFolder(size: number): string {
    return join(this.path, 'witness', `lab-${size}`);
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
