/**
 * What the lab log says: which keys sign for which log, which studies there are, and which of their heads it anchored.
 * Everything here comes from records whose tree was or will be held against a signed head; until then it is a claim.
 */
import type { Hash } from '../../tlog/encoding.js';
import { formatVkey, parseVkey, type VerifierKey } from '../../tlog/note.js';
import { readAnchor, wrongAfter, type Anchor } from './anchors.js';
import { sha256 } from '../runtime/crypto.js';
import type { CheckId, Findings } from './findings.js';
import { instantMs } from './instant.js';
import { decoded, type FoldedLog } from './log.js';
import { textOf, type Attributes } from './record.js';
import { People } from './people/people.js';
import { quote } from './printable.js';

export interface PublishedKey {
  readonly key: VerifierKey;
  /** Number of the lab record that published it. */
  readonly lab: number;
  readonly epoch: number;
}

/** What the lab policy was from a record on. */
export interface PolicyState {
  readonly lab: number;
  readonly epoch: number;
  /** SHA-256 of its text, hex; rotations that do not state it only added the line of the new key. */
  readonly digest: string | undefined;
}

/** A time stamp as the lab recorded it. */
export interface RecordedToken {
  readonly lab: number;
  readonly size: number;
  readonly root: Hash | undefined;
  readonly imprint: string;
  readonly tokenSha256: string;
  readonly genTimeMs: number;
}

/** A fold of the lab log that complains where the records contradict each other. */
export class Lab {
  facility = '';
  simulated = false;
  /** Of the keys that are in force. */
  epoch = 1;
  /** Of the lab policy, from the first record on and after each rotation of keys. */
  readonly policies: PolicyState[] = [];
  readonly keys = new Map<string, PublishedKey[]>();
  /** By code: number of its StudyRegistered. */
  readonly studies = new Map<string, number>();
  /** By log (`study-<code>`, `access`), in the order of the lab. */
  readonly anchors = new Map<string, Anchor[]>();
  readonly tokens: RecordedToken[] = [];
  /** Numbers of records that say a backup was restored, or a clock was wrong. */
  readonly incidents: { readonly lab: number; readonly type: string }[] = [];

  readonly people: People;
  /** Of signatures that were seen: where each stands. */
  readonly nonces = new Map<string, string>();

  constructor(private readonly findings: Findings) {
    this.people = new People(findings);
  }

  origin(log: string): string {
    return `${this.facility}/ledger/${log.replace(/^study-/, 'study/')}`;
  }

  keysOf(log: string): VerifierKey[] {
    return (this.keys.get(this.origin(log)) ?? []).map(({ key }) => key);
  }

  /** The newest verifier key of a log; the empty string where it has none. */
  keyInForce(log: string): string {
    const newest = this.keys.get(this.origin(log))?.at(-1);
    return newest ? formatVkey(newest.key) : '';
  }

  /** The verifier key that a log had in an epoch; the empty string where it had none. */
  keyOfEpoch(log: string, epoch: number): string {
    const published = this.keys.get(this.origin(log))?.find((one) => one.epoch === epoch);
    return published ? formatVkey(published.key) : '';
  }

  take(number: number, record: Attributes | undefined): void {
    const data = record?.['data'];
    if (typeof data !== 'object' || data === null) return;
    const facts = data as Attributes;
    const type = record!['type'];
    if ((number === 0) !== (type === 'LedgerInitialised'))
      this.fail(
        'register',
        number,
        number === 0 ? 'does not begin the ledger' : 'begins a ledger a second time',
      );
    else if (type === 'LedgerInitialised') this.initialise(facts);
    else if (type === 'StudyRegistered') this.register(number, facts);
    else if (type === 'StudyCheckpointed')
      this.anchor(number, `study-${textOf(facts['code'])}`, facts, record!);
    else if (type === 'AccessCheckpointed') this.anchor(number, 'access', facts, record!);
    else if (type === 'KeyRotated') this.rotate(number, facts);
    else if (type === 'TimestampReceived') this.stamp(number, facts);
    else if (type === 'RestoredFromBackup' || type === 'ClockAnomaly' || type === 'ClockConfirmed')
      this.incidents.push({ lab: number, type });
    this.people.take(number, record!);
  }

  private initialise(facts: Attributes): void {
    this.facility = textOf(facts['facility']);
    this.simulated = facts['simulated'] === true;
    this.people.registry.isSimulated = this.simulated;
    this.policies.push({ lab: 0, epoch: 1, digest: textOf(facts['policy']) });
    const keys = (facts['keys'] ?? {}) as Attributes;
    for (const name of ['lab', 'access', 'esign']) this.publish(0, this.origin(name), keys[name], 1);
  }

  private register(number: number, { code, vkey }: Attributes): void {
    const study = textOf(code);
    const before = this.studies.get(study);
    if (before !== undefined) {
      this.fail('register', number, `registers ${study}, which record ${before} had registered`);
      return;
    }
    this.studies.set(study, number);
    this.publish(number, this.origin(`study-${study}`), vkey, this.epoch);
  }

  private rotate(number: number, { epoch, keys, policy }: Attributes): void {
    this.policies.push({ lab: number, epoch: Number(epoch), digest: textOf(policy) || undefined });
    if (epoch !== this.epoch + 1)
      this.fail('key', number, `begins epoch ${quote(epoch)} after epoch ${this.epoch}`);
    this.epoch = Number(epoch);
    for (const entry of Array.isArray(keys) ? (keys as unknown[]) : []) {
      const { origin, vkey } = (entry ?? {}) as Attributes;
      if (this.keys.has(textOf(origin))) this.publish(number, textOf(origin), vkey, this.epoch);
      else this.fail('key', number, `rotates a key of ${quote(origin)}, which had none`);
    }
  }

  private publish(lab: number, origin: string, vkey: unknown, epoch: number): void {
    const known = this.keys.get(origin) ?? [];
    try {
      const key = parseVkey(sha256, textOf(vkey));
      if (key.name === origin) this.keys.set(origin, [...known, { key, lab, epoch }]);
      else this.fail('key', lab, `publishes a key of ${quote(key.name)} as that of ${origin}`);
    } catch (error) {
      this.fail('key', lab, `publishes no key for ${origin}: ${(error as Error).message}`);
    }
  }

  private anchor(number: number, log: string, facts: Attributes, record: Attributes): void {
    const known = this.anchors.get(log) ?? [];
    const found = readAnchor(number, facts, textOf(record['recordedtime']));
    if (!found) return this.fail('anchor', number, `anchors ${log} with hashes that are none`);
    if (log !== 'access' && !this.studies.has(log.slice('study-'.length)))
      this.fail('register', number, `anchors ${log}, which no earlier record registers`);
    const wrong = wrongAfter(known.at(-1), found, log);
    if (wrong !== undefined) this.fail('anchor', number, wrong);
    const { lab, size, root, recorded } = found;
    known.push({ lab, size, root, recorded });
    this.anchors.set(log, known);
  }

  private stamp(number: number, facts: Attributes): void {
    const { size, root, imprint, tokenSha256, genTime } = facts;
    if (!Number.isSafeInteger(size) || (size as number) < 0 || (size as number) > number)
      this.fail('time-stamp', number, `is of a lab of size ${String(size)}, larger than what was there`);
    this.tokens.push({
      lab: number,
      size: Number(size),
      root: decoded(root),
      imprint: textOf(imprint),
      tokenSha256: textOf(tokenSha256),
      genTimeMs: instantMs(textOf(genTime)),
    });
  }

  /** Whether what was stamped, by what the lab says, are heads that it had. */
  checkTokens(folded: FoldedLog): void {
    for (const { lab, size, root } of this.tokens)
      if (size <= lab && folded.rootAt(size) !== root)
        this.fail('time-stamp', lab, `is of a lab of size ${size} with another root than this one`);
  }

  private fail(check: CheckId, number: number, message: string): void {
    this.findings.fail(check, 'lab', `record ${number} ${message}`, { record: number, lab: number });
  }
}

/** keys.txt of a bundle: every key the lab published, with the record that published it. */
export function keysText(lab: Lab): string {
  const lines = [...lab.keys].flatMap(([, published]) =>
    published.map(({ key, lab: record, epoch }) => `${record}\t${epoch}\t${formatVkey(key)}`),
  );
  return `# lab record\tepoch\tverifier key (C2SP signed-note)\n${lines.join('\n')}\n`;
}
