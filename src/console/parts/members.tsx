import type { ComponentChildren, JSX } from 'preact';
import { dataInWords } from '../../exports/documents/in-words.js';
import { typeInWords } from '../../exports/documents/type-in-words.js';
import { memberInWords } from './changes.js';
import { instantMs } from '../../study/instant.js';
import { RecordLink } from './links.js';
import { Facts } from './table.js';
import { When } from './when.js';

/** The data of a record, member by member, in the order in which they are stored. */
export function Members({ data }: { readonly data: object }): JSX.Element {
  const members = Object.entries(data).filter(([name]) => name !== 'flags');
  return (
    <Facts facts={members.map(([name, value]) => [memberInWords(name), memberValue(name, value)] as const)} />
  );
}

/** Members whose number is that of a record. */
const NAMES_RECORD = new Set(['session', 'follows', 'after', 'reachedBy', 'because']);

function memberValue(name: string, value: unknown): ComponentChildren {
  if (NAMES_RECORD.has(name) && typeof value === 'number') return <RecordLink number={value} />;
  if (name === 'evidence' && Array.isArray(value))
    return (value as number[]).flatMap((number) => [<RecordLink number={number} />, ' ']);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (name === 'corrects') return typeInWords(String(value));
  if (typeof value === 'string' && instantMs(value) !== undefined) return <When at={value} day />;
  if (isReference(value)) return <RecordLink number={value.number} />;
  if (isPlainObject(value) && !('unit' in value))
    return isNameOnly(value) ? value.id : <Members data={value} />;
  return dataInWords(value);
}

function isReference(value: unknown): value is { readonly number: number } {
  return isPlainObject(value) && 'leaf' in value && 'number' in value;
}

/** Of an instrument nothing but its name is on record. */
function isNameOnly(value: object): value is { readonly id: string } {
  return Object.keys(value).join() === 'id';
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
