import { LAB_COMMAND_PATH } from '../../../src/http/routes/people-routes.js';
import { SENT_TO_LAB } from '../../../src/lab/commands/catalogue.js';
import { CATALOGUE, routeOf } from '../../../src/study/catalogue.js';
import { FULL } from '../../support/effort.js';
import { ORIGIN, administratorOf, begin, hire, ok } from '../../support/people.js';
import { commandPath, exampleOf, fire, serving, stopIdleClients, type Serving } from '../test-server.js';
import { addressOf } from './role-callers.js';
import { READING } from './role-table.js';

const host = new URL(ORIGIN).host;
/** What is for everybody. `/sign-in/oidc` says that no provider is configured. */
const OPEN = Object.entries(READING).flatMap(([path, rule]) => (rule === 'anyone' ? [path] : []));
const NOWHERE = ['/.env', '/session.key', '/admin', '/studies/KET-01/nothing', '/api/v1/', '/../etc/passwd'];

describe('somebody who is not signed in', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 100_000 } });
    const admin = await administratorOf(server);
    const director = await hire(admin, 'example-sd', ['director']);
    const { data } = exampleOf('RegisterStudy') as { data: object };
    ok(await director.send('RegisterStudy', { data: { ...data, director: 'example-sd' } }));
    ok(await director.send('ApproveProtocol'));
    ok(await director.send('EnrolSubject'));
  });
  afterAll(async () => {
    stopIdleClients();
    await server.close();
  });

  it('gets 401, 404 or the page for signing in, at every address', async () => {
    const list: string[] = [];
    const closed = Object.keys(READING).filter((path) => !OPEN.includes(path));
    for (const accept of ['*/*', 'text/html'])
      for (const path of [...closed.map(addressOf), '/api/v1/feed?study=KET-01', ...NOWHERE]) {
        const { status, text, headers } = await fire(server.port, 'GET', path, { headers: { host, accept } });
        const { location = '' } = headers;
        list.push(`${status} GET ${path} as ${accept} ${location}`.trim());
        const isToSignIn = status === 303 && location.startsWith('/sign-in?next=%2F');
        expect([path, isToSignIn || [401, 404].includes(status)]).toEqual([path, true]);
        // Nothing is told but what was asked.
        expect(text.replaceAll(path.split('?')[0]!, '')).not.toMatch(/R01|example-sd|SCS after/);
      }
    // A study that is there is answered like one that is not.
    for (const path of ['/find?q=0', '/records.csv', '/nothing']) {
      const [there, not] = await Promise.all(
        ['KET-01', 'NOT-01'].map((code) =>
          fire(server.port, 'GET', `/studies/${code}${path}`, { headers: { host, accept: 'text/html' } }),
        ),
      );
      expect(there!.text.replaceAll('KET-01', 'NOT-01')).toBe(not!.text);
    }
    const commands = [
      ...CATALOGUE.map(({ name }) => commandPath(name)),
      ...SENT_TO_LAB.map(({ name }) => LAB_COMMAND_PATH.replace(':command', routeOf(name))),
      '/api/v1/welfare/returns/2026/nl',
    ];
    for (const path of commands) {
      const headers = { host, origin: ORIGIN, 'content-type': 'application/json' };
      const { status } = await fire(server.port, 'POST', path, { headers, body: '{"data":{}}' });
      list.push(`${status} POST ${path}`);
      expect([path, status]).toEqual([path, 401]);
    }
    if (FULL) process.stdout.write(`${list.join('\n')}\n`);
  });

  it('reads nothing from the moment that people are begun, before anybody is enrolled', async () => {
    const begun = await serving({ simulated: false });
    const read = async (path: string): Promise<number> =>
      (await fire(begun.port, 'GET', path, { headers: { host: 'localhost' } })).status;
    expect(await read('/api/v1/studies')).toBe(200);
    await begin(begun.engine);
    for (const path of ['/api/v1/studies', '/api/v1/lab/people', '/api/v1/lab/records', '/lab', '/metrics'])
      expect([path, await read(path)]).toEqual([path, 401]);
    await begun.close();
  });
});
