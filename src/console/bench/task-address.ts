import { routeOf } from '../../study/catalogue.js';
import type { Task } from '../../study/due/task.js';
import type { PageAddress } from '../parts/act-address.js';

type Asked = Pick<Task, 'animal' | 'command' | 'data'>;

/** Pages of their own, with the members of the command’s data that they take. */
const PAGES: Readonly<Record<string, readonly [to: string, members: readonly string[]]>> = {
  RecordThreshold: ['/bench/threshold', ['paw', 'session', 'minute']],
  ApplySCS: ['/bench/stimulation', ['setting']],
  AdministerKetamine: ['/bench/dose', ['substance']],
  AdministerSubstance: ['/bench/dose', ['substance']],
};

/** Where somebody records what a task asks for, with what is known of it filled in. */
export function addressOfTask({ animal, command, data }: Asked): PageAddress {
  const [to, members] = PAGES[command] ?? [];
  if (to === undefined || members === undefined)
    return { to: `/bench/enter/${routeOf(command)}`, query: { animal, ...fieldsOf('data', data) } };
  const known = members.filter((member) => data[member] !== undefined);
  return {
    to,
    query: { animal, ...Object.fromEntries(known.map((member) => [member, String(data[member])])) },
  };
}

/** By the names of the fields of a form: `data.dose.value`, `data.evidence[0]`. */
function fieldsOf(name: string, value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? {} : { [name]: `${value as string | number | boolean}` };
  const members = Object.entries(value).map(([member, one]) =>
    Object.entries(fieldsOf(Array.isArray(value) ? `${name}[${member}]` : `${name}.${member}`, one)),
  );
  return Object.fromEntries(members.flat());
}
