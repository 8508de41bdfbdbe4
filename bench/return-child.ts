import { openLedgerForReading } from '../src/operations/open-ledger.js';
import { makeReturn } from '../src/welfare/returns/make-return.js';
import { FolderSink } from '../src/welfare/returns/sink.js';

/** Makes one return in a process of its own and prints the most memory that it ever held, in MB, and the uses counted. */
const [folder = '', year = '', to = ''] = process.argv.slice(2);
const { engine } = await openLedgerForReading(folder);
const sink = new FolderSink(to);
const { uses, gaps } = await makeReturn(engine, { year: Number(year), format: 'eu' }, sink);
sink.finish();
await engine.close();
console.log(JSON.stringify({ megabytes: process.resourceUsage().maxRSS / 1024, uses, gaps: gaps.length }));
