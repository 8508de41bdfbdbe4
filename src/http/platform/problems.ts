import type { FieldError, Refusal } from '../../study/refusal.js';
import { ANY_COMMAND_REFUSES, REFUSALS, type Meaning, type RefusalCode } from '../../study/refusal-codes.js';

/** What HTTP itself refuses, beside the refusals of commands and queries: status and meaning, as in `REFUSALS`. */
const PROBLEMS = {
  'attachment-damaged': [
    500,
    'The bytes of the file were changed since they were kept: they are not handed out.',
  ],
  'attachment-differs': [
    422,
    'The bytes that came are not those of the SHA-256 in the address, or there are none.',
  ],
  'attachment-quota': [
    429,
    'More was sent than may wait for the records that name it; `detail` has the bounds.',
  ],
  'attachment-unknown': [404, 'No record of the study names such a file.'],
  'at-file-differs': [422, 'The sizes given are not of this ledger.'],
  'at-file-invalid': [422, 'The sizes given cannot be read.'],
  'body-malformed': [400, 'The body is not JSON in UTF-8, or not an object.'],
  'body-too-large': [413, 'The body is larger than 256 KiB.'],
  'codes-invalid': [422, 'The codes of the laboratory cannot be used.'],
  'content-type-unsupported': [415, 'The body is not sent as uncompressed JSON in UTF-8.'],
  'expectation-failed': [417, 'The request expects something that the server does not offer.'],
  'file-too-large': [
    413,
    'The file is larger than is taken, or costs more to read than a sheet that somebody filled in.',
  ],
  'format-unknown': [404, 'There is no such form of a return.'],
  'headers-too-large': [431, 'The headers are too large.'],
  'host-refused': [421, 'The server was addressed by another name than its own.'],
  'internal-error': [500, 'Internal error; the report reference is in `instance`.'],
  'mapping-unknown': [404, 'No such mapping is saved in the study.'],
  'method-not-allowed': [405, 'The address does not take this method.'],
  'not-acceptable': [406, 'The answer does not come in a media type that is accepted.'],
  'origin-refused': [403, 'The request comes from a page of another site.'],
  'outcome-unknown': [503, 'It is not known whether the command was recorded: send the same command again.'],
  'parameter-invalid': [400, 'A parameter does not have the form that it needs.'],
  'parameter-repeated': [400, 'A parameter is given twice.'],
  'parameter-unknown': [400, 'The address takes no such parameter.'],
  'path-invalid': [400, 'The path is not percent-encoded UTF-8.'],
  'request-malformed': [400, 'The request cannot be read.'],
  'request-timeout': [408, 'The request took too long to arrive.'],
  'return-has-gaps': [409, 'The return is not complete; `gaps` lists what is missing.'],
  'return-inconsistent': [409, 'What the records say cannot all be true; `inconsistent` lists it.'],
  'root-differs': [409, 'A study had another root at the size given.'],
  'rows-refused': [
    422,
    'Rows of the file are refused, and nothing was recorded; `rows` says which, and why.',
  ],
  'route-unknown': [404, 'There is no such address.'],
  'sheet-unreadable': [422, 'The file cannot be read as a spreadsheet; `cause` says why.'],
  'shown-differs': [
    409,
    'What would be recorded is not what the page showed; nothing was recorded: look at it again, and send it then.',
  ],
  'shutting-down': [503, 'The server is stopping; nothing was recorded.'],
  'store-denied': [503, 'The store denies the server access; nothing was recorded.'],
  'store-full': [507, 'The disk is full; nothing was recorded.'],
  'store-integrity': [500, 'Stored records are missing or were changed; `detail` names the log.'],
  'store-locked': [503, 'Another process writes this ledger; nothing was recorded.'],
  'store-unavailable': [503, 'The store cannot be reached; nothing was recorded.'],
  'too-many-attempts': [429, 'The address tried to sign in too often within a minute.'],
  'too-many-feeds': [429, 'As many feeds are open as the server allows.'],
  'too-many-imports': [429, 'As many imports are under way as the server works on at once.'],
  'touches-invalid': [400, '`touches` does not have the form that it needs.'],
  'tree-size-not-reached': [503, 'The study has not reached the tree size that `atLeast` asks for.'],
} as const satisfies Record<string, Meaning>;

export type ProblemCode = RefusalCode | keyof typeof PROBLEMS;

export const MEANINGS = { ...REFUSALS, ...PROBLEMS };

/** Of every request. */
export const ANYWHERE = [
  'path-invalid',
  'parameter-invalid',
  'parameter-unknown',
  'origin-refused',
  'host-refused',
  'internal-error',
  'store-denied',
  'store-integrity',
  'store-locked',
  'store-unavailable',
  'outcome-unknown',
  'shutting-down',
  'store-full',
] as const satisfies readonly ProblemCode[];

/** Of every request at an address that is not open to anyone. */
export const OF_CALLERS = [
  'credential-pending',
  'not-permitted',
  'session-expired',
  'sign-in-required',
  'token-invalid',
] as const satisfies readonly ProblemCode[];

/** Of every request with a body. */
export const ANY_BODY = [
  'body-malformed',
  'body-too-large',
  'content-type-unsupported',
  'field-invalid',
  'request-malformed',
] as const satisfies readonly ProblemCode[];

export const ANY_COMMAND: readonly ProblemCode[] = [
  ...ANY_COMMAND_REFUSES,
  ...ANY_BODY,
  ...OF_CALLERS,
  'no-administrator',
  'person-inactive',
  'person-unknown',
];

export function statusOf(code: ProblemCode): number {
  return MEANINGS[code][0];
}

export function meaningOf(code: ProblemCode): string {
  return MEANINGS[code][1];
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
    readonly code: ProblemCode,
    readonly detail: string,
    readonly field?: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** Extension members of the document (RFC 9457, 3.2). */
    readonly members: object = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

/** A page of what is there at a later tree size than the address asks for. */
export class NotYetThere extends Problem {
  constructor(
    { code, message, field }: Refusal,
    readonly thereFrom: { readonly size: number; readonly address: string },
  ) {
    super(code, message, field);
  }
}

/**
 * RFC 9457. `detail` says what to do; `field` names the part of the body, the parameter or the header that it is about;
 * `errors` lists everything that is wrong with a command, at most 50.
 */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly field?: string;
  readonly errors?: readonly FieldError[];
  readonly instance: string;
}

export const PROBLEM_JSON = 'application/problem+json';

export function problemDocument(
  { code, detail, field, errors, members }: ProblemParts,
  instance: string,
): ProblemDocument {
  return {
    type: typeOf(code),
    title: titleOf(code),
    status: statusOf(code),
    code,
    detail,
    ...(field !== undefined && { field }),
    ...(errors && { errors }),
    instance,
    ...members,
  };
}

export interface ProblemParts {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly field?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: object;
}

export function refused({ code, message, field, errors }: Refusal): ProblemParts {
  return { code, detail: message, field, errors };
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
