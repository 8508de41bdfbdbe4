/** Records by persons, forged by somebody who has the store and the seed: each is named by its check. */
import { join } from 'node:path';
import type { Finding } from '../../src/verify/checks/findings.js';
import type { Report } from '../../src/verify/checks/report.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';
import { PeopleBuilder, SITE, type Changes } from './people-builder.js';
import { freshFolder } from './real-ledger.js';

const DAY_MS = 24 * 3_600_000;
const STUDY = 'study-KET-01';

async function check(ledger: PeopleBuilder): Promise<Report> {
  const folder = join(freshFolder(), 'ledger');
  await ledger.write(folder);
  return verifyLedger(folder, { threads: 0 });
}

async function failures(ledger: PeopleBuilder): Promise<Pick<Finding, 'check' | 'log' | 'record'>[]> {
  const { findings } = await check(ledger);
  return (
    findings
      // What the hand-made data lack is for other tests.
      .filter(({ check: id, severity }) => severity === 'fail' && id !== 'schema')
      .map(({ check: id, log, record }) => ({ check: id, log, record: record! }))
  );
}

async function notes(ledger: PeopleBuilder, of: string): Promise<string[]> {
  const { findings } = await check(ledger);
  return findings
    .filter(({ check: id, severity }) => id === of && severity === 'note')
    .map(({ message }) => message);
}

/** A laboratory of three, with a study. */
function laboratory(): PeopleBuilder {
  const ledger = PeopleBuilder.begun();
  ledger.hire('sd-1', 'director');
  ledger.hire('tech-1', 'technician', {}, 'sd-1');
  ledger.open('KET-01');
  return ledger;
}

describe('a ledger of people who did what they may', () => {
  it('has nothing wrong', async () => {
    const ledger = laboratory();
    const weight = ledger.weigh(STUDY, 'tech-1');
    ledger.weigh(STUDY, 'sd-1', { actorrole: 'director' });
    ledger.correct(STUDY, weight, 'tech-1', 'technician');
    ledger.wait(3 * DAY_MS);
    ledger.signIn('sd-1');
    ledger.correct(STUDY, 2, 'sd-1', 'director');
    ledger.correct(STUDY, weight, 'sd-1', 'director', { flags: ['by-another'] });
    expect(await failures(ledger)).toEqual([]);
  });

  it('says what it cannot know, and who is not independently enrolled', async () => {
    const { summary, people } = await check(laboratory());
    expect(summary.join()).toContain('the person at the keyboard held the key');
    expect(people!.notIndependentlyEnrolled.map(({ person, why }) => [person, why])).toEqual([
      ['admin-1', 'first-administrator'],
      ['sd-1', 'confirmed-by-offerer'],
      ['tech-1', 'rests-on-these'],
    ]);
  });
});

describe('a record of a study', () => {
  const forged: [string, string, (ledger: PeopleBuilder) => unknown][] = [
    ['by somebody who is not registered', 'person', (l) => l.weigh(STUDY, 'nobody-1')],
    [
      'by somebody who is registered later',
      'person',
      (l) => (l.weigh(STUDY, 'tech-2'), l.hire('tech-2', 'technician', {}, 'sd-1')),
    ],
    [
      'by somebody who was deactivated',
      'person',
      (l) => (
        l.administer('PersonDeactivated', { person: 'tech-1', cause: 'left' }),
        l.weigh(STUDY, 'tech-1')
      ),
    ],
    [
      'by the development identity',
      'person',
      (l) => l.weigh(STUDY, 'development-identity', { actorrole: 'development' }),
    ],
    ['by the ledger itself', 'person', (l) => l.weigh(STUDY, 'study-ledger', { actorrole: 'system' })],
    [
      'in a role that is not held',
      'authority',
      (l) => l.weigh(STUDY, 'tech-1', { actorrole: 'veterinarian' }),
    ],
    [
      'in a role that was revoked before',
      'authority',
      (l) => {
        const grant = l.grant('sd-1', 'veterinarian');
        l.administer('RoleRevoked', { grant, cause: 'left' });
        l.weigh(STUDY, 'sd-1', { actorrole: 'veterinarian' });
      },
    ],
    [
      'in a role of another study',
      'authority',
      (l) => {
        l.hire('tech-3', 'technician', { study: 'KET-02' }, 'sd-1');
        l.weigh(STUDY, 'tech-3');
      },
    ],
    [
      'in a role that begins later',
      'authority',
      (l) => {
        l.hire('tech-3', 'technician', { from: l.inMs(DAY_MS) }, 'sd-1');
        l.weigh(STUDY, 'tech-3');
      },
    ],
    [
      'in a role that ended',
      'authority',
      (l) => {
        l.hire('tech-3', 'technician', { until: l.inMs(DAY_MS) }, 'sd-1');
        l.wait(DAY_MS);
        l.signIn('tech-3');
        l.weigh(STUDY, 'tech-3');
      },
    ],
    [
      'in a role that may not make it',
      'authority',
      (l) => {
        l.hire('vet-1', 'veterinarian', {}, 'sd-1');
        const by = {
          actor: 'vet-1',
          actorrole: 'veterinarian',
          command: 'ApplySCS',
          session: l.sessions.get('vet-1'),
        };
        l.add(STUDY, 'SCSApplied', {}, by);
      },
    ],
    [
      'by the command of another type',
      'authority',
      (l) =>
        l.add(
          STUDY,
          'StudyClosed',
          { outcome: 'completed' },
          {
            actor: 'tech-1',
            actorrole: 'technician',
            command: 'RecordBodyWeight',
            session: l.sessions.get('tech-1'),
          },
        ),
    ],
    [
      'by a director who does not direct this study',
      'authority',
      (l) => {
        l.hire('sd-2', 'director', {}, 'tech-1');
        l.add(
          STUDY,
          'StudyClosed',
          { outcome: 'completed' },
          { actor: 'sd-2', actorrole: 'director', command: 'CloseStudy', session: l.sessions.get('sd-2') },
        );
      },
    ],
    [
      'that voids what another person made',
      'authority',
      (l) => l.correct(STUDY, l.weigh(STUDY, 'sd-1', { actorrole: 'director' }), 'tech-1', 'technician'),
    ],
    [
      'that voids one’s own of another day',
      'authority',
      (l) => {
        const weight = l.weigh(STUDY, 'tech-1');
        l.wait(DAY_MS);
        l.signIn('tech-1');
        l.correct(STUDY, weight, 'tech-1', 'technician');
      },
    ],
    [
      'by the study’s director about another’s, without saying so',
      'authority',
      (l) => l.correct(STUDY, l.weigh(STUDY, 'tech-1'), 'sd-1', 'director'),
    ],
    [
      'on a lab as it was long before',
      'lab-size',
      (l) => {
        const { labSize } = l;
        l.administer('PersonDeactivated', { person: 'tech-1', cause: 'left' });
        l.wait(600_000);
        l.weigh(STUDY, 'tech-1', { labsize: labSize });
      },
    ],
    [
      'on a smaller lab than the one before it',
      'lab-size',
      (l) => (
        l.weigh(STUDY, 'tech-1', { labsize: l.labSize }),
        l.weigh(STUDY, 'tech-1', { labsize: l.labSize - 1 })
      ),
    ],
    ['in no session', 'session', (l) => l.weigh(STUDY, 'tech-1', { session: undefined })],
    [
      'in a session that nobody began',
      'session',
      (l) => l.weigh(STUDY, 'tech-1', { session: '00000000-0000-4000-8000-000000000000' }),
    ],
    [
      'in the session of somebody else',
      'session',
      (l) => l.weigh(STUDY, 'tech-1', { session: l.sessions.get('sd-1') }),
    ],
    [
      'after the session was ended',
      'session',
      (l) => (l.signOut('tech-1'), l.wait(600_000), l.weigh(STUDY, 'tech-1')),
    ],
    [
      'before the session began',
      'session',
      (l) => {
        l.weigh(STUDY, 'tech-1', { session: '00000000-0000-4000-8000-000000000001' });
        l.wait(600_000);
        l.signIn('tech-1', {}, { commandid: '00000000-0000-4000-8000-000000000001' });
      },
    ],
    [
      'in a session of half a day and more',
      'session',
      (l) => (l.wait(DAY_MS / 2 + 600_000), l.weigh(STUDY, 'tech-1')),
    ],
    [
      'in a session by a credential that was revoked',
      'session',
      (l) => {
        const session = l.sessions.get('tech-1');
        l.administer('CredentialRevoked', { credential: l.credentials.get('tech-1'), cause: 'lost' });
        l.weigh(STUDY, 'tech-1', { session });
      },
    ],
    [
      'in a session by a credential that waits for its confirmation',
      'session',
      (l) => {
        l.registerPerson('tech-4');
        l.grant('tech-4', 'technician');
        l.enrol('tech-4', { offer: l.offer('tech-4') });
        l.signIn('tech-4');
        l.weigh(STUDY, 'tech-4');
      },
    ],
  ];

  it.each(forged)('%s: %s', async (_, id, forge) => {
    const ledger = laboratory();
    ledger.weigh(STUDY, 'tech-1');
    forge(ledger);
    const found = await failures(ledger);
    expect(found).toEqual([{ check: id, log: STUDY, record: expect.any(Number) as number }]);
  });
});

describe('a record by a program', () => {
  const token = (ledger: PeopleBuilder, person: string, data: Changes = {}): number =>
    ledger.add(
      'lab',
      'TokenIssued',
      {
        person,
        sha256: String(ledger.labSize).padStart(64, '0'),
        label: ledger.commit('A balance'),
        roles: ['technician'],
        until: ledger.inMs(30 * DAY_MS),
        ...data,
      },
      { actor: person, actorrole: 'self', session: ledger.freshSession(person) },
    );
  const byToken = (ledger: PeopleBuilder, number: number, more: Changes = {}): number =>
    ledger.weigh(STUDY, 'tech-1', { session: `token-${number}`, data: { flags: ['by-program'] }, ...more });

  it('is made with a token of the person, while it holds', async () => {
    const ledger = laboratory();
    byToken(ledger, token(ledger, 'tech-1'));
    byToken(ledger, token(ledger, 'sd-1', { roles: ['director-records'] }), {
      actor: 'sd-1',
      actorrole: 'director',
    });
    expect(await failures(ledger)).toEqual([]);
  });

  it.each<[string, (ledger: PeopleBuilder) => unknown]>([
    ['a token of somebody else', (l) => byToken(l, token(l, 'sd-1'))],
    ['no token', (l) => byToken(l, 3)],
    ['a token of another study', (l) => byToken(l, token(l, 'tech-1', { study: 'KET-02' }))],
    ['a token of another role', (l) => byToken(l, token(l, 'tech-1', { roles: ['statistician'] }))],
    ['nothing that tells it', (l) => byToken(l, token(l, 'tech-1'), { data: {} })],
    [
      'a token that ended',
      (l) => {
        const n = token(l, 'tech-1');
        l.wait(31 * DAY_MS);
        byToken(l, n);
      },
    ],
    [
      'a token that was revoked',
      (l) => {
        const n = token(l, 'tech-1');
        l.administer('TokenRevoked', { token: n, cause: 'lost' });
        byToken(l, n);
      },
    ],
  ])('is found with %s', async (_, forge) => {
    const ledger = laboratory();
    forge(ledger);
    expect(await failures(ledger)).toEqual([
      { check: 'authority', log: STUDY, record: expect.any(Number) as number },
    ]);
  });
});

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
    const { findings } = await check(ledger);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'authority', severity: 'fail', log: STUDY, lab: grant }),
    );
  });

  it('names a first key that its holder confirms', async () => {
    const ledger = laboratory();
    ledger.registerPerson('tech-5');
    ledger.grant('tech-5', 'technician');
    const credential = ledger.enrol('tech-5', { offer: ledger.offer('tech-5') });
    ledger.confirm(credential, 'tech-5', { actorrole: 'self' });
    const { findings } = await check(ledger);
    expect(findings.map(({ message }) => message).join()).toContain(
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
    const { findings } = await check(ledger);
    expect(
      findings.map(({ check: id, severity, message }) => [severity, id, message.slice(0, 60)]),
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
    const { people } = await check(ledger);
    const states = people!.commitments.map(({ state }) => state);
    expect(states.filter((state) => state === 'redacted')).toHaveLength(1);
    expect(await failures(ledger)).toEqual([]);
    expect((await notes(ledger, 'commitment'))[0]).toContain('1 redacted');
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

it('takes another site only after its confirmation', async () => {
  const ledger = laboratory();
  ledger.administer('SiteConfigured', { ...SITE, origin: 'https://new.example', rpId: 'new.example' });
  ledger.weigh(STUDY, 'tech-1');
  expect(await failures(ledger)).toEqual([]);
});
