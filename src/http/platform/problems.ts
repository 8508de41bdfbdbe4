import type { Refusal } from '../../study/refusal.js';

/**
 * What HTTP itself can refuse, and the refusals whose status is not 422: the request was understood, but what it asks
 * to be recorded cannot be true or is incomplete. The code is the contract; the status is for what does not read it.
 */
const STATUS: Readonly<Record<string, number>> = {
  'at-beyond-head': 400,
  'at-invalid': 400,
  'before-invalid': 400,
  'body-malformed': 400,
  'body-too-deep': 400,
  'consistency-range': 400,
  'cursor-invalid': 400,
  'id-invalid': 400,
  'parameter-invalid': 400,
  'parameter-repeated': 400,
  'parameter-unknown': 400,
  'path-invalid': 400,
  'request-malformed': 400,
  'since-invalid': 400,
  'study-code-invalid': 400,
  'touches-invalid': 400,
  'until-invalid': 400,
  'origin-refused': 403,
  'command-unknown': 404,
  'file-unknown': 404,
  'format-unknown': 404,
  'projection-unknown': 404,
  'record-unknown': 404,
  'route-unknown': 404,
  'study-unknown': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'amendment-out-of-order': 409,
  busy: 409,
  'command-id-reused': 409,
  'cursor-beyond-head': 409,
  'electrode-present': 409,
  'fate-recorded': 409,
  'later-records-exist': 409,
  'leaf-mismatch': 409,
  'ledger-exists': 409,
  'nerve-already-ligated': 409,
  'ledger-unanchored': 409,
  'no-protocol': 409,
  'not-commissioned': 409,
  'not-in-force': 409,
  'others-rest-on-it': 409,
  'protocol-exists': 409,
  'return-has-gaps': 409,
  'root-differs': 409,
  'study-closed': 409,
  'study-exists': 409,
  'study-unfinished': 409,
  'subject-dead': 409,
  'subject-enrolled': 409,
  'severity-assessed': 409,
  'subject-excluded': 409,
  'subject-gone': 409,
  'use-not-ended': 409,
  'request-timeout': 408,
  'body-too-large': 413,
  'record-too-large': 413,
  'content-type-unsupported': 415,
  'host-refused': 421,
  'headers-too-large': 431,
  'internal-error': 500,
  'signing-key-missing': 503,
  'signing-unavailable': 503,
  'tree-size-not-reached': 503,
  'store-behind-mark': 503,
  'store-inconsistent': 503,
  'store-locked': 503,
  'store-unavailable': 503,
  'outcome-unknown': 503,
  'shutting-down': 503,
  'store-full': 507,
};

export function statusOf(code: string): number {
  return Object.hasOwn(STATUS, code) ? (STATUS[code] as number) : 422;
}

/** `nerve-already-ligated` → “Nerve already ligated”: the same for every occurrence, as RFC 9457 wants it. */
export function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function typeOf(code: string): string {
  return `urn:study-ledger:problem:${code}`;
}

/** A request that is answered “no”, wherever that is noticed. Headers come with it where the status asks for them. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly field?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

/** RFC 9457. `detail` says what to do; `field` names the part of the body, the parameter or the header it is about. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  readonly instance: string;
}

export const PROBLEM_JSON = 'application/problem+json';

export function problemDocument({ code, detail, field }: ProblemParts, instance: string): ProblemDocument {
  return {
    type: typeOf(code),
    title: titleOf(code),
    status: statusOf(code),
    code,
    detail,
    ...(field !== undefined && { field }),
    instance,
  };
}

export interface ProblemParts {
  readonly code: string;
  readonly detail: string;
  readonly field?: string | undefined;
}

export function refused({ code, message, field }: Refusal): ProblemParts {
  return { code, detail: message, field };
}

/** The path as sent, as the URI reference that `instance` has to be: what a URI cannot hold is escaped, length bounded. */
export function instanceOf(url: string): string {
  const path = (url.split('?', 1)[0] ?? '').slice(0, 200);
  return path
    .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g, (character) => encodeByte(character));
}

function encodeByte(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
