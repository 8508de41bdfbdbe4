import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SECURITY_HEADERS } from './admit-request.js';
import { PROBLEM_JSON, problemDocument, type ProblemParts } from './problems.js';

const NOT_HTTP: ProblemParts = {
  code: 'request-malformed',
  detail: 'This is not an HTTP request that can be read.',
};
const UNREADABLE: Readonly<Record<string, ProblemParts>> = {
  HPE_HEADER_OVERFLOW: {
    code: 'headers-too-large',
    detail: 'The address and the headers are longer than 16 KiB together: shorten them.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'request-timeout',
    detail: 'The request took too long to arrive: send it again.',
  },
};

/** Answers with a problem document what Node’s parser cannot read, and what therefore never becomes a request. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // After something was sent, an answer may be under way, and this one would be written into it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const document = problemDocument(UNREADABLE[error.code ?? ''] ?? NOT_HTTP, '/');
  const body = JSON.stringify(document);
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': PROBLEM_JSON,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
