/** Records by persons, forged by somebody who has the store and the seed: each is named by its check. */
import type { PeopleBuilder, Changes } from './people-builder.js';
import { check, failures, laboratory, DAY_MS, STUDY } from './people-checks.js';

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

it('fails a folder for one record by somebody unknown', async () => {
  const ledger = laboratory();
  const record = ledger.weigh(STUDY, 'nobody-1');
  const { exitCode, findings: found } = await check(ledger);
  expect(exitCode).toBe(1);
  expect(found.filter(({ severity }) => severity === 'fail')).toMatchObject([
    { check: 'person', log: STUDY, record },
  ]);
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
      'that names an observer who is not registered',
      'person',
      (l) => l.weigh(STUDY, 'tech-1', { data: { observedBy: 'nobody-1' } }),
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
