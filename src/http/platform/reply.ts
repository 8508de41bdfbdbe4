import { createHash } from 'node:crypto';
import type { MadeFile } from '../../recording/access-notes.js';
import type { Stream } from './stream.js';

export const JSON_MEDIA = 'application/json';

/** The answer to a request: handlers return it where it is more than the JSON of a query. */
export class Reply {
  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string | string[]>>,
    readonly body: string | Uint8Array | Stream,
    /** The entity tag, with its quotes. A GET that has it already is answered 304. */
    readonly etag?: string,
    /** The file that it hands out, for the access log. */
    readonly made?: MadeFile,
  ) {}
}

export function jsonReply(value: object): Reply {
  return new Reply(200, { 'Content-Type': JSON_MEDIA }, JSON.stringify(value));
}

/** A file to save: `name` is ASCII without quotes. */
export function fileReply(
  name: string,
  mediaType: string,
  bytes: Uint8Array,
  etag: string,
  made: MadeFile,
): Reply {
  const headers = { 'Content-Type': mediaType, 'Content-Disposition': `attachment; filename="${name}"` };
  return new Reply(200, headers, bytes, etag, made);
}

/** The tag of an answer computed from one log: its tree size. The same address at the same size gives the same answer. */
export function etagOfSize(treeSize: number): string {
  return `"${treeSize}"`;
}

/** The tag of an answer over several logs: a digest of the answer. */
export function etagOfContent(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}
