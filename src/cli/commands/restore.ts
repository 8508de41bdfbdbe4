import { counted } from '../../shared/counted.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RestoredDisclosures } from '../../operations/disclosure-backup.js';
import { restoreOnlyDisclosures } from '../../operations/restore-only-disclosures.js';
import { restore } from '../../operations/restore.js';
import { unpackZip } from '../../exports/bundle/bundle-zip.js';
import type { Place } from '../open-ledger.js';
import { filesInWords } from '../output/files-in-words.js';
import { Failure } from '../output/failure.js';
import { wrapped, type Block } from '../output/page.js';

export interface RestoreIntoOptions {
  readonly data: string;
  readonly store?: string;
  readonly from?: string;
  readonly withoutSource?: boolean;
  readonly cause: string;
  readonly seedFile?: string;
  readonly seedFd?: number;
  readonly marks?: string;
  readonly disclosures?: string;
  readonly onlyDisclosures?: boolean;
  readonly json?: boolean;
}

export async function restoreInto(options: RestoreIntoOptions): Promise<string | Block[]> {
  const { data, store, from, withoutSource = false, cause, seedFile, seedFd, marks, json = false } = options;
  const { disclosures, onlyDisclosures = false } = options;
  if ((from === undefined) !== withoutSource)
    throw Failure.usage('restore takes either --from or --without-source.', 'Give one of them.');
  if (onlyDisclosures) return restoreNames({ data, store }, from, json);
  const restored = await withSource(from, (source) =>
    restore({
      data,
      cause,
      ...(store !== undefined && { store }),
      ...(source !== undefined && { from: source }),
      ...(seedFile !== undefined && { seedFile }),
      ...(seedFd !== undefined && { seedDescriptor: seedFd }),
      ...(marks !== undefined && { marks }),
      ...(disclosures !== undefined && { disclosures }),
    }),
  );
  const { logs, unsigned, notTaken = [], disclosures: names, attachments } = restored;
  if (json) return JSON.stringify(restored);
  const lines = logs.map(({ log, from: before, size, vouched }) => {
    const beyond =
      size > vouched && size > before
        ? `; ${size - Math.max(before, vouched)} of them came after the last signature`
        : '';
    return size === before
      ? `${log}: ${counted(size, 'record')}, nothing missing`
      : `${log}: records ${before} to ${size - 1} restored${beyond}`;
  });
  return [
    ...lines,
    'The restore is recorded in the lab log.',
    ...(names ? [wrapped(namesInWords(names))] : []),
    ...(attachments ? [wrapped(filesInWords(attachments))] : []),
    ...(notTaken.length === 0
      ? []
      : [
          wrapped(
            `Not taken over from ${from}/ledger.json, since they are no evidence: ${notTaken.join(', ')}. The witnesses are those of the lab policy. Write what is wanted into ${join(data, 'ledger.json')}.`,
          ),
        ]),
    ...(unsigned === undefined ? [] : [wrapped(`Not signed: ${unsigned}`)]),
  ];
}

async function restoreNames(
  place: Place,
  from: string | undefined,
  json: boolean,
): Promise<string | Block[]> {
  if (from === undefined)
    throw Failure.usage('--only-disclosures needs --from.', 'Name a backup with --from.');
  const restored = await restoreOnlyDisclosures(place, from, Date.now());
  if (!restored)
    throw new Failure(`${from} holds no names.`, 'Name a folder that study-ledger backup wrote.');
  return json ? JSON.stringify(restored) : [wrapped(namesInWords(restored))];
}

function namesInWords({ restored, erased, expired }: RestoredDisclosures): string {
  if (expired !== undefined)
    return `Names were not restored: this copy of them ended on ${expired}. Delete its folder “disclosures”, and restore a newer copy with --only-disclosures.`;
  const left =
    erased === 0 ? '' : ` ${erased} in the copy were erased since, and stay erased: delete the copy.`;
  return `${counted(restored, 'name or label', 'names and labels')} restored.${left}`;
}

/** Unpacks a zip file into a temporary folder while `work` runs. */
async function withSource<A>(
  from: string | undefined,
  work: (folder: string | undefined) => Promise<A>,
): Promise<A> {
  if (!from?.endsWith('.zip')) return work(from);
  const unpacked = mkdtempSync(join(tmpdir(), 'study-ledger-restore-'));
  try {
    return await work((await unpackZip(from, unpacked)).folder);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}
