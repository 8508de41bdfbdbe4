/**
 * A DOUBLE of a KurrentDB server, for tests only: the streams protocol in this process, in memory, which the real client
 * talks to over loopback, and which misbehaves when it is told to.
 *
 * What passes against it may be claimed of our own code: the adapter's paths, paging, serialisation, the classes of
 * errors, repetition, replacement of the client. It proves nothing of a server: not its idempotence (here it is written
 * as it was seen on real ones), its order under concurrency, its rights, TLS, election, scavenging, durability. For these
 * the same suites run against a real server where KURRENTDB_URL names one.
 */
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import featuresGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statusPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type {
  BatchAppendReq,
  BatchAppendResp,
  DeleteReq,
  ReadReq,
  ReadResp,
  TombstoneReq,
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { setTimeout as pause } from 'node:timers/promises';
import { compressAnswers } from './compress-answers.js';
import { gossipOf } from './gossip-double.js';
import { StreamsDouble, type Refused, type StoredEvent, type Stream } from './streams-double.js';

type Expected = number | 'any';

export interface AppendSeen {
  readonly stream: string;
  /** -1 for "no stream". */
  readonly expected: Expected;
  readonly ids: readonly string[];
}

/** What becomes of one append or one read. `after` says that it was carried out all the same. */
export type Fault =
  /** No answer, ever. */
  | { readonly kind: 'silence'; readonly after: boolean }
  /** It is carried out late, and not answered: whoever asked has sent it again by then. */
  | { readonly kind: 'late'; readonly ms: number }
  /** The answer comes late; that to a read shows what stood when it was asked for. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The same for a read, for as long as something else takes. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }
  /** An error of the server in the answer, as gRPC gives it. */
  | {
      readonly kind: 'error';
      readonly code: number;
      readonly details: string;
      readonly after: boolean;
      readonly metadata?: Record<string, string>;
      /** Before a read is answered with it. */
      readonly ms?: number;
    }
  /** The connection breaks. */
  | { readonly kind: 'cut'; readonly after: boolean }
  /** The call that carries all appends of a client is ended without an answer. */
  | { readonly kind: 'end'; readonly after: boolean }
  /** An answer that says neither yes nor no. */
  | { readonly kind: 'empty'; readonly after: boolean }
  /** "Wrong expected version" though nobody was first. */
  | { readonly kind: 'false-conflict'; readonly actual?: number }
  /** A read that shows the stream as it was so many events ago. */
  | { readonly kind: 'stale'; readonly by: number }
  /** A read that ends half-way as if it had come to its end. */
  | { readonly kind: 'short' };

/** Asked before each append and read; nothing where it shall go well. */
export interface Faults {
  append?(seen: AppendSeen): Fault | undefined;
  read?(stream: string): Fault | undefined;
}

const MAX_APPEND = 1024 * 1024;

export class KurrentDBDouble {
  readonly streams = new StreamsDouble();
  readonly appends: AppendSeen[] = [];
  reads = 0;
  /** Messages that were compressed because the client accepts it. */
  compressed = 0;
  /** Reads that have begun and neither ended nor been cancelled. */
  openReads = 0;
  faults: Faults = {};
  /** Whether the user may not delete streams. */
  deniesDelete = false;
  version = '23.10.8-double';
  port = 0;
  /** What it says of itself when it is asked who leads; undefined where it sleeps. */
  leads: boolean | undefined = true;
  gossipMs = 0;
  #server: Server | undefined;

  /** `port` 0 takes any that is free; another one that a stopped double had. */
  static async start(port = 0, of: KurrentDBDouble = new KurrentDBDouble()): Promise<KurrentDBDouble> {
    const server = new Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
    server.addService(streamsGrpc.StreamsService, {
      read: (call: ServerWritableStream<ReadReq, ReadResp>) => void of.#read(call),
      batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => of.#batchAppend(call),
      append: unimplemented,
      delete: (call: ServerUnaryCall<DeleteReq, unknown>, answer: Answer) =>
        answer(...of.#delete(call.request, 'softDelete', new streams.DeleteResp())),
      tombstone: (call: ServerUnaryCall<TombstoneReq, unknown>, answer: Answer) =>
        answer(...of.#delete(call.request, 'tombstone', new streams.TombstoneResp())),
    });
    server.addService(featuresGrpc.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: (error: null, value: unknown) => void) =>
        answer(null, of.#features()),
    });
    server.addService(...gossipOf(() => of));
    of.port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    compressAnswers(server, () => of.compressed++);
    of.#server = server;
    return of;
  }

  get url(): string {
    return `kurrentdb://127.0.0.1:${this.port}?tls=false&insecure=true`;
  }

  /** As after SIGKILL: connections break, what was answered stays. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  async restart(): Promise<void> {
    this.stop();
    await KurrentDBDouble.start(this.port, this);
  }

  stream(name: string): Stream {
    return this.streams.stream(name);
  }

  #features(): unknown {
    const method = new features.SupportedMethod();
    method.setMethodName('batchappend');
    method.setServiceName('event_store.client.streams.streams');
    const methods = new features.SupportedMethods();
    methods.addMethods(method);
    return methods.setEventStoreServerVersion(this.version);
  }

  #batchAppend(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void {
    const parts = new Map<string, BatchAppendReq[]>();
    call.on('data', (request: BatchAppendReq) => {
      const id =
        request.getCorrelationId()?.getString() ?? JSON.stringify(request.getCorrelationId()?.toObject());
      const all = [...(parts.get(id) ?? []), request];
      parts.set(id, all);
      if (!request.getIsFinal()) return;
      parts.delete(id);
      void this.#appendAll(call, all);
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  }

  async #appendAll(
    call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
    parts: BatchAppendReq[],
  ): Promise<void> {
    const [head] = parts;
    const options = head!.getOptions()!;
    const name = Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString();
    const isAny = options.hasAny() || options.hasStreamExists();
    if (isAny && !name.startsWith('$')) throw new Error('an append without an expected revision');
    const expected: Expected = isAny
      ? 'any'
      : options.hasNoStream()
        ? -1
        : Number(options.getStreamPosition());
    const events = parts.flatMap((part) => part.getProposedMessagesList()).map(eventFrom);
    const seen = { stream: name, expected, ids: events.map(({ id }) => id) };
    this.appends.push(seen);
    const fault = this.faults.append?.(seen);
    const response = new streams.BatchAppendResp();
    response.setCorrelationId(head!.getCorrelationId());
    response.setStreamIdentifier(options.getStreamIdentifier());
    const carriedOut = fault === undefined || fault.kind === 'delay' || ('after' in fault && fault.after);
    const outcome = carriedOut ? this.#append(name, expected, events) : undefined;
    if (fault?.kind === 'delay') await pause(fault.ms);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'late') {
      await pause(fault.ms);
      this.#append(name, expected, events);
      return;
    }
    if (fault?.kind === 'cut') return this.#cut();
    if (fault?.kind === 'end') return void call.end();
    if (fault?.kind === 'error') return void call.emit('error', serviceError(fault));
    if (fault?.kind === 'empty') return void call.write(response);
    if (fault?.kind === 'false-conflict')
      response.setError(wrongVersion(expected, fault.actual ?? Number(expected)));
    else if (typeof outcome === 'number') {
      const success = new streams.BatchAppendResp.Success();
      success.setCurrentRevision(String(outcome));
      response.setSuccess(success);
    } else response.setError(outcome);
    if (!call.destroyed) call.write(response);
  }

  /** The revision after it, or the error of the answer. */
  #append(
    name: string,
    expected: Expected,
    events: StoredEvent[],
  ): number | InstanceType<typeof statusPb.Status> {
    if (events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0) > MAX_APPEND)
      return packed(
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND),
      );
    const outcome = this.streams.append(name, expected, events);
    if (outcome === 'tombstoned') return packed('StreamDeleted', new shared.StreamDeleted());
    return typeof outcome === 'number' ? outcome : wrongVersion(expected, outcome.actual);
  }

  async #read(call: ServerWritableStream<ReadReq, ReadResp>): Promise<void> {
    this.reads++;
    this.openReads++;
    let isOpen = true;
    const over = (): void => {
      if (isOpen) this.openReads--;
      isOpen = false;
    };
    call.once('cancelled', over);
    call.once('close', over);
    call.once('finish', over);
    const options = call.request.getOptions()!;
    const place = options.getStream()!;
    const name = Buffer.from(place.getStreamIdentifier()!.getStreamName_asU8()).toString();
    const fault = this.faults.read?.(name);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'cut') return this.#cut();
    if (fault?.kind === 'error') {
      await pause(fault.ms ?? 0);
      return void call.emit('error', serviceError(fault));
    }
    const { events, first, state } = this.streams.shown(name);
    if (fault?.kind === 'delay') await pause(fault.ms);
    if (fault?.kind === 'hold') await fault.until;
    if (state === 'tombstoned') return void call.emit('error', tombstoned(name));
    const shown = fault?.kind === 'stale' ? events.slice(0, Math.max(0, events.length - fault.by)) : events;
    const count = Number(options.getCount());
    // Positions are given as a real 23.10 gives them: the last one always, the first one where nothing was found.
    if (shown.length === 0 || state === 'deleted') {
      call.write(new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound()));
      return void call.end();
    }
    const last = shown.length - 1;
    const asked = place.hasEnd() ? last : Number(place.getRevision());
    const from = Math.max(first, asked);
    const end = fault?.kind === 'short' ? from + Math.floor((shown.length - from) / 2) : shown.length;
    const wanted = shown.slice(from, Math.min(end, from + count));
    for (const [i, event] of wanted.entries()) {
      if (call.cancelled) return;
      if (!call.write(responseOf(name, from + i, event))) await drained(call);
    }
    if (options.getControlOption()?.getCompatibility() === 1 && fault?.kind !== 'short') {
      const firstShown =
        wanted.length === 0 && asked !== last + 1
          ? last + 1
          : asked < first && wanted.length === count
            ? first
            : -1;
      if (firstShown >= 0) call.write(new streams.ReadResp().setFirstStreamPosition(String(firstShown)));
      call.write(new streams.ReadResp().setLastStreamPosition(String(last)));
    }
    call.end();
  }

  /** The server checks the rights before the revision. */
  #delete(
    request: DeleteReq | TombstoneReq,
    how: 'softDelete' | 'tombstone',
    done: Deletion,
  ): Parameters<Answer> {
    const options = request.getOptions()!;
    const name = Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString();
    const isAny = options.hasAny() || options.hasStreamExists();
    const expected: Expected = isAny ? 'any' : options.hasNoStream() ? -1 : Number(options.getRevision());
    if (this.deniesDelete)
      return [
        serviceError({
          code: status.PERMISSION_DENIED,
          details: 'Access Denied',
          metadata: { exception: 'access-denied' },
        }),
      ];
    const refused = this.streams[how](name, expected);
    if (refused) return [deletionRefused(name, expected, refused)];
    done.setNoPosition(new shared.Empty() as never);
    return [null, done];
  }

  #cut(): void {
    void this.restart();
  }
}

function drained(call: ServerWritableStream<ReadReq, ReadResp>): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      call.off('drain', go).off('cancelled', go);
      resolve();
    };
    call.once('drain', go).once('cancelled', go);
  });
}

type Answer = (error: Error | null, value?: unknown) => void;
type Deletion = InstanceType<typeof streams.DeleteResp | typeof streams.TombstoneResp>;

function tombstoned(name: string): Error {
  return serviceError({
    code: status.FAILED_PRECONDITION,
    details: `Event stream '${name}' is deleted.`,
    metadata: { exception: 'stream-deleted', 'stream-name': name },
  });
}

function deletionRefused(name: string, expected: Expected, refused: Refused): Error {
  if (refused === 'tombstoned') return tombstoned(name);
  return serviceError({
    code: status.FAILED_PRECONDITION,
    details: `Delete failed due to WrongExpectedVersion. Stream: ${name}`,
    metadata: {
      exception: 'wrong-expected-version',
      'stream-name': name,
      'expected-version': String(expected),
      'actual-version': String(refused.actual),
    },
  });
}

function unimplemented(call: { emit(event: string, error: unknown): void }): void {
  call.emit('error', serviceError({ code: status.UNIMPLEMENTED, details: 'the double does not do that' }));
}

function serviceError({
  code,
  details,
  metadata = {},
}: {
  code: number;
  details: string;
  metadata?: Record<string, string>;
}): Error {
  const map = new Metadata();
  for (const [name, value] of Object.entries(metadata)) map.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata: map });
}

type Message = { serializeBinary(): Uint8Array };

function packed(name: string, message: Message): InstanceType<typeof statusPb.Status> {
  const details = new any.Any();
  details.pack(message.serializeBinary(), `event_store.client.${name}`);
  return new statusPb.Status().setDetails(details).setMessage(name);
}

function wrongVersion(expected: Expected, actual: number): InstanceType<typeof statusPb.Status> {
  const message = new shared.WrongExpectedVersion();
  if (actual < 0) message.setCurrentNoStream(new shared.Empty() as never);
  else message.setCurrentStreamRevision(String(actual));
  if (expected === 'any') message.setExpectedAny(new shared.Empty() as never);
  else if (expected < 0) message.setExpectedNoStream(new shared.Empty() as never);
  else message.setExpectedStreamPosition(String(expected));
  return packed('WrongExpectedVersion', message);
}

function eventFrom(message: InstanceType<typeof streams.BatchAppendReq.ProposedMessage>): StoredEvent {
  const map = message.getMetadataMap();
  return {
    id: message.getId()!.getString(),
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? '',
    data: Buffer.from(message.getData_asU8()),
    metadata: Buffer.from(message.getCustomMetadata_asU8()),
  };
}

function responseOf(
  stream: string,
  number: number,
  { id, type, contentType, data, metadata }: StoredEvent,
): ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  event.setId(new shared.UUID().setString(id));
  event.setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64')),
  );
  event.setStreamRevision(String(number));
  event.getMetadataMap().set('type', type).set('content-type', contentType);
  event.setData(data);
  event.setCustomMetadata(metadata);
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(event));
}
