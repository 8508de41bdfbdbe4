import type { AccessRecord } from '../lab/access.js';
import { EMPTY_LAB, foldLab, type Lab, type LabRecord } from '../lab/lab.js';
import { isPeopleEvent } from '../lab/people/facts.js';
import type { Engine } from '../recording/engine.js';
import { counted } from '../shared/counted.js';
import type { Numbered, RecordAttributes } from '../study/record.js';
import { refuse, type Refusal } from '../study/refusal.js';

/** The lab as it was at a tree size, or as it is. `at` is text from a query. */
export async function labAsOf(engine: Engine, at: string | undefined): Promise<Lab | Refusal> {
  const lab = await engine.lab();
  if (at === undefined) return lab;
  if (!/^(0|[1-9][0-9]{0,15})$/.test(at))
    return refuse('at-invalid', 'at must be a tree size of the lab: a number of records.', 'at');
  const size = Number(at);
  if (size === lab.size) return lab;
  if (size > lab.size) {
    const message = `There is no tree size ${at}: the lab holds ${counted(lab.size, 'record')}.`;
    return refuse('at-beyond-head', message, 'at');
  }
  let then = EMPTY_LAB;
  for await (const page of recordsOf<LabRecord>(engine, 'lab', 0, size)) then = foldLab(then, page);
  return then;
}

/** What the lab holds about a person, up to a tree size, oldest first. */
export async function recordsAbout(
  engine: Engine,
  person: string,
  { size, people }: Lab,
): Promise<Numbered<LabRecord>[]> {
  const about = new Map<number, Numbered<LabRecord>>();
  for await (const page of recordsOf<LabRecord>(engine, 'lab', 0, size))
    for (const numbered of page)
      if (concerns(numbered.record, person, people.holders) || about.has(erasedIn(numbered.record)))
        about.set(numbered.number, numbered);
  return [...about.values()];
}

/** The lab record of which something is erased, or shall be; −1 in any other record. */
function erasedIn({ type, data }: LabRecord): number {
  if (type !== 'RedactionRequested' && type !== 'FieldRedacted') return -1;
  const { stream, number } = data as { stream: string; number: number };
  return stream === 'lab' ? number : -1;
}

/** Of a record that names the record of a credential, a grant or a token, whose that is. */
const NAMED = ['credential', 'grant', 'token'] as const;

function concerns({ type, data }: LabRecord, person: string, holders: ReadonlyMap<number, string>): boolean {
  if (!isPeopleEvent(type)) return false;
  const members = data as unknown as Readonly<Record<string, unknown>>;
  if (members['person'] === person || members['sameIndividual'] === person) return true;
  return NAMED.some((name) => typeof members[name] === 'number' && holders.get(members[name]) === person);
}

/** When each person last signed in, as an instant. */
export async function lastSignIns(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const last = new Map<string, string>();
  const { size } = await engine.log('access');
  for await (const page of recordsOf<AccessRecord>(engine, 'access', 0, size))
    for (const { record } of page)
      if (record.type === 'SignedIn') last.set(record.actor, record.recordedtime);
  return last;
}

export interface AccessAsked {
  readonly actor: string | undefined;
  readonly type: string | undefined;
}

interface AccessFound {
  readonly count: number;
  /** Those from one place in the list up to another, counted from the newest. */
  readonly read: (from: number, until: number) => Promise<readonly Numbered<AccessRecord>[]>;
}

/** The access log backwards. Where nothing is asked for, only the records of one page are read. */
export async function accessNewestFirst(engine: Engine, { actor, type }: AccessAsked): Promise<AccessFound> {
  const { size } = await engine.log('access');
  const between = async (from: number, until: number): Promise<Numbered<AccessRecord>[]> => {
    const found: Numbered<AccessRecord>[] = [];
    for await (const page of recordsOf<AccessRecord>(engine, 'access', from, until))
      for (const numbered of page)
        if (isOne(numbered.record.actor, actor) && isOne(numbered.record.type, type)) found.push(numbered);
    return found.reverse();
  };
  if (actor === undefined && type === undefined)
    return { count: size, read: (from, until) => between(size - until, size - from) };
  const all = await between(0, size);
  return { count: all.length, read: (from, until) => Promise.resolve(all.slice(from, until)) };
}

function isOne(value: string, wanted: string | undefined): boolean {
  return wanted === undefined || value === wanted;
}

/** The records of a log as they were stored, from one number up to another, a page at a time. */
export async function* recordsOf<R extends RecordAttributes>(
  engine: Engine,
  log: 'lab' | 'access',
  from: number,
  until: number,
): AsyncGenerator<Numbered<R>[]> {
  if (from >= until) return;
  for await (const page of engine.store.read(log, from)) {
    const kept = page.filter(({ number }) => number < until);
    yield kept.map(({ number, leaf, text }) => ({ number, leaf, record: JSON.parse(text) as R }));
    if (kept.length < page.length || (kept.at(-1)?.number ?? until) >= until - 1) return;
  }
}
