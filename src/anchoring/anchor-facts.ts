import type { AccessCheckpointed, AnchorReason } from '../lab/events.js';
import { keyInForce, type Lab, type LabRecord } from '../lab/lab.js';
import { originOf, studyLog, studyOf, type LogName } from '../lab/origins.js';
import { hashToBase64 } from '../tlog/encoding.js';
import { sha256Hex } from '../shared/sha256.js';
import { utcInstant } from '../study/instant.js';
import type { Study } from '../study/study.js';
import type { Engine } from '../recording/engine.js';
import { labFact, ownCommandId } from '../recording/lab-records.js';
import type { Now } from '../recording/recording.js';
import type { SignedHead } from '../signing/signing.js';
import type { OpenLog } from '../recording/streams.js';
import type { Waiting } from '../recording/write-plan.js';

/** A clock that lies behind what was recorded by more than this is worth a record of its own. */
const CLOCK_TOLERANCE_MS = 120_000;

/** The logs whose head has grown since it was last recorded in the lab. A closed study is not opened to find out. */
export async function logsWithNews(engine: Engine): Promise<LogName[]> {
  const lab = await engine.lab();
  const found: LogName[] = [];
  for (const log of ['access' as const, ...[...lab.studies.keys()].map(studyLog)]) {
    if ((await engine.store.size(log)) > (lab.anchors.get(log)?.size ?? 0)) found.push(log);
  }
  return found;
}

/**
 * A signed head on its way into the lab. Deciding compares with what the lab says by then, so that whatever was
 * recorded meanwhile, here or elsewhere, sizes of a log only grow; the id comes from origin and size.
 */
export function anchoring(
  engine: Engine,
  lab: Lab,
  open: OpenLog,
  head: SignedHead,
  reason: AnchorReason | undefined,
): Waiting<Lab, LabRecord> {
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
    return labFact({ type: 'AccessCheckpointed', command: 'CheckpointAccess', commandId, data: fact }, now);
  return labFact(
    {
      type: 'StudyCheckpointed',
      command: 'CheckpointStudy',
      commandId,
      data: (state) => {
        const anchored = fact(state);
        return anchored && { code, ...anchored };
      },
    },
    now,
  );
}

/** The weightiest thing that happened since the last anchor: read from the records, so that a crash does not lose it. */
function reasonOf(open: OpenLog, from: number, to: number): AnchorReason {
  const { records } = open.state as Partial<Study>;
  let reason: AnchorReason = 'interval';
  for (let number = from; number < to; number++) {
    const type = records?.at(number)?.record.type;
    if (type === 'StudyClosed') return 'studyLocked';
    if (type === 'ProtocolApproved') reason = 'protocolApproved';
  }
  return reason;
}

/** A simulated ledger has no time but that of its records, and so comes out the same wherever it is played. */
function clockOf(engine: Engine, lab: Lab, open: OpenLog): Now {
  if (!lab.simulated) return engine.now;
  return (recordedMs) => Math.max(recordedMs, open.state.recordedMs);
}

/** That the clock stands behind what was recorded; undefined where it does not, or where that is recorded already. */
export function clockAnomaly(
  engine: Engine,
  lab: Lab,
  recordedMs: number,
): Waiting<Lab, LabRecord> | undefined {
  const clock = engine.clock();
  if (lab.simulated || clock + CLOCK_TOLERANCE_MS >= recordedMs) return undefined;
  const data = { lastRecorded: utcInstant(recordedMs), clock: utcInstant(clock) };
  if (lab.anomaly === data.lastRecorded) return undefined;
  return labFact(
    {
      type: 'ClockAnomaly',
      command: 'ReportClock',
      commandId: ownCommandId('clock', data.lastRecorded),
      data: () => data,
    },
    engine.now,
  );
}

/** New keys for every log, of the next epoch. @param policyAt the lab policy's text from a lab size on */
export function rotation(
  engine: Engine,
  lab: Lab,
  vkeyOf: (origin: string, epoch: number) => string,
  policyAt: (labSize: number) => string,
): Waiting<Lab, LabRecord> {
  const epoch = lab.epoch + 1;
  const origins = [...lab.keys.keys()].filter((origin) => keyInForce(lab, origin) !== undefined);
  return labFact(
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
