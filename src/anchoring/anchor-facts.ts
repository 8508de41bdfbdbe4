import type { AccessCheckpointed, AnchorReason } from '../lab/events.js';
import { CLOCK_TOLERANCE_MS, openDoubt } from '../lab/clock-doubts.js';
import { keyInForce, type Lab, type LabRecord } from '../lab/lab.js';
import { originOf, studyOf, type LogName } from '../lab/origins.js';
import { sha256Hex } from '../shared/sha256.js';
import { hashToBase64 } from '../tlog/encoding.js';
import type { EventType } from '../study/events/events.js';
import { utcInstant } from '../study/instant.js';
import type { Study } from '../study/study.js';
import type { Engine } from '../recording/engine.js';
import { CONFIRM_CLOCK, type Leap } from '../recording/clock-guard.js';
import { ownCommandId, proposeLabFact } from '../recording/lab-records.js';
import type { RecordClock } from '../recording/record-clock.js';
import type { SignedHead } from '../signing/signed-note.js';
import type { OpenLog } from '../recording/streams.js';
import type { Proposal } from '../recording/write-plan.js';

/**
 * A signed head, to be recorded in the lab. It is compared with what the lab says when it is decided, so the recorded
 * sizes of a log only grow, whatever was recorded since. The command id comes from origin and size.
 */
export function proposeAnchor(
  engine: Engine,
  lab: Lab,
  open: OpenLog,
  head: SignedHead,
  reason: AnchorReason | undefined,
): Proposal<Lab, LabRecord> {
  const log = open.kind.stream as LogName;
  const origin = originOf(lab.facility, log);
  const code = studyOf(log);
  const fact = (now: Lab): AccessCheckpointed | undefined => {
    const last = now.anchors.get(log);
    if (last && last.size >= head.size) return undefined;
    const proof = last ? open.log.consistencyProof(last.size, head.size).map(hashToBase64) : [];
    return {
      size: head.size,
      root: hashToBase64(head.root),
      ...(last && { from: { record: last.number, size: last.size } }),
      proof,
      reason: reason ?? reasonOf(open, last?.size ?? 0, head.size),
    };
  };
  const commandId = ownCommandId('anchor', origin, head.size);
  const now = clockOf(engine, lab, open);
  if (code === undefined)
    return proposeLabFact(
      { type: 'AccessCheckpointed', command: 'CheckpointAccess', commandId, data: fact, isFixed: true },
      now,
    );
  return proposeLabFact(
    {
      type: 'StudyCheckpointed',
      command: 'CheckpointStudy',
      commandId,
      isFixed: true,
      data: (state) => {
        const anchored = fact(state);
        return anchored && { code, ...anchored };
      },
    },
    now,
  );
}

/** The most important event since the last anchor. It is read from the records, so a crash does not lose it. */
function reasonOf(open: OpenLog, from: number, to: number): AnchorReason {
  const { records } = open.state as Partial<Study>;
  let found = REASONS.length;
  for (let number = from; number < to; number++) {
    const type = records?.at(number)?.record.type;
    const place = REASONS.findIndex(([milestone]) => milestone === type);
    if (place >= 0 && place < found) found = place;
  }
  return REASONS[found]?.[1] ?? 'interval';
}

/** The most important one first. */
const REASONS: readonly (readonly [EventType, AnchorReason])[] = [
  ['StudyArchived', 'studyArchived'],
  ['StudyClosed', 'studyLocked'],
  ['ProtocolApproved', 'protocolApproved'],
  ['SignatureApplied', 'signatureApplied'],
];

/** A simulated ledger takes its time from its records, so it has the same bytes wherever it is played. */
function clockOf(engine: Engine, lab: Lab, open: OpenLog): RecordClock {
  if (!lab.simulated) return engine.now;
  return (recordedMs) => Math.max(recordedMs, open.state.recordedMs);
}

/** That the clock stands behind what was recorded; undefined where it does not, or where that is recorded already. */
export function proposeClockAnomaly(
  engine: Engine,
  lab: Lab,
  recordedMs: number,
): Proposal<Lab, LabRecord> | undefined {
  const clock = engine.clock();
  if (lab.simulated || clock + CLOCK_TOLERANCE_MS >= recordedMs) return undefined;
  const data = { lastRecorded: utcInstant(recordedMs), clock: utcInstant(clock) };
  if (lab.anomaly === data.lastRecorded) return undefined;
  return proposeLabFact(
    {
      type: 'ClockAnomaly',
      command: 'ReportClock',
      commandId: ownCommandId('clock', data.lastRecorded),
      data: () => data,
    },
    engine.now,
  );
}

/** That the clock leapt ahead by less than is refused; nothing is recorded while an earlier leap is not ended. */
export function proposeClockLeap(engine: Engine, { clockMs, lastMs }: Leap): Proposal<Lab, LabRecord> {
  const data = { lastRecorded: utcInstant(lastMs), clock: utcInstant(clockMs) };
  return proposeLabFact(
    {
      type: 'ClockAnomaly',
      command: 'ReportClock',
      commandId: ownCommandId('clock-leap', data.clock),
      data: ({ clockDoubts }) => (openDoubt(clockDoubts) ? undefined : data),
    },
    engine.now,
  );
}

/** That the clock is right, as a person says. */
export function proposeClockConfirmation(
  engine: Engine,
  recordedMs: number,
  { cause, commandId }: { cause: string; commandId: string },
): Proposal<Lab, LabRecord> {
  const data = { lastRecorded: utcInstant(recordedMs), clock: utcInstant(engine.clock()), cause };
  return proposeLabFact(
    { type: 'ClockConfirmed', command: CONFIRM_CLOCK, commandId, data: () => data },
    engine.now,
  );
}

/** New keys for every log, of the next epoch. @param policyAt the lab policy's text from a lab size on */
export function proposeRotation(
  engine: Engine,
  lab: Lab,
  vkeyOf: (origin: string, epoch: number) => string,
  policyAt: (labSize: number) => string,
): Proposal<Lab, LabRecord> {
  const epoch = lab.epoch + 1;
  const origins = [...lab.keys.keys()].filter((origin) => keyInForce(lab, origin) !== undefined);
  return proposeLabFact(
    {
      type: 'KeyRotated',
      command: 'RotateKeys',
      commandId: ownCommandId('rotate', lab.facility, epoch),
      data: ({ size }) => ({
        epoch,
        keys: origins.map((origin) => ({ origin, vkey: vkeyOf(origin, epoch) })),
        policy: sha256Hex(policyAt(size + 1)),
      }),
    },
    engine.now,
  );
}
