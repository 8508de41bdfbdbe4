import { sha256Hex } from '../../shared/sha256.js';
import { explainMismatch, mismatches } from '../../study/mismatch.js';
import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import { isZone } from '../reading/time-zone.js';
import { checkTable, type CommandTable } from './check-table.js';
import { MappingSchema, type Mapping } from './mapping.js';

export interface CheckedMapping extends Omit<Mapping, 'tables'> {
  readonly tables: readonly CommandTable[];
  /** SHA-256, hex, of its text. */
  readonly sha256: string;
}

/** What is wrong with one part of a mapping. */
export interface Flaw {
  /** Such as `tables[0].data.weight`; empty for the whole. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** A mapping that cannot be used; its code and message are those of the first flaw. */
export class MappingError extends ImportError {
  constructor(readonly flaws: readonly [Flaw, ...Flaw[]]) {
    super(flaws[0].code, flaws[0].message);
  }
}

const MAX_BYTES = 256 * 1024;
const MAX_FLAWS = 50;

/** Reads a mapping strictly: what is not known is refused by name. @throws MappingError with all that is wrong */
export function readMapping(text: string): CheckedMapping {
  if (text.length > MAX_BYTES) throw flawed('The mapping is longer than 256 KB.');
  const mapping = inFull(parsed(text));
  const [first, ...others] = mismatches(MappingSchema, mapping, MAX_FLAWS).map((amiss) => ({
    path: amiss.path,
    code: 'mapping-invalid',
    message: `${amiss.path || 'The mapping'} ${explainMismatch(amiss)}.`,
  }));
  if (first) throw new MappingError([first, ...others]);
  return checked(mapping as Mapping, text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw flawed(`The mapping is not JSON: ${(error as Error).message}.`);
  }
}

function flawed(message: string): MappingError {
  return new MappingError([{ path: '', code: 'mapping-invalid', message }]);
}

/** What holds between the parts of a mapping that fits its schema. */
function checked({ tables, ...rest }: Mapping, text: string): CheckedMapping {
  const flaws: Flaw[] = [];
  const amiss = (path: string, code: string, message: string): void =>
    void flaws.push({ path, code, message });
  if (rest.zone !== undefined && !isZone(rest.zone)) {
    const zone = printable(rest.zone);
    const message = `“${zone}” is no offset such as +01:00, and no place such as Europe/Amsterdam.`;
    amiss('zone', 'mapping-zone', message);
  }
  if (rest.thousands !== undefined && rest.thousands === (rest.decimal ?? '.'))
    amiss('thousands', 'mapping-invalid', '“thousands” and “decimal” are the same mark.');
  if (rest.dates?.some((form) => /[^Y]YY$/.test(form)) && rest.century === undefined)
    amiss('century', 'mapping-century', 'A year of two digits needs a “century”: 2000 for 2000–2099.');
  const known = tables.flatMap((table, index) => {
    const at = `tables[${index}]`;
    return checkTable(table, at, (path, { code, message }) => amiss(path, code, `${at}: ${message}`)) ?? [];
  });
  const names = tables.map(({ record, name }) => `${record} ${name ?? ''}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    amiss(
      'tables',
      'mapping-names',
      `Two tables make ${twice.trim()}: give each a “name” of its own, which tells their records apart.`,
    );
  const [first, ...others] = flaws.slice(0, MAX_FLAWS);
  if (first) throw new MappingError([first, ...others]);
  return { ...rest, tables: known, sha256: sha256Hex(text) };
}

/** Headers written as plain texts become sources, and single values lists; whatever is amiss stays for the schema. */
function inFull(mapping: unknown): unknown {
  if (!isObject(mapping) || !Array.isArray(mapping['tables'])) return mapping;
  return { ...mapping, tables: mapping['tables'].map(tableInFull) };
}

function tableInFull(table: unknown): unknown {
  if (!isObject(table)) return table;
  const full: Record<string, unknown> = each(table, ['subject', 'label', 'reason', 'afterClose'], short);
  if (full['sheets'] === '*') delete full['sheets'];
  else if (typeof full['sheets'] === 'string') full['sheets'] = [full['sheets']];
  const { occurredAt, run, data, where } = full;
  if (isObject(occurredAt)) full['occurredAt'] = each(occurredAt, ['instant', 'date', 'time', 'day'], short);
  if (isObject(run)) {
    const sources = ['responses', 'last', 'touches', 'filament', 'response', 'number'];
    const inner = each(run, sources, short);
    full['run'] = each(inner, ['filaments'], (value) => all(value, short));
  }
  if (isObject(data)) full['data'] = all(data, fieldInFull);
  if (Array.isArray(where))
    full['where'] = where.map((one: unknown) =>
      isObject(one) ? each(one, ['is'], (is) => (typeof is === 'string' ? [is] : is)) : one,
    );
  return full;
}

function fieldInFull(field: unknown): unknown {
  const full = short(field);
  if (!isObject(full)) return full;
  return each(each(full, ['reference', 'item', 'score', 'unitFrom'], short), ['scores'], (value) =>
    all(value, short),
  );
}

function short(value: unknown): unknown {
  return typeof value === 'string' ? { column: value } : value;
}

function each(value: Record<string, unknown>, names: string[], change: (value: unknown) => unknown) {
  const changed = names
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => [name, change(value[name])]);
  return { ...value, ...(Object.fromEntries(changed) as Record<string, unknown>) };
}

function all(value: unknown, change: (value: unknown) => unknown): unknown {
  return isObject(value) ? each(value, Object.keys(value), change) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
