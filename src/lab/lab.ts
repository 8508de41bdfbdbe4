import { AppendList } from '../study/fold/append-list.js';
import { noteAnomaly, noteConfirmation, type ClockDoubts } from './clock-doubts.js';
import { instantMs } from '../study/instant.js';
import type { Numbered, RecordAttributes } from '../study/record.js';
import { UnknownRecordType } from '../study/study.js';
import { commandedBy, type Commanded } from './commanded.js';
import type {
  AccessCheckpointed,
  AnchorReason,
  ClockAnomaly,
  ClockConfirmed,
  KeyRotated,
  LabEventData,
  LabEventType,
  LedgerInitialised,
  StudyCheckpointed,
  StudyRegistered,
  TimestampReceived,
} from './events.js';
import { isPeopleEvent, type PeopleEventType } from './people/facts.js';
import { PeopleDraft } from './people/fold-people.js';
import { NO_PEOPLE, type People } from './people/people.js';
import { esignName, originOf, studyLog, type LogName } from './origins.js';

export interface LabRecord<T extends LabEventType = LabEventType> extends RecordAttributes {
  type: T;
  data: LabEventData[T];
}

export interface Registration {
  readonly code: string;
  /** Record number of StudyRegistered. */
  readonly number: number;
  readonly digest: string;
  readonly recordedtime: string;
}

/** A tree head that stands in the lab log. */
export interface Anchor {
  /** Number of the lab record that holds it. */
  readonly number: number;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly recordedtime: string;
  readonly reason: AnchorReason;
  /** The one of the same log before it. */
  readonly before: Anchor | undefined;
}

/** A verifier key and the lab record that published it. */
export interface PublishedKey {
  readonly vkey: string;
  readonly epoch: number;
  readonly number: number;
}

/** A time stamp that stands in the lab log. */
export interface Stamp extends TimestampReceived {
  readonly number: number;
}

/** The lab: the ledger's own beginning, the register of studies, keys and anchors. A pure fold of the `lab` stream. */
export interface Lab {
  readonly size: number;
  readonly facility: string;
  readonly simulated: boolean;
  /** SHA-256 of the lab policy's text, hex; empty after a rotation of keys that did not state it. */
  readonly policy: string;
  /** By code, in order of registration. */
  readonly studies: ReadonlyMap<string, Registration>;
  /** By origin, or by the name of the key that is no log's; the one in force comes last. */
  readonly keys: ReadonlyMap<string, readonly PublishedKey[]>;
  readonly epoch: number;
  /** The newest of each log. */
  readonly anchors: ReadonlyMap<LogName, Anchor>;
  readonly stamp: Stamp | undefined;
  /** Tree size after the last record that calls for a new time stamp. A received time stamp calls for none. */
  readonly newsSize: number;
  /** `lastRecorded` of the last ClockAnomaly of a clock behind it, so that one is recorded once. */
  readonly anomaly: string | undefined;
  /** The newest time that a person has confirmed, in ms; 0 for none. */
  readonly clockConfirmedMs: number;
  /** Oldest first. */
  readonly clockDoubts: ClockDoubts;
  /** By record number. */
  readonly commands: AppendList<Commanded>;
  readonly people: People;
  readonly recordedMs: number;
}

export const EMPTY_LAB: Lab = {
  size: 0,
  facility: '',
  simulated: false,
  policy: '',
  studies: new Map(),
  keys: new Map(),
  epoch: 1,
  anchors: new Map(),
  stamp: undefined,
  newsSize: 0,
  anomaly: undefined,
  clockConfirmedMs: 0,
  clockDoubts: [],
  commands: AppendList.EMPTY,
  people: NO_PEOPLE,
  recordedMs: 0,
};

/** The key that a log signs with now, by what the lab has published. */
export function keyInForce(lab: Lab, origin: string): PublishedKey | undefined {
  return lab.keys.get(origin)?.at(-1);
}

/** Every log that the lab answers for; a study is one from its registration on. */
export function logsOf(lab: Lab): LogName[] {
  return ['lab', 'access', ...[...lab.studies.keys()].map(studyLog)];
}

/** Every head of a log that stands in the lab, the newest first. */
export function* anchorsOf(lab: Lab, log: LogName): Generator<Anchor> {
  for (let anchor = lab.anchors.get(log); anchor; anchor = anchor.before) yield anchor;
}

export function foldLab(lab: Lab, records: Iterable<Numbered<LabRecord>>): Lab {
  const draft = new Draft(lab);
  for (const { number, record } of records) draft.add(number, record);
  return draft.lab;
}

/** A lab while records are folded into it; maps are copied when the first record needs them changed. */
class Draft {
  lab: Lab;
  readonly #copied = new Set<'studies' | 'keys' | 'anchors'>();
  #draft: PeopleDraft | undefined;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  add(number: number, record: LabRecord): void {
    const { recordedtime } = record;
    if (isPeopleEvent(record.type)) this.#people(number, record as LabRecord<PeopleEventType>);
    else this.#addOwn(number, record);
    this.#set({
      size: number + 1,
      commands: this.lab.commands.append(commandedBy(record)),
      recordedMs: instantMs(recordedtime) ?? this.lab.recordedMs,
      ...(record.type !== 'TimestampReceived' && { newsSize: number + 1 }),
    });
  }

  #people(number: number, { type, data, actor, recordedtime, commandid }: LabRecord<PeopleEventType>): void {
    this.#draft ??= new PeopleDraft(this.lab.people);
    this.#draft.add(type, data as never, {
      number,
      actor,
      recordedMs: instantMs(recordedtime) ?? 0,
      commandId: commandid,
    });
    this.#set({ people: this.#draft.people });
  }

  /** What the ledger says of itself. */
  #addOwn(number: number, record: LabRecord): void {
    const { recordedtime, data } = record;
    switch (record.type) {
      case 'LedgerInitialised':
        this.#initialise(number, data as LedgerInitialised);
        break;
      case 'StudyRegistered':
        this.#register(number, recordedtime, data as StudyRegistered);
        break;
      case 'StudyCheckpointed':
        this.#anchor(studyLog((data as StudyCheckpointed).code), number, recordedtime, data as never);
        break;
      case 'AccessCheckpointed':
        this.#anchor('access', number, recordedtime, data as AccessCheckpointed);
        break;
      case 'KeyRotated':
        this.#rotate(number, data as KeyRotated);
        break;
      case 'TimestampReceived':
        this.#set({ stamp: { number, ...(data as TimestampReceived) } });
        break;
      case 'ClockAnomaly':
        this.#noteAnomaly(number, data as ClockAnomaly);
        break;
      case 'ClockConfirmed':
        this.#noteConfirmation(number, data as ClockConfirmed);
        break;
      case 'RestoredFromBackup':
        break;
      default:
        record.type satisfies PeopleEventType;
        throw new UnknownRecordType(number, (record as { type: string }).type);
    }
  }

  #noteAnomaly(number: number, data: ClockAnomaly): void {
    const clockDoubts = noteAnomaly(this.lab.clockDoubts, number, data);
    const isBehind = (instantMs(data.clock) ?? 0) <= (instantMs(data.lastRecorded) ?? 0);
    this.#set({ clockDoubts, ...(isBehind && { anomaly: data.lastRecorded }) });
  }

  #noteConfirmation(number: number, data: ClockConfirmed): void {
    this.#set({
      clockConfirmedMs: instantMs(data.clock) ?? 0,
      clockDoubts: noteConfirmation(this.lab.clockDoubts, number, data),
    });
  }

  #initialise(number: number, { facility, simulated, policy, keys }: LedgerInitialised): void {
    this.#set({ facility, simulated, policy });
    this.#publish(originOf(facility, 'lab'), { vkey: keys.lab, epoch: 1, number });
    this.#publish(originOf(facility, 'access'), { vkey: keys.access, epoch: 1, number });
    this.#publish(esignName(facility), { vkey: keys.esign, epoch: 1, number });
  }

  #register(number: number, recordedtime: string, { code, registration, vkey }: StudyRegistered): void {
    this.#map('studies').set(code, { code, number, digest: registration, recordedtime });
    const { facility, epoch } = this.lab;
    this.#publish(originOf(facility, studyLog(code)), { vkey, epoch, number });
  }

  #anchor(log: LogName, number: number, recordedtime: string, data: AccessCheckpointed): void {
    const anchors = this.#map('anchors');
    const { size, root, reason } = data;
    anchors.set(log, { number, size, root, recordedtime, reason, before: anchors.get(log) });
  }

  #rotate(number: number, { epoch, keys, policy = '' }: KeyRotated): void {
    this.#set({ epoch, policy });
    for (const { origin, vkey } of keys) this.#publish(origin, { vkey, epoch, number });
  }

  #publish(origin: string, key: PublishedKey): void {
    const keys = this.#map('keys');
    keys.set(origin, [...(keys.get(origin) ?? []), key]);
  }

  #map<N extends 'studies' | 'keys' | 'anchors'>(name: N): Mutable<Lab[N]> {
    if (!this.#copied.has(name)) {
      this.#copied.add(name);
      this.#set({ [name]: new Map(this.lab[name] as ReadonlyMap<never, never>) });
    }
    return this.lab[name] as unknown as Mutable<Lab[N]>;
  }

  #set(changes: Partial<Lab>): void {
    this.lab = { ...this.lab, ...changes };
  }
}

type Mutable<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never;
