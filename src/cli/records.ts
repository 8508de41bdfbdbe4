import { once } from 'node:events';
import { ledgerExists, openSqliteReader } from '../store/sqlite-ledger.js';
import { Failure } from './failure.js';

/** Stored records as NDJSON: each line is exactly the bytes of one record, straight from the store. */
export async function records(study: string, folder: string, from: string): Promise<void> {
  if (!ledgerExists(folder))
    throw new Failure(`There is no ledger in ${folder}.`, 'Name the folder with --data.');
  if (!/^(0|[1-9][0-9]{0,15})$/.test(from)) throw new Failure(`--from ${from} is not a record number.`);
  const store = openSqliteReader(folder);
  try {
    const stream = `study-${study}`;
    if ((await store.size(stream)) === 0)
      throw new Failure(`There is no study ${study} in ${folder}.`, '', 'study-unknown');
    for await (const page of store.read(stream, Number(from))) {
      const text = page.map((record) => `${record.text}\n`).join('');
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    }
  } finally {
    await store.close();
  }
}
