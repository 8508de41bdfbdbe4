import type { IncomingMessage } from 'node:http';
import { decodeUtf8, readBytes } from './json-body.js';
import { Problem } from './problems.js';

const FORM_TYPE = /^application\/x-www-form-urlencoded[\t ]*(;[\t ]*charset="?utf-8"?[\t ]*)?$/i;

/** Whether a browser without a script has sent a form. */
export function isFormBody({ headers }: IncomingMessage): boolean {
  return FORM_TYPE.test(headers['content-type'] ?? '');
}

/**
 * The fields of a form, of at most 256 KiB. That it was posted from a page of this server is checked before, by its Origin.
 * @throws Problem.
 */
export async function readFormBody(request: IncomingMessage): Promise<URLSearchParams> {
  if (!isFormBody(request)) {
    const detail = 'Send the form as application/x-www-form-urlencoded.';
    throw new Problem('content-type-unsupported', detail, 'Content-Type');
  }
  return new URLSearchParams(decodeUtf8(await readBytes(request)));
}
