import type { IncomingMessage, ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { v7 } from 'uuid';

const PRINTABLE = /^[0-9a-f-]{36}$/;

/**
 * The id of a command: its Idempotency-Key, or a new one. It is set on the response before anything can fail: a client
 * that does not know the outcome sends the command again with this id.
 */
export const CommandId = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const http = context.switchToHttp();
  const given = http.getRequest<IncomingMessage>().headers['idempotency-key'];
  const id = typeof given === 'string' ? given : v7();
  if (PRINTABLE.test(id)) http.getResponse<ServerResponse>().setHeader('Idempotency-Key', id);
  return id;
});
