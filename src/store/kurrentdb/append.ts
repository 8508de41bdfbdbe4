/**
 * Appends by the stub that ships inside the client's package, over the client's own connection: one call of
 * `Streams.BatchAppend` carries all of a client's appends (docs/decisions/0016). It leans on inner parts of a package,
 * hence the exact version in package.json; all of that is here, in `kurrentdb-read.ts` and in `kurrentdb-connection.ts`.
 */
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import { randomBytes } from 'node:crypto';
import { CutShort, Refused, meaningOf, saidBy } from './kurrentdb-errors.js';
import { appendRequest, readAppendAnswer, type AppendAnswer, type AppendRequest } from './append-wire.js';

const BATCH_APPEND = streamsGrpc.StreamsService.batchAppend;

type Grpc = Pick<InstanceType<typeof streamsGrpc.StreamsClient>, 'makeBidiStreamRequest'>;
type Stream = ReturnType<typeof openedOn>;

interface Waiting {
  readonly resolve: (revision: number) => void;
  readonly reject: (error: unknown) => void;
}

/** By the stub's client, so that a new channel gets a call of its own. The client drops what has ended. */
const begun = new WeakMap<object, Promise<Stream>>();
const calls = new WeakMap<Stream, AppendCall>();

/**
 * One append to the leader; the revision of the last event written.
 * @throws Refused with what the server says, CutShort and what gRPC throws where it says nothing.
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
      const stream = openedOn(client, grpc);
      calls.set(stream, new AppendCall(stream));
      return stream;
    },
    begun,
  );
  return calls.get(await open())!.append(request, deadlineMs);
}

function openedOn(client: KurrentDBClient, grpc: Grpc) {
  return grpc.makeBidiStreamRequest<Buffer, AppendAnswer>(
    BATCH_APPEND.path,
    (bytes) => bytes,
    readAppendAnswer,
    ...client['callArguments']({ requiresLeader: true, deadline: Infinity }),
  );
}

/** Appends under way on one call. Where it ends, everybody who waits is told, and whoever comes after. */
class AppendCall {
  private readonly id = randomBytes(8).toString('hex');
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private hasAnswered = false;
  private ended: unknown;

  constructor(private readonly stream: Stream) {
    stream.on('data', (answer: AppendAnswer) => this.answered(answer));
    stream.on('error', (error: unknown) => this.end(this.meantForAll(error)));
    stream.on('end', () => {
      this.end(new CutShort('the server ended the call'));
      // The client lets go of a call once both sides have ended, which a write that is stuck would never let ours.
      stream.destroy();
    });
  }

  append(request: AppendRequest, deadlineMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) return reject(this.ended);
      const number = ++this.last;
      const bytes = appendRequest(request, { call: this.id, number }, Date.now() + deadlineMs);
      this.waiting.set(number, { resolve, reject });
      this.stream.write(bytes);
    });
  }

  private answered({ number, revision, refused }: AppendAnswer): void {
    const waiting = this.waiting.get(number);
    this.waiting.delete(number);
    this.hasAnswered = true;
    if (refused) waiting?.reject(new Refused(refused));
    else if (revision === undefined) waiting?.reject(new CutShort('the answer says nothing'));
    else waiting?.resolve(revision);
  }

  /**
   * What ends a call before anything was answered on it is meant for all: a wrong password, say. Later it may be about one
   * append, and others on it may be written: it is unknown.
   */
  private meantForAll(error: unknown): unknown {
    const isUnknown = !this.hasAnswered || meaningOf(error).kind === 'unknown';
    return isUnknown ? error : new CutShort(`the server ended the call: ${saidBy(error)}`);
  }

  private end(error: unknown): void {
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}
