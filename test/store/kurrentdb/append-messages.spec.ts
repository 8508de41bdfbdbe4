import code from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/code_pb.js';
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statusPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import fc from 'fast-check';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import { readAppendAnswer } from '../../../src/store/kurrentdb/append-messages.js';
import { runs } from '../../support/effort.js';

const { BatchAppendResp } = streams;
type Uuid = InstanceType<typeof shared.UUID>;

function structured(uuid: string): Uuid {
  const hex = uuid.replaceAll('-', '');
  const [high, low] = [hex.slice(0, 16), hex.slice(16)].map((half) =>
    BigInt.asIntN(64, BigInt(`0x${half}`)).toString(),
  );
  return new shared.UUID().setStructured(
    new shared.UUID.Structured().setMostSignificantBits(high!).setLeastSignificantBits(low!),
  );
}

/** In both forms in which a server may write it. */
const correlations = fc
  .tuple(fc.uuid(), fc.boolean())
  .map(([uuid, isText]) => ({ uuid, id: isText ? new shared.UUID().setString(uuid) : structured(uuid) }));

describe('the answer to an append', () => {
  it('names its request, and the revision of the last event', () => {
    fc.assert(
      fc.property(correlations, fc.maxSafeNat(), ({ uuid, id }, revision) => {
        const success = new BatchAppendResp.Success().setCurrentRevision(String(revision));
        const response = new BatchAppendResp().setCorrelationId(id).setSuccess(success);
        expect(readAppendAnswer(response)).toEqual({ correlation: uuid, revision });
      }),
      runs(100),
    );
  });

  it('names the server’s error', () => {
    const details = new anyPb.Any();
    details.setTypeUrl('type.googleapis.com/event_store.client.WrongExpectedVersion');
    const error = new statusPb.Status()
      .setCode(code.Code.ALREADY_EXISTS)
      .setMessage('said')
      .setDetails(details);
    const response = new BatchAppendResp().setCorrelationId(new shared.UUID().setString('a')).setError(error);
    expect(readAppendAnswer(response)).toEqual({
      correlation: 'a',
      refused: { kind: 'WrongExpectedVersion', message: 'said' },
    });
  });

  it('may say neither', () => {
    expect(readAppendAnswer(new BatchAppendResp())).toEqual({ correlation: '' });
  });
});
