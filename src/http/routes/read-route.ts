import type { TSchema } from 'typebox';
import type { Readers } from '../../lab/people/reading.js';
import type { ProblemCode } from '../platform/problems.js';
import type { ParameterName } from './parameters.js';

/** A read: its address, what it answers, and which query parameters it takes. */
export interface ReadRoute {
  readonly path: string;
  readonly summary: string;
  /** Who may ask; a function where the query tells. */
  readonly readers: Readers | ((url: string) => { readonly readers: Readers; readonly study?: string });
  readonly parameters: readonly ParameterName[];
  /** The parameters at one address, where they depend on the path. */
  readonly parametersAt?: (path: Readonly<Record<string, string>>) => readonly ParameterName[];
  /** What a parameter means here, where it differs from other reads. */
  readonly about?: Partial<Record<ParameterName, string>>;
  /** The media types of the answer, where it is not JSON. */
  readonly text?: readonly string[];
  /** Describes the answer and the headers of request and response, where that is needed. */
  readonly answer?: string;
  readonly headers?: Readonly<Record<'request' | 'response', Readonly<Record<string, string>>>>;
  /** The body of a POST to the same address, for what does not fit into a query, and its refusals. */
  readonly body?: {
    readonly summary: string;
    readonly schema: TSchema;
    readonly example: object;
    readonly refusals: readonly ProblemCode[];
  };
  /** Where a PUT sends what a GET answers, as bytes. */
  readonly put?: { readonly summary: string; readonly refusals: readonly ProblemCode[] };
  /** Refusals, except those of the parameters. */
  readonly refusals: readonly ProblemCode[];
}
