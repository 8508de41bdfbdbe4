import { UNNAMED_FACILITY } from './operations/open-ledger.js';
import { JsonLogger } from './http/platform/json-logger.js';
import { endOnSignal, serveLedger } from './http/platform/serve-ledger.js';
import { isStoreError } from './store/store-error.js';
import { escapeControls } from './verify/checks/printable.js';

const CREATE =
  'Name its folder in STUDY_LEDGER_DATA, or set STUDY_LEDGER_FACILITY to create one, such as lab.example.';

/** The server as a container starts it, configured by the environment, with its log as JSON lines. */
async function main(): Promise<void> {
  const {
    STUDY_LEDGER_DATA = 'ledger',
    /** `kurrentdb://…` where the records lie on a cluster. */
    STUDY_LEDGER_STORE: store,
    /** A ledger of this facility is created if there is none. */
    STUDY_LEDGER_FACILITY: facility = '',
    /** The path of the seed, such as a secret mount; never the seed itself. */
    STUDY_LEDGER_SEED_FILE: seedFile,
    /** IP address that a TLS proxy connects from; no other connection is answered. */
    STUDY_LEDGER_BEHIND_PROXY: behindProxy = '',
    /** The key of sessions, where it is not beside the signed heads: one file for all processes of a ledger. */
    STUDY_LEDGER_SESSION_KEY_FILE: sessionKeyFile,
    STUDY_LEDGER_OIDC_SECRET_FILE: oidcSecretFile,
    PORT = '3000',
  } = process.env;
  if (!/^[0-9]{1,5}$/.test(PORT) || Number(PORT) > 65_535)
    throw new Error(`PORT must be a number from 0 to 65535, not ${PORT}.`);
  const logger = new JsonLogger({ context: 'main' });
  const requests = new JsonLogger({ context: 'http' });
  const report = (message: string): void => logger.warn(message);
  const served = await serveLedger(STUDY_LEDGER_DATA, {
    logger: new JsonLogger({ logLevels: ['fatal', 'error', 'warn'] }),
    port: Number(PORT),
    holder: `serve on port ${PORT}`,
    ...(facility !== '' && { facility }),
    store,
    report,
    ...(seedFile !== undefined && { seedFile }),
    ...(sessionKeyFile !== undefined && { sessionKeyFile }),
    http: {
      log: (line) => requests.log(line),
      ...(behindProxy !== '' && { behindProxy }),
      ...(oidcSecretFile !== undefined && { oidcSecretFile }),
    },
  });
  if ((await served.engine.lab()).facility === UNNAMED_FACILITY)
    report('This ledger belongs to no facility, and this cannot be changed. Use it for trials only.');
  endOnSignal(served, (message) => logger.log(message));
  logger.log(`listening on ${served.url}, ledger in ${STUDY_LEDGER_DATA}`);
}

main().catch((error: unknown) => {
  const next = isStoreError(error, 'missing') ? ` ${CREATE}` : '';
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${escapeControls(message)}${next}\n`);
  process.exitCode = 1;
});
