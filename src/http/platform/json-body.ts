import type { IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from './problems.js';

export const MAX_BODY_BYTES = 256 * 1024;

const JSON_TYPE = /^application\/json[\t ]*(;[\t ]*charset="?utf-8"?[\t ]*)?$/i;

/** The body of a request, parsed: an object or an array, from at most 256 KiB of uncompressed UTF-8. */
export const JsonBody = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  readJson(context.switchToHttp().getRequest<IncomingMessage>()),
);

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const { headers } = request;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) {
    const detail = 'Send the body as JSON, with Content-Type: application/json.';
    throw new Problem('content-type-unsupported', detail, 'Content-Type', { Accept: 'application/json' });
  }
  // Compressed bodies are refused, so none can unpack to more than the limit.
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new Problem('content-type-unsupported', 'Send the body uncompressed.', 'Content-Encoding');
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  return parseJson(await readBytes(request));
}

/** Bytes after the limit are dropped; once the answer is sent, Node reads the body to its end. */
export function readBytes(
  request: IncomingMessage,
  most = MAX_BODY_BYTES,
  refuse: () => Problem = tooLarge,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= most) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(refuse());
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () =>
      reject(new Problem('request-malformed', 'The body is shorter than its Content-Length: send it again.')),
    );
  });
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  const text = decodeUtf8(bytes);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Refused below.
  }
  throw new Problem(
    'body-malformed',
    'The body is not JSON, or not an object: check commas, quotes and braces.',
  );
}

/** Strict: a lenient decoder replaces invalid bytes by U+FFFD, and the record would hold what was not sent. */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('body-malformed', 'The body is not UTF-8: encode it again.');
  }
}

function tooLarge(): Problem {
  return new Problem('body-too-large', 'The body is larger than 256 KiB: shorten it.');
}
