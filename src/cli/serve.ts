import { openLedger } from '../engine/open-ledger.js';
import { createServer } from '../http/server.js';
import { Failure } from './failure.js';

/** Serves a ledger until it is told to stop; makes the ledger where there is none. */
export async function serve(folder: string, port: string, print: (text: string) => void): Promise<void> {
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535)
    throw new Failure(`--port ${port} is not a port.`, 'Use 0 to 65535.');
  const engine = await openLedger(folder, { holder: `study-ledger serve --port ${port}` });
  const server = await createServer(engine, { port: number, logger: false }).catch(async (error: unknown) => {
    await engine.store.close();
    throw error;
  });
  print(`listening on ${server.url}  (ledger in ${folder})`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}
