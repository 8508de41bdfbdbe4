/**
 * Reads by the stubs that ship inside the client's package, over the client's own connection: the one path that
 * keeps deadlines, hands back the stored bytes, and says where the stream ends (docs/decisions/0009). It leans on inner
 * parts of a package, hence the exact version in package.json. All of that is here, in `kurrentdb-append.ts` and in `kurrentdb-connection.ts`.
 */
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import { CutShort } from './kurrentdb-errors.js';
import { readAnswer, type RawEvent, type ReadAnswer } from './read-wire.js';

/** Events one after another, as they were taken, and what the server says of the stream itself. */
export interface Slice<E = RawEvent> {
  readonly events: readonly E[];
  /** False where the stream was never written, or was deleted. */
  readonly exists: boolean;
  /** Revision of the last event of the stream, whether the read came so far or not; -1 where it does not exist. */
  readonly last: number;
}

export interface SliceRequest {
  readonly stream: string;
  /** The first revision that is wanted; `undefined` for the last event alone. */
  readonly from: number | undefined;
  readonly count: number;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

const READ = streamsGrpc.StreamsService.read;

/** With this, an answer ends with the position of the stream’s last event: it was not cut short, and tells how far it saw. */
const TELLS_POSITIONS = 1;

/**
 * One read of the leader. Each event is taken as soon as it is there: then its buffer is gone before anything has to keep it.
 * @throws what the client throws and what `take` throws, and CutShort where the answer ends without saying so.
 */
export function readSlice(client: KurrentDBClient, request: SliceRequest): Promise<Slice>;
export function readSlice<E>(
  client: KurrentDBClient,
  request: SliceRequest,
  take: (event: RawEvent) => E,
): Promise<Slice<E>>;
export function readSlice(
  client: KurrentDBClient,
  request: SliceRequest,
  take: (event: RawEvent) => unknown = (event) => event,
): Promise<Slice<unknown>> {
  const { deadlineMs, signal } = request;
  return client['execute'](streamsGrpc.StreamsClient, 'readStream', async (grpc) => {
    signal?.throwIfAborted();
    const call = grpc.makeServerStreamRequest(
      READ.path,
      READ.requestSerialize,
      readAnswer,
      requestOf(request),
      ...client['callArguments']({ requiresLeader: true, deadline: deadlineMs }),
    );
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel);
    const collected = new Collected(take);
    try {
      await new Promise<void>((resolve, reject) => {
        call.on('data', (answer: ReadAnswer) => {
          try {
            collected.take(answer);
          } catch (error) {
            reject(error);
          }
        });
        call.on('end', resolve);
        call.on('error', reject);
      });
      const { exists, last, events } = collected;
      if (exists && last === undefined) throw new CutShort('the answer ended before it said that it had');
      return { events, exists, last: last ?? -1 };
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancel();
    }
  });
}

class Collected {
  readonly events: unknown[] = [];
  exists = true;
  last: number | undefined;

  constructor(private readonly taken: (event: RawEvent) => unknown) {}

  take({ event, notFound, lastPosition }: ReadAnswer): void {
    if (event) this.events.push(this.taken(event));
    if (notFound) this.exists = false;
    this.last = lastPosition ?? this.last;
  }
}

function requestOf({ stream, from, count }: SliceRequest): InstanceType<typeof streams.ReadReq> {
  const { ReadReq } = streams;
  const empty = new shared.Empty();
  const place = new ReadReq.Options.StreamOptions();
  place.setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64')),
  );
  if (from === undefined) place.setEnd(empty);
  else place.setRevision(String(from));
  const { FORWARDS, BACKWARDS } = ReadReq.Options.ReadDirection;
  const options = new ReadReq.Options()
    .setStream(place)
    .setReadDirection(from === undefined ? BACKWARDS : FORWARDS)
    .setCount(String(count))
    .setResolveLinks(false)
    .setNoFilter(empty)
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(empty))
    .setControlOption(new ReadReq.Options.ControlOption().setCompatibility(TELLS_POSITIONS));
  return new ReadReq().setOptions(options);
}
