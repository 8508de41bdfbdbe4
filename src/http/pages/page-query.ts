import { Problem } from '../platform/problems.js';

/** Of every page of a study: where in its records, what had happened by then, and a day to be led to. */
const PLACE = ['at', 'until', 'on'];

/**
 * Reads the query of a page's address as a form sends it: a plus is a space, and a field left empty is left out. A
 * parameter that the page does not take would change nothing unnoticed, so it is refused.
 * @throws Problem.
 */
export function readPageQuery(
  url: string,
  known: readonly string[] | 'any',
  ofStudy: boolean,
): Record<string, string> {
  const start = url.indexOf('?');
  const taken = known === 'any' ? undefined : ofStudy ? [...PLACE, ...known] : known;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(start < 0 ? '' : url.slice(start + 1))) {
    if (taken && !taken.includes(name)) throw unknown(name, taken);
    if (Object.hasOwn(query, name)) throw new Problem('parameter-repeated', `Give ${name} once.`, name);
    // An instant that was typed into the address has a plus before its offset.
    if (value !== '') query[name] = PLACE.includes(name) ? value.replace(' ', '+') : value;
  }
  if (query['on'] !== undefined && query['at'] !== undefined)
    throw new Problem('at-invalid', 'Give the day with on or the tree size with at, not both.', 'on');
  return query;
}

function unknown(name: string, taken: readonly string[]): Problem {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  const list = taken.length === 0 ? 'none' : taken.join(', ');
  return new Problem('parameter-unknown', `This page takes no “${shown}”; it takes ${list}.`, shown);
}
