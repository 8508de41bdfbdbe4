import { routeOf } from '../../study/catalogue.js';
import type { OpenAct } from '../../study/signatures/open-acts.js';

/** A page of a study with its query, as `StudyLink` takes it. */
export interface PageAddress {
  readonly to: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Where somebody does what is next of an act: signs its record, or records what is missing. `next` is where they come afterwards. */
export function addressOfAct(
  { next: act, record, to }: Pick<OpenAct, 'next' | 'record' | 'to'>,
  next?: string,
): PageAddress {
  const after: Record<string, string> = next === undefined ? {} : { next };
  if ('sign' in act) return { to: '/sign', query: { records: `${record}`, meaning: act.sign, ...after } };
  const about: Record<string, string> =
    to === undefined
      ? { 'data.target.number': `${record}` }
      : { 'data.from': `${record}`, 'data.to': `${to}` };
  return { to: `/bench/enter/${routeOf(act.give)}`, query: { ...about, ...after } };
}
