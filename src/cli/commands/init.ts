import { readFileSync } from 'node:fs';
import type { AuthorityConfig } from '../../anchoring/ledger-folder.js';
import { openLedgerFolder } from '../../operations/open-ledger.js';
import { UNWITNESSED } from '../../anchoring/watch-status.js';
import { isFacility } from '../../lab/origins.js';
import { findExcessRights } from '../../store/kurrentdb/excess-rights.js';
import { harden } from '../../store/kurrentdb/hardening.js';
import { openStoreForReading } from '../../store/open-store.js';
import { isStoreError } from '../../store/store-error.js';
import {
  beginWith,
  readBeginning,
  showOffer,
  type BeginningOptions,
  type EnrolmentOffer,
} from '../enrolment-offer.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import type { Place } from '../open-ledger.js';
import { wrapped, type Block } from '../output/page.js';
import { tellAlarm } from '../output/tell-alarm.js';

export interface InitOptions extends Partial<BeginningOptions> {
  readonly data: string;
  readonly store?: string;
  readonly adminCredentials?: string;
  readonly facility: string;
  readonly seedFile?: string;
  readonly seedFd?: number;
  readonly marks?: string;
  readonly disclosures?: string;
  readonly anchors?: string;
  readonly policy?: string;
  readonly tsa?: string;
  readonly tsaCa?: string;
  readonly tsaPolicy?: readonly string[];
  readonly plainHttp?: boolean;
  readonly json?: boolean;
}

/** Creates a ledger; reports its keys, what to keep where, and whether it is witnessed. Exit code 1 after an alarm. */
export async function init(options: InitOptions, { print, warn }: Io): Promise<number> {
  const {
    data,
    store,
    adminCredentials,
    facility,
    seedFile,
    seedFd,
    marks,
    disclosures,
    anchors,
    policy,
    plainHttp = false,
    json = false,
  } = options;
  if (!isFacility(facility)) {
    throw Failure.usage(
      `“${facility.slice(0, 60)}” is not a name for a facility.`,
      'Use a name like a domain, in lower case, such as lab.example.',
    );
  }
  if (seedFile !== undefined && seedFd !== undefined)
    throw Failure.usage('--seed-file and --seed-fd exclude each other.', 'Give one of them.');
  const authority = readAuthority(options);
  const beginning = readPeople(options);
  if (await holdsLedger(data))
    throw new Failure(`${data} already holds a ledger.`, 'Name another folder.', 'ledger-exists');
  const hardened = adminCredentials === undefined ? [] : await hardenCluster(store, adminCredentials);
  if (store !== undefined && (await holdsLedger(data, store)))
    throw new Failure(
      'The cluster already holds a ledger.',
      'Add a prefix to the address, or serve that ledger.',
      'ledger-exists',
    );
  const { engine, folder, anchoring } = await openLedgerFolder(data, {
    holder: 'study-ledger init',
    store,
    facility,
    ...(seedFile !== undefined && { seedFile }),
    ...(seedFd !== undefined && { seedDescriptor: seedFd }),
    ...(marks !== undefined && { marks }),
    ...(disclosures !== undefined && { disclosures }),
    ...(anchors !== undefined && { anchors }),
    ...(policy !== undefined && { policy: readPolicy(policy) }),
    ...authority,
    ...(plainHttp && { plainHttp }),
  });
  try {
    const offer = beginning && (await beginWith(engine, beginning));
    await anchoring.anchor();
    const { keys, policy: digest } = engine.labNow;
    const vkeys = [...keys.values()].map(([first]) => first?.vkey ?? '');
    const { state } = anchoring.status();
    const loose = store === undefined ? [] : await findExcessRights(store);
    const exitCode = tellAlarm(engine, warn) ? 1 : 0;
    if (json) {
      print(JSON.stringify({ facility, vkeys, policy: digest, state, loose, ...offer }));
      return exitCode;
    }
    const seed = seedFd === undefined ? folder.seedPath : `file descriptor ${seedFd}; not stored`;
    const text = [
      `Created a ledger of ${facility} in ${data}${store === undefined ? '' : ', with its records on the cluster'}.`,
      '',
      'Verifier keys; give them to auditors and witnesses now:',
      ...vkeys.map((vkey) => `  ${vkey}`),
      `Lab policy (SHA-256 ${digest}):`,
      ...(folder.policy() ?? '')
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
      '',
      `seed      ${seed}`,
      `marks     ${folder.marksPath}`,
      `anchors   ${folder.anchors.path}`,
      `names     ${folder.disclosures.folder}`,
      '',
      wrapped(
        'Keep a copy of the seed apart from all copies of the records: without the seed nothing more can be signed, and whoever has it can sign. Keep marks and anchors where a restore of the records does not overwrite them.',
      ),
      '',
      ...hardened,
      ...loose.map(wrapped),
      wrapped(describeState(state)),
      '',
      ...describePeople(offer, { data, store }),
    ];
    print(...text);
    return exitCode;
  } finally {
    await engine.close();
  }
}

/** Creates the ledger’s user and restricts rights, before anything is written. */
async function hardenCluster(store: string | undefined, adminFile: string): Promise<Block[]> {
  if (store === undefined)
    throw Failure.usage('--admin-credentials needs a cluster.', 'Name the cluster with --store.');
  const { user, rightsSet } = await harden(store, adminFile);
  const rights = rightsSet ? 'now' : 'already';
  return [
    wrapped(
      `User ${user} may only read and append. Only administrators may delete or truncate streams or change rights; this applies to the whole server and is ${rights} set.`,
    ),
    '',
  ];
}

/** An embedded store without a record was left by a creation that was cut short; it can be used. */
async function holdsLedger(data: string, store?: string): Promise<boolean> {
  try {
    const found = await openStoreForReading(data, { store });
    const size = await found.size('lab');
    await found.close();
    return size > 0;
  } catch (error) {
    if (isStoreError(error, 'missing')) return false;
    throw error;
  }
}

function describeState(state: string): string {
  if (state === 'unwitnessed') return UNWITNESSED;
  return state === 'witnessed'
    ? 'All witnesses and the time-stamp authority have answered. Studies can be registered.'
    : 'Not all witnesses, or the time-stamp authority, have answered. No study can be registered before they have. Run study-ledger serve, then study-ledger anchors.';
}

/** Undefined where people are to begin later. @throws Failure */
function readPeople(options: InitOptions): ReturnType<typeof readBeginning> | undefined {
  const { url, administrator } = options;
  if (url !== undefined && administrator !== undefined)
    return readBeginning({ ...options, url, administrator });
  const given = (['url', 'administrator', 'name', 'rpId', 'zone'] as const).find(
    (option) => options[option] !== undefined,
  );
  if (given === undefined) return undefined;
  throw Failure.usage(
    'The first administrator takes both --url and --administrator.',
    'Give both, or neither and run study-ledger people begin later.',
  );
}

function describePeople(offer: EnrolmentOffer | undefined, place: Place): Block[] {
  if (offer) return showOffer(offer, place);
  const command = `study-ledger people begin --data ${place.data} --url https://ledger.lab.example --administrator admin-1`;
  return [
    wrapped(
      `Nobody is registered yet, and no study begins before. Register the first administrator: ${command}`,
    ),
  ];
}

function readAuthority({ tsa, tsaCa, tsaPolicy }: InitOptions): { timestampAuthority?: AuthorityConfig } {
  if (tsa === undefined && tsaCa === undefined && tsaPolicy === undefined) return {};
  if (tsa === undefined || tsaCa === undefined)
    throw Failure.usage(
      'A time-stamp authority needs both --tsa and --tsa-ca.',
      'Give its address and the certificates that its own must come from.',
    );
  if (!/^https?:\/\//.test(tsa) || !URL.canParse(tsa))
    throw Failure.usage(`--tsa ${tsa} is not an address.`, 'Give one such as https://tsa.example/rfc3161.');
  // Checked now: otherwise an error would show only with the first token.
  if (!readText(tsaCa).includes('BEGIN CERTIFICATE'))
    throw new Failure(`${tsaCa} contains no certificate.`, 'Name a PEM file of the authorities.');
  return { timestampAuthority: { url: tsa, caFile: tsaCa, ...(tsaPolicy && { policies: tsaPolicy }) } };
}

function readPolicy(file: string): string {
  return readText(file, 'Name a file with a C2SP tlog-policy.');
}

function readText(file: string, next = 'Check its path and its permissions.'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Failure(`${file} cannot be read.`, next);
  }
}
