import { SessionKey } from '../../../src/identity/session-key.js';
import type { EventStore } from '../../../src/store/event-store.js';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { openStore } from '../../../src/store/open-store.js';
import { passingCustody } from '../../../src/signing/custody.js';
import { freshFolder } from '../../support/folders.js';
import { Client, hire, ok, type Sent } from '../../support/people.js';
import { KurrentDBDouble } from '../../store/kurrentdb/server-double.js';
import { START, exampleOf, serving, type Serving } from '../test-server.js';
import { attest, prepared, send, sign, signingStudy, type SigningStudy } from './signing.js';

const http = { sessionKey: new SessionKey(Buffer.alloc(32, 7)), attemptsAMinute: 100_000 };
const codeOf = ({ status, body }: Sent): string => (status < 300 ? 'taken' : (body['code'] as string));
const numberOf = ({ body }: Sent): number => (body as { records?: { number: number }[] }).records![0]!.number;
const withdraw = (client: Client, number: number): Promise<Sent> =>
  client.send('VoidRecord', { reason: 'Another animal', data: { target: { number } } });

/** Of what races: the record was withdrawn, and it was signed only where the signature came first. */
async function race(signing: Client, voiding: Client): Promise<void> {
  const number = numberOf(ok(await signing.send('RecordBodyWeight')));
  const shown = await prepared(signing, { meaning: 'performed', records: [number] });
  const [signature, withdrawal] = await Promise.all([send(signing, shown), withdraw(voiding, number)]);
  expect(codeOf(withdrawal)).toBe('taken');
  if (codeOf(signature) === 'taken') expect(numberOf(signature)).toBeLessThan(numberOf(withdrawal));
  else expect(codeOf(signature)).toBe('record-changed');
  // After the withdrawal nothing more is signed, by whichever server.
  const late = await prepared(signing, { meaning: 'performed', records: [2] });
  expect(codeOf(await send(signing, late))).toBe('taken');
}

const GOVERNED = 'GOV-01';

/**
 * A governed study of sd-01, who hands it over to sd-02 and has signed that; management replaces sd-01 by sd-03. What is left are
 * the signature of sd-02 and that of management: one of them takes effect.
 */
async function raceDirectors({ admin, manager, director }: SigningStudy, elsewhere: string): Promise<void> {
  const next = await hire(admin, 'sd-02', ['director'], manager);
  await hire(admin, 'sd-03', ['director'], manager);
  ok(await attest(next));
  const record = async (by: Client, name: string, body?: object): Promise<number> =>
    numberOf(ok(await by.send(name, body, GOVERNED)));
  const { data } = exampleOf('RegisterStudy') as { data: object };
  await record(director, 'RegisterStudy', { data: { ...data, director: 'sd-01', governance: 'signed' } });
  const protocol = await record(director, 'ApproveProtocol');
  ok(await sign(director, { meaning: 'approved', records: [protocol] }, GOVERNED));
  const handed = await record(director, 'HandOverStudy', { reason: 'Leave', data: { to: 'sd-02' } });
  ok(await sign(director, { meaning: 'approved', records: [handed] }, GOVERNED));
  const replaced = await record(manager, 'ReplaceDirector', {
    reason: 'Has left',
    data: { director: 'sd-03' },
  });
  const there = new Client(elsewhere, 'mgr-1');
  there.cookie = manager.cookie;
  const [one, other] = [
    await prepared(next, { meaning: 'approved', records: [handed] }, GOVERNED),
    await prepared(there, { meaning: 'approved', records: [replaced] }, GOVERNED),
  ];
  const answers = await Promise.all([
    send(next, one, { study: GOVERNED }),
    send(there, other, { by: manager, study: GOVERNED }),
  ]);
  expect(answers.map(codeOf).toSorted()).toEqual(['act-lapsed', 'taken']);
  const serving = codeOf(answers[0]!) === 'taken' ? 'sd-02' : 'sd-03';
  const signature = numberOf(answers.find((answer) => codeOf(answer) === 'taken')!);
  for (let size = 1; size <= signature + 1; size++) {
    const { body } = ok(await there.get(`/api/v1/studies/${GOVERNED}?at=${size}`));
    expect([size, body['director']]).toEqual([size, size <= signature ? 'sd-01' : serving]);
  }
}

describe('two directors who take over at one instant [R29]', () => {
  it('are one on SQLite, at every record', async () => {
    const store = await openStore(freshFolder('signing'), { create: true, holder: 'test' });
    const all = await signingStudy({ store, http });
    try {
      await raceDirectors(all, all.server.url);
    } finally {
      await all.server.close();
    }
  });

  it('are one on KurrentDB, between two servers', async () => {
    const double = await KurrentDBDouble.start();
    const custody = passingCustody();
    const store = (): EventStore => new KurrentDBStore(readKurrentDBAddress(double.url));
    const all = await signingStudy({ store: store(), http, custody });
    const clock = { ms: START + 1 };
    const other = await serving({ simulated: false, store: store(), http, custody, clock });
    try {
      await raceDirectors(all, other.url);
    } finally {
      await all.server.close();
      await other.close();
      double.stop();
    }
  });
});

describe('a signature that races a correction [R24]', () => {
  it('on SQLite comes first or is refused', async () => {
    const store = await openStore(freshFolder('signing'), { create: true, holder: 'test' });
    const all = await signingStudy({ store, http });
    try {
      for (let round = 0; round < 4; round++) await race(all.technician, all.technician);
    } finally {
      await all.server.close();
    }
  });

  describe('between two servers', () => {
    let double: KurrentDBDouble;
    let all: SigningStudy;
    let other: Serving;
    let there: Client;
    beforeAll(async () => {
      double = await KurrentDBDouble.start();
      const custody = passingCustody();
      // With clocks that agree to the millisecond both would append the same bytes, which the store takes as one append.
      const clock = { ms: START + 1 };
      const store = (): EventStore => new KurrentDBStore(readKurrentDBAddress(double.url));
      all = await signingStudy({ store: store(), http, custody });
      other = await serving({ simulated: false, store: store(), http, custody, clock });
      there = new Client(other.url, 'tech-1');
      there.cookie = all.technician.cookie;
    }, 60_000);
    afterAll(async () => {
      await all.server.close();
      await other.close();
      double.stop();
    });

    it('on KurrentDB comes first or is refused', async () => {
      for (let round = 0; round < 4; round++) await race(all.technician, there);
    });

    it('is refused by a server that has not read the correction yet', async () => {
      const number = numberOf(ok(await all.technician.send('RecordBodyWeight')));
      const shown = await prepared(all.technician, { meaning: 'performed', records: [number] });
      ok(await withdraw(there, number));
      expect(codeOf(await send(all.technician, shown))).toBe('record-changed');
    });

    it('is taken once, by whichever server it is sent to', async () => {
      const shown = await prepared(all.technician, { meaning: 'performed', records: [2] });
      const credential = all.technician.passkey.get(shown.options.challenge);
      const { payload, ticket } = shown;
      const body = { payload, ticket, credential };
      const path = '/api/v1/studies/KET-01/signatures';
      const answers = await Promise.all([all.technician.post(path, body), there.post(path, body)]);
      expect(new Set(answers.map(codeOf))).toEqual(new Set(['challenge-spent', 'taken']));
    });

    it('is refused where another server revoked the passkey just now', async () => {
      const shown = await prepared(all.technician, { meaning: 'performed', records: [2] });
      const { credential } = all.technician;
      const admin = new Client(other.url, 'admin-1');
      admin.cookie = all.admin.cookie;
      ok(await admin.lab('RevokeCredential', { credential, cause: 'stolen' }));
      expect(['sign-in-required', 'session-expired', 'passkey-required']).toContain(
        codeOf(await send(all.technician, shown)),
      );
    });
  });
});
