/**
 * The client of C2SP tlog-witness v1.0.0: sends one checkpoint to one witness, and says what its answer means.
 *
 * A 409 says which size the witness knows. With the same size as was sent, or without a size, it is the answer of v1.0.0
 * to another root at the same size (422 in later versions). Then nothing is sent again.
 */
import { hashToBase64, parseDecimal, type Hash } from '../tlog/encoding.js';
import { LedgerError } from '../tlog/error.js';

export interface Submission {
  /** The size that the witness cosigned last, as far as it is known here; 0 for none. */
  readonly old: number;
  /** RFC 6962 consistency proof from there. */
  readonly proof: readonly Hash[];
  /** The checkpoint with the log's own signature. */
  readonly note: string;
}

export type WitnessAnswer =
  /** Signature lines, unverified. */
  | { readonly kind: 'cosigned'; readonly body: string }
  | { readonly kind: 'other-size'; readonly size: number }
  | { readonly kind: 'inconsistent'; readonly detail: string }
  /** It will give the same answer until a person changes something. */
  | { readonly kind: 'misconfigured'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string };

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 65_536;

export async function addCheckpoint(
  prefix: string,
  submission: Submission,
  timeoutMs = TIMEOUT_MS,
): Promise<WitnessAnswer> {
  const { old, proof, note } = submission;
  const body = [`old ${old}`, ...proof.map(hashToBase64), '', note].join('\n');
  let response: Response;
  let answer: string;
  try {
    response = await fetch(`${prefix.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = await bounded(response);
  } catch (error) {
    return { kind: 'unavailable', detail: reasonOf(error) };
  }
  return meaningOf(response, answer, old);
}

/** The body as text, up to what a note may have. */
export async function bounded(response: Response, most = MOST_BYTES): Promise<string> {
  return (await boundedBytes(response, most)).toString('utf8');
}

export async function boundedBytes(response: Response, most = MOST_BYTES): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    length += bytes.length;
    if (length > most) throw new Error(`the answer has more than ${most} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The message of Node’s fetch is “fetch failed”; its cause has the reason. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string; code?: string }; message?: string };
  const reason = cause?.message ?? cause?.code;
  return reason === undefined || reason === '' ? (message ?? String(error)) : reason;
}

function meaningOf({ status, headers }: Response, body: string, old: number): WitnessAnswer {
  switch (status) {
    case 200:
      return { kind: 'cosigned', body };
    case 409: {
      const size = headers.get('content-type')?.startsWith('text/x.tlog.size') ? sizeOf(body) : undefined;
      if (size === undefined || size === old)
        return { kind: 'inconsistent', detail: `409 with ${size === undefined ? 'no' : 'the same'} size` };
      return { kind: 'other-size', size };
    }
    case 422:
      return {
        kind: 'inconsistent',
        detail: '422: the proof does not lead from what it has cosigned to this',
      };
    case 400:
      return { kind: 'misconfigured', detail: '400: it does not understand the request' };
    case 403:
      return { kind: 'misconfigured', detail: '403: it does not know the key of this lab log' };
    case 404:
      return { kind: 'misconfigured', detail: '404: it does not watch this lab log' };
    default:
      return { kind: 'unavailable', detail: `status ${status}` };
  }
}

function sizeOf(body: string): number | undefined {
  try {
    return parseDecimal(body.replace(/\n$/, ''));
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}
