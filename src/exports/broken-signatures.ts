import { checkedSignatures } from '../queries/signatures.js';
import type { Engine } from '../recording/engine.js';
import { signaturesOf, type Study } from '../study/study.js';

/** The records of signatures that do not check against the stored records, the roots and the keys of the lab. */
export async function brokenSignatures(engine: Engine, study: Study): Promise<number[]> {
  if (signaturesOf(study).length === 0) return [];
  const isHere = ({ record }: { readonly record: number }): boolean => record < study.size;
  const shown = await checkedSignatures(engine, study.code, isHere);
  return shown.flatMap(({ record, status }) => (status === 'broken' ? [record] : []));
}
