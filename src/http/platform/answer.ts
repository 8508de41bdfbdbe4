import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import type { Answer } from '../../queries/queries.js';
import { Refusal } from '../../study/refusal.js';
import { PROBLEM_JSON, instanceOf, problemDocument, refused, type ProblemParts } from './problems.js';

/** The tree size that an answer was computed from, as its entity tag: the same address at the same size says the same. */
export function etagOf(treeSize: number): string {
  return `"${treeSize}"`;
}

/** Answers a read: 304 where the client has the answer of that tree size already. */
export function sendAnswer(request: Request, response: Response, answer: Answer | Refusal): void {
  if (answer instanceof Refusal) return sendProblem(request, response, refused(answer));
  const text = JSON.stringify(answer);
  if (isKnownAnswer(request, response, tagOf(answer, text))) return;
  send(response, 200, 'application/json', text);
}

/** Answers a read that is a text of its own, such as a signed note, with where it stands in the headers. */
export function sendText(request: Request, response: Response, answer: Answer, text: string): void {
  if (isKnownAnswer(request, response, tagOf(answer, text))) return;
  send(response, 200, 'text/plain; charset=utf-8', text);
}

/** Answers a read that is a file: saved under a name that says of which study and tree size it is. */
export function sendFile(
  request: Request,
  response: Response,
  file: { treeSize: number; mediaType: string; bytes: Uint8Array; name: string },
): void {
  const { treeSize, mediaType, bytes, name } = file;
  if (isKnownAnswer(request, response, etagOf(treeSize))) return;
  response
    .writeHead(200, {
      'Content-Type': mediaType,
      'Content-Length': bytes.length,
      'Content-Disposition': `attachment; filename="${name}"`,
    })
    .end(bytes);
}

/** Answers a read that is bytes over many studies, such as a return. */
export function sendBytes(
  request: Request,
  response: Response,
  contentType: string,
  bytes: Uint8Array,
): void {
  if (isKnownAnswer(request, response, tagOfContent(bytes))) return;
  send(response, 200, contentType, bytes);
}

/** The list of studies stands for no one tree, so it is tagged by what it says. */
function tagOf({ treeSize }: Answer, text: string): string {
  if (typeof treeSize === 'number') return etagOf(treeSize);
  return tagOfContent(text);
}

function tagOfContent(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

/** Tags the answer; true where that was all, because the client has it. */
function isKnownAnswer(request: Request, response: Response, etag: string): boolean {
  // Only a GET asks whether an answer is still the same.
  if (request.method === 'POST') return false;
  response.setHeader('ETag', etag);
  if (!isKnown(request.headers['if-none-match'], etag)) return false;
  response.writeHead(304).end();
  return true;
}

export function sendJson(response: Response, status: number, body: object): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': length }).end(body);
}

export function sendProblem(
  request: Request,
  response: Response,
  problem: ProblemParts,
  instance = instanceOf(request.originalUrl),
): void {
  const document = problemDocument(problem, instance);
  response.removeHeader('ETag');
  send(response, document.status, PROBLEM_JSON, JSON.stringify(document));
}

/** If-None-Match (RFC 9110, 13.1.2): a list of tags compared weakly, or any. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => {
    const trimmed = tag.trim();
    return trimmed === '*' || trimmed === etag || trimmed === `W/${etag}`;
  });
}
