/**
 * Appends by the stub that ships inside the client's package, over the client's own connection: one call of
 * `Streams.BatchAppend` carries all appends of a client (docs/decisions/0018). This uses inner parts of the package,
 * hence its exact version in package.json; the others are in `read.ts`, `connection.ts` and `tune-channel.ts`.
 */
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import type { BatchAppendResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { randomUUID } from 'node:crypto';
import { appendMessage, readAppendAnswer, type AppendRequest } from './append-messages.js';
import { CutShort, Refused, classifyError, describeError } from './kurrentdb-errors.js';

type StreamsClient = InstanceType<typeof streamsGrpc.StreamsClient>;
type Stream = ReturnType<StreamsClient['batchAppend']>;

interface PendingAppend {
  readonly resolve: (revision: number) => void;
  readonly reject: (error: unknown) => void;
}

/** By the stub's client, so that a new channel gets a call of its own. The client removes a call that has ended. */
const openStreams = new WeakMap<StreamsClient, Promise<Stream>>();
const calls = new WeakMap<Stream, AppendCall>();

/**
 * Makes one append on the leader.
 * @returns the revision of the last event written.
 * @throws Refused with the server's reason; CutShort, or what gRPC throws, where the outcome is unknown.
 */
export async function appendEvents(
  client: KurrentDBClient,
  request: AppendRequest,
  deadlineMs: number,
): Promise<number> {
  const open = client['GRPCStreamCreator'](
    streamsGrpc.StreamsClient,
    'appendToStream',
    async (grpc) => {
      const stream = grpc.batchAppend(
        ...client['callArguments']({ requiresLeader: true, deadline: Infinity }),
      );
      calls.set(stream, new AppendCall(stream));
      return stream;
    },
    openStreams,
  );
  return calls.get(await open())!.append(request, deadlineMs);
}

/** The appends under way on one call. When it ends, all of them fail, and so does every later one. */
class AppendCall {
  private readonly pending = new Map<string, PendingAppend>();
  private hasAnswered = false;
  private failure: unknown;

  constructor(private readonly stream: Stream) {
    stream.on('data', (response: BatchAppendResp) => this.settle(response));
    stream.on('error', (error: unknown) => this.end(this.failureFor(error)));
    stream.on('end', () => {
      this.end(new CutShort('the server ended the call'));
      // The client removes a call once both sides have ended; a write that is stuck would keep ours open.
      stream.destroy();
    });
  }

  append(request: AppendRequest, deadlineMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      const correlation = randomUUID();
      const message = appendMessage(request, correlation, new Date(Date.now() + deadlineMs));
      this.pending.set(correlation, { resolve, reject });
      this.stream.write(message);
    });
  }

  private settle(response: BatchAppendResp): void {
    const { correlation, revision, refused } = readAppendAnswer(response);
    const append = this.pending.get(correlation);
    this.pending.delete(correlation);
    this.hasAnswered = true;
    if (refused) append?.reject(new Refused(refused));
    else if (revision === undefined) append?.reject(new CutShort('the answer says nothing'));
    else append?.resolve(revision);
  }

  /**
   * An error before the first answer concerns every append of the call: a wrong password, for example. A later one may
   * be about one append only, and the others may have been written: their outcome is unknown.
   */
  private failureFor(error: unknown): unknown {
    const concernsAll = !this.hasAnswered || classifyError(error).kind === 'unknown';
    return concernsAll ? error : new CutShort(`the server ended the call: ${describeError(error)}`);
  }

  private end(failure: unknown): void {
    this.failure ??= failure;
    for (const { reject } of this.pending.values()) reject(this.failure);
    this.pending.clear();
  }
}
