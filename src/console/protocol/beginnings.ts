import type { TSchema } from 'typebox';
import { exampleProtocol } from '../../study/commands/common/example-protocol.js';
import { ProtocolInputSchema } from '../../study/protocol-input.js';
import { isPlainObject } from '../../study/schema.js';
import { parseJsonWithComments } from '../../shared/json-with-comments.js';
import { filledMouseTemplate, isTemplate, templateText } from '../../shared/protocol-templates.js';
import { kindOf } from '../forms/field-kind.js';
import { variantOf } from '../forms/variant-of.js';
import { shaped } from './draft.js';

type Values = Record<string, unknown>;

/** What a protocol can begin with, by the name that an address gives it. An earlier study stands beside them by its code. */
export const BEGINNINGS: readonly (readonly [from: string, words: string])[] = [
  ['reference-example', 'Rats, SCS after sub-effective ketamine: the reference study, with example numbers'],
  ['reference-study', 'The same, numbers left open'],
  ['mouse-example', 'Mice, spared nerve injury, heat latency, a systemic drug: with example numbers'],
  ['mouse-sni', 'The same, numbers left open'],
  ['rat-cfa', 'Rats, CFA in a hind paw, paw pressure and heat latency: numbers left open'],
  ['empty', 'Empty: only what every study needs'],
];

/** Where a name is no beginning, it is the code of an earlier study. */
export function isBeginning(from: string): boolean {
  return BEGINNINGS.some(([name]) => name === from);
}

/**
 * A protocol to begin with; nothing stands where a template asks for a value. Title and licence are never taken over: they
 * are those of another study.
 */
export function beginningOf(from: string): Values {
  const { title: _, ...protocol } = shaped(textOf(from)) as Values;
  const { number: __, title: ___, ...licence } = (protocol['licence'] ?? {}) as Values;
  return { ...protocol, ...('licence' in protocol && { licence }) };
}

function textOf(from: string): unknown {
  if (from === 'reference-example') return { ...FILLED_REFERENCE, ...exampleProtocol };
  if (from === 'mouse-example') return parseJsonWithComments(filledMouseTemplate());
  return parseJsonWithComments(templateText(isTemplate(from) ? from : 'empty'));
}

const FILLED_REFERENCE = { reading: 2, model: { kind: 'nerve-injury', procedure: 'partial-ligation' } };

/**
 * The paths of the numbers in a draft that still are those of the template that it began with: nobody has decided them for
 * this study.
 */
export function examplesIn(draft: object, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  if (isBeginning(from)) collect(ProtocolInputSchema, draft, beginningOf(from), '', found);
  return found;
}

function collect(schema: TSchema, now: unknown, then: unknown, path: string, found: Set<string>): void {
  const kind = kindOf(schema);
  if (now === undefined || then === undefined) return;
  switch (kind.kind) {
    case 'group':
      if (isPlainObject(now) && isPlainObject(then))
        for (const [name, member] of Object.entries(kind.members))
          collect(member, now[name], then[name], path === '' ? name : `${path}.${name}`, found);
      return;
    case 'list':
      if (Array.isArray(now) && Array.isArray(then))
        now.forEach((item, index) => collect(kind.items, item, then[index], `${path}[${index}]`, found));
      return;
    case 'variants':
      if (isPlainObject(now)) collect(kind.variants[variantOf(kind.variants, now)]!, now, then, path, found);
      else if (now === then) found.add(path);
      return;
    case 'quantity':
      if (isPlainObject(now) && now['value'] !== undefined && same(now, then)) found.add(`${path}.value`);
      return;
    case 'few':
      if (kindOf(kind.items).kind === 'integer' && same(now, then)) found.add(path);
      return;
    case 'decimal':
    case 'integer':
      // The version of a rule counts its changes here.
      if (same(now, then) && !path.endsWith('.version')) found.add(path);
      return;
    default:
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
