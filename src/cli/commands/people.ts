import { recoverAdministrator } from '../../lab/commands/recover-administrator.command.js';
import type { Lab } from '../../lab/lab.js';
import { rosterOf, warnOfPeople, type Listed, type ListedRole } from '../../lab/people/roster.js';
import { rolesOf } from '../../lab/people/standing.js';
import { openLedgerFolder, type OpenedLedger } from '../../operations/open-ledger.js';
import { labAt } from '../../queries/lab-at.js';
import type { Engine } from '../../recording/engine.js';
import { isStoreError } from '../../store/store-error.js';
import { printInstant } from '../../study/instant.js';
import { Refusal } from '../../study/refusal.js';
import {
  beginWith,
  offerEnrolment,
  readBeginning,
  showOffer,
  type BeginningOptions,
  type EnrolmentOffer,
} from '../enrolment-offer.js';
import { openForReading, type Place } from '../open-ledger.js';
import { Failure } from '../output/failure.js';
import { wrapped, type Block } from '../output/page.js';
import { table } from '../output/table.js';
import { tellAlarm } from '../output/tell-alarm.js';
import type { Io } from '../subcommand.js';

interface PeopleOptions extends Place {
  readonly seedFd?: number;
  readonly json?: boolean;
}

/** Registers the first administrator; prints the link for the first passkey. Exit code 1 after an alarm. */
export async function begin(options: PeopleOptions & BeginningOptions, io: Io): Promise<number> {
  const beginning = readBeginning(options);
  return offering(options, 'study-ledger people begin', io, ({ engine }) => beginWith(engine, beginning));
}

export interface RecoverOptions extends PeopleOptions {
  readonly administrator?: string;
  readonly name?: string;
  readonly cause: string;
  readonly confirmOccurrences?: boolean;
}

/** Gives an administrator a new enrolment. Takes the master seed. Exit code 1 after an alarm. */
export async function recover(options: RecoverOptions, io: Io): Promise<number> {
  return offering(options, 'study-ledger people recover', io, async ({ engine, folder, seedProblem }) => {
    if (!engine.heads.holdsLabSeed())
      throw new Failure(
        `A recovery takes the master seed of this ledger. ${seedProblem ?? `The seed in ${folder.seedPath} is that of another ledger.`}`,
        'Bring the seed, or give it with --seed-fd.',
        'seed-missing',
      );
    const lab = await engine.lab();
    const { administrator = onlyAdministrator(lab, engine.clock()), cause, name } = options;
    const { confirmOccurrences } = options;
    const isNew = !lab.people.persons.has(administrator);
    const data = {
      administrator,
      cause,
      ...(isNew && { name: name ?? administrator }),
      ...(confirmOccurrences !== undefined && { confirmOccurrences }),
    };
    const offer = await offerEnrolment(engine, recoverAdministrator, data);
    io.warn(
      wrapped(
        `Lab record ${engine.labNow.people.recoveries.at(-1)} is a recovery: verify reports it for ever.`,
      ),
    );
    return offer;
  });
}

/** @throws Failure where there are several. */
function onlyAdministrator({ people }: Lab, atMs: number): string {
  const all = [...people.persons.values()].filter((one) => rolesOf(one, atMs).has('administrator'));
  const [first] = all;
  if (all.length === 1 && first) return first.id;
  throw Failure.usage(
    all.length === 0
      ? 'No administrator is left.'
      : `There are several administrators: ${all.map(({ id }) => id).join(', ')}.`,
    'Name one with --administrator, or a new id to register a new one.',
  );
}

/** Opens the ledger, has an enrolment offered, and shows it. */
async function offering(
  { data, store, seedFd, json = false }: PeopleOptions,
  holder: string,
  { print, warn }: Io,
  make: (opened: OpenedLedger) => Promise<EnrolmentOffer>,
): Promise<number> {
  const opened = await openAlone(data, {
    store,
    holder,
    ...(seedFd !== undefined && { seedDescriptor: seedFd }),
  });
  try {
    const offer = await make(opened);
    // Before anything that may fail: the code is kept nowhere else.
    print(...(json ? [JSON.stringify(offer)] : showOffer(offer, { data, store })));
    await opened.anchoring.anchor();
    return tellAlarm(opened.engine, warn) ? 1 : 0;
  } finally {
    await opened.engine.close();
  }
}

async function openAlone(data: string, options: Parameters<typeof openLedgerFolder>[1]) {
  try {
    return await openLedgerFolder(data, options);
  } catch (error) {
    if (!isStoreError(error, 'locked')) throw error;
    throw new Failure(error.message, 'Stop the server, run this again, and start the server.', 'locked');
  }
}

export interface ListOptions extends Place {
  readonly at?: string;
  readonly json?: boolean;
}

/** Lists everybody who was ever registered, at the present or another size of the lab. */
export async function listPeople({ json = false, at, ...place }: ListOptions, { warn }: Io) {
  const ledger = await openForReading(place);
  try {
    const { engine } = ledger;
    const lab = await labAt(engine, at);
    if (lab instanceof Refusal) throw Failure.of(lab);
    const atMs = at === undefined ? engine.clock() : lab.recordedMs;
    const people = namedPeople(engine, lab, atMs);
    const warnings = warnOfPeople(lab.people, atMs);
    if (json) return JSON.stringify({ labSize: lab.size, people, warnings });
    if (warnings.length > 0) warn(...warnings.map((text) => wrapped(`WARNING: ${text}`)));
    return people.length === 0 ? [wrapped(NOBODY)] : peopleTable(people);
  } finally {
    await ledger.close();
  }
}

const NOBODY =
  'Nobody is registered. Begin with: study-ledger people begin --url https://ledger.lab.example --administrator admin-1';

type Named = Omit<Listed, 'name'> & { readonly name: string | undefined };

/** Everybody who was ever registered; without a name where it was erased, or is not kept here. */
export function namedPeople({ disclosures }: Engine, { people }: Lab, atMs: number): Named[] {
  return rosterOf(people, atMs).map(({ name, ...person }) => ({
    ...person,
    name: disclosures.open(name) as string | undefined,
  }));
}

export function peopleTable(people: readonly Named[]): Block[] {
  return [
    table(people, [
      { head: 'person', cell: ({ person }) => person },
      { head: 'name', cell: ({ name = '' }) => name, flexible: true },
      { head: 'state', cell: ({ state }) => state.replaceAll('-', ' '), flexible: true },
      { head: 'roles', cell: ({ roles }) => roles.map(roleInShort).join(', '), flexible: true },
      {
        head: 'passkeys',
        cell: ({ passkeys, waiting }) => `${passkeys}${waiting > 0 ? ` + ${waiting} waiting` : ''}`,
        flexible: true,
      },
      {
        head: 'last confirmed',
        cell: ({ lastConfirmed }) => (lastConfirmed === undefined ? '' : printInstant(lastConfirmed)),
        flexible: true,
      },
      { head: '', cell: ({ roleConflict }) => (roleConflict ? 'role-conflict' : ''), flexible: true },
    ]),
  ];
}

function roleInShort({ role, study, until, conflict }: ListedRole): string {
  return [
    role,
    ...(study === undefined ? [] : [`of ${study}`]),
    ...(until === undefined ? [] : [`until ${printInstant(until)}`]),
    ...(conflict === undefined ? [] : [`(${conflict})`]),
  ].join(' ');
}
