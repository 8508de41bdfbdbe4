import { SessionKey } from '../../../src/identity/session-key.js';
import type { EventStore } from '../../../src/store/event-store.js';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { openStore } from '../../../src/store/open-store.js';
import { passingCustody } from '../../../src/signing/custody.js';
import { freshFolder } from '../../support/folders.js';
import { Client, ok, type Sent } from '../../support/people.js';
import { KurrentDBDouble } from '../../store/kurrentdb/server-double.js';
import { START, serving, type Serving } from '../test-server.js';
import { prepared, send, signingStudy, type SigningStudy } from './signing.js';

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
