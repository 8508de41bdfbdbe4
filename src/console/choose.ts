import { refuse, type Refusal } from '../study/refusal.js';
import type { Options, Shown } from './parts/choices.js';

type Query = Readonly<Record<string, string>>;

/** What an address chooses among the options of a page; the first of them where it says nothing. */
export function choose<T extends string>(query: Query, name: string, options: Options<T>): T | Refusal {
  const chosen = query[name];
  if (chosen === undefined) return options[0]![0];
  const values = options.map(([value]) => value);
  return values.find((value) => value === chosen) ?? unknown(name, chosen, values);
}

/** The page of a list that an address asks for. */
export function choosePage(query: Query, count: number, most: number): Shown | Refusal {
  const pages = Math.max(1, Math.ceil(count / most));
  const text = query['page'] ?? '1';
  const page = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Infinity;
  if (page > pages)
    return refuse(
      'choice-unknown',
      `page is a number from 1 to ${pages}, not “${text.slice(0, 60)}”.`,
      'page',
    );
  return { page, from: (page - 1) * most, until: Math.min(count, page * most), count };
}

function unknown(name: string, value: string, options: readonly string[]): Refusal {
  const message = `${name} is one of ${options.join(', ')}, not “${value.slice(0, 60)}”.`;
  return refuse('choice-unknown', message, name);
}
