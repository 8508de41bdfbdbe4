import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sha256Hex } from '../../shared/sha256.js';

/** Takes the files of a return. A file written in pieces is never held as a whole. */
export interface Sink {
  write(file: string, text: string): void;
  put(file: string, bytes: Uint8Array): void;
  /** The SHA-256 of every file so far, hex, by name. */
  digests(): Record<string, string>;
}

const FLUSH = 1 << 16;

interface Open {
  readonly fd: number;
  readonly hash: Hash;
  pending: string[];
  length: number;
}

/** A new folder, which gets its name only when it is complete. */
export class FolderSink implements Sink {
  private readonly files = new Map<string, Open>();
  private readonly part: string;

  constructor(private readonly folder: string) {
    if (isTaken(folder)) throw new SinkError(`${folder} is not empty: name another folder with --to.`);
    mkdirSync(dirname(folder), { recursive: true });
    this.part = join(dirname(folder), `.${basename(folder)}.part`);
    rmSync(this.part, { recursive: true, force: true });
    mkdirSync(this.part);
  }

  write(file: string, text: string): void {
    const open = this.openFile(file);
    open.pending.push(text);
    open.length += text.length;
    if (open.length >= FLUSH) flush(open);
  }

  put(file: string, bytes: Uint8Array): void {
    const open = this.openFile(file);
    flush(open);
    open.hash.update(bytes);
    writeSync(open.fd, bytes);
  }

  digests(): Record<string, string> {
    const entries = [...this.files].map(([name, open]) => {
      flush(open);
      return [name, open.hash.copy().digest('hex')] as const;
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  finish(): void {
    this.close();
    removeEmpty(this.folder);
    renameSync(this.part, this.folder);
  }

  discard(): void {
    this.close();
    rmSync(this.part, { recursive: true, force: true });
  }

  private openFile(file: string): Open {
    let open = this.files.get(file);
    if (!open) {
      open = {
        fd: openSync(join(this.part, file), 'wx'),
        hash: createHash('sha256'),
        pending: [],
        length: 0,
      };
      this.files.set(file, open);
    }
    return open;
  }

  private close(): void {
    for (const open of this.files.values()) {
      flush(open);
      closeSync(open.fd);
    }
    this.files.clear();
  }
}

export class SinkError extends Error {
  readonly code = 'folder-not-empty';
}

function flush(open: Open): void {
  if (open.pending.length === 0) return;
  const bytes = Buffer.from(open.pending.join(''));
  open.hash.update(bytes);
  writeSync(open.fd, bytes);
  open.pending = [];
  open.length = 0;
}

function isTaken(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The files in memory, for an answer over HTTP. */
export class MemorySink implements Sink {
  private readonly parts = new Map<string, (string | Uint8Array)[]>();

  write(file: string, text: string): void {
    this.add(file, text);
  }

  put(file: string, bytes: Uint8Array): void {
    this.add(file, bytes);
  }

  digests(): Record<string, string> {
    const digests = [...this.files()].map(([name, bytes]) => [name, sha256Hex(bytes)] as const);
    return Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  files(): Map<string, Uint8Array> {
    return new Map([...this.parts].map(([name, parts]) => [name, joined(parts)]));
  }

  private add(file: string, part: string | Uint8Array): void {
    const parts = this.parts.get(file);
    if (parts) parts.push(part);
    else this.parts.set(file, [part]);
  }
}

function joined(parts: readonly (string | Uint8Array)[]): Uint8Array {
  if (parts.every((part) => typeof part === 'string')) return Buffer.from(parts.join(''));
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
