import {
  Get,
  HttpCode,
  Post,
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '../platform/problems.js';
import { logOf, type ReadRequest } from './read-request.js';
import type { ParameterName } from './parameters.js';
import { NATURAL } from './query-string.js';
import type { Read as ReadRoute } from './routes.js';

type Names = readonly ParameterName[];

/** Which query parameters a handler takes; `ParametersGuard` refuses every other one. */
export const Takes = Reflector.createDecorator<Names | ((path: ReadRequest['params']) => Names)>();

/** The handler of a read. Reads that differ only in the log that they are about share one. */
export function Read(read: ReadRoute, ...alike: readonly ReadRoute[]): MethodDecorator {
  return applyDecorators(
    Get([read, ...alike].map(({ path }) => path)),
    Takes(read.parametersAt ?? read.parameters),
  );
}

/** The handler of the POST that a read answers as well, with a body instead of a query. */
export function ReadByPost({ path }: ReadRoute): MethodDecorator {
  return applyDecorators(Post(path), HttpCode(200), Takes([]));
}

/** The query parameters, checked. */
export const Parameters = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ReadRequest>().parameters,
);

/** The log that the address is about. */
export const Log = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  logOf(context.switchToHttp().getRequest<ReadRequest>()),
);

/** A record's number in a path. */
export const RecordNumber: PipeTransform<string, number> = {
  transform(text) {
    if (NATURAL.test(text)) return Number(text);
    throw new Problem('parameter-invalid', 'A record number is a whole number, counted from 0.', 'number');
  },
};
