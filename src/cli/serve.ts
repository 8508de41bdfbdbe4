import { setTimeout } from 'node:timers/promises';
import { UNNAMED_FACILITY, openLedgerFolder, type OpenedLedger } from '../engine/open-ledger.js';
import { SelfChecks } from '../engine/self-check.js';
import { timeZone } from '../engine/time-zone.js';
import { createServer } from '../http/server.js';
import { onceStoreAnswers } from '../http/waiting-room.js';
import { reportLooseEnds } from '../store/kurrentdb-hardening.js';
import { Failure } from './failure.js';
import { storeOf, unnamed } from './ledger.js';
import { wrapped } from './table.js';

const START_DELAY_MS = 2000;

export interface ServeOptions {
  readonly data: string;
  readonly store?: string;
  readonly port: string;
  readonly seedFd?: string;
  readonly seedFile?: string;
}

/** Serves a ledger until it is told to stop; makes the ledger where there is none. */
export async function serve(options: ServeOptions, print: (text: string) => void): Promise<void> {
  const { data, store, port, seedFile, seedFd } = options;
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535)
    throw Failure.usage(`--port ${port} is not a port.`, 'Use a number from 0 to 65535, such as 3000.');
  const warn = (message: string): void => void process.stderr.write(`${message}\n`);
  const open = (): Promise<OpenedLedger> =>
    openLedgerFolder(data, {
      holder: `study-ledger serve --port ${port}`,
      report: warn,
      store,
      ...(seedFile !== undefined && { seedFile }),
      ...(seedFd !== undefined && { seedDescriptor: descriptorOf(seedFd) }),
    });
  const isRemote = storeOf(options) !== undefined;
  const opened = await (isRemote ? onceStoreAnswers(open, { port: number }, warn) : open());
  const { engine, folder, anchoring, seedProblem } = opened;
  // An old backup in the store's place shows here, before a number is used again; a witness that is down delays little.
  await Promise.race([anchoring.ready(), setTimeout(START_DELAY_MS, undefined, { ref: false })]);
  const server = await createServer(engine, { port: number, logger: false }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  if (seedProblem !== undefined)
    warn(`${seedProblem} Nothing is signed and no study begins; recording goes on.`);
  if (engine.alarm) warn(engine.alarm.message);
  const { simulated, facility } = await engine.lab();
  if (facility === UNNAMED_FACILITY) warn(wrapped(unnamed(data)));
  print(`times that the ledger sets itself bear the offset of ${timeZone()}`);
  print(`listening on ${server.url}  (ledger in ${data}${simulated ? ', SIMULATED DATA' : ''})`);
  anchoring.start();
  const checks = new SelfChecks({ data, store: store ?? folder.config.store }, warn);
  checks.start();
  reportLooseEnds(store ?? folder.config.store, warn);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      checks.stop();
      void server.close().then(() => process.exit());
    });
  }
}

export function descriptorOf(text: string): number {
  if (/^[0-9]{1,4}$/.test(text)) return Number(text);
  throw Failure.usage(`--seed-fd ${text} is not a file descriptor.`, 'Use a number, such as 3.');
}
