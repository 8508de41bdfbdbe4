import type { IncomingMessage } from 'node:http';
import { decodeUtf8, readBytes } from './json-body.js';
import { Problem } from './problems.js';

/** A file as a form sends it. */
export interface SentFile {
  /** Without a folder. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** A form with files; of each name the first counts. */
export interface SentForm {
  readonly fields: URLSearchParams;
  readonly files: ReadonlyMap<string, SentFile>;
}

const FORM_TYPE = /^multipart\/form-data[\t ]*;.*?boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;
const MAX_PARTS = 40;
/** Of everything in a form but its file, in bytes. */
const MAX_FIELDS = 512 * 1024;

export function isMultipart({ headers }: IncomingMessage): boolean {
  return FORM_TYPE.test(headers['content-type'] ?? '');
}

/**
 * A form with files (RFC 7578), of which a file may have `most` bytes. That it was posted from a page of this server is
 * checked before, by its Origin. @throws Problem
 */
export async function readMultipart(request: IncomingMessage, most: number): Promise<SentForm> {
  const [, quoted, plain] = FORM_TYPE.exec(request.headers['content-type'] ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined)
    throw new Problem('content-type-unsupported', 'Send the form as multipart/form-data.', 'Content-Type');
  const tooLarge = (): Problem =>
    new Problem('file-too-large', `The file is larger than ${most / 1_048_576} MB: divide it.`, 'file');
  const body = await readBytes(request, most + MAX_FIELDS, tooLarge);
  const fields = new URLSearchParams();
  const files = new Map<string, SentFile>();
  for (const { name, filename, content } of partsOf(body, boundary)) {
    if (filename === undefined) fields.append(name, decodeUtf8(content));
    // A form sends a file that nobody chose with an empty name.
    else if (filename !== '' && !files.has(name)) files.set(name, { name: filename, bytes: content });
  }
  for (const { bytes } of files.values()) if (bytes.length > most) throw tooLarge();
  return { fields, files };
}

interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly content: Buffer;
}

function partsOf(body: Buffer, boundary: string): Part[] {
  const mark = `--${boundary}`;
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  while (at >= 0 && parts.length <= MAX_PARTS) {
    const start = at + mark.length;
    const ending = body.toString('latin1', start, start + 2);
    if (ending === '--') return parts;
    const next = body.indexOf(`\r\n${mark}`, start);
    if (ending !== '\r\n' || next < 0) break;
    parts.push(partIn(body.subarray(start + 2, next)));
    at = next + 2;
  }
  throw malformed();
}

function partIn(part: Buffer): Part {
  const blank = part.indexOf('\r\n\r\n');
  const head = blank < 0 ? '' : decodeUtf8(part.subarray(0, Math.min(blank, 4096)));
  const [, disposition] = /^content-disposition:[\t ]*form-data[\t ]*;(.*)$/im.exec(head) ?? [];
  const name = parameterIn(disposition, 'name');
  if (name === undefined) throw malformed();
  const filename = parameterIn(disposition, 'filename')?.split(/[\\/]/).at(-1);
  return { name, filename, content: part.subarray(blank + 4) };
}

/** Quotation marks and ends of lines are escaped by browsers as the standard of HTML says. */
function parameterIn(disposition: string | undefined, name: string): string | undefined {
  const [, text] = new RegExp(`(?:^|;)[\\t ]*${name}="([^"]*)"`, 'i').exec(disposition ?? '') ?? [];
  return text?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

function malformed(): Problem {
  return new Problem(
    'body-malformed',
    'The form is no multipart/form-data of at most 40 parts: send it again.',
  );
}
