import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { checkAssertion } from '../src/webauthn/assertion.js';
import { assertionCrypto } from '../src/identity/verify-signature.js';
import { createServer } from '../src/http/platform/server.js';
import { openLedger } from '../src/operations/open-ledger.js';
import type { Engine } from '../src/recording/engine.js';
import { commandNamed } from '../src/study/catalogue.js';
import { administratorOf, hire, ok, type Client } from '../test/support/people.js';
import { ANIMALS, THRESHOLD_BODY, animal, benchOn, prepareStudy } from './bench-study.js';
import { loaded } from './http.bench.js';
import { bareInserts, benchFolder, median, type Ratio } from './measure.js';

const ROUNDS = 5;
const STUDY = 'BENCH';
const SIGN_INS = 40;

interface Served {
  readonly engine: Engine;
  readonly url: string;
  close(): Promise<void>;
}

/** What sessions cost, and signing in. */
export async function overHttp(): Promise<Ratio[]> {
  const folder = benchFolder();
  const open = await serve(join(folder.path, 'open'), true);
  const closed = await serve(join(folder.path, 'closed'), false);
  try {
    const bench = await benchOn(open.engine);
    await prepareStudy(bench, STUDY);
    const technician = await studyOfPeople(closed);
    return [await commands(open, closed, technician), await signingIn(folder.path, closed, technician)];
  } finally {
    await open.close();
    await closed.close();
    folder.remove();
  }
}

async function serve(path: string, simulated: boolean): Promise<Served> {
  const engine = await openLedger(path, { holder: 'bench', facility: 'bench.example', simulated });
  const options = { port: 0, logger: false, http: { attemptsAMinute: 1_000_000 } } as const;
  const server = await createServer(engine, options);
  return { engine, url: server.url, close: () => server.close() };
}

/** A director’s study, and the technician who records in it. */
async function studyOfPeople(served: Served): Promise<Client> {
  const administrator = await administratorOf(served);
  const technician = await hire(administrator, 'tech-1', ['technician']);
  const director = await hire(administrator, 'sd-1', ['director'], technician);
  ok(await director.send('RegisterStudy', { data: { title: 'Bench', director: 'sd-1' } }, STUDY));
  ok(await director.send('ApproveProtocol', commandNamed('ApproveProtocol')!.example, STUDY));
  const enrolment = commandNamed('EnrolSubject')!.example;
  for (let index = 0; index < ANIMALS; index++)
    ok(await technician.send('EnrolSubject', { ...enrolment, subject: animal(index) }, STUDY));
  return technician;
}

/** The same command in a session of a person, and on a ledger without people. */
async function commands(open: Served, closed: Served, { cookie, origin }: Client): Promise<Ratio> {
  const bodies = Array.from({ length: ANIMALS }, (_, index) =>
    JSON.stringify({ ...THRESHOLD_BODY, subject: animal(index) }),
  );
  const path = `/api/v1/studies/${STUDY}/commands/record-threshold`;
  const load = ({ url }: Served, headers: Record<string, string>): Promise<number> =>
    loaded({ port: Number(new URL(url).port), path, bodies, connections: 50, seconds: 1.5, headers });
  const session = { cookie, origin, host: new URL(origin).host };
  const [withSession, without]: [number[], number[]] = [[], []];
  await load(closed, session);
  await load(open, {});
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await load(open, {}));
    withSession.push(await load(closed, session));
  }
  const [ours, bare] = [median(withSession), median(without)];
  return {
    what: 'RecordThreshold over HTTP in a session, 50 connections',
    against: 'the same on a ledger without people',
    ours,
    bare,
    unit: '/s',
    ratio: ours / bare,
    bound: { atLeast: 0.85 },
  };
}

/** The POST that signs in, against what it consists of: a signature checked, a row synced, an empty POST. */
async function signingIn(folder: string, served: Served, client: Client): Promise<Ratio> {
  const key = served.engine.labNow.people.persons.get(client.person)!.credentials[0]!;
  const insert = bareInserts(folder, 'x'.repeat(900));
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < SIGN_INS; round++) {
    const { body } = ok(await client.post('/api/v1/sign-in/passkey/options'));
    const { options, ticket } = body as unknown as { options: { challenge: string }; ticket: string };
    const credential = client.passkey.get(options.challenge);
    ours.push(
      await timed(async () => void ok(await client.post('/api/v1/sign-in/passkey', { ticket, credential }))),
    );
    const asked = { challenge: options.challenge, origin: client.origin, rpId: key.rpId };
    bare.push(
      await timed(async () => {
        const checked = checkAssertion(credential.response, key, asked, assertionCrypto);
        if ('wrong' in checked) throw new Error(checked.wrong);
        insert.step();
        await client.post(`/api/v1/nothing/${randomUUID()}`);
      }),
    );
  }
  insert.close();
  const [a, b] = [median(ours), median(bare)];
  return {
    what: 'signing in by passkey',
    against: 'the assertion checked bare, a bare synced insert, an empty POST',
    ours: a,
    bare: b,
    unit: 'ms',
    ratio: a / b,
    bound: { atMost: 2 },
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
