export interface Change {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What differs between two values, member by member; a list is one member. `protocol.welfare.sheet`. */
export function memberChanges(before: unknown, after: unknown, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after) || 'unit' in before)
    return [{ field: path, from: before ?? null, to: after ?? null }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    memberChanges(before[name], after[name], path === '' ? name : `${path}.${name}`),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
