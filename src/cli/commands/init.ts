import { readFileSync } from 'node:fs';
import type { AuthorityConfig } from '../../anchoring/ledger-folder.js';
import { openLedgerFolder } from '../../operations/open-ledger.js';
import { UNWITNESSED } from '../../anchoring/watch-status.js';
import { isFacility } from '../../lab/origins.js';
import { ledgerExists } from '../../store/sqlite/open-sqlite.js';
import { findExcessRights } from '../../store/kurrentdb/excess-rights.js';
import { harden } from '../../store/kurrentdb/hardening.js';
import { openStoreForReading } from '../../store/open-store.js';
import { isStoreError } from '../../store/store-error.js';
import { Failure } from '../output/failure.js';
import { wrapped } from '../output/table.js';

export interface InitOptions {
  readonly data: string;
  readonly store?: string;
  readonly adminCredentials?: string;
  readonly facility: string;
  readonly seedFile?: string;
  readonly seedFd?: number;
  readonly marks?: string;
  readonly anchors?: string;
  readonly policy?: string;
  readonly tsa?: string;
  readonly tsaCa?: string;
  readonly tsaPolicy?: readonly string[];
  readonly json?: boolean;
}

/** Makes a ledger and says what was made, what to keep where, and what nobody would notice. */
export async function init(options: InitOptions): Promise<string> {
  const {
    data,
    store,
    adminCredentials,
    facility,
    seedFile,
    seedFd,
    marks,
    anchors,
    policy,
    json = false,
  } = options;
  if (!isFacility(facility)) {
    throw Failure.usage(
      `“${facility.slice(0, 60)}” cannot name a facility.`,
      'Use a name like a domain, in lower case, such as lab.example.',
    );
  }
  if (seedFile !== undefined && seedFd !== undefined)
    throw Failure.usage(
      'The seed is in a file or comes from a descriptor.',
      'Give --seed-file or --seed-fd.',
    );
  const authority = authorityOf(options);
  if (ledgerExists(data))
    throw new Failure(`There is a ledger in ${data} already.`, 'Name another folder.', 'ledger-exists');
  const closed = adminCredentials === undefined ? [] : await close(store, adminCredentials);
  if (store !== undefined && (await holdsLedger(data, store)))
    throw new Failure(
      'There is a ledger on that cluster already.',
      'Give a prefix, or serve it.',
      'ledger-exists',
    );
  const { engine, folder, anchoring } = await openLedgerFolder(data, {
    holder: 'study-ledger init',
    store,
    facility,
    ...(seedFile !== undefined && { seedFile }),
    ...(seedFd !== undefined && { seedDescriptor: seedFd }),
    ...(marks !== undefined && { marks }),
    ...(anchors !== undefined && { anchors }),
    ...(policy !== undefined && { policy: policyIn(policy) }),
    ...authority,
  });
  try {
    await anchoring.anchor();
    const { keys, policy: digest } = engine.labNow;
    const vkeys = [...keys.values()].map(([first]) => first?.vkey ?? '');
    const { state } = anchoring.status();
    const loose = store === undefined ? [] : await findExcessRights(store);
    if (json) return JSON.stringify({ facility, vkeys, policy: digest, state, loose });
    const seed = seedFd === undefined ? folder.seedPath : `file descriptor ${seedFd}, and nowhere here`;
    return [
      `A ledger of ${facility} in ${data}${store === undefined ? '' : ', its records on the cluster'}.`,
      '',
      'Verifier keys, to be given to auditors and witnesses now:',
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
      '',
      wrapped(
        'Keep a copy of the seed where no copy of the records lies: without it nothing is signed any more, and with it anyone signs. Keep marks and anchors where a restore of the records does not reach them.',
      ),
      '',
      ...closed,
      ...loose.map(wrapped),
      wrapped(watched(state)),
    ].join('\n');
  } finally {
    await engine.close();
  }
}

/** Before anything is written: the ledger's user may not be there yet. */
async function close(store: string | undefined, adminFile: string): Promise<string[]> {
  if (store === undefined)
    throw Failure.usage('An administrator is of use on a cluster only.', 'Name it with --store.');
  const { user, rightsSet } = await harden(store, adminFile);
  const rights = rightsSet ? 'now' : 'already';
  return [
    wrapped(
      `User ${user} may read and append, and nothing else. Nobody but administrators may delete, cut off or change rights: set ${rights}, for the whole server.`,
    ),
    '',
  ];
}

async function holdsLedger(data: string, store: string): Promise<boolean> {
  try {
    await (await openStoreForReading(data, { store })).close();
    return true;
  } catch (error) {
    if (isStoreError(error, 'missing')) return false;
    throw error;
  }
}

function watched(state: string): string {
  if (state === 'unwitnessed') return UNWITNESSED;
  return state === 'witnessed'
    ? 'Witnesses and authority have answered: the ledger is in commission.'
    : 'Witnesses or authority have not all answered yet: no study begins before they have. Start study-ledger serve, and see study-ledger anchors.';
}

function authorityOf({ tsa, tsaCa, tsaPolicy }: InitOptions): { timestampAuthority?: AuthorityConfig } {
  if (tsa === undefined && tsaCa === undefined && tsaPolicy === undefined) return {};
  if (tsa === undefined || tsaCa === undefined)
    throw Failure.usage(
      'A time-stamp authority has an address, and certificates that its own must come from.',
      'Give --tsa and --tsa-ca.',
    );
  if (!/^https?:\/\//.test(tsa) || !URL.canParse(tsa))
    throw Failure.usage(`--tsa ${tsa} is not an address.`, 'Such as https://tsa.example/rfc3161.');
  // A file that cannot be read would show only when the first token is checked.
  if (!readable(tsaCa).includes('BEGIN CERTIFICATE'))
    throw new Failure(`${tsaCa} holds no certificate.`, 'Name a PEM file of the authorities.');
  return { timestampAuthority: { url: tsa, caFile: tsaCa, ...(tsaPolicy && { policies: tsaPolicy }) } };
}

function policyIn(file: string): string {
  return readable(file, 'Name a file with a C2SP tlog-policy.');
}

function readable(file: string, next = 'Look at its path and its rights.'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Failure(`${file} cannot be read.`, next);
  }
}
