import type { IncomingMessage } from 'node:http';
import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import type { Answer } from '../../queries/queries.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import type { CalledRequest } from './caller.guard.js';
import { problemReply } from './problem-reply.js';
import { refused } from './problems.js';
import { JSON_MEDIA, Reply, etagOfContent, etagOfSize } from './reply.js';

/** Turns what a handler returns into the reply that is sent: a refusal into a problem, an answer into tagged JSON. */
@Injectable()
export class ReplyInterceptor implements NestInterceptor<Answer | Refusal | Reply, Reply> {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer | Refusal | Reply>): Observable<Reply> {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    return next.handle().pipe(
      map((value) => {
        const reply = withEtag(request, toReply(request, value));
        const { made } = reply;
        if (made && request.caller && request.method !== 'HEAD')
          this.engine.accessNotes.noteFile(request.caller, made);
        return reply;
      }),
    );
  }
}

function toReply(request: IncomingMessage, value: Answer | Refusal | Reply): Reply {
  if (value instanceof Reply) return value;
  if (value instanceof Refusal) return problemReply(request, refused(value));
  const text = JSON.stringify(value);
  const { treeSize } = value;
  const etag = typeof treeSize === 'number' ? etagOfSize(treeSize) : etagOfContent(text);
  return new Reply(200, { 'Content-Type': JSON_MEDIA }, text, etag);
}

function withEtag({ method, headers }: IncomingMessage, reply: Reply): Reply {
  const { etag } = reply;
  if (etag === undefined || method === 'POST') return reply;
  if (isKnown(headers['if-none-match'], etag)) return new Reply(304, { ETag: etag }, '');
  return new Reply(reply.status, { ...reply.headers, ETag: etag }, reply.body, etag, reply.made);
}

/** If-None-Match (RFC 9110, 13.1.2): a list of tags compared weakly, or any. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => {
    const trimmed = tag.trim();
    return trimmed === '*' || trimmed === etag || trimmed === `W/${etag}`;
  });
}
