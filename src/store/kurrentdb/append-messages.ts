import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';

const { BatchAppendReq } = streams;

type Request = InstanceType<typeof BatchAppendReq>;
type Response = InstanceType<typeof streams.BatchAppendResp>;
type Uuid = InstanceType<typeof shared.UUID>;

/** A record as KurrentDB is given it. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/json' | 'application/octet-stream';
  readonly text: string;
}

export interface AppendRequest {
  readonly stream: string;
  /** 0 for a stream that must not exist. */
  readonly expectedSize: number;
  readonly events: readonly NewEvent[];
}

export interface AppendAnswer {
  /** The UUID of the request that it answers. */
  readonly correlation: string;
  /** Of the last event written. */
  readonly revision?: number;
  /** `kind` is the name of the server's error, such as `WrongExpectedVersion`. */
  readonly refused?: { readonly kind: string; readonly message: string };
}

/** @param deadline after which the server need not begin with it. */
export function appendMessage(
  { stream, expectedSize, events }: AppendRequest,
  correlation: string,
  deadline: Date,
): Request {
  const options = new BatchAppendReq.Options()
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)))
    .setDeadline21100(timestamp.Timestamp.fromDate(deadline));
  if (expectedSize === 0) options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expectedSize - 1));
  return new BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlation))
    .setOptions(options)
    .setProposedMessagesList(events.map(eventMessage))
    .setIsFinal(true);
}

function eventMessage({ id, type, contentType, text }: NewEvent) {
  const message = new BatchAppendReq.ProposedMessage();
  message.setId(new shared.UUID().setString(id));
  message.setData(Buffer.from(text));
  message.getMetadataMap().set('type', type).set('content-type', contentType);
  return message;
}

export function readAppendAnswer(response: Response): AppendAnswer {
  const correlation = uuidText(response.getCorrelationId());
  const error = response.getError();
  if (error) {
    const kind = error.getDetails()?.getTypeUrl().split('.').at(-1) ?? '';
    return { correlation, refused: { kind, message: error.getMessage() } };
  }
  const success = response.getSuccess();
  return success ? { correlation, revision: Number(success.getCurrentRevision()) } : { correlation };
}

/** A server may write a UUID as text or as two signed 64-bit numbers. */
function uuidText(uuid: Uuid | undefined): string {
  const halves = uuid?.getStructured();
  if (!halves) return uuid?.getString() ?? '';
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
