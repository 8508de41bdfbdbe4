/**
 * JSON Schema (draft 2020-12), as much of it as the record schemas use. A keyword that is not known here is an error
 * when a schema is read, never silently passed over.
 */
import { instantMs, isCalendarDate } from './instant.js';

/** What is wrong with a value, beginning with where (a JSON Pointer); undefined where it fits. */
export type Check = (value: unknown) => string | undefined;

type Members = Record<string, unknown>;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  instant: (text) => !Number.isNaN(instantMs(text)),
  'calendar-date': isCalendarDate,
};

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

/** Each returns a check of values of one kind; what is of another kind is for `type` to refuse. */
const KEYWORDS: Readonly<Record<string, (argument: never) => Check>> = {
  type: (type: string) => test(TYPES[type]!, `must be of type ${type}`),
  const: (constant: unknown) => test((value) => same(value, constant), `must be ${JSON.stringify(constant)}`),
  enum: (values: unknown[]) =>
    test(
      (value) => values.includes(value) || values.some((one) => same(one, value)),
      `must be one of ${values.map((one) => JSON.stringify(one)).join(', ')}`,
    ),
  anyOf: (schemas: unknown[]) => {
    const checks = schemas.map(compileSchema);
    return test(
      (value) => checks.some((check) => check(value) === undefined),
      'fits none of the shapes allowed',
    );
  },
  minimum: (least: number) =>
    test((value) => typeof value !== 'number' || value >= least, `must be ≥ ${least}`),
  maximum: (most: number) => test((value) => typeof value !== 'number' || value <= most, `must be ≤ ${most}`),
  minLength: (least: number) =>
    test(
      (value) => typeof value !== 'string' || value.length >= 2 * least - 1 || codePoints(value) >= least,
      `must have ${least} characters or more`,
    ),
  maxLength: (most: number) =>
    test(
      (value) => typeof value !== 'string' || value.length <= most || codePoints(value) <= most,
      `must have ${most} characters or fewer`,
    ),
  pattern: (source: string) => {
    const pattern = new RegExp(source, 'u');
    return test((value) => typeof value !== 'string' || pattern.test(value), `must match ${source}`);
  },
  format: (name: string) => {
    const fits = FORMATS[name];
    if (!fits) throw new Error(`a schema names the format ${name}, which is not known here`);
    return test((value) => typeof value !== 'string' || fits(value), `is no ${name}`);
  },
  minItems: (least: number) =>
    test((value) => !Array.isArray(value) || value.length >= least, `must have ${least} items or more`),
  maxItems: (most: number) =>
    test((value) => !Array.isArray(value) || value.length <= most, `must have ${most} items or fewer`),
  uniqueItems: (wanted: boolean) =>
    test((value) => !wanted || !Array.isArray(value) || areUnique(value), 'must not have equal items'),
  items: (schema: unknown) => {
    const check = compileSchema(schema);
    return (value) => {
      if (!Array.isArray(value)) return undefined;
      for (let i = 0; i < value.length; i++) {
        const wrong = check(value[i]);
        if (wrong !== undefined) return `/${i}${wrong}`;
      }
      return undefined;
    };
  },
};

const ANNOTATIONS = new Set(['$schema', '$id', 'title', 'description', 'default', 'examples']);
const OBJECT_KEYWORDS = new Set(['properties', 'required', 'additionalProperties', 'patternProperties']);

/** @throws Error for a keyword, type or format that is not known here. */
export function compileSchema(schema: unknown): Check {
  if (schema === true) return () => undefined;
  if (schema === false) return () => ' is not allowed';
  const checks: Check[] = [];
  let object = false;
  for (const [keyword, argument] of Object.entries(schema as Members)) {
    if (ANNOTATIONS.has(keyword)) continue;
    if (OBJECT_KEYWORDS.has(keyword)) {
      object = true;
      continue;
    }
    const make = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (!make || (keyword === 'type' && !Object.hasOwn(TYPES, argument as string)))
      throw new Error(`a schema says “${keyword}: ${JSON.stringify(argument)}”, which is not known here`);
    checks.push(make(argument as never));
  }
  if (object) checks.push(objectCheck(schema as Members));
  const check = all(checks);
  return (schema as Members)['type'] === 'string' ? remembering(check) : check;
}

function objectCheck(schema: Members): Check {
  const known = new Map(Object.entries((schema['properties'] ?? {}) as Members).map(compiled));
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as Members).map(compiled);
  const byPattern = patterns.map(([source, check]) => [new RegExp(source, 'u'), check] as const);
  const additional = compileSchema(schema['additionalProperties'] ?? true);
  const required = (schema['required'] ?? []) as string[];
  const checksOf = (name: string): Check => {
    const own = known.get(name);
    const matching = byPattern.filter(([pattern]) => pattern.test(name)).map(([, match]) => match);
    return all(own ? [own, ...matching] : matching.length > 0 ? matching : [additional]);
  };
  // Values of one schema mostly have the same members as the one before.
  let names: readonly string[] | undefined;
  let checks: readonly Check[] = [];
  return (value) => {
    if (!isObject(value)) return undefined;
    const found = Object.keys(value);
    if (!names || !isEqual(found, names)) {
      const missing = required.find((name) => !Object.hasOwn(value, name));
      if (missing !== undefined) return ` lacks “${missing}”`;
      [names, checks] = [found, found.map(checksOf)];
    }
    for (let i = 0; i < found.length; i++) {
      const wrong = checks[i]!(value[found[i]!]);
      if (wrong !== undefined) return `/${found[i]!}${wrong}`;
    }
    return undefined;
  };
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** All of several checks, in turn. */
function all(checks: readonly Check[]): Check {
  const [first, second, third, ...others] = checks;
  if (!first) return () => undefined;
  if (!second) return first;
  if (!third) return (value) => first(value) ?? second(value);
  const rest = others.length > 0 ? all([third, ...others]) : third;
  return (value) => first(value) ?? second(value) ?? rest(value);
}

function compiled([name, schema]: [string, unknown]): [string, Check] {
  return [name, compileSchema(schema)];
}

function test(fits: (value: unknown) => boolean, message: string): Check {
  const wrong = ` ${message}`;
  return (value) => (fits(value) ? undefined : wrong);
}

/** Many values are what they were in the record before. */
function remembering(check: Check): Check {
  let last: unknown;
  return (value) => {
    if (value === last) return undefined;
    const wrong = check(value);
    if (wrong === undefined) last = value;
    return wrong;
  };
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function codePoints(text: string): number {
  return Array.from(text).length;
}

function areUnique(items: readonly unknown[]): boolean {
  return items.every((item, i) => items.slice(0, i).every((other) => !same(item, other)));
}

/** Equal as JSON values; the order of members does not count. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}
