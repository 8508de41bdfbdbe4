import { EMPTY_LAB, foldLab, type Lab, type LabRecord } from '../lab/lab.js';
import type { Numbered } from '../study/record.js';
import type { Engine } from '../recording/engine.js';
import { counted } from '../shared/counted.js';
import { refuse, type Refusal } from '../study/refusal.js';

/** The lab as it was when it had so many records, which is read anew. */
export async function labAt(engine: Engine, at: string | undefined): Promise<Lab | Refusal> {
  const lab = await engine.lab();
  if (at === undefined) return lab;
  if (!/^[1-9][0-9]{0,15}$/.test(at))
    return refuse('at-invalid', 'at must be a size of the lab: a number of its records, such as 40.', 'at');
  const size = Number(at);
  if (size > lab.size)
    return refuse(
      'at-beyond-head',
      `There is no lab size ${at}: the lab holds ${counted(lab.size, 'record')}.`,
      'at',
    );
  return labWhile(engine, ({ number }) => number < size);
}

/** The lab as it was recorded by an instant in UTC. */
export function labOn(engine: Engine, end: string): Promise<Lab> {
  return labWhile(engine, ({ record: { recordedtime } }) => recordedtime <= end);
}

/** The lab up to the first record that is no longer wanted. */
async function labWhile(engine: Engine, isWanted: (stored: Numbered<LabRecord>) => boolean): Promise<Lab> {
  let then = EMPTY_LAB;
  for await (const page of engine.store.read('lab')) {
    const records = page.map(({ number, text, leaf }) => ({
      number,
      leaf,
      record: JSON.parse(text) as LabRecord,
    }));
    const end = records.findIndex((stored) => !isWanted(stored));
    then = foldLab(then, end < 0 ? records : records.slice(0, end));
    if (end >= 0) break;
  }
  return then;
}
