import { v4 } from 'uuid';
import { confirmSite } from '../../src/lab/commands/confirm-site.command.js';
import { linksIn } from './console-server.js';
import { PeoplePages } from './people-pages.js';

/** An administrator, a director, and a technician whose passkey waits. */
async function laboratory(): Promise<PeoplePages> {
  const pages = await PeoplePages.begun(new PeoplePages());
  await pages.join('sd-01', 'director');
  await pages.hire('tech-1', 'technician');
  await pages.enrol('tech-1', await pages.offer('tech-1'));
  return pages;
}

describe('the page of people', () => {
  it('has everybody with name, roles and state', async () => {
    const pages = await laboratory();
    const seen = await pages.text('/people', 'admin-1');
    expect(seen).toContain('3 people');
    expect(seen).toMatch(/admin-1 A\. Example administrator ✓ 1 passkey/);
    expect(seen).toMatch(/sd-01 Name of sd-01 director ✓ 1 passkey/);
    expect(seen).toMatch(/tech-1 Name of tech-1 technician – passkey waits/);
  });

  it('lets an administrator register, and confirm passkeys; whoever has a role confirms them on their own page', async () => {
    const pages = await laboratory();
    expect(await pages.forms('/people', 'admin-1')).toEqual([
      'confirm-credential',
      'register-person',
      'configure-site',
    ]);
    // In play, to whom nobody is signed in.
    expect(await pages.forms('/people')).toEqual([]);
    expect(await pages.text('/me', 'sd-01')).toMatch(
      /tech-1 a security key .* admin-1 Who tech-1 is was checked/,
    );
    expect(await pages.text('/me', 'sd-01')).not.toContain('Name of tech-1');
    await pages.join('guest', 'technician', 'sd-01');
    await pages.done('RevokeRole', 'admin-1', {
      grant: pages.people.persons.get('guest')!.grants[0]!.number,
      cause: 'mistake',
    });
    expect(await pages.text('/me', 'guest')).not.toContain('Passkeys that wait');
  });

  it('says how people sign in, and lets a second person confirm another provider on their own page', async () => {
    const pages = await laboratory();
    const { origin, rpId, zone, passkeys, number } = pages.people.sites[0]!;
    const submission = { id: v4(), study: '', actor: 'admin-1', role: '', by: pages.by('admin-1')! };
    const signedIn = { submission, data: { site: number }, signedInAt: origin };
    await pages.engine.executeInLab(confirmSite, Object.assign(confirmSite.create(), signedIn));
    expect(await pages.text('/people', 'admin-1')).toMatch(/Site Address https:.*Identity provider none/);
    const oidc = { issuer: 'https://id.example', clientId: 'ledger' };
    await pages.done('ConfigureSite', 'admin-1', { origin, rpId, zone, passkeys, oidc });
    expect(await pages.text('/me', 'sd-01')).toMatch(/A new site waits .* https:\/\/id\.example, as ledger/);
    expect(await pages.forms('/me', 'sd-01')).toContain('confirm-site');
    await pages.done('ConfirmSite', 'sd-01', { site: pages.people.sites.at(-1)!.number });
    expect(await pages.text('/me', 'sd-01')).not.toContain('A new site waits');
  });

  it('warns while there is one administrator, or one passkey', async () => {
    const pages = await laboratory();
    const warnings = async () =>
      /People (Tree.*)Passkeys that wait/.exec(await pages.text('/people', 'admin-1'))?.[1];
    expect(await warnings()).toContain('admin-1 is the only administrator who can sign in');
    expect(await warnings()).toContain('admin-1 has one passkey only');
    await pages.join('admin-2', 'administrator', 'sd-01');
    expect(await warnings()).not.toContain('only administrator who can sign in');
    const second = await pages.enrol('admin-1');
    await pages.done('ConfirmCredential', 'admin-1', {
      credential: second,
      identity: 'own-earlier-credential',
    });
    expect(await warnings()).not.toContain('admin-1 has one passkey only');
  });

  it('tells people as they were at a tree size of the lab, without forms', async () => {
    const pages = await laboratory();
    const then = pages.engine.labNow.size;
    await pages.done('DeactivatePerson', 'admin-1', { person: 'sd-01', cause: 'left' });
    expect(await pages.text('/people', 'admin-1')).toMatch(/sd-01 Name of sd-01 none ✕ deactivated/);
    const past = await pages.text(`/people?at=${then}`, 'admin-1');
    expect(past).toContain(`As recorded at ${then}`);
    expect(past).toMatch(/sd-01 Name of sd-01 director ✓ 1 passkey/);
    expect(await pages.forms(`/people?at=${then}`, 'admin-1')).toEqual([]);
    expect(await pages.text('/people?at=1', 'admin-1')).toContain('Nobody was registered at this tree size.');
    await expect(pages.page('/people?at=9999', 'admin-1')).rejects.toMatchObject({ code: 'at-beyond-head' });
    await expect(pages.page('/people?at=x', 'admin-1')).rejects.toMatchObject({ code: 'at-invalid' });
  });

  it('says where a name was erased', async () => {
    const pages = await laboratory();
    const { number, name } = pages.people.persons.get('sd-01')!;
    pages.engine.disclosures.erase(name['...']);
    expect(await pages.text('/people', 'admin-1')).toMatch(/sd-01 erased director/);
    expect(await pages.text('/people/sd-01', 'admin-1')).toContain(
      `Name erased Registered by lab record #${number}`,
    );
  });
});

describe('the page of a person', () => {
  it('offers everything that can be done; of somebody who is deactivated a name can be erased', async () => {
    const pages = await laboratory();
    expect((await pages.forms('/people/tech-1', 'admin-1')).sort()).toEqual([
      'confirm-credential',
      'deactivate-person',
      'grant-role',
      'offer-enrolment',
      'record-training',
      'rename-person',
      'request-redaction',
      'revoke-credential',
      'revoke-role',
    ]);
    expect(await pages.forms('/people/sd-01', 'admin-1')).not.toContain('confirm-credential');
    await pages.done('DeactivatePerson', 'admin-1', { person: 'tech-1', cause: 'left' });
    expect(await pages.forms('/people/tech-1', 'admin-1')).toEqual(['request-redaction']);
    await expect(pages.page('/people/nobody', 'admin-1')).rejects.toMatchObject({ code: 'person-unknown' });
  });

  it('has the history as sentences, newest first, what was given by number included', async () => {
    const pages = await laboratory();
    const [grant] = pages.people.persons.get('sd-01')!.grants;
    await pages.done('RecordTraining', 'admin-1', {
      person: 'sd-01',
      procedures: ['LigateNerve'],
      on: '2026-01-15',
    });
    await pages.done('RevokeRole', 'admin-1', { grant: grant!.number, cause: 'new-duties' });
    const text = await pages.text('/people/sd-01', 'admin-1');
    const history = text.slice(text.indexOf('History'));
    expect(history).toMatch(
      new RegExp(
        [
          `A role of sd-01 \\( #${grant!.number} \\) was revoked: new duties\\.`,
          'sd-01 is trained since Thu 15 Jan 2026: LigateNerve\\.',
          'The passkey of sd-01 \\( #\\d+ \\) was confirmed: the identity was checked in person\\.',
          'sd-01 enrolled a passkey, a security key or phone, which stays on one device, by the link of #\\d+ \\.',
          'sd-01 was offered a link to enrol a passkey, until Thu 5 Mar 2026, 08:00 \\(UTC\\)\\.',
          'sd-01 was given the role director\\.',
          'sd-01 was registered\\.',
        ].join('.*'),
      ),
    );
  });

  it('marks roles of one human that conflict, over all of their ids', async () => {
    const pages = await laboratory();
    await pages.done('RegisterPerson', 'admin-1', { person: 'other', name: 'O', sameIndividual: 'admin-1' });
    await pages.done('GrantRole', 'admin-1', { person: 'other', role: 'management' });
    expect(await pages.text('/people/other', 'admin-1')).toContain(
      'Also known as admin-1 Marked ▲ role conflict',
    );
    expect(await pages.text('/people/admin-1', 'admin-1')).toContain('▲ role conflict');
  });
});

describe('erasing a name', () => {
  it('is asked for on the page of the person, and confirmed by another person on their own page', async () => {
    const pages = await laboratory();
    await pages.done('DeactivatePerson', 'admin-1', { person: 'tech-1', cause: 'left' });
    const { number } = pages.people.persons.get('tech-1')!;
    expect(await pages.forms('/people/tech-1', 'admin-1')).toEqual(['request-redaction']);
    const asked = { stream: 'lab', number, pointer: '/data/name', legalBasis: 'gdpr-17' };
    const request = (await pages.done('RequestRedaction', 'admin-1', asked)).records[0]!.number;
    expect(await pages.forms('/people/tech-1', 'admin-1')).toEqual([]);
    expect(await pages.text('/me', 'admin-1')).not.toContain('Erasures that wait');
    expect(await pages.text('/me', 'sd-01')).toContain(
      `#${request} admin-1 the name in lab record ${number} Erase`,
    );
    await pages.done('RedactField', 'sd-01', { request });
    expect(await pages.text('/me', 'sd-01')).not.toContain('Erasures that wait');
    const text = await pages.text('/people/tech-1', 'admin-1');
    expect(text).toContain('Name erased');
    expect(text).toMatch(
      new RegExp(
        `/data/name of lab record ${number} was erased, as asked for by #${request} .* was asked for \\(gdpr 17\\)`,
      ),
    );
  });
});

describe('one’s own page', () => {
  it('says that a passkey waits, and lets nothing be done by it', async () => {
    const pages = await laboratory();
    expect(await pages.text('/me', 'tech-1')).toContain('Your passkey is not confirmed yet');
    expect(await pages.forms('/me', 'tech-1')).toEqual([]);
    expect(await pages.page('/sign-in', 'tech-1')).toContain('Your passkey waits for its confirmation');
  });

  it('lets its person confirm a newer passkey by the earlier one, revoke, and issue tokens in roles that are held', async () => {
    const pages = await laboratory();
    const second = await pages.enrol('sd-01');
    const html = await pages.page('/me', 'sd-01');
    expect(await pages.forms('/me', 'sd-01')).toEqual([
      'confirm-credential',
      'revoke-credential',
      'give-attestation',
      'issue-token',
    ]);
    expect(html).toMatch(
      new RegExp(
        `name="credential" value="${second}" data-as="number"/><input type="hidden" name="identity" value="own-`,
      ),
    );
    expect([...html.matchAll(/name="roles" value="([^"]+)"/g)].map(([, role]) => role)).toEqual([
      'director-records',
    ]);
    expect(await pages.text('/me', 'sd-01')).toContain('Name of sd-01');
  });

  it('and every page say that a recovery link was used', async () => {
    const pages = await laboratory();
    const passkey = await pages.enrol('sd-01', await pages.offer('sd-01', 'admin-1', { recovery: true }));
    await pages.join('tech-2', 'technician', 'sd-01');
    await pages.done('ConfirmCredential', 'tech-2', { credential: passkey, identity: 'in-person' });
    pages.passkeys.set('sd-01', passkey);
    expect(await pages.text('/me', 'sd-01')).toContain('A recovery link was used for you.');
    expect(await pages.page('/access', 'sd-01')).toContain(
      'A recovery link was used for you in the last seven days',
    );
    pages.later(8 * 86_400_000);
    expect(await pages.page('/access', 'sd-01')).not.toContain('in the last seven days');
  });

  it('tells nobody but its person', async () => {
    const pages = await laboratory();
    expect(await pages.text('/me')).toContain('Nobody is signed in');
  });
});

describe('the page to sign in', () => {
  it('goes on to a path of this server only', async () => {
    const pages = await laboratory();
    const next = async (asked: string) =>
      /data-next="([^"]*)"/.exec(await pages.page(`/sign-in?next=${encodeURIComponent(asked)}`))?.[1];
    expect(await next('/studies/KET-01?at=5')).toBe('/studies/KET-01?at=5');
    for (const elsewhere of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/a b',
    ])
      expect([elsewhere, await next(elsewhere)]).toEqual([elsewhere, '/']);
  });

  it('names the one address at which passkeys work, and says what it needs', async () => {
    const pages = await laboratory();
    const text = await pages.text('/sign-in');
    expect(text).toContain('Passkeys of this ledger work at https://ledger.lab.example only.');
    expect(text).toContain('Passkeys need the script of this page');
    expect(text).not.toContain('institution');
  });

  it('names who is signed in on every page, and the ways to one’s own page and out', async () => {
    const pages = await laboratory();
    const html = await pages.page('/access', 'sd-01');
    expect(html).toContain('data-person="sd-01" data-method="passkey" data-ends-in="900"');
    expect(html).toMatch(/<a href="\/me">sd-01<\/a><span class="quiet">director<\/span>/);
    expect(await pages.page('/people')).toContain('<a href="/sign-in">Sign in</a>');
  });
});

describe('the page to enrol', () => {
  it('has everything ready that the script shows, and asks nothing of the server', async () => {
    const pages = await laboratory();
    const html = await pages.page('/enrol');
    expect(html).toMatch(/<form[^>]*data-enrol[^>]* hidden/);
    expect(html).toContain('data-next-is="waits" hidden');
    expect(html).not.toContain('data-own=');
    expect(await pages.page('/enrol', 'sd-01')).toContain('data-own="sd-01"');
  });
});

it('what people typed is shown as text on their pages', async () => {
  const pages = await laboratory();
  const evil = '<img src=x onerror=alert(1)>';
  await pages.done('RenamePerson', 'admin-1', { person: 'sd-01', name: evil });
  const until = new Date(pages.nowMs + 86_400_000).toISOString();
  await pages.done('IssueToken', 'sd-01', { person: 'sd-01', label: evil, roles: ['inspector'], until });
  for (const [address, person] of [
    ['/people', 'admin-1'],
    ['/people/sd-01', 'admin-1'],
    ['/me', 'sd-01'],
    ['/lab', 'sd-01'],
    ['/access', 'admin-1'],
  ] as const) {
    const html = await pages.page(address, person);
    expect([address, html]).toEqual([address, expect.not.stringContaining('<img')]);
    if (/people|me/.test(address)) expect(html).toContain('&lt;img src=x');
  }
});

describe('the page of the access log', () => {
  it('has what happened, newest first, by person and by kind', async () => {
    const pages = await laboratory();
    await pages.signIn('admin-1');
    await pages.signIn('sd-01');
    pages.engine.accessNotes.noteSignInFailed();
    const by = pages.by('sd-01')!;
    pages.engine.accessNotes.noteFile({ actor: 'sd-01', role: '', by }, { file: 'table.csv' });
    await pages.engine.accessNotes.flush(true);
    const text = await pages.text('/access', 'admin-1');
    expect(text).toContain('4 records, newest first');
    expect(text).toMatch(
      /Took out table\.csv\. sd-01, self .*Signing in failed 1 time\. study-ledger, system /,
    );
    expect(text).toMatch(
      /Signed in by the passkey of lab record \d+\. sd-01, self .* Signed in by .*\. admin-1, self/,
    );
    expect(await pages.text('/access?person=sd-01', 'admin-1')).toContain('2 records');
    expect(await pages.text('/access?kind=SignedIn&person=sd-01', 'admin-1')).toContain(
      '1 record, newest first',
    );
    expect(await pages.text('/access?kind=FileMade&person=admin-1', 'admin-1')).toContain(
      'No record matches.',
    );
    expect(await pages.text('/people', 'admin-1')).toMatch(
      /sd-01 Name of sd-01 director ✓ 1 passkey Mon 2 Mar 2026/,
    );
  });

  it('has 200 records a page', async () => {
    const pages = await laboratory();
    for (let count = 0; count < 201; count++) await pages.signIn('admin-1');
    const [first, second] = [
      await pages.text('/access', 'admin-1'),
      await pages.text('/access?page=2', 'admin-1'),
    ];
    expect(first).toContain('1 to 200 of 201 records');
    expect(first.match(/Signed in by/g)).toHaveLength(200);
    expect(second.match(/Signed in by/g)).toHaveLength(1);
    await expect(pages.page('/access?page=3', 'admin-1')).rejects.toMatchObject({ code: 'choice-unknown' });
  });
});

it('the pages about people lead one to another, with script and style from files alone', async () => {
  const pages = await laboratory();
  const [seen, waiting] = [new Set<string>(), ['/people']];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (seen.has(address) || /^\/(api|assets|lab)?($|[/?])/.test(address) || address.startsWith('/me/link'))
      continue;
    seen.add(address);
    const html = await pages.page(address, 'admin-1');
    expect([
      address,
      /<style|\sstyle=|\son[a-z]+=|<script(?! type="module" src="\/)/.exec(html)?.[0],
    ]).toEqual([address, undefined]);
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect([address, ids.length]).toEqual([address, new Set(ids).size]);
    waiting.push(...linksIn(html).filter((link) => link.startsWith('/')));
  }
  expect([...seen].sort()).toEqual([
    '/access',
    '/archive',
    '/enrol',
    '/me',
    '/people',
    '/people/admin-1',
    '/people/sd-01',
    '/people/tech-1',
  ]);
});
