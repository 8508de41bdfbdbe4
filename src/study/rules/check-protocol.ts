import type { TSchema } from 'typebox';
import type { Protocol } from '../protocol.js';
import { ProtocolInputSchema } from '../protocol-input.js';
import { explainMismatch, isWithin, mismatches } from '../mismatch.js';
import { isPlainObject } from '../schema.js';
import { completeProtocol, type ProtocolInput } from './complete-protocol.js';
import type { Problem } from './protocol-problems.js';

/** Stands in a template for a value that the laboratory has to give. */
export const REQUIRED = 'REQUIRED';

export interface CheckedProtocol {
  /** Values that are still to be given, with what each means. */
  readonly missing: readonly Problem[];
  /** What does not fit, or contradicts something else. */
  readonly wrong: readonly Problem[];
  /** Where nothing is missing and nothing is wrong: the protocol with shipped ladders and rules written out. */
  readonly protocol?: Protocol;
}

const MOST_PROBLEMS = 200;

/**
 * Everything that is missing from a protocol and everything that contradicts itself. Contradictions are looked for where the
 * shape of every member is right; a value that is still missing contradicts nothing.
 */
export function checkProtocol(value: unknown): CheckedProtocol {
  const missing: Problem[] = [];
  if (!isPlainObject(value)) return { missing, wrong: misfitsIn(value, 1) };
  const unwritten = new Set<string>();
  const unchosen: string[] = [];
  const filled = fillIn(ProtocolInputSchema, value, '', (path, schema) => {
    missing.push({ path, message: (schema as { description?: string } | undefined)?.description ?? '' });
    const given = standIn(schema);
    if (typeof given === 'object') unwritten.add(sectionOf(path));
    else if ((schema as Shape | undefined)?.enum) unchosen.push(given as string);
  });
  const paths = missing.map(({ path }) => path);
  const apart = ({ path }: Problem): boolean =>
    !unwritten.has(sectionOf(path)) && !paths.some((one) => isWithin(path, one) || isWithin(one, path));
  const misfits = misfitsIn(filled, MOST_PROBLEMS).filter(apart);
  if (misfits.length > 0) return { missing, wrong: misfits };
  const completed = completeProtocol(filled as ProtocolInput);
  // Nor does a word that nobody has chosen yet.
  const isChosen = ({ message }: Problem): boolean => !unchosen.some((word) => message.includes(word));
  if (Array.isArray(completed))
    return { missing, wrong: completed.filter((problem) => apart(problem) && isChosen(problem)) };
  return missing.length > 0 ? { missing, wrong: [] } : { missing, wrong: [], protocol: completed };
}

function misfitsIn(value: unknown, most: number): Problem[] {
  return mismatches(ProtocolInputSchema, value, most).map((amiss) => ({
    path: amiss.path,
    message: explainMismatch(amiss),
  }));
}

/** A copy in which a value that fits stands for what is missing, so that the rest can be judged. */
function fillIn(schema: TSchema | undefined, value: unknown, path: string, miss: Miss): unknown {
  if (value === REQUIRED) {
    miss(path, schema);
    return standIn(schema);
  }
  if (Array.isArray(value)) {
    const { items } = shapeOf(schema, 'items');
    return value.map((item, index) => fillIn(items, item, `${path}[${index}]`, miss));
  }
  if (!isPlainObject(value)) return value;
  const { properties = {} } = shapeOf(schema, 'properties');
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, fillIn(own, inner, path === '' ? name : `${path}.${name}`, miss)];
    }),
  );
}

type Miss = (path: string, schema: TSchema | undefined) => void;

interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly required?: readonly string[];
}

/** The schema itself, or the one of several shapes that has such a member. */
function shapeOf(schema: TSchema | undefined, has: 'items' | 'properties'): Shape {
  const shape = (schema ?? {}) as Shape;
  return ((shape.anyOf ?? [shape]) as Shape[]).find((one) => one[has] !== undefined) ?? {};
}

/** The least that fits a schema; of several shapes the last, which is the name of a shipped one. Text stays as it is. */
function standIn(schema: TSchema | undefined): unknown {
  const shape = (schema ?? {}) as Shape;
  const { anyOf, type, items, properties = {}, required = [] } = shape;
  if (shape.enum) return shape.enum[0];
  if (anyOf) return standIn(anyOf.at(-1));
  if (type === 'array') return Array.from({ length: shape.minItems ?? 0 }, () => standIn(items));
  if (type === 'integer') return Math.max(shape.minimum ?? 1, 1);
  if (type === 'boolean') return false;
  if (type === 'object') return Object.fromEntries(required.map((name) => [name, standIn(properties[name])]));
  return REQUIRED;
}

/** `titration.doses[0].unit` → `titration` */
function sectionOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}
