/**
 * Reads by the stub that ships inside the client's package, over the client's own connection. It is the one read that
 * keeps deadlines, hands back the stored bytes and says where the stream ends (docs/decisions/0009 and 0018). This uses
 * inner parts of the package, hence its exact version in package.json; the others are in `append.ts`, `connection.ts` and
 * `tune-channel.ts`.
 */
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import { CutShort } from './kurrentdb-errors.js';

type ReadResp = InstanceType<typeof streams.ReadResp>;
type RecordedEvent = InstanceType<typeof streams.ReadResp.ReadEvent.RecordedEvent>;

/** An event as the server holds it. */
export interface RawEvent {
  readonly number: number;
  readonly id: string;
  readonly bytes: Buffer;
}

/** Consecutive events, each as `convert` returned it, and what the server says of the whole stream. */
export interface Slice<E = RawEvent> {
  readonly events: readonly E[];
  /** False where the stream was never written, or was deleted. */
  readonly exists: boolean;
  /** Revision of the stream's last event, whether the read came so far or not; -1 where the stream does not exist. */
  readonly last: number;
}

export interface SliceRequest {
  readonly stream: string;
  /** The first revision to read; `undefined` for the last event alone. */
  readonly from: number | undefined;
  readonly count: number;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** Asks the server to end its answer with the position of the stream's last event: a complete answer shows itself by it. */
const WITH_POSITIONS = 1;

/**
 * Makes one read on the leader. Each event is converted as it arrives, so that its buffer can be freed at once.
 * @throws what the client and `convert` throw, and CutShort where the answer ends too early.
 */
export function readSlice(client: KurrentDBClient, request: SliceRequest): Promise<Slice>;
export function readSlice<E>(
  client: KurrentDBClient,
  request: SliceRequest,
  convert: (event: RawEvent) => E,
): Promise<Slice<E>>;
export function readSlice(
  client: KurrentDBClient,
  request: SliceRequest,
  convert: (event: RawEvent) => unknown = (event) => event,
): Promise<Slice<unknown>> {
  const { deadlineMs, signal } = request;
  return client['execute'](streamsGrpc.StreamsClient, 'readStream', async (grpc) => {
    signal?.throwIfAborted();
    const call = grpc.read(
      readMessage(request),
      ...client['callArguments']({ requiresLeader: true, deadline: deadlineMs }),
    );
    const cancel = (): void => call.cancel();
    signal?.addEventListener('abort', cancel);
    const answer = new SliceBuilder(convert);
    try {
      await new Promise<void>((resolve, reject) => {
        call.on('data', (response: ReadResp) => {
          try {
            answer.add(response);
          } catch (error) {
            reject(error);
          }
        });
        call.on('end', resolve);
        call.on('error', reject);
      });
      return answer.finish();
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancel();
    }
  });
}

class SliceBuilder {
  private readonly events: unknown[] = [];
  private exists = true;
  private last: number | undefined;

  constructor(private readonly convert: (event: RawEvent) => unknown) {}

  add(response: ReadResp): void {
    const recorded = response.getEvent()?.getEvent();
    if (recorded) this.events.push(this.convert(toRawEvent(recorded)));
    if (response.hasStreamNotFound()) this.exists = false;
    if (response.hasLastStreamPosition()) this.last = Number(response.getLastStreamPosition());
  }

  finish(): Slice<unknown> {
    const { events, exists, last } = this;
    if (exists && last === undefined) throw new CutShort('the answer ended before it was complete');
    return { events, exists, last: last ?? -1 };
  }
}

function toRawEvent(recorded: RecordedEvent): RawEvent {
  const { buffer, byteOffset, byteLength } = recorded.getData_asU8();
  return {
    number: Number(recorded.getStreamRevision()),
    id: recorded.getId()?.getString() ?? '',
    bytes: Buffer.from(buffer, byteOffset, byteLength),
  };
}

function readMessage({ stream, from, count }: SliceRequest): InstanceType<typeof streams.ReadReq> {
  const { ReadReq } = streams;
  const empty = new shared.Empty();
  const streamOptions = new ReadReq.Options.StreamOptions().setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream)),
  );
  if (from === undefined) streamOptions.setEnd(empty);
  else streamOptions.setRevision(String(from));
  const { FORWARDS, BACKWARDS } = ReadReq.Options.ReadDirection;
  const options = new ReadReq.Options()
    .setStream(streamOptions)
    .setReadDirection(from === undefined ? BACKWARDS : FORWARDS)
    .setCount(String(count))
    .setResolveLinks(false)
    .setNoFilter(empty)
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(empty))
    .setControlOption(new ReadReq.Options.ControlOption().setCompatibility(WITH_POSITIONS));
  return new ReadReq().setOptions(options);
}
