/**
 * A DOUBLE of a KurrentDB server, for tests only: the streams protocol in this process, in memory, which the real client
 * talks to over loopback, and which misbehaves when it is told to.
 *
 * What passes against it may be claimed of our own code: the adapter's paths, paging, serialisation, the classes of
 * errors, repetition, replacement of the client. It proves nothing of a server: not its idempotence (here it is written
 * as it was seen on real ones), its order under concurrency, its rights, TLS, election, scavenging, durability. For these
 * the same suites run against a real server where KURRENTDB_URL names one.
 */
import { randomUUID } from 'node:crypto';
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
} from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import streamsGrpc from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { setTimeout as pause } from 'node:timers/promises';
import { compressAnswers } from './compress-answers.js';
import { gossipOf } from './gossip-double.js';

export interface StoredEvent {
  id: string;
  type: string;
  contentType: string;
  data: Buffer;
  metadata: Buffer;
}

export interface Stream {
  readonly events: StoredEvent[];
  /** Events below it are gone, as after `$tb`, `$maxCount` or a scavenge. */
  first: number;
  state: 'there' | 'deleted' | 'tombstoned';
}

export interface AppendSeen {
  readonly stream: string;
  /** -1 for "no stream". */
  readonly expected: number;
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
  readonly streams = new Map<string, Stream>();
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
      delete: (call: ServerUnaryCall<DeleteReq, unknown>, answer: (error: Error) => void) =>
        answer(of.#refuseDelete(call.request)),
      tombstone: unimplemented,
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
    let stream = this.streams.get(name);
    if (!stream) this.streams.set(name, (stream = { events: [], first: 0, state: 'there' }));
    return stream;
  }

  /** As a real server does it: the events stay until a scavenge, and the metadata say that none is shown. */
  softDelete(name: string): void {
    this.stream(name).state = 'deleted';
    this.stream(`$$${name}`).events.push({
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from('{"$tb":9223372036854775807}'),
      metadata: Buffer.alloc(0),
    });
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
    const expected = options.hasNoStream() ? -1 : Number(options.getStreamPosition());
    if (options.hasAny() || options.hasStreamExists())
      throw new Error('an append without an expected revision');
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
    if (fault?.kind === 'false-conflict') response.setError(wrongVersion(expected, fault.actual ?? expected));
    else if (typeof outcome === 'number') {
      const success = new streams.BatchAppendResp.Success();
      success.setCurrentRevision(String(outcome));
      response.setSuccess(success);
    } else response.setError(outcome);
    if (!call.destroyed) call.write(response);
  }

  /** The revision after it, or the error of the answer. Written as it was seen on a real server. */
  #append(
    name: string,
    expected: number,
    events: StoredEvent[],
  ): number | InstanceType<typeof statusPb.Status> {
    const stream = this.stream(name);
    const { events: stored, state } = stream;
    if (state === 'tombstoned') return packed('event_store.client.StreamDeleted', new shared.StreamDeleted());
    if (events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0) > MAX_APPEND)
      return packed(
        'event_store.client.MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND),
      );
    const last = stored.length - 1;
    // The same ids at the same revision are a repetition, whatever the bytes are, and also where the stream was deleted.
    const isRepetition = events.every(({ id }, i) => stored[expected + 1 + i]?.id === id);
    if (isRepetition) return expected + events.length;
    // A deleted stream can be begun anew, behind the numbers that it had.
    const isBegunAnew = state === 'deleted' && (expected === -1 || expected === last);
    if (expected !== last && !isBegunAnew) return wrongVersion(expected, last);
    stored.push(...events);
    if (isBegunAnew) stream.first = last + 1;
    stream.state = 'there';
    return stored.length - 1;
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
    const { events, first, state } = this.#standing(name);
    if (fault?.kind === 'delay') await pause(fault.ms);
    if (fault?.kind === 'hold') await fault.until;
    if (state === 'tombstoned')
      return void call.emit(
        'error',
        serviceError({
          code: status.FAILED_PRECONDITION,
          details: 'deleted',
          metadata: { exception: 'stream-deleted', 'stream-name': name },
        }),
      );
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

  /** Deletes nothing: it answers to a revision that the stream does not have. */
  #refuseDelete(request: DeleteReq): Error {
    const name = Buffer.from(request.getOptions()!.getStreamIdentifier()!.getStreamName_asU8()).toString();
    if (this.deniesDelete)
      return serviceError({
        code: status.PERMISSION_DENIED,
        details: 'Access Denied',
        metadata: { exception: 'access-denied' },
      });
    return serviceError({
      code: status.FAILED_PRECONDITION,
      details: 'WrongExpectedVersion',
      metadata: {
        exception: 'wrong-expected-version',
        'stream-name': name,
        'expected-version': request.getOptions()!.getRevision(),
        'actual-version': String(this.stream(name).events.length - 1),
      },
    });
  }

  /** A stream as it stands at this moment. */
  #standing(name: string): Stream {
    const { events, first, state } = this.streams.get(name) ?? { events: [], first: 0, state: 'there' };
    return { events: events.slice(), first, state };
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
  details.pack(message.serializeBinary(), name);
  return new statusPb.Status().setDetails(details).setMessage(name);
}

function wrongVersion(expected: number, actual: number): InstanceType<typeof statusPb.Status> {
  const message = new shared.WrongExpectedVersion();
  if (actual < 0) message.setCurrentNoStream(new shared.Empty() as never);
  else message.setCurrentStreamRevision(String(actual));
  if (expected < 0) message.setExpectedNoStream(new shared.Empty() as never);
  else message.setExpectedStreamPosition(String(expected));
  return packed('event_store.client.WrongExpectedVersion', message);
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
