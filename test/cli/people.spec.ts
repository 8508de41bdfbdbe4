/** The people of a ledger from its folder: beginning, recovery, the list. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { opened } from '../recording/test-ledger.js';
import { enrol, reopened } from '../identity/people-ledger.js';

const ORIGIN = 'https://ledger.lab.example';
const SITE = ['--url', ORIGIN, '--administrator', 'admin-1', '--zone', 'Europe/Amsterdam'];

interface Offer {
  readonly administrator: string;
  readonly link: string;
  readonly until: string;
  readonly labRecord: number;
}

async function initialised(): Promise<string> {
  const folder = join(freshFolder('people'), 'ledger');
  await (await opened(folder, { clock: Date.now, simulated: false, people: false })).engine.close();
  return folder;
}

async function begun(): Promise<{ folder: string; offer: Offer }> {
  const folder = await initialised();
  return {
    folder,
    offer: offerIn(await studyLedger('people', 'begin', '--data', folder, ...SITE, '--json')),
  };
}

let once: Promise<string> | undefined;

/** A copy of a ledger whose administrator has enrolled a passkey. */
async function enrolled(): Promise<string> {
  const original = await (once ??= begun().then(async ({ folder, offer }) => {
    await follow(folder, offer);
    return folder;
  }));
  const copy = join(freshFolder('people'), 'ledger');
  cpSync(original, copy, { recursive: true });
  return copy;
}

function offerIn({ out }: { out: string }): Offer {
  return JSON.parse(out) as Offer;
}

function codeIn({ link }: Offer): string {
  return link.slice(link.lastIndexOf('.') + 1);
}

/** Enrols a passkey by a link, as the page does. */
async function follow(folder: string, offer: Offer, person = offer.administrator): Promise<string> {
  const ledger = await reopened(folder, { clock: Date.now, simulated: false, people: false });
  try {
    await enrol(ledger, person, { secret: codeIn(offer) });
    return 'enrolled';
  } catch (error) {
    return (error as Error).message.split(':')[0]!;
  } finally {
    await ledger.engine.close();
  }
}

async function listed(folder: string, ...args: string[]) {
  const { out } = await studyLedger('people', 'list', '--data', folder, '--json', ...args);
  return JSON.parse(out) as {
    labSize: number;
    people: { person: string; name?: string; state: string; roles: { role: string }[]; passkeys: number }[];
    warnings: string[];
  };
}

describe('people begin', () => {
  it('prints a link that enrols the first administrator, once', async () => {
    const { folder, offer } = await begun();
    expect(offer.link).toMatch(/^https:\/\/ledger\.lab\.example\/enrol#admin-1\.[A-Za-z0-9_-]{43}$/);
    expect(Date.parse(offer.until) - Date.now()).toBeGreaterThan(71 * 3_600_000);
    expect(await follow(folder, offer)).toBe('enrolled');
    expect(await follow(folder, offer)).toBe('offer-invalid');
    expect(JSON.stringify(await listed(folder))).not.toContain(codeIn(offer));
    expect((await listed(folder)).people).toMatchObject([
      {
        person: 'admin-1',
        name: 'admin-1',
        state: 'active',
        roles: [{ role: 'administrator' }],
        passkeys: 1,
      },
    ]);
  });

  it('says until when the link holds, and what to do next', async () => {
    const { code, out, err } = await studyLedger('people', 'begin', '--data', await initialised(), ...SITE);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/once, until 20\d\d-/);
    expect(out).toContain('study-ledger serve --data');
    expect(out).toContain('Open the link on a machine with a passkey');
  });

  it('ends the link of an earlier run', async () => {
    const { folder, offer } = await begun();
    const again = offerIn(await studyLedger('people', 'begin', '--data', folder, ...SITE, '--json'));
    expect(await follow(folder, offer)).toBe('offer-invalid');
    expect(await follow(folder, again)).toBe('enrolled');
  });

  it('is refused once somebody is enrolled', async () => {
    const folder = await enrolled();
    const { code, err } = await studyLedger('people', 'begin', '--data', folder, ...SITE);
    expect(code).toBe(1);
    expect(err).toContain('people recover');
  });

  it('belongs to init too, which then shows the link', async () => {
    const folder = join(freshFolder('people'), 'ledger');
    const args = ['--data', folder, '--facility', 'lab.example', '--name', 'Ada Example', ...SITE];
    const offer = offerIn(await studyLedger('init', ...args, '--json'));
    expect(await follow(folder, offer)).toBe('enrolled');
    expect((await listed(folder)).people[0]?.name).toBe('Ada Example');
  });

  it.each([
    ['an address', ['--url', 'https://192.168.1.5'], 'browsers take passkeys for names only'],
    ['an address of version 6', ['--url', 'https://[::1]:3000'], 'browsers take passkeys for names only'],
    ['an address in another notation', ['--url', 'https://127.1'], 'browsers take passkeys for names only'],
    ['http beyond this machine', ['--url', 'http://ledger.lab.example'], 'without encryption'],
    ['a path', ['--url', `${ORIGIN}/ledger`], `Give ${ORIGIN}.`],
    ['a person in the address', ['--url', 'https://me@ledger.lab.example'], `Give ${ORIGIN}.`],
    ['no address at all', ['--url', 'ledger'], 'is not the address of a page'],
    ['an unknown zone', ['--zone', 'Europe/Atlantis'], 'is not a time zone'],
    ['another host for passkeys', ['--rp-id', 'lab.other'], `does not fit ${ORIGIN}`],
    ['a top-level domain for passkeys', ['--rp-id', 'example'], `does not fit ${ORIGIN}`],
    ['another kind of passkeys', ['--passkeys', 'all'], 'Allowed choices are any, device-bound'],
  ])('refuses %s before it opens the ledger', async (_, args, message) => {
    const { code, err } = await studyLedger('people', 'begin', '--data', '/nowhere', ...SITE, ...args);
    expect({ code, says: err.includes(message) ? message : err }).toEqual({ code: 2, says: message });
  });

  it('takes an id that occurs in a study only where it is confirmed to be this person', async () => {
    const folder = join(freshFolder('people'), 'ledger');
    const ledger = await opened(folder, { clock: Date.now });
    await ledger.study();
    await ledger.engine.close();
    const args = ['people', 'begin', '--data', folder, '--url', ORIGIN, '--administrator', 'sd-01'];
    const { code, err } = await studyLedger(...args);
    expect(code).toBe(1);
    for (const said of ['sd-01 occurs in NP-001', '--confirm-occurrences', '(occurs-in-study)'])
      expect(err).toContain(said);
    expect(await studyLedger(...args, '--confirm-occurrences')).toMatchObject({ code: 0, err: '' });
  });

  it('refuses a reserved id, and init one half of a beginning', async () => {
    const folder = await initialised();
    const given = ['--data', folder, '--url', ORIGIN, '--administrator', 'study-ledger'];
    const reserved = await studyLedger('people', 'begin', ...given);
    expect(reserved.code).toBe(1);
    expect(reserved.err).toContain('person-reserved');
    const half = await studyLedger(
      'init',
      '--data',
      '/nowhere',
      '--facility',
      'lab.example',
      '--url',
      ORIGIN,
    );
    expect(half.code).toBe(2);
    expect(half.err).toContain('both --url and --administrator');
  });
});

describe('people recover', () => {
  it('gives the only administrator a new enrolment, and ends the old passkey', async () => {
    const folder = await enrolled();
    const args = ['people', 'recover', '--data', folder, '--cause', 'lost', '--json'];
    const recovered = offerIn(await studyLedger(...args));
    expect(recovered.administrator).toBe('admin-1');
    expect((await listed(folder)).people).toMatchObject([{ state: 'invited', passkeys: 0 }]);
    expect((await listed(folder)).warnings.join()).toContain('No administrator can sign in');
    expect(await follow(folder, recovered)).toBe('enrolled');
    expect((await listed(folder)).people).toMatchObject([{ state: 'active', passkeys: 1 }]);
  });

  it('registers a new administrator, and then asks whom to recover', async () => {
    const folder = await enrolled();
    const args = ['people', 'recover', '--data', folder, '--cause', 'unreachable'];
    const added = offerIn(await studyLedger(...args, '--administrator', 'admin-2', '--json'));
    expect(await follow(folder, added)).toBe('enrolled');
    expect((await listed(folder)).people.map(({ person }) => person)).toEqual(['admin-1', 'admin-2']);
    const { code, err } = await studyLedger(...args);
    expect(code).toBe(2);
    expect(err).toContain('admin-1, admin-2');
  });

  it('takes the master seed', async () => {
    const folder = await enrolled();
    rmSync(join(folder, 'master.seed'));
    const { code, err } = await studyLedger('people', 'recover', '--data', folder, '--cause', 'lost');
    expect(code).toBe(1);
    expect(err).toContain('A recovery takes the master seed');
    expect((await listed(folder)).people).toMatchObject([{ state: 'active', passkeys: 1 }]);
  });

  it('is not for a ledger in which nobody was ever enrolled', async () => {
    const { folder } = await begun();
    const { code, err } = await studyLedger('people', 'recover', '--data', folder, '--cause', 'lost');
    expect(code).toBe(1);
    expect(err).toContain('people begin');
  });
});

describe('people list', () => {
  it('warns while one administrator or one passkey is all there is', async () => {
    const folder = await enrolled();
    const { out, err } = await studyLedger('people', 'list', '--data', folder);
    expect(out).toMatch(/admin-1 +admin-1 +active +administrator +1 +20\d\d-/);
    expect(err).toContain('There is one administrator who can sign in, admin-1');
    expect(err).toContain('admin-1 has one passkey');
  });

  it('shows the people of another size of the lab, and names only where they are kept', async () => {
    const folder = await enrolled();
    const now = await listed(folder);
    const before = String(now.labSize - 2);
    expect((await listed(folder, '--at', before)).people).toMatchObject([{ state: 'invited' }]);
    rmSync(join(folder, 'disclosures'), { recursive: true });
    expect((await listed(folder)).people[0]).not.toHaveProperty('name');
    const beyond = await studyLedger('people', 'list', '--data', folder, '--at', String(now.labSize + 1));
    expect(beyond).toMatchObject({ code: 1, out: '' });
    expect(beyond.err).toContain('at-beyond-head');
  });

  it('says how to begin where nobody is registered', async () => {
    const { code, out } = await studyLedger('people', 'list', '--data', await initialised());
    expect(code).toBe(0);
    expect(out).toContain('study-ledger people begin');
  });
});
