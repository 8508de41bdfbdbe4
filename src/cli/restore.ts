import { restore } from '../engine/restore.js';
import { Failure } from './failure.js';
import { descriptorOf } from './serve.js';

export interface RestoreIntoOptions {
  readonly data: string;
  readonly store?: string;
  readonly from?: string;
  readonly withoutSource?: boolean;
  readonly cause: string;
  readonly seedFile?: string;
  readonly seedFd?: string;
  readonly marks?: string;
}

export async function restoreInto(options: RestoreIntoOptions): Promise<string> {
  const { data, store, from, withoutSource = false, cause, seedFile, seedFd, marks } = options;
  if ((from === undefined) !== withoutSource)
    throw new Failure('Records come from somewhere, or from nowhere.', 'Give --from, or --without-source.');
  const { logs, unsigned } = await restore({
    data,
    cause,
    ...(store !== undefined && { store }),
    ...(from !== undefined && { from }),
    ...(seedFile !== undefined && { seedFile }),
    ...(seedFd !== undefined && { seedDescriptor: descriptorOf(seedFd) }),
    ...(marks !== undefined && { marks }),
  });
  const lines = logs.map(({ log, from: before, size, vouched }) => {
    const beyond =
      size > vouched && size > before
        ? `; ${size - Math.max(before, vouched)} of them after the last signature`
        : '';
    return size === before
      ? `${log}: ${size} records, nothing missing`
      : `${log}: records ${before} to ${size - 1} brought back${beyond}`;
  });
  return [
    ...lines,
    'Recorded in the lab.',
    ...(unsigned === undefined ? [] : [`Nothing is signed yet: ${unsigned}`]),
  ].join('\n');
}
