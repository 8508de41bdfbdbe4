import { addressOf } from '../../console/parts/frame.js';
import type { ThereFrom } from '../../console/problem.js';
import { animalsConcerned } from '../../study/projections/concerns.js';
import type { Study } from '../../study/study.js';

/** Where the record or the animal of this address first is; undefined where it is at no tree size. */
export function thereFrom(study: Study, path: string): ThereFrom | undefined {
  const [, list, name = ''] = /\/(records|animals)\/([^/]+)$/.exec(path) ?? [];
  const first =
    list === 'animals'
      ? animalsConcerned(study).findIndex((animals) => animals.includes(decodeURIComponent(name)))
      : study.records.at(Number(name))?.number;
  if (list === undefined || first === undefined || first < 0) return undefined;
  const size = first + 1;
  return { size, address: addressOf(path, size < study.size ? { at: String(size) } : {}) };
}
