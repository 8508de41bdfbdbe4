import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../shared/sha256.js';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha512: string;
}

/**
 * A BagIt 1.0 bag (RFC 8493) while it is written: every file below `data/` with its checksum. The same files give the
 * same bag, byte for byte: nothing in it comes from the clock or from the folder it lies in.
 */
export class BagWriter {
  private readonly files: WrittenFile[] = [];

  constructor(readonly folder: string) {}

  /** A whole file below `data/`. */
  add(path: string, content: string | Uint8Array): void {
    this.stream(path, (write) => write(content));
  }

  /** A file below `data/` that is written in parts, and never held as a whole. */
  stream(path: string, work: (write: (part: string | Uint8Array) => void) => void): void {
    const file = this.open(path);
    work((part) => file.write(part));
    file.close();
  }

  /** A file below `data/` that the caller writes and closes. */
  open(path: string): { write(part: string | Uint8Array): void; close(): void } {
    const target = join(this.folder, 'data', ...path.split('/'));
    mkdirSync(dirname(target), { recursive: true });
    const file = openSync(target, 'wx');
    const digest = createHash('sha512');
    let bytes = 0;
    return {
      write(part) {
        const content = typeof part === 'string' ? Buffer.from(part) : part;
        for (let at = 0; at < content.length;) at += writeSync(file, content, at);
        digest.update(content);
        bytes += content.length;
      },
      close: () => {
        closeSync(file);
        this.files.push({ path: `data/${path}`, bytes, sha512: digest.digest('hex') });
      },
    };
  }

  /** Files written so far, by path. */
  get written(): WrittenFile[] {
    return this.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Writes the tag files, and others beside `data/`, by name. Returns the SHA-256 of the tag manifest, in hex, which covers
   * the whole bag.
   */
  finish(info: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): string {
    const tags = { ...tagFiles(info, this.written), ...others };
    for (const [name, text] of Object.entries(tags)) this.tag(name, text);
    const manifest = Object.entries(tags)
      .map(([name, text]) => `${createHash('sha512').update(text).digest('hex')}  ${name}\n`)
      .join('');
    this.tag('tagmanifest-sha512.txt', manifest);
    return sha256Hex(manifest);
  }

  private tag(name: string, text: string): void {
    const file = openSync(join(this.folder, name), 'wx');
    writeSync(file, text);
    closeSync(file);
  }
}

/** The tag files of a bag but for the manifest of themselves, by name. @param written the files below `data/`, by path */
export function tagFiles(
  info: Readonly<Record<string, string>>,
  written: readonly WrittenFile[],
): Readonly<Record<string, string>> {
  const octets = written.reduce((sum, { bytes }) => sum + bytes, 0);
  const lines = Object.entries({ ...info, 'Payload-Oxum': `${octets}.${written.length}` });
  return {
    'bag-info.txt': lines.map(([label, value]) => `${label}: ${value}\n`).join(''),
    'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
    'manifest-sha512.txt': written.map(({ path, sha512 }) => `${sha512}  ${path}\n`).join(''),
  };
}
