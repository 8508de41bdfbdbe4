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
import { AskedBy, type AskedOf } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { logOf, type RoutedRequest } from './routed-request.js';
import type { ParameterName } from './parameters.js';
import { NATURAL } from './query-string.js';
import type { ReadRoute } from './read-route.js';

type Names = readonly ParameterName[];

/** Which query parameters a handler takes; `ParametersGuard` refuses every other one. */
export const Takes = Reflector.createDecorator<Names | ((path: RoutedRequest['params']) => Names)>();

/** Marks the handler of a read. Reads that differ only in the log that they are about share one. */
export function Read(read: ReadRoute, ...alike: readonly ReadRoute[]): MethodDecorator {
  const reads = [read, ...alike];
  return applyDecorators(
    Get(reads.map(({ path }) => path)),
    AskedBy((request) => askedOf(reads.find(({ path }) => path === request.route.path) ?? read, request)),
    Takes(read.parametersAt ?? read.parameters),
  );
}

/** Marks the handler of the POST to a read, which has a body instead of a query. */
export function ReadByPost(read: ReadRoute): MethodDecorator {
  return applyDecorators(
    Post(read.path),
    HttpCode(200),
    AskedBy((request) => askedOf(read, request)),
    Takes([]),
  );
}

function askedOf({ readers }: ReadRoute, { url }: RoutedRequest): AskedOf {
  return typeof readers === 'function' ? readers(url) : { readers };
}

/** The checked query parameters. */
export const Parameters = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<RoutedRequest>().parameters,
);

/** The log that the address is about. */
export const Log = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  logOf(context.switchToHttp().getRequest<RoutedRequest>()),
);

/** A record's number in a path. */
export const RecordNumber: PipeTransform<string, number> = {
  transform(text) {
    if (NATURAL.test(text)) return Number(text);
    throw new Problem('parameter-invalid', 'A record number is a whole number, counted from 0.', 'number');
  },
};
