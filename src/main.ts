import { ConsoleLogger } from '@nestjs/common';
import { UNNAMED_FACILITY, openLedger } from './engine/open-ledger.js';
import { createServer } from './http/server.js';

async function main(): Promise<void> {
  const {
    STUDY_LEDGER_DATA = 'ledger',
    STUDY_LEDGER_FACILITY = UNNAMED_FACILITY,
    PORT = '3000',
  } = process.env;
  if (!/^[0-9]{1,5}$/.test(PORT) || Number(PORT) > 65_535) throw new Error(`PORT is a number, not ${PORT}.`);
  const logger = new ConsoleLogger('main', { json: true });
  const holder = `serve on port ${PORT}`;
  const engine = await openLedger(STUDY_LEDGER_DATA, { holder, facility: STUDY_LEDGER_FACILITY });
  try {
    const { facility } = await engine.lab();
    if (facility === UNNAMED_FACILITY) {
      logger.warn(
        `This ledger belongs to no facility: name one in STUDY_LEDGER_FACILITY before its folder is made.`,
      );
    }
    const server = await createServer(engine, { port: Number(PORT) });
    logger.log(`listening on ${server.url}, ledger in ${STUDY_LEDGER_DATA}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        logger.log(`${signal}: finishing what was asked`);
        void server.close().then(() => logger.log('closed'));
      });
    }
  } catch (error) {
    await engine.store.close();
    throw error;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
