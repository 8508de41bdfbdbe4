import code from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/code_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statusPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import fc from 'fast-check';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import { appendRequest, readAppendAnswer } from '../../../src/store/kurrentdb/append-wire.js';
import { runs } from '../../support/effort.js';

const { BatchAppendReq, BatchAppendResp } = streams;

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const long = fc.nat({ max: 70_000 }).map((length) => 'µ'.repeat(length));
const events = fc.array(
  fc.record({
    id: fc.uuid(),
    type: fc.string({ minLength: 1, maxLength: 100 }),
    contentType: fc.constantFrom('application/json' as const, 'application/octet-stream' as const),
    text: fc.oneof(text, long),
  }),
  { maxLength: 4 },
);
const call = fc.stringMatching(/^[0-9a-f]{16}$/);

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
/** As it comes out of UTF-8. */
const written = (value: string): string => utf8(Buffer.from(value));

/** 64 bits as the two halves of a UUID. */
function uuid(high: string, low: number): string {
  const hex = high + low.toString(16).padStart(16, '0');
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join('-');
}

describe('an append, as it is written', () => {
  it('is read by the stub as what was asked for', () => {
    fc.assert(
      fc.property(
        text,
        fc.oneof(fc.nat(), fc.maxSafeNat()),
        events,
        call,
        fc.maxSafeNat(),
        fc.nat({ max: 4_102_444_800_000 }),
        (stream, expectedSize, asked, high, number, deadlineMs) => {
          const bytes = appendRequest(
            { stream, expectedSize, events: asked },
            { call: high, number },
            deadlineMs,
          );
          const request = BatchAppendReq.deserializeBinary(bytes);
          const options = request.getOptions()!;
          expect(request.getIsFinal()).toBe(true);
          expect(request.getCorrelationId()!.getString()).toBe(uuid(high, number));
          expect(utf8(options.getStreamIdentifier()!.getStreamName_asU8())).toBe(written(stream));
          expect(options.hasNoStream()).toBe(expectedSize === 0);
          if (expectedSize > 0) expect(options.getStreamPosition()).toBe(String(expectedSize - 1));
          expect(options.getDeadline21100()!.toDate().getTime()).toBe(deadlineMs);
          const found = request.getProposedMessagesList().map((message) => ({
            id: message.getId()!.getString(),
            type: message.getMetadataMap().get('type'),
            contentType: message.getMetadataMap().get('content-type'),
            text: utf8(message.getData_asU8()),
          }));
          expect(found).toEqual(
            asked.map((event) => ({ ...event, type: written(event.type), text: written(event.text) })),
          );
        },
      ),
      runs(100),
    );
  });
});

type Answer = InstanceType<typeof BatchAppendResp>;

/** An answer as a server writes it, with all that is of no use here. */
function answered(id: InstanceType<typeof shared.UUID>): Answer {
  const stream = new shared.StreamIdentifier().setStreamName('eA==');
  return new BatchAppendResp().setCorrelationId(id).setStreamIdentifier(stream).setStreamPosition('17');
}

const bytesOf = (answer: Answer): Buffer => Buffer.from(answer.serializeBinary());

function success(revision: number): InstanceType<typeof BatchAppendResp.Success> {
  const position = new shared.AllStreamPosition().setCommitPosition('18446744073709551615');
  return new BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(position);
}

function refusal(kind: string, message: string): InstanceType<typeof statusPb.Status> {
  const details = new anyPb.Any();
  details.setTypeUrl(`type.googleapis.com/event_store.client.${kind}`);
  details.setValue(new Uint8Array([8, 0, 24, 6]));
  return new statusPb.Status().setCode(code.Code.ALREADY_EXISTS).setMessage(message).setDetails(details);
}

describe('the answer to an append', () => {
  const textual = (high: string, number: number) => new shared.UUID().setString(uuid(high, number));
  const structured = (number: number) =>
    new shared.UUID().setStructured(
      new shared.UUID.Structured().setMostSignificantBits('-1').setLeastSignificantBits(String(number)),
    );

  it('is whose it is, and the revision of the last event', () => {
    fc.assert(
      fc.property(call, fc.maxSafeNat(), fc.maxSafeNat(), fc.boolean(), (high, number, revision, isText) => {
        const answer = answered(isText ? textual(high, number) : structured(number));
        expect(readAppendAnswer(bytesOf(answer.setSuccess(success(revision))))).toEqual({ number, revision });
      }),
      runs(100),
    );
  });

  it('is a refusal by its name', () => {
    fc.assert(
      fc.property(
        call,
        fc.maxSafeNat(),
        fc.stringMatching(/^[A-Z][A-Za-z]{0,30}$/),
        text,
        (high, number, kind, said) => {
          const answer = answered(textual(high, number)).setError(refusal(kind, said));
          expect(readAppendAnswer(bytesOf(answer))).toEqual({
            number,
            refused: { kind, message: written(said) },
          });
        },
      ),
      runs(100),
    );
  });

  it('is neither where it says neither', () => {
    expect(readAppendAnswer(bytesOf(answered(structured(3))))).toEqual({ number: 3 });
    expect(readAppendAnswer(Buffer.alloc(0))).toEqual({ number: 0 });
  });

  it('is never taken from bytes that are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readAppendAnswer(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      runs(100),
    );
  });
});
