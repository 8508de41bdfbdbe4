import type { LoggerService } from '@nestjs/common';
import type { Engine } from '../../recording/engine.js';
import { sharedSessionKey } from '../../identity/session-key.js';
import { LedgerFolder } from '../../anchoring/ledger-folder.js';
import {
  askWitnesses,
  openLedgerFolder,
  type LedgerOptions,
  type OpenedLedger,
} from '../../operations/open-ledger.js';
import { selfCheck, SelfChecks } from '../../operations/self-check.js';
import { reportExcessRights } from '../../store/kurrentdb/excess-rights.js';
import type { HttpOptions } from './http-settings.js';
import { lineLogger } from './line-logger.js';
import { createServer, hostFor } from './server.js';
import { onceStoreAnswers } from './waiting-room.js';

export interface ServeLedgerOptions extends LedgerOptions {
  readonly port: number;
  readonly report: (message: string) => void;
  /** Where left out, `report` gets its warnings and errors, a line each. */
  readonly logger?: LoggerService;
  readonly http?: Omit<HttpOptions, 'sessionKey'>;
  /** The key of sessions, if it is not beside the signed heads. */
  readonly sessionKeyFile?: string;
}

export interface ServedLedger {
  readonly engine: Engine;
  readonly url: string;
  /** Accepts no more requests, finishes those under way, then closes the store. */
  close(): Promise<void>;
}

/**
 * Opens a ledger, serves it, anchors it and checks it. `report` gets what the administrator should look at. It waits for a
 * cluster that does not answer yet.
 */
export async function serveLedger(data: string, options: ServeLedgerOptions): Promise<ServedLedger> {
  const { port, report, logger, http = {}, sessionKeyFile, ...ledgerOptions } = options;
  const { behindProxy } = http;
  const open = (): Promise<OpenedLedger> => openLedgerFolder(data, { ...ledgerOptions, report });
  const store = options.store ?? LedgerFolder.read(data).config.store;
  const opened = await (store === undefined
    ? open()
    : onceStoreAnswers(
        open,
        { port, host: hostFor(behindProxy), ...(behindProxy !== undefined && { behindProxy }) },
        report,
      ));
  const { engine, folder, anchoring, seedProblem } = opened;
  try {
    await askWitnesses(engine);
    const renderThread = new URL('../../exports/render-thread.js', import.meta.url);
    const sessionKey = sharedSessionKey(folder.marksPath, sessionKeyFile);
    const server = await createServer(engine, {
      port,
      renderThread,
      readThread: new URL('../../imports/reading/read-thread.js', import.meta.url),
      http: { ...http, sessionKey },
      logger: logger ?? lineLogger(report),
    });
    if (seedProblem !== undefined)
      report(`${seedProblem} Nothing is signed and no study begins; recording goes on.`);
    if (engine.alarm) report(engine.alarm.message);
    anchoring.start();
    const checks = new SelfChecks({ data, store, report }, report, selfCheck, (findings) => {
      engine.selfChecked = { atMs: engine.clock(), findings };
    });
    checks.start();
    reportExcessRights(store, report);
    return {
      engine,
      url: server.url,
      close() {
        checks.stop();
        return server.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** On SIGINT or SIGTERM, finishes the requests under way and ends the process. */
export function endOnSignal(served: ServedLedger, say: (message: string) => void = () => undefined): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      say(`${signal}: finishing what was asked`);
      void served
        .close()
        .then(() => say('closed'))
        .then(() => process.exit());
    });
}
