import { ConsoleLogger } from '@nestjs/common';
import { UNNAMED_FACILITY, openLedgerFolder, type OpenedLedger } from './engine/open-ledger.js';
import { SelfChecks } from './engine/self-check.js';
import { createServer } from './http/server.js';
import { onceStoreAnswers } from './http/waiting-room.js';
import { reportLooseEnds } from './store/kurrentdb-hardening.js';

async function main(): Promise<void> {
  const {
    STUDY_LEDGER_DATA = 'ledger',
    /** `kurrentdb://…` where the records lie on a cluster. */
    STUDY_LEDGER_STORE: store,
    STUDY_LEDGER_FACILITY = UNNAMED_FACILITY,
    /** Where the seed lies, such as a secret mount; never the seed itself. */
    STUDY_LEDGER_SEED_FILE: seedFile,
    PORT = '3000',
  } = process.env;
  if (!/^[0-9]{1,5}$/.test(PORT) || Number(PORT) > 65_535) throw new Error(`PORT is a number, not ${PORT}.`);
  const logger = new ConsoleLogger('main', { json: true });
  const report = (message: string): void => logger.warn(message);
  const open = (): Promise<OpenedLedger> =>
    openLedgerFolder(STUDY_LEDGER_DATA, {
      holder: `serve on port ${PORT}`,
      facility: STUDY_LEDGER_FACILITY,
      store,
      report,
      ...(seedFile !== undefined && { seedFile }),
    });
  const { engine, folder, anchoring, seedProblem } =
    store === undefined ? await open() : await onceStoreAnswers(open, { port: Number(PORT) }, report);
  try {
    const { facility } = await engine.lab();
    if (facility === UNNAMED_FACILITY)
      report(
        `This ledger belongs to no facility: name one in STUDY_LEDGER_FACILITY before its folder is made.`,
      );
    if (seedProblem !== undefined) report(`${seedProblem} Nothing is signed and no study begins.`);
    if (engine.alarm) report(engine.alarm.message);
    const server = await createServer(engine, { port: Number(PORT) });
    anchoring.start();
    const checks = new SelfChecks({ data: STUDY_LEDGER_DATA, store: store ?? folder.config.store }, report);
    checks.start();
    reportLooseEnds(store ?? folder.config.store, report);
    logger.log(`listening on ${server.url}, ledger in ${STUDY_LEDGER_DATA}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        logger.log(`${signal}: finishing what was asked`);
        checks.stop();
        void server
          .close()
          .then(() => logger.log('closed'))
          .then(() => process.exit());
      });
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
