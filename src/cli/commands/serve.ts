import { UNNAMED_FACILITY } from '../../operations/open-ledger.js';
import { utcInstant } from '../../study/instant.js';
import { zoneOf } from '../../recording/time-zone.js';
import { serveLedger } from '../../http/platform/serve-ledger.js';
import { siteInForce } from '../../lab/people/standing.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import { unnamed } from '../open-for-recording.js';
import { wrapped } from '../output/page.js';

export interface ServeOptions {
  readonly data: string;
  readonly store?: string;
  readonly port: string;
  readonly seedFd?: number;
  readonly seedFile?: string;
  readonly behindProxy?: string;
  readonly sessionKey?: string;
  readonly oidcSecret?: string;
  readonly log?: boolean;
}

/** Serves a ledger until the program is told to stop. */
export async function serve(options: ServeOptions, { print, warn, stopped }: Io): Promise<void> {
  const { data, store, port, seedFile, seedFd, sessionKey, oidcSecret, log = false } = options;
  const behindProxy = options.behindProxy ?? process.env['STUDY_LEDGER_BEHIND_PROXY'];
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535)
    throw Failure.usage(`--port ${port} is not a port.`, 'Give a number from 0 to 65535, such as 3000.');
  const served = await serveLedger(data, {
    port: number,
    holder: `study-ledger serve --port ${port}`,
    report: warn,
    store,
    ...(seedFile !== undefined && { seedFile }),
    ...(seedFd !== undefined && { seedDescriptor: seedFd }),
    ...(sessionKey !== undefined && { sessionKeyFile: sessionKey }),
    http: {
      ...(behindProxy !== undefined && { behindProxy }),
      ...(oidcSecret !== undefined && { oidcSecretFile: oidcSecret }),
      ...(log && { log: (line) => print(JSON.stringify({ time: utcInstant(Date.now()), ...line })) }),
    },
  });
  const lab = await served.engine.lab();
  const { simulated, facility } = lab;
  if (facility === UNNAMED_FACILITY) warn(wrapped(unnamed(data)));
  print(`time zone of times that the server sets: ${zoneOf(lab)}`);
  const site = siteInForce(lab.people);
  if (site && !simulated) print(`people open ${site.origin}${onOneMachine(site.origin)}`);
  print(`listening on ${served.url}  (ledger in ${data}${simulated ? ', SIMULATED DATA' : ''})`);
  await stopped();
  await served.close();
}

/** Cookies do not keep ports apart, so every program that serves on localhost is sent them. */
function onOneMachine(origin: string): string {
  return origin.startsWith('http://localhost') ? '  (for a machine of one user only)' : '';
}
