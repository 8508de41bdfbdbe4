import type { TSchema } from 'typebox';
import { dataClassOf, fieldsOf } from '../../study/commands/common/fields.js';
import type { CommandForm } from '../../study/commands/common/command.js';
import { kindOf, type FieldKind } from './field-kind.js';
import { inVariant, itemName, memberName, variantName } from './names.js';

/** Writes a local time without offset, as browsers send it (`2026-03-02T09:15`), as an instant with its offset. */
export type InZone = (local: string) => string;

type Values = Record<string, unknown>;

/** More than any command takes; a list that is longer is cut there, and refused as too long. */
const MOST_ITEMS = 1000;

/**
 * What a form says, as the body of its command. What is left empty is left out, units and choices of a form included whose
 * fields are all empty. What cannot be read is kept as it was typed, so that parsing names it and the form shows it again.
 */
export function readForm(definition: CommandForm, pairs: URLSearchParams, zone: InZone): Values {
  const reader = new FormReader(pairs, zone);
  const body: Values = {};
  for (const [name, { schema }] of fieldsOf(definition.command)) set(body, name, reader.read(schema, name));
  const data: Values = {};
  for (const [name, { schema }] of fieldsOf(dataClassOf(definition.command)))
    set(data, name, reader.read(schema, `data.${name}`));
  return { ...body, data };
}

/** One value by its schema, out of the fields whose names begin with `name`; undefined where nothing was typed. */
export function readValue(schema: TSchema, name: string, pairs: URLSearchParams, zone: InZone): unknown {
  return new FormReader(pairs, zone).read(schema, name);
}

class FormReader {
  /** Looked up once for each field of each row: `URLSearchParams` searches from its beginning each time. */
  private readonly typed = new Map<string, string[]>();
  private readonly rows = new Map<string, Set<number>>();

  constructor(
    pairs: URLSearchParams,
    private readonly zone: InZone,
  ) {
    for (const [name, value] of pairs) {
      const before = this.typed.get(name);
      if (before) before.push(value);
      else this.typed.set(name, [value]);
      for (const { 1: index, index: at } of name.matchAll(/\[(\d{1,4})\]/g))
        this.addRow(name.slice(0, at), Number(index));
    }
  }

  private addRow(list: string, index: number): void {
    const rows = this.rows.get(list) ?? new Set();
    if (rows.size < MOST_ITEMS) this.rows.set(list, rows.add(index));
  }

  read(schema: TSchema, name: string): unknown {
    const kind = kindOf(schema);
    switch (kind.kind) {
      case 'constant':
        return this.has(name) ? kind.value : undefined;
      case 'quantity':
        return this.quantity(name);
      case 'group':
        return this.group(kind.members, name);
      case 'several':
        return this.typed.get(name)?.filter((word) => word !== '');
      case 'few':
        return this.few(kind.items, name);
      case 'list':
        return this.list(kind.items, name);
      case 'variants':
        return this.variant(kind.variants, name);
      default:
        return this.scalar(kind.kind, name);
    }
  }

  private scalar(kind: FieldKind['kind'], name: string): unknown {
    const text = this.text(name);
    if (text === undefined) return undefined;
    // Lines are kept as they are: some texts are files.
    return kind === 'text' ? this.typed.get(name)![0]! : readScalar(kind, text, this.zone);
  }

  private quantity(name: string): unknown {
    const value = this.text(memberName(name, 'value'));
    if (value === undefined) return undefined;
    const unit = this.text(memberName(name, 'unit'));
    return { value: decimalText(value), ...(unit !== undefined && { unit }) };
  }

  private group(members: Readonly<Record<string, TSchema>>, name: string): Values | undefined {
    const value: Values = {};
    let isSaid = false;
    for (const [member, schema] of Object.entries(members)) {
      const own = memberName(name, member);
      const read = this.read(schema, own);
      set(value, member, read);
      // A constant says which form it is, and nothing else.
      isSaid ||= read !== undefined && kindOf(schema).kind !== 'constant';
    }
    return isSaid || this.typed.has(name) ? value : undefined;
  }

  private few(items: TSchema, name: string): unknown[] | undefined {
    const text = this.text(name);
    const { kind } = kindOf(items);
    return text
      ?.split(/[,\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => readScalar(kind, part, this.zone));
  }

  /** Rows that are left empty do not count. */
  private list(items: TSchema, name: string): unknown[] | undefined {
    const rows = this.rowsOf(name).map((index) => this.read(items, itemName(name, index)));
    const filled = rows.filter((row) => row !== undefined);
    return filled.length > 0 || this.typed.has(name) ? filled : undefined;
  }

  private rowsOf(name: string): number[] {
    return [...(this.rows.get(name) ?? [])].sort((a, b) => a - b);
  }

  /** The form that was chosen; where none was, the first with something in it. */
  private variant(variants: readonly TSchema[], name: string): unknown {
    const chosen = this.text(variantName(name));
    if (chosen !== undefined) {
      const index = Number(chosen);
      const schema = variants[index];
      if (!schema) return chosen;
      // A form that has no fields of its own is said by its choice alone.
      return this.read(schema, inVariant(name, index)) ?? constantsOf(schema);
    }
    for (const [index, schema] of variants.entries()) {
      const value = this.read(schema, inVariant(name, index));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /**
   * What was typed, without the blanks around it; undefined where that is nothing. What came twice with other words is kept
   * with both, so that it is refused.
   */
  private text(name: string): string | undefined {
    const text = [...new Set(this.typed.get(name))].join(', ').trim();
    return text === '' ? undefined : text;
  }

  private has(name: string): boolean {
    const chosen = name.replace(/\.[^.]*$/, '').replace(/\d+$/, '');
    return this.text(name) !== undefined || this.text(chosen) !== undefined;
  }
}

function constantsOf(schema: TSchema): Values | undefined {
  const kind = kindOf(schema);
  if (kind.kind !== 'group') return undefined;
  const constants = Object.entries(kind.members).flatMap(([name, member]) => {
    const one = kindOf(member);
    return one.kind === 'constant' ? [[name, one.value] as const] : [];
  });
  return constants.length > 0 ? Object.fromEntries(constants) : undefined;
}

/** A comma is the decimal mark of many who type. With three digits after it, it may as well stand between thousands. */
function decimalText(text: string): string {
  return /^-?\d+,(\d{1,2}|\d{4,})$/.test(text) ? text.replace(',', '.') : text;
}

function readScalar(kind: FieldKind['kind'], text: string, zone: InZone): unknown {
  switch (kind) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'decimal':
      return decimalText(text);
    case 'instant':
      return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(text)
        ? zone(text.replace(' ', 'T'))
        : text;
    case 'json':
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
    default:
      return text;
  }
}

function set(values: Values, name: string, value: unknown): void {
  if (value !== undefined) values[name] = value;
}
