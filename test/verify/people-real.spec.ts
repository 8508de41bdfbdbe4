/** What the server records of people is what the verifier takes for right. */
import { recoverAdministrator } from '../../src/lab/commands/recover-administrator.command.js';
import { exampleOf, serving, type Serving } from '../http/test-server.js';
import { Client, administratorOf, executeInLab, hire, ok, type Sent } from '../support/people.js';
import { findingsIn } from './people-checks.js';

const DAY_MS = 24 * 3_600_000;

async function textsOf({ engine }: Serving, log: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of engine.store.read(log)) for (const { text } of page) texts.push(text);
  return texts;
}

function firstNumber(answer: Sent): number {
  return (ok(answer).body['records'] as [{ number: number }])[0].number;
}

it('finds nothing wrong with whom the server let act', async () => {
  const server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
  try {
    const admin = await administratorOf(server);
    const director = await hire(admin, 'sd-1', ['director']);
    const technician = await hire(admin, 'tech-1', ['technician'], director);
    ok(await director.send('RegisterStudy', registration('sd-1')));
    ok(await director.send('ApproveProtocol'));
    ok(await technician.send('EnrolSubject'));
    ok(await technician.send('VoidRecord', voidOf(2)));
    ok(await technician.send('EnrolSubject'));

    server.time.ms += DAY_MS;
    for (const person of [admin, director, technician]) ok(await person.signIn());
    ok(await director.send('VoidRecord', voidOf(4)));
    const until = new Date(server.time.ms + DAY_MS).toISOString();
    const issued = await technician.lab('IssueToken', { ...TOKEN, until });
    const Authorization = `Bearer ${String(ok(issued).body['secret'])}`;
    ok(await new Client(server.url, 'tech-1').send('EnrolSubject', undefined, 'KET-01', { Authorization }));
    expect((await technician.send('CloseStudy')).status).toBe(403);

    const second = await hire(admin, 'admin-2', ['administrator'], director);
    const successor = await hire(second, 'sd-2', ['director'], director);
    ok(await director.send('HandOverStudy', { reason: 'Parental leave', data: { to: 'sd-2' } }));
    ok(await successor.send('VoidRecord', voidOf(6)));
    const grant = firstNumber(await admin.lab('GrantRole', { person: 'tech-1', role: 'veterinarian' }));
    ok(await admin.lab('RevokeRole', { grant, cause: 'mistake' }));
    const registered = (await textsOf(server, 'lab')).findIndex((text) => text.includes('"person":"sd-2"'));
    const request = firstNumber(await admin.lab('RequestRedaction', { ...NAME, number: registered }));
    ok(await second.lab('RedactField', { request }));
    ok(await second.post('/api/v1/sign-out'));
    ok(await admin.lab('DeactivatePerson', { person: 'tech-1', cause: 'left' }));
    await executeInLab(server.engine, recoverAdministrator, { administrator: 'admin-2', cause: 'lost' });

    const logs = ['lab', 'access', 'study-KET-01'];
    const texts = await Promise.all(logs.map((log) => textsOf(server, log)));
    const found = await findingsIn(new Map(logs.map((log, i) => [log, texts[i]!])));
    expect(found.filter(({ severity }) => severity !== 'note')).toEqual([]);
  } finally {
    await server.close();
  }
});

const TOKEN = { person: 'tech-1', label: 'A balance', roles: ['technician'] };
const NAME = { stream: 'lab', pointer: '/data/name', legalBasis: 'gdpr-17' };

const registration = (director: string) => ({
  data: { ...(exampleOf('RegisterStudy')['data'] as object), director },
});

const voidOf = (number: number) => ({ reason: 'wrong animal', data: { target: { number } } });
