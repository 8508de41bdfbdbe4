import type { TSchema } from 'typebox';
import type { Protocol } from '../../study/protocol.js';
import { RESPONDER_PRESETS } from '../../study/protocol/rules.js';
import { ProtocolInputSchema } from '../../study/protocol-input.js';
import { LADDER_PRESETS } from '../../study/rules/ladder.js';
import { REQUIRED, checkProtocol, type CheckedProtocol } from '../../study/rules/check-protocol.js';
import { isPlainObject } from '../../study/schema.js';
import { isRequired, kindOf, shapeOf } from '../forms/field-kind.js';
import { readValue, type InZone } from '../forms/read-form.js';
import { variantOf } from '../forms/variant-of.js';
import { protocolInWords } from '../words/protocol.js';
import type { Term } from '../words/term.js';
import { PARTS, partsIn } from './parts.js';

type Values = Record<string, unknown>;

/** Fields of the protocol have the names that refusals give them. */
export const PREFIX = 'data.protocol.';

/** A protocol that is being written: what is there of it, and the parts that it is to have. */
export interface Draft {
  readonly value: Values;
  readonly parts: ReadonlySet<string>;
}

const SCHEMAS: Readonly<Record<string, TSchema>> = ProtocolInputSchema.properties;

/** The draft that a protocol is, or what a file holds in its place. */
export function draftOf(value: unknown): Draft {
  const protocol = isPlainObject(value) ? value : {};
  return { value: protocol, parts: new Set(partsIn(protocol)) };
}

/** What the form says. A part that is switched off is left out, whatever is typed there. */
export function readDraft(sent: URLSearchParams, zone: InZone): Draft {
  // Browsers send the lines of a text with CR and LF.
  const pairs = new URLSearchParams([...sent].map(([name, text]) => [name, text.replaceAll('\r\n', '\n')]));
  const on = new Set(pairs.getAll('part'));
  const value: Values = {};
  const parts = PARTS.filter(({ id, optional }) => optional === undefined || on.has(id));
  for (const name of ['reading', ...parts.flatMap(({ members }) => members)]) {
    const read = readValue(SCHEMAS[name]!, `${PREFIX}${name}`, pairs, zone);
    if (read !== undefined) value[name] = read;
  }
  return { value, parts: new Set(parts.map(({ id }) => id)) };
}

/** What stands for a value that is still to be given. */
interface Lacking {
  readonly text: unknown;
  readonly list: unknown;
  readonly form: unknown;
}

/** The draft as a protocol in which `REQUIRED` stands for each value that is still to be given, as in a template. */
export function withRequired({ value, parts }: Draft): Values {
  return filled({ value, parts }, { text: REQUIRED, list: REQUIRED, form: REQUIRED });
}

/** The draft with a gap for each value that is still to be given, to be put in words. */
function withGaps({ value, parts }: Draft): Values {
  return filled({ value, parts }, { text: '…', list: [], form: undefined });
}

/** The terms of what is there. Shipped ladders and rules are told as what they hold. */
export function draftInWords(draft: Draft): Term[] {
  const { ladder, responder, ...rest } = withGaps(draft);
  return protocolInWords({
    ...rest,
    ...(ladder !== undefined && { ladder: named(ladder, LADDER_PRESETS) }),
    ...(responder !== undefined && { responder: named(responder, RESPONDER_PRESETS) }),
  } as unknown as Protocol);
}

function named(value: unknown, presets: Readonly<Record<string, object>>): unknown {
  if (typeof value !== 'string') return value;
  return Object.hasOwn(presets, value) ? presets[value] : undefined;
}

export function checkDraft(draft: Draft): CheckedProtocol {
  return checkProtocol(withRequired(draft));
}

function filled({ value, parts }: Draft, lacking: Lacking): Values {
  const due = PARTS.filter(({ id, optional }) => optional !== undefined && parts.has(id)).flatMap(
    ({ members }) => members as readonly string[],
  );
  return fillGroup(ProtocolInputSchema, value, lacking, due);
}

function fillGroup(schema: TSchema, value: Values, lacking: Lacking, due: readonly string[] = []): Values {
  const full = { ...value };
  for (const [name, member] of Object.entries(shapeOf(schema).properties ?? {})) {
    const isDue = isRequired(schema, name) || due.includes(name);
    const one = fill(member, value[name], lacking, isDue);
    if (one === undefined) delete full[name];
    else full[name] = one;
  }
  return full;
}

function fill(schema: TSchema, value: unknown, lacking: Lacking, isDue: boolean): unknown {
  const kind = kindOf(schema);
  if (value === undefined || isUnitAlone(value)) return isDue ? missing(schema, value, lacking) : undefined;
  if (kind.kind === 'group' && isPlainObject(value)) return fillGroup(schema, value, lacking);
  if (kind.kind === 'list' && Array.isArray(value))
    return value.map((item: unknown) => fill(kind.items, item, lacking, true));
  if (kind.kind === 'variants' && isPlainObject(value))
    return fill(kind.variants[variantOf(kind.variants, value)]!, value, lacking, true);
  return value;
}

function missing(schema: TSchema, value: unknown, lacking: Lacking): unknown {
  const kind = kindOf(schema);
  switch (kind.kind) {
    case 'constant':
      return kind.value;
    case 'quantity':
      return { value: lacking.text, unit: isPlainObject(value) ? value['unit'] : kind.units[0] };
    case 'group':
      return fillGroup(schema, {}, lacking);
    case 'several':
    case 'few':
    case 'list':
      return shapeOf(schema).minItems === undefined ? [] : lacking.list;
    case 'variants':
      return lacking.form;
    default:
      return lacking.text;
  }
}

function isUnitAlone(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).join() === 'unit';
}

/** Of what a file holds, what the form can show: its members, each in its shape. */
export function shaped(value: unknown): unknown {
  return fit(ProtocolInputSchema, value);
}

function fit(schema: TSchema, value: unknown): unknown {
  const kind = kindOf(schema);
  if (value === REQUIRED) return undefined;
  switch (kind.kind) {
    case 'quantity':
      return isPlainObject(value) ? withoutRequired(value) : undefined;
    case 'group':
      return isPlainObject(value) ? fitGroup(kind.members, value) : undefined;
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => fit(kind.items, item) ?? {}) : undefined;
    case 'several':
      return scalarsIn(value)?.map(String);
    case 'few':
      return scalarsIn(value)?.map((item) => fit(kind.items, item));
    case 'variants':
      return isPlainObject(value) || typeof value === 'string'
        ? fit(kind.variants[variantOf(kind.variants, value)]!, value)
        : undefined;
    default:
      if (!isScalar(value)) return undefined;
      return kind.kind === 'choice' || shapeOf(schema).type === 'string' ? String(value) : value;
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function scalarsIn(value: unknown): (string | number | boolean)[] | undefined {
  return Array.isArray(value) ? value.filter(isScalar) : undefined;
}

/** Of a quantity whose number is still to be given, its unit. */
function withoutRequired(quantity: Values): Values {
  return Object.fromEntries(Object.entries(quantity).filter(([, value]) => value !== REQUIRED));
}

function fitGroup(members: Readonly<Record<string, TSchema>>, value: Values): Values {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, member]) => {
      const one = Object.hasOwn(value, name) ? fit(member, value[name]) : undefined;
      return one === undefined ? [] : [[name, one]];
    }),
  );
}

/** What a form read, with each text that nobody has touched as it was: a field of a form shows no blanks around it. */
export function untouchedAsBefore(read: unknown, before: unknown): unknown {
  if (typeof before === 'string' && typeof read === 'string')
    return before.trim() === read.trim() ? before : read;
  // Boxes are ticked in the order of the form.
  if (isWords(read) && isWords(before) && [...read].sort().join('\n') === [...before].sort().join('\n'))
    return before;
  if (Array.isArray(read) && Array.isArray(before))
    return read.map((item: unknown, index) => untouchedAsBefore(item, before[index]));
  if (!isPlainObject(read) || !isPlainObject(before)) return read;
  const names = new Set([
    ...Object.keys(before).filter((name) => Object.hasOwn(read, name)),
    ...Object.keys(read),
  ]);
  return Object.fromEntries([...names].map((name) => [name, untouchedAsBefore(read[name], before[name])]));
}

function isWords(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
