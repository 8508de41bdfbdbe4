import { SessionKey } from '../../../src/identity/session-key.js';
import { sessionCookie } from '../../../src/identity/session-cookie.js';
import type { Role } from '../../../src/study/who.js';
import { ORIGIN, administratorOf, hire, ok, register, type Client } from '../../support/people.js';
import { START, exampleOf, serving, type Serving } from '../test-server.js';

export const STUDY = 'KET-01';
const OTHER_STUDY = 'KET-02';
const ROLES: readonly Role[] = [
  'administrator',
  'director',
  'technician',
  'veterinarian',
  'statistician',
  'quality',
  'management',
  'inspector',
];

/** Where a grant or a token holds: for the study that is asked for, for another one, or for the facility. */
export type Scope = 'own' | 'other' | 'facility';

/** Somebody who asks, and what of them is known to the oracle. */
export interface Asker {
  readonly name: string;
  readonly person: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `unknown`: nobody, or somebody whose session or token has ended. */
  readonly standing: 'unknown' | 'pending' | 'confirmed';
  readonly by: 'passkey' | 'token';
  readonly role?: Role | 'metrics' | undefined;
  readonly scope?: Scope;
  readonly isStudyDirector?: true;
}

export interface Askers {
  readonly server: Serving;
  readonly askers: readonly Asker[];
  /** Of the administrator: a passkey and a token that were revoked. */
  readonly ended: { readonly credential: number; readonly token: number };
}

const studyOf = (scope: Scope): { study?: string } =>
  scope === 'facility' ? {} : { study: scope === 'own' ? STUDY : OTHER_STUDY };

/** A server with two studies, and somebody of each kind. */
export async function makeAskers(): Promise<Askers> {
  const key = new SessionKey(Buffer.alloc(32, 7));
  const server = await serving({
    simulated: false,
    http: { attemptsAMinute: 100_000, sessionKey: key },
  });
  const admin = await administratorOf(server);
  const second = await hire(admin, 'second-1', ['management']);
  const askers: Asker[] = [];
  const add = (name: string, client: Client, more: Partial<Asker> = {}): void => {
    const { person, cookie } = client;
    askers.push({
      name,
      person,
      headers: cookie === '' ? {} : { cookie },
      standing: 'confirmed',
      by: 'passkey',
      ...more,
    });
  };
  const directors = [
    await hire(admin, 'director-of-study', ['director'], second),
    await hire(admin, 'director-of-other', ['director'], second),
  ];
  for (const [i, director] of directors.entries()) {
    const { data } = exampleOf('RegisterStudy') as { data: object };
    const body = { data: { ...data, director: director.person } };
    ok(await director.send('RegisterStudy', body, i === 0 ? STUDY : OTHER_STUDY));
  }
  add('administrator', admin, { role: 'administrator', scope: 'facility' });
  add('director of the study', directors[0]!, { role: 'director', scope: 'facility', isStudyDirector: true });

  for (const role of ROLES) {
    const scopes: readonly Scope[] = role === 'administrator' ? [] : ['own', 'other', 'facility'];
    for (const scope of scopes) {
      const client = await hire(admin, `${role}-${scope}`, [{ role, ...studyOf(scope) } as never], second);
      add(`${role}, ${scope}`, client, { role, scope });
      if (scope === 'facility') await addTokens(client, role, add);
    }
    await addEnded(server, key, role, { admin, second }, add);
  }
  const ended = await addAdministratorsTokens(admin, add);
  add('nobody', { person: 'nobody-1', cookie: '' } as Client, { standing: 'unknown' });
  return { server, askers, ended };
}

type Add = (name: string, client: Client, more?: Partial<Asker>) => void;

/** Of a role: somebody whose session ran out, whose grant was revoked, whose passkey is pending. */
async function addEnded(
  { engine }: Serving,
  key: SessionKey,
  role: Role,
  { admin, second }: { admin: Client; second: Client },
  add: Add,
): Promise<void> {
  const revoked = await hire(admin, `${role}-revoked`, [role], second);
  const session = engine.accessNow!.sessions.open;
  const [id] = [...session].find(([, { person }]) => person === revoked.person)!;
  const times = { startedMs: START - 3_600_000, activeMs: START - 16 * 60_000, isBench: false };
  const expired = sessionCookie(key, { origin: ORIGIN, labDigits: '' }, { id, ...times }).split(';', 1)[0]!;
  add(`${role}, expired session`, revoked, { standing: 'unknown', headers: { cookie: expired } });
  const [grant] = engine.labNow.people.persons.get(revoked.person)!.grants;
  ok(await admin.lab('RevokeRole', { grant: grant!.number, cause: 'new-duties' }));
  add(`${role}, grant revoked`, revoked);
  const pending = await register(admin, `${role}-pending`);
  ok(await admin.lab('GrantRole', { person: pending.person, role }));
  ok(await pending.signIn());
  add(`${role}, passkey pending`, pending, { standing: 'pending', role, scope: 'facility' });
}

const TOKEN_ROLES: Readonly<Partial<Record<Role, string>>> = {
  technician: 'technician',
  veterinarian: 'veterinarian',
  statistician: 'statistician',
  inspector: 'inspector',
  director: 'director-records',
};

async function addTokens(client: Client, role: Role, add: Add): Promise<void> {
  const given = TOKEN_ROLES[role];
  if (given === undefined) return;
  for (const scope of ['own', 'other', 'facility'] as const) {
    const { secret } = await issue(client, { roles: [given], ...studyOf(scope) });
    const headers = { authorization: `Bearer ${secret}` };
    add(`token of ${role}, ${scope}`, client, { by: 'token', role, scope, headers });
  }
}

async function addAdministratorsTokens(admin: Client, add: Add): Promise<Askers['ended']> {
  const headersOf = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const metrics = await issue(admin, { roles: ['metrics'] });
  add('token for metrics', admin, {
    by: 'token',
    role: 'metrics',
    scope: 'facility',
    headers: headersOf(metrics.secret),
  });
  const { number, secret } = await issue(admin, { roles: ['inspector'] });
  ok(await admin.lab('RevokeToken', { token: number, cause: 'replaced' }));
  add('token revoked', admin, { by: 'token', standing: 'unknown', headers: headersOf(secret) });
  const spare = await enrolAnother(admin);
  ok(await admin.lab('RevokeCredential', { credential: spare, cause: 'replaced' }));
  return { credential: spare, token: number };
}

export async function issue(
  client: Client,
  data: { readonly roles: readonly string[]; readonly study?: string; readonly until?: string },
): Promise<{ secret: string; number: number }> {
  const until = new Date(START + 86_400_000).toISOString();
  const { body } = ok(
    await client.lab('IssueToken', { person: client.person, label: 'A program', until, ...data }),
  );
  const { secret, records } = body as unknown as { secret: string; records: { number: number }[] };
  return { secret, number: records[0]!.number };
}

/** A second passkey, by the session that the first one began. @returns its lab record */
export async function enrolAnother(client: Client): Promise<number> {
  const { SoftwareAuthenticator } = await import('../../support/authenticator.js');
  const passkey = new SoftwareAuthenticator(ORIGIN);
  const { body } = ok(await client.post('/api/v1/enrolment/options'));
  const { options, ticket } = body as unknown as { options: { challenge: string }; ticket: string };
  const credential = passkey.create(options.challenge);
  const enrolled = ok(await client.post('/api/v1/enrolment', { ticket, credential, label: 'Another key' }));
  return (enrolled.body as unknown as { records: { number: number }[] }).records[0]!.number;
}

/** With what stands in the ledger; a file is asked for at a size that the study has not, so that none is rendered. */
export function addressOf(path: string): string {
  const filled = path
    .replace(':code', STUDY)
    .replace(':name', 'study-summary')
    .replace(':number', '0')
    .replace(':file', 'table.csv')
    .replace(':year', '2026')
    .replace(':format', 'nl')
    .replace(':animal', 'R01')
    .replace(':command', 'record-body-weight')
    .replace(':person', 'director-of-study')
    .replace(':digest', '0');
  const query: Record<string, string> = {
    '/api/v1/studies/:code/files/:file': '?at=999999',
    '/studies/:code/find': '?q=0',
  };
  return filled + (query[path] ?? '');
}
