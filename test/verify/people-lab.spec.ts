/** Records of the lab and of the access log about people, forged like those of studies. */
import { type PeopleBuilder, SITE } from './people-builder.js';
import { check, findings, failures, notes, laboratory, DAY_MS, STUDY } from './people-checks.js';

describe('a record of the lab about people', () => {
  const forged: [string, string, (ledger: PeopleBuilder) => unknown][] = [
    ['a person registered twice', 'person', (l) => l.registerPerson('tech-1')],
    ['a person with the name of the ledger', 'person', (l) => l.registerPerson('system')],
    ['a role for somebody who is not registered', 'person', (l) => l.grant('tech-9', 'technician')],
    [
      'a role by somebody who is no administrator',
      'authority',
      (l) => l.grant('tech-1', 'statistician', {}, { actor: 'sd-1' }),
    ],
    [
      'an administrator for a time',
      'authority',
      (l) =>
        l.grant('tech-1', 'inspector', {}) &&
        l.grant('sd-1', 'administrator', { until: l.inMs(DAY_MS), conflict: 'set-up' }),
    ],
    ['an administrator who records', 'authority', (l) => l.grant('tech-1', 'administrator')],
    ['quality who records', 'authority', (l) => l.grant('tech-1', 'quality')],
    [
      'no administrator left',
      'authority',
      (l) => l.administer('PersonDeactivated', { person: 'admin-1', cause: 'left' }),
    ],
    ['an offer for a week', 'credential', (l) => l.offer('tech-1', { until: l.inMs(7 * DAY_MS) })],
    [
      'a key by an offer that had ended',
      'credential',
      (l) => {
        const offer = l.offer('tech-1');
        l.wait(2 * DAY_MS);
        l.enrol('tech-1', { offer });
      },
    ],
    [
      'a key by an offer that was spent',
      'credential',
      (l) => {
        const offer = l.offer('tech-1');
        l.enrol('tech-1', { offer });
        l.enrol('tech-1', { offer });
      },
    ],
    [
      'a key by an offer to somebody else',
      'credential',
      (l) => l.enrol('tech-1', { offer: l.offer('sd-1') }),
    ],
    [
      'a key by an offer that a newer one ended',
      'credential',
      (l) => {
        const offer = l.offer('tech-1');
        l.offer('tech-1');
        l.enrol('tech-1', { offer });
      },
    ],
    [
      'a key that somebody has',
      'credential',
      (l) => {
        const publicKey = 'c2FtZQ';
        l.enrol('tech-1', { publicKey });
        l.enrol('sd-1', { publicKey });
      },
    ],
    ['a key of another site', 'credential', (l) => l.enrol('tech-1', { rpId: 'evil.example' })],
    [
      'a key that its offerer confirms, though others could',
      'credential',
      (l) => {
        l.registerPerson('tech-5');
        l.confirm(l.enrol('tech-5', { offer: l.offer('tech-5') }), 'admin-1');
      },
    ],
    [
      'a second key that somebody else confirms',
      'credential',
      (l) => l.confirm(l.enrol('tech-1'), 'sd-1', { actorrole: 'director' }),
    ],
    [
      'a key that the same individual confirms',
      'credential',
      (l) => {
        l.registerPerson('tech-6', { sameIndividual: 'tech-1' });
        l.confirm(l.enrol('tech-6', { offer: l.offer('tech-6') }), 'tech-1', { actorrole: 'technician' });
      },
    ],
    [
      'a key that the ledger confirms, which it did not offer',
      'credential',
      (l) =>
        l.add(
          'lab',
          'CredentialConfirmed',
          { credential: l.enrol('tech-1'), identity: 'system' },
          { actor: 'study-ledger', actorrole: 'system' },
        ),
    ],
    [
      'a role by the ledger itself',
      'authority',
      (l) =>
        l.add(
          'lab',
          'RoleGranted',
          { person: 'tech-1', role: 'inspector' },
          { actor: 'study-ledger', actorrole: 'system' },
        ),
    ],
    [
      'a role granted in the session of a technician',
      'session',
      (l) => l.grant('tech-1', 'inspector', {}, { session: l.sessions.get('tech-1') }),
    ],
    [
      'a role granted long after signing in',
      'session',
      (l) => {
        const session = l.signIn('admin-1');
        l.wait(3_600_000);
        l.grant('tech-1', 'inspector', {}, { session });
      },
    ],
    [
      'a token for a year',
      'authority',
      (l) =>
        l.add(
          'lab',
          'TokenIssued',
          {
            person: 'tech-1',
            sha256: '0'.repeat(64),
            label: l.commit('A balance'),
            roles: ['technician'],
            until: l.inMs(365 * DAY_MS),
          },
          { actor: 'tech-1', actorrole: 'self', session: l.freshSession('tech-1') },
        ),
    ],
    [
      'a token that administers',
      'authority',
      (l) =>
        l.add(
          'lab',
          'TokenIssued',
          {
            person: 'admin-1',
            sha256: '0'.repeat(64),
            label: l.commit('A script'),
            roles: ['administrator'],
            until: l.inMs(DAY_MS),
          },
          { actor: 'admin-1', actorrole: 'self', session: l.freshSession('admin-1') },
        ),
    ],
  ];

  it.each(forged)('%s: %s', async (_, id, forge) => {
    const ledger = laboratory();
    forge(ledger);
    const found = await failures(ledger);
    expect(found).toEqual([{ check: id, log: 'lab', record: expect.any(Number) as number }]);
  });

  it('names quality assurance of a study by somebody who made records in it', async () => {
    const ledger = laboratory();
    ledger.weigh(STUDY, 'tech-1');
    const grant = ledger.grant('tech-1', 'quality', { study: 'KET-01', conflict: 'small-laboratory' });
    const found = await findings(ledger);
    expect(found).toContainEqual(
      expect.objectContaining({ check: 'authority', severity: 'fail', log: STUDY, lab: grant }),
    );
  });

  it('names a first key that its holder confirms', async () => {
    const ledger = laboratory();
    ledger.registerPerson('tech-5');
    ledger.grant('tech-5', 'technician');
    const credential = ledger.enrol('tech-5', { offer: ledger.offer('tech-5') });
    ledger.confirm(credential, 'tech-5', { actorrole: 'self' });
    const found = await findings(ledger);
    expect(found.map(({ message }) => message).join()).toContain(
      'confirms a credential of tech-5 by themselves, without an earlier one',
    );
  });

  it('names a study that somebody registers without being its director', async () => {
    const ledger = laboratory();
    ledger.open('KET-02', 'tech-1', { actorrole: 'director' });
    expect(await failures(ledger)).toEqual([
      { check: 'authority', log: 'lab', record: expect.any(Number) as number },
      { check: 'authority', log: 'study-KET-02', record: 0 },
    ]);
  });
});

describe('the access log', () => {
  it.each<[string, (ledger: PeopleBuilder) => unknown]>([
    ['a swapped credential', (l) => l.signIn('tech-1', { credential: l.credentials.get('sd-1') })],
    [
      'a counter that goes back',
      (l) => (l.signIn('tech-1', { counter: 7 }), l.signIn('tech-1', { counter: 3 })),
    ],
    ['a sign-in of nobody', (l) => l.signIn('tech-9', { credential: 5 })],
    ['a simulated sign-in', (l) => l.signIn('tech-1', { method: 'simulated' })],
  ])('names %s', async (_, forge) => {
    const ledger = laboratory();
    forge(ledger);
    const found = await failures(ledger);
    expect(found[0]).toEqual({ check: 'session', log: 'access', record: expect.any(Number) as number });
  });
});

describe('a bundle that was handed out', () => {
  const handOut = (ledger: PeopleBuilder, actor: string, actorrole: string, session?: string): number =>
    ledger.add(
      'access',
      'BundleExported',
      { study: 'KET-01', size: 1, root: `${'A'.repeat(43)}=`, sha256: '0'.repeat(64) },
      { actor, actorrole, labsize: ledger.labSize, ...(session !== undefined && { session }) },
    );
  const token = (ledger: PeopleBuilder, person: string): number =>
    ledger.add(
      'lab',
      'TokenIssued',
      {
        person,
        sha256: '0'.repeat(64),
        label: ledger.commit('A script'),
        roles: ['director-records'],
        until: ledger.inMs(DAY_MS),
      },
      { actor: person, actorrole: 'self', session: ledger.freshSession(person) },
    );

  it('is taken by the director, also by a token, and on the folder by the ledger itself', async () => {
    const ledger = laboratory();
    handOut(ledger, 'sd-1', 'director', ledger.sessions.get('sd-1'));
    handOut(ledger, 'sd-1', 'director', `token-${token(ledger, 'sd-1')}`);
    handOut(ledger, 'study-ledger', 'system');
    expect(await failures(ledger)).toEqual([]);
  });

  it.each<[string, string, (ledger: PeopleBuilder) => number]>([
    ['by a technician', 'authority', (l) => handOut(l, 'tech-1', 'technician')],
    ['in a role that is not held', 'authority', (l) => handOut(l, 'tech-1', 'director')],
    ['by nobody who is registered', 'person', (l) => handOut(l, 'nobody-1', 'director')],
    ['by the token of somebody else', 'authority', (l) => handOut(l, 'sd-1', 'director', 'token-3')],
    [
      'in the session of somebody else',
      'session',
      (l) => handOut(l, 'sd-1', 'director', l.sessions.get('tech-1')),
    ],
  ])('is named %s: %s', async (_, id, forge) => {
    const ledger = laboratory();
    const record = forge(ledger);
    expect(await failures(ledger)).toEqual([{ check: id, log: 'access', record }]);
  });
});

describe('a recovery', () => {
  it('is told for ever, and takes what the administrator had', async () => {
    const ledger = laboratory();
    const own = {
      actor: 'study-ledger',
      actorrole: 'system',
      commandid: '00000000-0000-5000-8000-000000000009',
    };
    const session = ledger.sessions.get('admin-1');
    ledger.add('lab', 'AdministratorRecovered', { person: 'admin-1', cause: 'lost' }, own);
    ledger.add(
      'lab',
      'EnrolmentOffered',
      { person: 'admin-1', sha256: 'f'.repeat(64), until: ledger.inMs(DAY_MS), recovery: true },
      own,
    );
    ledger.grant('tech-1', 'inspector', {}, { session });
    const { findings: found } = await check(ledger);
    expect(
      found.map(({ check: id, severity, message }) => [severity, id, message.slice(0, 60)]),
    ).toContainEqual(expect.arrayContaining(['note', 'credential']));
    expect((await failures(ledger)).map(({ check: id }) => id)).toEqual(
      expect.arrayContaining(['credential', 'session']),
    );
  });
});

describe('commitments', () => {
  it('are counted as disclosed, withheld and redacted', async () => {
    const ledger = laboratory();
    const name = ledger.commit('R. Vermeer');
    const number = ledger.registerPerson('tech-7', { name });
    const what = { stream: 'lab', number, pointer: '/data/name', digest: name['...'], legalBasis: 'gdpr-17' };
    const request = ledger.administer('RedactionRequested', what);
    ledger.administer('FieldRedacted', { ...what, request }, { actor: 'sd-1', actorrole: 'director' });
    ledger.erase(name['...']);
    ledger.erase(ledger.commit('kept elsewhere')['...']);
    const report = await check(ledger);
    const states = report.people!.commitments.map(({ state }) => state);
    expect(states.filter((state) => state === 'redacted')).toHaveLength(1);
    expect(report.exitCode).not.toBe(1);
    expect(notes(report, 'commitment')[0]).toContain('1 redacted');
  });

  it('are not erased by one person', async () => {
    const ledger = laboratory();
    const name = ledger.commit('R. Vermeer');
    const number = ledger.registerPerson('tech-7', { name });
    const what = { stream: 'lab', number, pointer: '/data/name', digest: name['...'], legalBasis: 'gdpr-17' };
    const request = ledger.administer('RedactionRequested', what);
    ledger.administer('FieldRedacted', { ...what, request });
    ledger.erase(name['...']);
    expect(await failures(ledger)).toMatchObject([{ check: 'commitment', log: 'lab' }]);
  });
});

it('takes the confirmation of one’s own second key in the role that is held', async () => {
  const ledger = laboratory();
  const session = ledger.signIn('tech-1');
  const credential = ledger.enrol('tech-1');
  ledger.administer(
    'CredentialConfirmed',
    { credential, identity: 'own-earlier-credential' },
    { actor: 'tech-1', actorrole: 'technician', session },
  );
  expect(await failures(ledger)).toEqual([]);
});

it('takes another site only after its confirmation', async () => {
  const ledger = laboratory();
  ledger.administer('SiteConfigured', { ...SITE, origin: 'https://new.example', rpId: 'new.example' });
  ledger.weigh(STUDY, 'tech-1');
  expect(await failures(ledger)).toEqual([]);
});
