import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import fc from 'fast-check';
import { readAnswer } from '../../../src/store/kurrentdb/read-wire.js';
import { runs } from '../../support/effort.js';

const { ReadResp } = streams;
type Answer = InstanceType<typeof ReadResp>;

const bytesOf = (answer: Answer): Buffer => Buffer.from(answer.serializeBinary());
const empty = new shared.Empty();

/** An answer as the stub that ships with the client writes it, with all that a server adds. */
const events = fc
  .record({
    number: fc.oneof(fc.nat(), fc.maxSafeNat()),
    id: fc.uuid(),
    data: fc.uint8Array({ maxLength: 70_000 }),
    extra: fc.uint8Array({ maxLength: 300 }),
    metadata: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    position: fc.option(fc.maxSafeNat(), { nil: undefined }),
  })
  .map(({ number, id, data, extra, metadata, position }) => {
    const recorded = new ReadResp.ReadEvent.RecordedEvent()
      .setId(new shared.UUID().setString(id))
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName('c3R1ZHk='))
      .setStreamRevision(String(number))
      .setPreparePosition('18446744073709551615')
      .setCustomMetadata(extra)
      .setData(data);
    for (const [name, value] of Object.entries(metadata)) recorded.getMetadataMap().set(name, value);
    const event = new ReadResp.ReadEvent().setEvent(recorded);
    if (position === undefined) event.setNoPosition(empty);
    else event.setCommitPosition(String(position));
    const bytes = bytesOf(new ReadResp().setEvent(event));
    return { bytes, said: { event: { number, id, bytes: Buffer.from(data) } } };
  });

describe('what a read answers, taken from its bytes', () => {
  it('is the event that the stub wrote', () => {
    fc.assert(
      fc.property(events, ({ bytes, said }) => {
        expect(readAnswer(bytes)).toEqual(said);
      }),
      runs(100),
    );
  });

  it('is where the stream ends', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (position) => {
        const answer = new ReadResp().setLastStreamPosition(String(position));
        expect(readAnswer(bytesOf(answer))).toEqual({ lastPosition: position });
      }),
      runs(100),
    );
  });

  it('is that there is no such stream', () => {
    const name = new shared.StreamIdentifier().setStreamName('eA==');
    const answer = new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(name));
    expect(readAnswer(bytesOf(answer))).toEqual({ notFound: true });
  });

  it.each([
    ['where the stream begins', new ReadResp().setFirstStreamPosition('7')],
    ['that a subscriber has caught up', new ReadResp().setCaughtUp(new ReadResp.CaughtUp())],
    ['an event that a link could not find', new ReadResp().setEvent(new ReadResp.ReadEvent())],
  ])('is nothing of use: %s', (_, answer) => {
    expect(readAnswer(bytesOf(answer))).toEqual({});
  });

  it('is never taken from bytes that were cut off or are none: an error, or what still stands there whole', () => {
    fc.assert(
      fc.property(events, fc.double({ min: 0, max: 1, noNaN: true }), ({ bytes, said }, part) => {
        const cut = bytes.subarray(0, Math.floor(part * (bytes.length - 1)));
        let found: unknown;
        try {
          found = readAnswer(cut);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        expect(found).not.toEqual(said);
      }),
      runs(100),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readAnswer(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      runs(100),
    );
  });
});
