import { counted } from '../../shared/counted.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { openForReading, storeOf, type Place } from '../open-ledger.js';

export interface RecordsOptions extends Place {
  readonly study: string;
  readonly from: string;
}

/** Prints stored records as NDJSON; each line is the stored bytes of one record. */
export async function records({ study, from, ...place }: RecordsOptions, { write }: Io): Promise<void> {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(from))
    throw Failure.usage(`--from ${from} is not a record number.`, 'Give a whole number from 0.');
  // The lab is not folded: the bytes of a damaged ledger can still be read.
  const { store } = (await openForReading(place)).engine;
  try {
    const stream = `study-${study}`;
    const size = await store.size(stream);
    if (size === 0)
      throw new Failure(
        `There is no study ${study} in ${storeOf(place) ?? place.data}.`,
        '',
        'study-unknown',
      );
    if (Number(from) >= size)
      throw new Failure(
        `${study} holds ${counted(size, 'record')}: there is no record ${from}.`,
        `The last record is --from ${size - 1}.`,
        'record-unknown',
      );
    for await (const page of store.read(stream, Number(from))) {
      await write(page.map((record) => `${record.text}\n`).join(''));
    }
  } finally {
    await store.close();
  }
}
