/** What can be said of one record by itself, whatever stands around it. */
import { hash } from 'node:crypto';
import { ProfileError } from '../../tlog/canonical.js';
import { checkCanonical } from '../../tlog/check-canonical.js';
import type { CheckId } from './findings.js';
import { instantMs } from './instant.js';
import { quote } from './printable.js';
import { compileSchema, type Check } from './schema.js';

/** A record that another one names: by number, and by the leaf hash that it had. */
export interface Reference {
  readonly from: number;
  readonly number: number;
  /** base64 */
  readonly leaf: string;
}

export type Complain = (check: CheckId, message: string) => void;

export type Attributes = Record<string, unknown>;

/** A claimed time may lie this far after the time of writing: clocks differ. */
const AHEAD_MS = 120_000;

/** JSON Schemas by `<type>.<version>`, as files of them are named. */
export type Schemas = Readonly<Record<string, object>>;

/** Checks records against the schema that they name, each compiled once. */
export class SchemaSet {
  private readonly checks = new Map<string, Check | undefined>();

  constructor(private readonly schemas: Schemas) {}

  check(record: Attributes, complain: Complain): void {
    const [, name, version] =
      /^urn:study-ledger:schema:([A-Za-z]+):([1-9][0-9]*)$/.exec(textOf(record['dataschema'])) ?? [];
    const check = this.get(`${name}.${version}`);
    if (!check) {
      complain('type', `names the schema ${quote(record['dataschema'])}, which this verifier does not know`);
      return;
    }
    const wrong = check(record);
    if (wrong !== undefined) complain('schema', `does not fit its schema: ${wrong.trimStart()}`);
    else if (name === 'RecordCorrected') this.checkCorrection(record, complain);
  }

  /** A correction states its target's data anew, in the shape of the version of the target's own type that it names. */
  private checkCorrection(record: Attributes, complain: Complain): void {
    const { corrects, corrected, correctsVersion = 1 } = record['data'] as Attributes;
    const check = this.get(`${textOf(corrects)}.${String(correctsVersion)}#data`);
    const wrong = check ? check(corrected) : ' is of a type that this verifier does not know';
    if (wrong !== undefined) complain('schema', `does not fit its target’s schema: /data/corrected${wrong}`);
  }

  private get(name: string): Check | undefined {
    if (!this.checks.has(name)) {
      const [type, part] = name.split('#') as [string, string | undefined];
      const schema = Object.hasOwn(this.schemas, type) ? this.schemas[type] : undefined;
      const whole: { readonly properties?: Attributes } | undefined = schema;
      const wanted = part === undefined ? whole : whole?.properties?.['data'];
      this.checks.set(name, wanted === undefined ? undefined : compileSchema(wanted));
    }
    return this.checks.get(name);
  }
}

/** The record, where the text is one at all; `isPlain` as `checkCanonical` takes it. The text is the attacker's; what it says is checked, never followed. */
export function parseRecord(
  text: string,
  isPlain: boolean | undefined,
  complain: Complain,
): Attributes | undefined {
  let value: unknown;
  try {
    value = checkCanonical(text, isPlain);
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    complain('canonical', `is not in the leaf profile: ${error.message}`);
    // What is nested without end would break whoever looks at it next.
    if (error.code === 'json-syntax' || error.code === 'profile-depth') return undefined;
    value = JSON.parse(text) as unknown;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Attributes;
  complain('canonical', 'is not a JSON object');
  return undefined;
}

/** Times in milliseconds; NaN where there is none to be read. */
export function checkTimes(record: Attributes, complain: Complain): number {
  const [recordedtime, time] = [textOf(record['recordedtime']), textOf(record['time'])];
  const recorded = instantMs(recordedtime);
  const happened = instantMs(time);
  if (Number.isNaN(recorded) || recordedtime.length !== 24 || !recordedtime.endsWith('Z'))
    complain('recorded-time', `has no time of recording in UTC with milliseconds: ${quote(recordedtime)}`);
  if (Number.isNaN(happened)) complain('time', `has no time of happening: ${quote(time)}`);
  else if (happened > recorded + AHEAD_MS)
    complain('time', `says it happened at ${time}, after it was recorded at ${recordedtime}`);
  return recorded;
}

/** Places in a record's data that name another record with its leaf hash. */
export function* referencesOf(record: Attributes, from: number): Generator<Reference> {
  const data = record['data'];
  if (typeof data !== 'object' || data === null) return;
  let before: Reference | undefined;
  for (const place of ['target', 'replaces']) {
    const named = (data as Attributes)[place] as { number?: unknown; leaf?: unknown } | undefined;
    if (typeof named?.number !== 'number' || typeof named.leaf !== 'string') continue;
    // What was never corrected before is both at once.
    if (before?.number === named.number && before.leaf === named.leaf) continue;
    yield (before = { from, number: named.number, leaf: named.leaf });
  }
}

/** RFC 9562 namespace of record ids (docs/record-format.md). */
const NAMESPACE = Buffer.from('3c5f2d9e7f0a5b419a631f0c64a1d7b2', 'hex');
const MAX_COMMAND_ID = 64;

/** UUIDs of version 5 of `source LF commandid LF index`: the id of a record follows from what it answers. */
export class RecordIds {
  private readonly name: Buffer;
  private readonly at: number;

  constructor(source: string) {
    const start = Buffer.from(`${source}\n`);
    this.at = NAMESPACE.length + start.length;
    this.name = Buffer.concat([NAMESPACE, start, Buffer.alloc(MAX_COMMAND_ID)]);
  }

  isRight(id: string, commandId: string, index: number): boolean {
    const written = this.name.write(`${commandId}\n${index}`, this.at, 'latin1');
    const digest = hash('sha1', this.name.subarray(0, this.at + written), 'hex');
    return (
      id.length === 36 &&
      id.startsWith(digest.slice(0, 8)) &&
      id.slice(9, 13) === digest.slice(8, 12) &&
      id.slice(14, 18) === `5${digest.slice(13, 16)}` &&
      id[19] === '89ab'[Number.parseInt(digest[16]!, 16) % 4] &&
      id.slice(20, 23) === digest.slice(17, 20) &&
      id.slice(24) === digest.slice(20, 32)
    );
  }
}

/** A text where one should stand; the empty one otherwise. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
