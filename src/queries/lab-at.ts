import { EMPTY_LAB, foldLab, type Lab, type LabRecord } from '../lab/lab.js';
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
  let then = EMPTY_LAB;
  for await (const page of engine.store.read('lab')) {
    const wanted = page.filter(({ number }) => number < size);
    then = foldLab(
      then,
      wanted.map(({ number, text, leaf }) => ({ number, leaf, record: JSON.parse(text) as LabRecord })),
    );
    if (then.size === size) break;
  }
  return then;
}
